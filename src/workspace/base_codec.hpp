// Writing and opening a base. Knows the inside of a version.
#pragma once

#include <string>
#include <vector>

#include "workspace/base_file.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

// A version as it was written.
struct OpenedBase {
  Version version;
  // What is derived was come by as this program would: standings, accounts, columns. Else it is to
  // be computed again, and no accounts are kept until then.
  bool is_derived_alike = false;
};

// The parts of a base as they come, in pieces for the sink.
class PartWriter {
 public:
  explicit PartWriter(const BaseSink& sink) : sink_(sink) {}

  // What is written from here on belongs to it.
  void begin(BasePart part);
  void write(std::string_view bytes);
  template <class Cell>
  void cell(const Cell& cell) {
    write({reinterpret_cast<const char*>(&cell), sizeof(cell)});
  }
  template <class Cell>
  void cells(const std::vector<Cell>& cells) {
    write({reinterpret_cast<const char*>(cells.data()), cells.size() * sizeof(Cell)});
  }
  // Of the part that was begun last.
  std::uint64_t size() const { return written_ - begin_; }
  void finish();

 private:
  void end_part();
  void give(std::size_t bytes_min);

  static constexpr std::size_t kPieceBytes = 64 << 10;
  const BaseSink& sink_;
  std::string piece_;
  std::uint64_t written_ = 0;
  std::uint64_t begin_ = 0;
  std::optional<BasePart> part_;
  BaseFoot foot_;
};

}  // namespace galena::workspace
