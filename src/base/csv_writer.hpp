// Rows as CSV (RFC 4180).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/csv_dialect.hpp"

namespace galena {

struct CsvWriting {
  char separator = ',';
  CsvNewline newline = CsvNewline::crlf;  // lf, crlf or cr
  // Cells that a spreadsheet would run get an apostrophe (csv_guard.hpp).
  bool formula_guard = true;
};

class CsvWriter {
 public:
  explicit CsvWriter(CsvWriting writing = {}) : writing_(writing) {}

  // Appends a row. Cells are quoted where it is needed; what they hold is read back as it is by a
  // CsvReader of the same dialect.
  void row(std::span<const std::string_view> cells);

  // What was written since the last call.
  std::string take();

 private:
  void cell(std::string_view text, bool alone);

  CsvWriting writing_;
  std::string out_;
};

}  // namespace galena
