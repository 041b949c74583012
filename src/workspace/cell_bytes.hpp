// Arrays of plain cells as bytes and back, as they lie in memory: for columns in a base.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>
#include <type_traits>

namespace galena::workspace {

class CellWriter {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit CellWriter(const Sink& sink) : sink_(sink) {}

  void number(std::uint64_t value) {
    sink_({reinterpret_cast<const char*>(&value), sizeof(value)});
  }
  // How many follow, and then they, in as many pieces as it takes.
  template <class Cells>
  void cells(const Cells& cells) {
    number(cells.size());
    raw(cells.data(), cells.size());
  }
  template <class Cell>
  void raw(const Cell* cells, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<Cell>);
    if (count > 0) sink_({reinterpret_cast<const char*>(cells), count * sizeof(Cell)});
  }

 private:
  const Sink& sink_;
};

// Past the end it gives nothing, and remembers that it failed.
class CellReader {
 public:
  explicit CellReader(std::string_view bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    take(&value, sizeof(value));
    return value;
  }
  // `room`: so many more as an eighth of them are likely to come.
  template <class Cells>
  void cells(Cells& cells, bool room = false) {
    using Cell = typename Cells::value_type;
    static_assert(std::is_trivially_copyable_v<Cell>);
    const std::uint64_t count = number();
    if (count > rest_.size() / sizeof(Cell)) failed_ = true;
    if (failed_) return;
    if (room) cells.reserve(count + count / 8);
    cells.resize(count);
    take(cells.data(), count * sizeof(Cell));
  }

 private:
  void take(void* to, std::size_t size) {
    if (size > rest_.size()) failed_ = true;
    if (failed_ || size == 0) return;
    std::memcpy(to, rest_.data(), size);
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace galena::workspace
