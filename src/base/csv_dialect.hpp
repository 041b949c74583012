// What a CSV file is written like: every program has its own idea of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/text_encoding.hpp"

namespace galena {

enum class CsvNewline : std::uint8_t {
  lf,     // "\n". Returns ("\r") before it belong to it, so that mixed files are read as well
  crlf,   // "\r\n": read like lf, and written as it is
  cr,     // "\r", as old Macs wrote
  other,  // CsvDialect::newline_sign
};

struct CsvDialect {
  TextEncoding encoding = TextEncoding::utf_8;
  std::string separator = ",";  // one sign or several ("#|#")
  char quote = '"';             // 0: quotes mean nothing
  char escape = 0;              // within quotes, before a quote or itself; 0: quotes are doubled
  std::string comment;          // lines that begin with it are no rows; empty: there are none
  CsvNewline newline = CsvNewline::lf;
  char newline_sign = 0;

  bool header = true;            // the first row is one
  std::uint64_t skip_lines = 0;  // before the first row; quotes in them mean nothing
  bool strict = false;         // rows have as many cells as the header (without one: as the first)
  bool formula_guard = false;  // an apostrophe that guards a formula (csv_guard.hpp) is taken off

  std::size_t row_bytes_max = std::size_t{1024} * 1024;  // in UTF-8
  std::size_t columns_max = 10'000;

  // The sign that ends a line.
  char line_end() const;
  // Whether returns before it belong to it.
  bool drops_returns() const { return newline == CsvNewline::lf || newline == CsvNewline::crlf; }

  bool operator==(const CsvDialect&) const = default;
};

// What makes a dialect unreadable: signs that mean two things. The Error's field is the member's
// name ("quote").
Result<> check_dialect(const CsvDialect& dialect);

}  // namespace galena
