// The distinct texts of a column over leads, each under a small number: its code. A text is kept
// for as long as somebody holds it; then nothing of it is left in memory and its code is given
// anew.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/cell_bytes.hpp"
#include "workspace/flat_index.hpp"

namespace galena::workspace {

using TextCode = std::uint32_t;
inline constexpr TextCode kNoText = 0;  // nothing is known; not even an empty text

class TextDictionary {
 public:
  TextDictionary() : entries_(1) {}

  // The code of the text, which is held once more.
  TextCode hold(std::string_view text);
  void let_go(TextCode code);

  // Its code, if anybody holds it.
  std::optional<TextCode> find(std::string_view text) const;
  // Lasts until the next change.
  std::string_view text(TextCode code) const {
    const Entry& entry = entries_[code];
    return {bytes_.data() + entry.offset, entry.size};
  }
  bool is_held(TextCode code) const { return entries_[code].holders > 0; }
  // All codes are below.
  TextCode end() const { return static_cast<TextCode>(entries_.size()); }
  // Of texts in the order of the alphabet (latin_form) rank and text(): compared first and second.
  std::uint64_t rank(TextCode code) const { return entries_[code].rank; }
  std::size_t memory() const;
  void write(CellWriter& out) const;
  void read(CellReader& in);

 private:
  struct Entry {
    std::uint64_t rank = 0;  // the first eight letters of its latin form
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t holders = 0;
  };

  void compact();

  std::vector<Entry> entries_;
  std::vector<TextCode> free_;
  std::string bytes_;
  std::size_t bytes_free_ = 0;
  FlatIndex index_;
};

// Puts texts into the order of a dictionary: by their latin form, equal ones by themselves.
// Negative, zero or positive.
int compare_in_alphabet(std::string_view a, std::string_view b);

}  // namespace galena::workspace
