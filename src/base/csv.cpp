#include "base/csv.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/csv_guard.hpp"
#include "base/text.hpp"

namespace galena {
namespace {

// Fits into the processor's cache, so that what was just decoded is still there when it is read.
constexpr std::size_t kSliceBytes = std::size_t{64} * 1024;

std::string shown(std::string_view text) {
  constexpr std::size_t kShownBytes = 40;
  std::string shown(cut_utf8(text.substr(0, text.find_first_of("\r\n")), kShownBytes));
  std::erase_if(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return !shown.empty() && is_utf8(shown) ? shown : std::string("something unreadable");
}

// Where the first bytes are that are no UTF-8; the size if there are none.
std::size_t first_bad_byte(std::string_view text) {
  constexpr std::size_t kCharacterBytesMax = 4;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t bytes = 1;
    while (bytes <= kCharacterBytesMax && !is_utf8(text.substr(at, bytes))) ++bytes;
    if (bytes > kCharacterBytesMax) return at;
    at += bytes;
  }
  return at;
}

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kMegabyte = std::size_t{1024} * 1024;
  return bytes % kMegabyte == 0 ? fmt::format("{} MB", bytes / kMegabyte)
                                : fmt::format("{} bytes", bytes);
}

}  // namespace

CsvReader::CsvReader(const CsvDialect& dialect, CsvHandlers handlers)
    : dialect_(dialect),
      handlers_(std::move(handlers)),
      decoder_(dialect.encoding),
      scanner_(dialect),
      lines_to_skip_(dialect.skip_lines),
      header_read_(!dialect.header) {
  GALENA_ASSERT(check_dialect(dialect));
}

void CsvReader::feed(std::string_view bytes) {
  while (!bytes.empty() && !stopped_) {
    const std::string_view slice = bytes.substr(0, kSliceBytes);
    bytes.remove_prefix(slice.size());
    decoder_.decode(slice, buffer_);
    if (buffer_.size() >= next_attempt_) read_rows(false);
  }
}

void CsvReader::finish() {
  if (!stopped_) {
    decoder_.finish(buffer_);
    read_rows(true);
  }
  if (open_fault_) {
    open_fault_->last_line = at_line_begin_ ? line_ - 1 : line_;
    report(*std::exchange(open_fault_, std::nullopt));
  }
  stopped_ = true;
}

void CsvReader::read_rows(bool at_end) {
  buffer_.append(CsvRowScanner::kReadableBehind, '\0');
  const char* const begin = buffer_.data();
  const char* const end = begin + buffer_.size() - CsvRowScanner::kReadableBehind;
  const char* at = begin;
  while (at < end && !stopped_) {
    const char* const next = step(at, end, at_end);
    if (next == nullptr) break;
    at = next;
  }
  buffer_.resize(static_cast<std::size_t>(end - begin));
  buffer_.erase(0, static_cast<std::size_t>(at - begin));
  // A row that is not all there is looked at from its beginning when there is twice as much of it,
  // so that long rows in small pieces do not take time by the square of their length.
  next_attempt_ =
      std::min(buffer_.size() * 2, dialect_.row_bytes_max + kQuoteBytesMore + kSliceBytes);
}

// Reads a line or a row at `at` and gives the place behind it; null if more must come first.
const char* CsvReader::step(const char* at, const char* end, bool at_end) {
  if (skipping_) return skip_line(at, end);
  if (lines_to_skip_ > 0) {
    --lines_to_skip_;
    return skip_line(at, end);
  }
  if (!dialect_.comment.empty()) {
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    if (rest.starts_with(dialect_.comment)) return skip_line(at, end);
    if (!at_end && dialect_.comment.starts_with(rest)) return nullptr;
  }
  const std::size_t window_bytes = dialect_.row_bytes_max + kQuoteBytesMore;
  const std::size_t left = static_cast<std::size_t>(end - at);
  const bool is_cut = left > window_bytes;
  const char* const window_end = is_cut ? at + window_bytes : end;
  const CsvRowScan scan = scanner_.scan(at, window_end, at_end && !is_cut);
  const bool is_open = scan.end == CsvRowScan::End::open || scan.end == CsvRowScan::End::open_quote;
  if (is_open && !is_cut && !at_end) return nullptr;
  if (scan.end != CsvRowScan::End::complete) return broken_row(at, window_end, scan);
  take_row(buffer_.data() + (at - buffer_.data()), scan);
  return scan.next;
}

// Up to the end of the line, as far as it is there.
const char* CsvReader::skip_line(const char* at, const char* end) {
  const void* const found =
      std::memchr(at, dialect_.line_end(), static_cast<std::size_t>(end - at));
  skipping_ = found == nullptr;
  at_line_begin_ = !skipping_;
  if (skipping_) return end;
  if (open_fault_) {
    open_fault_->last_line = line_;
    report(*std::exchange(open_fault_, std::nullopt));
  }
  ++line_;
  return static_cast<const char*>(found) + 1;
}

std::uint64_t CsvReader::line_of(const char* row, const char* at) const {
  return line_ + static_cast<std::uint64_t>(std::count(row, at, dialect_.line_end()));
}

