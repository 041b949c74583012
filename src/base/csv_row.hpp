// Finds one row of CSV and its cells in a text that may go on. CsvReader stands around it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/csv_dialect.hpp"

namespace galena {

struct CsvRowScan {
  enum class End : std::uint8_t {
    complete,
    open,              // the text ends before the row does
    open_quote,        // the same, within quotes
    text_after_quote,  // something stands between a closing quote and what ends the cell
  };

  End end = End::open;
  const char* text_end = nullptr;  // complete: before what ends the line
  const char* next = nullptr;      // complete: behind it; text_after_quote: where that text begins
  const char* quote = nullptr;     // open_quote, text_after_quote: the quote that opens
};

class CsvRowScanner {
 public:
  // Behind the text this many bytes can be read, whatever they are.
  static constexpr std::size_t kReadableBehind = 8;

  explicit CsvRowScanner(const CsvDialect& dialect);

  // Looks at [row, end). If that is `at_end` of all, the last row needs nothing that ends its line.
  // What is complete for the beginning of a text is complete, and the same, for all of it.
  CsvRowScan scan(const char* row, const char* end, bool at_end);

  // Of the last scan, if it was complete: the cells, at most columns_max, without their quotes.
  std::vector<std::string_view>& cells() { return cells_; }
  // How many there are, also beyond columns_max.
  std::size_t cell_count() const { return cell_count_; }
  bool has_quotes() const { return has_quotes_; }

  // Makes one of each pair of an escape and what it escapes, in the text itself. `row` is where the
  // scan began.
  void unescape(char* row);

 private:
  enum class Match : std::uint8_t { no, yes, cut };

  static std::uint64_t repeated(char sign);
  static const char* find(const char* at, const char* end, std::uint64_t one, std::uint64_t other);

  Match separator_at(const char* at, const char* end) const;
  const char* closing_quote(const char* at, const char* end, bool at_end, bool& escaped) const;
  // Reads one cell; true if another one follows at `at`.
  bool quoted_cell(const char*& at, const char* end, bool at_end, CsvRowScan& scan);
  bool plain_cell(const char*& at, const char* end, bool at_end, CsvRowScan& scan);
  void add(const char* begin, const char* end);

  std::string separator_;
  std::uint64_t separator_signs_;
  std::uint64_t line_end_signs_;
  std::uint64_t quote_signs_;
  std::uint64_t escape_signs_;
  char quote_;
  char escape_;
  char line_end_;
  bool drops_returns_;
  std::size_t columns_max_;

  std::vector<std::string_view> cells_;
  std::vector<std::size_t> escaped_;  // places of cells that hold escapes
  std::size_t cell_count_ = 0;
  bool has_quotes_ = false;
};

}  // namespace galena
