#include "base/csv_dialect.hpp"

#include "base/text.hpp"

namespace galena {
namespace {

constexpr std::size_t kSeparatorBytesMax = 16;
constexpr std::size_t kRowBytesMost = std::size_t{1} << 30;
constexpr std::size_t kColumnsMost = 1'000'000;

bool is_sign(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0 && byte < 0x80;
}

tl::unexpected<Error> wrong(std::string field, std::string message) {
  return fail(ErrorCode::invalid, std::move(message), std::move(field));
}

Result<> check_separator(const CsvDialect& dialect) {
  const std::string& separator = dialect.separator;
  if (separator.empty()) return wrong("separator", "a separator is needed");
  if (separator.size() > kSeparatorBytesMax) return wrong("separator", "may have 16 bytes");
  if (!is_utf8(separator) || separator.contains('\0')) {
    return wrong("separator", "must be a text");
  }
  const bool returns = dialect.drops_returns() && separator.contains('\r');
  if (separator.contains(dialect.line_end()) || returns) {
    return wrong("separator", "may not hold what ends a line");
  }
  return {};
}

Result<> check_quote(const CsvDialect& dialect) {
  if (dialect.quote == 0) return {};
  if (!is_sign(dialect.quote)) return wrong("quote", "must be one ASCII character");
  const bool returns = dialect.drops_returns() && dialect.quote == '\r';
  if (dialect.quote == dialect.line_end() || returns) {
    return wrong("quote", "may not be what ends a line");
  }
  if (dialect.separator.contains(dialect.quote)) {
    return wrong("quote", "may not be part of the separator");
  }
  return {};
}

Result<> check_escape(const CsvDialect& dialect) {
  if (dialect.escape == 0 || dialect.escape == dialect.quote) return {};
  if (!is_sign(dialect.escape)) return wrong("escape", "must be one ASCII character");
  if (dialect.quote == 0) return wrong("escape", "means nothing without a quote");
  if (dialect.escape == dialect.line_end() || dialect.separator.contains(dialect.escape)) {
    return wrong("escape", "may neither separate cells nor end a line");
  }
  return {};
}

}  // namespace

char CsvDialect::line_end() const {
  switch (newline) {
    case CsvNewline::cr:
      return '\r';
    case CsvNewline::other:
      return newline_sign;
    case CsvNewline::lf:
    case CsvNewline::crlf:
      break;
  }
  return '\n';
}

Result<> check_dialect(const CsvDialect& dialect) {
  if (!is_sign(dialect.line_end())) {
    return wrong("newline_sign", "must be one ASCII character");
  }
  if (auto separator = check_separator(dialect); !separator) return separator;
  if (auto quote = check_quote(dialect); !quote) return quote;
  if (auto escape = check_escape(dialect); !escape) return escape;
  if (!dialect.comment.empty() && dialect.comment.contains(dialect.line_end())) {
    return wrong("comment", "may not hold what ends a line");
  }
  if (dialect.row_bytes_max == 0 || dialect.row_bytes_max > kRowBytesMost) {
    return wrong("row_bytes_max", "must be between 1 byte and 1 GB");
  }
  if (dialect.columns_max == 0 || dialect.columns_max > kColumnsMost) {
    return wrong("columns_max", "must be between 1 and 1,000,000");
  }
  return {};
}

}  // namespace galena