// A row of which no end is found in [at, end), or only one that cannot be. What follows it in its
// last line cannot be told from it, so it is skipped as well.
const char* CsvReader::broken_row(const char* at, const char* end, const CsvRowScan& scan) {
  CsvFault fault{.line = line_};
  const char* next = end;
  const std::size_t bytes = static_cast<std::size_t>(end - at);
  const std::size_t bytes_max = dialect_.row_bytes_max + kQuoteBytesMore;
  if (scan.end == CsvRowScan::End::text_after_quote) {
    next = scan.next;
    const std::string_view text(next, static_cast<std::size_t>(end - next));
    fault.kind = CsvFaultKind::text_after_quote;
    fault.message = fmt::format(
        "behind the closing quote of cell {} stands \"{}\", where a separator or the end of the "
        "line must be; a quote within a quoted cell is written twice",
        scanner_.cell_count(), shown(text));
  } else if (scan.end == CsvRowScan::End::open) {
    fault.kind = CsvFaultKind::row_too_long;
    fault.message = fmt::format("the row has more than {}", size_text(dialect_.row_bytes_max));
  } else {
    fault.kind = CsvFaultKind::unterminated_quote;
    fault.message =
        fmt::format("the quote that opens in line {} is not closed{}", line_of(at, scan.quote),
                    bytes == bytes_max ? " within " + size_text(bytes_max) : "");
  }
  line_ = line_of(at, next);
  at_line_begin_ = next[-1] == dialect_.line_end();
  open_fault_ = std::move(fault);
  skipping_ = true;
  return next;
}

void CsvReader::take_row(char* row, const CsvRowScan& scan) {
  const std::string_view text(row, static_cast<std::size_t>(scan.text_end - row));
  const std::uint64_t line = line_;
  const std::uint64_t last_line = scanner_.has_quotes() ? line_of(row, scan.text_end) : line_;
  line_ = last_line + 1;
  const bool is_blank = text.empty() && !scanner_.has_quotes();
  if (is_blank) return;
  if (auto fault = fault_of(text)) {
    fault->line = line;
    fault->last_line = last_line;
    report(std::move(*fault));
    return;
  }
  scanner_.unescape(row);
  deliver(line);
}

void CsvReader::deliver(std::uint64_t line) {
  std::vector<std::string_view>& cells = scanner_.cells();
  if (dialect_.formula_guard) {
    for (std::string_view& cell : cells) cell = without_formula_guard(cell);
  }
  if (!columns_) columns_ = cells.size();
  const auto& handler = header_read_ ? handlers_.row : handlers_.header;
  header_read_ = true;
  if (handler) handler(line, cells);
}

void CsvReader::report(CsvFault fault) {
  if (!header_read_) {
    fault.message = "the header cannot be read: " + fault.message;
    stopped_ = true;
  }
  if (handlers_.fault) handlers_.fault(fault);
}

// What is wrong with a row that is complete, if something is.
std::optional<CsvFault> CsvReader::fault_of(std::string_view text) {
  if (text.size() > dialect_.row_bytes_max) {
    return CsvFault{
        .kind = CsvFaultKind::row_too_long,
        .message = fmt::format("the row has more than {}", size_text(dialect_.row_bytes_max))};
  }
  const bool has_nul = std::memchr(text.data(), 0, text.size()) != nullptr;
  if (has_nul || !simdjson::validate_utf8(text)) return character_fault(text);
  if (scanner_.cell_count() > dialect_.columns_max) {
    return CsvFault{.kind = CsvFaultKind::too_many_columns,
                    .message = fmt::format("the row has {} cells, more than {}",
                                           scanner_.cell_count(), dialect_.columns_max)};
  }
  if (dialect_.strict && columns_ && *columns_ != scanner_.cell_count()) {
    return CsvFault{
        .kind = CsvFaultKind::column_count,
        .message = fmt::format("the row has {} cells, the {} has {}", scanner_.cell_count(),
                               dialect_.header ? "header" : "first row", *columns_)};
  }
  return std::nullopt;
}

// Of a row with a NUL byte, or with bytes that are no UTF-8.
CsvFault CsvReader::character_fault(std::string_view text) {
  const std::size_t nul = text.find('\0');
  const std::size_t place = std::min(nul, first_bad_byte(text));
  const std::vector<std::string_view>& cells = scanner_.cells();
  const auto behind = std::ranges::find_if(
      cells, [&](std::string_view cell) { return cell.data() > text.data() + place; });
  const std::string cell = fmt::format("cell {}", behind - cells.begin());
  const std::string_view encoding = to_string(dialect_.encoding);
  if (place == nul) {
    return {
        .kind = CsvFaultKind::nul,
        .message = fmt::format("{} holds a NUL byte, which no text has: the file is damaged, or "
                               "in another encoding than {}",
                               cell, encoding)};
  }
  const bool is_utf_8 = dialect_.encoding == TextEncoding::utf_8;
  const std::string what =
      is_utf_8 ? fmt::format("the byte 0x{:02X}", static_cast<unsigned char>(text[place]))
               : std::string("something");
  return {
      .kind = CsvFaultKind::bad_character,
      .message = fmt::format("{} holds {} that is no character in {}: the file is damaged, or in "
                             "another encoding{}",
                             cell, what, encoding, is_utf_8 ? ", perhaps windows-1252" : "")};
}

}  // namespace galena
