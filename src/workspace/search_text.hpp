// What leads are found by when somebody types: a text for each, searched from end to end, so that
// any part of a word is found. Every text is in its latin form: ASCII letters without case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/lead_rows.hpp"

namespace galena::workspace {

class SearchText {
 public:
  static constexpr std::size_t kTextBytesMax = 1000;

  // The text of a row instead of what it was; an empty one takes it away. ASCII, no line breaks;
  // what is longer is cut off. Rows may be left out.
  void put(std::uint32_t row, std::string_view text);

  // Puts every row whose text has all the words in it into `rows`.
  void find(const std::vector<std::string>& words, RowSet& rows) const;

  void write(CellWriter& out) const;
  void read(CellReader& in);
  std::size_t memory() const { return bytes_.capacity() + places_.capacity() * sizeof(Place); }

 private:
  using Place = std::uint64_t;  // where the row's record begins, and one more; 0: it has no text

  std::string_view text_at(std::size_t begin) const;
  void compact();

  // Records: a line break, the row in five bytes beyond ASCII, the text.
  std::string bytes_;
  std::size_t bytes_free_ = 0;
  std::vector<Place> places_;
};

}  // namespace galena::workspace
