#include "base/csv_writer.hpp"

#include <utility>

#include "base/csv_guard.hpp"

namespace galena {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool needs_quotes(std::string_view text, char separator) {
  for (const char c : text) {
    if (c == separator || c == '"' || c == '\r' || c == '\n') return true;
  }
  // Some readers drop blanks at the edges, and all drop a byte order mark at the file's beginning.
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  return !text.empty() &&
         (is_blank(text.front()) || is_blank(text.back()) || text.starts_with(kByteOrderMark));
}

}  // namespace

void CsvWriter::row(std::span<const std::string_view> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out_.push_back(writing_.separator);
    cell(cells[i], cells.size() == 1);
  }
  if (writing_.newline != CsvNewline::lf) out_.push_back('\r');
  if (writing_.newline != CsvNewline::cr) out_.push_back('\n');
}

// An empty cell that is alone in its row is quoted: without it the line would be empty, and no row.
void CsvWriter::cell(std::string_view text, bool alone) {
  const bool guarded = writing_.formula_guard && needs_formula_guard(text);
  const bool quoted = needs_quotes(text, writing_.separator) || (alone && text.empty());
  if (quoted) out_.push_back('"');
  if (guarded) out_.push_back('\'');
  if (!quoted) {
    out_.append(text);
    return;
  }
  for (const char c : text) {
    if (c == '"') out_.push_back('"');
    out_.push_back(c);
  }
  out_.push_back('"');
}

std::string CsvWriter::take() {
  return std::exchange(out_, {});
}

}  // namespace galena
