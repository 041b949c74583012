// Reads CSV as it comes, row by row, in bounded memory.
//
// A row is given only if it certainly is one. After a fault reading goes on with a line that does:
//   - text behind a closing quote: with the next line;
//   - a row that is too long, has too many cells, the wrong number of them, or holds bytes that are
//     no text: with the next row;
//   - a quote that is not closed within row_bytes_max and a megabyte more: with the line after
//   that.
//     It may be a slip of the finger, so it must not eat a gigabyte;
//   - a quote that is never closed: nothing follows. A file that broke off in the middle looks so.
// If the header has a fault, nothing follows either.
//
// Lines are those of the file, whatever stands in them: newlines within quotes count. Empty lines
// are no rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/csv_dialect.hpp"
#include "base/csv_row.hpp"
#include "base/text_encoding.hpp"

namespace galena {

enum class CsvFaultKind : std::uint8_t {
  unterminated_quote,
  text_after_quote,
  row_too_long,
  too_many_columns,
  column_count,  // of a strict dialect
  bad_character,
  nul,
};

struct CsvFault {
  CsvFaultKind kind{};
  std::uint64_t line = 0;       // where the row begins, from 1
  std::uint64_t last_line = 0;  // the last one that was not taken
  std::string message;          // what is wrong, in words
};

// Of one row, in UTF-8. They last until the handler returns.
using CsvCells = std::span<const std::string_view>;

struct CsvHandlers {
  std::function<void(std::uint64_t line, CsvCells cells)> header = {};  // if the dialect has one
  std::function<void(std::uint64_t line, CsvCells cells)> row = {};
  std::function<void(const CsvFault& fault)> fault = {};
};

class CsvReader {
 public:
  // How much more than row_bytes_max is looked through for what closes a quote.
  static constexpr std::size_t kQuoteBytesMore = std::size_t{1024} * 1024;

  // The dialect passes check_dialect. Handlers may be empty.
  CsvReader(const CsvDialect& dialect, CsvHandlers handlers);

  // The next bytes of the file, cut anywhere.
  void feed(std::string_view bytes);
  // The end of the file; nothing may be fed afterwards.
  void finish();

 private:
  void read_rows(bool at_end);
  const char* step(const char* at, const char* end, bool at_end);
  const char* skip_line(const char* at, const char* end);
  const char* broken_row(const char* at, const char* end, const CsvRowScan& scan);
  void take_row(char* row, const CsvRowScan& scan);
  void deliver(std::uint64_t line);

  std::optional<CsvFault> fault_of(std::string_view text);
  CsvFault character_fault(std::string_view text);
  std::uint64_t line_of(const char* row, const char* at) const;
  void report(CsvFault fault);

  CsvDialect dialect_;
  CsvHandlers handlers_;
  TextDecoder decoder_;
  CsvRowScanner scanner_;

  std::string buffer_;            // UTF-8 that is no row yet
  std::size_t next_attempt_ = 0;  // bytes in the buffer from which on looking again is worth it
  std::uint64_t line_ = 1;        // at the beginning of the buffer
  std::uint64_t lines_to_skip_ = 0;
  bool skipping_ = false;               // to the end of the line
  bool at_line_begin_ = false;          // while skipping: nothing of the line was there yet
  std::optional<CsvFault> open_fault_;  // why, if because of a fault
  std::optional<std::size_t> columns_;  // of the header, or of the first row
  bool header_read_ = false;
  bool stopped_ = false;
};

}  // namespace galena
