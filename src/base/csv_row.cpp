#include "base/csv_row.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace galena {
namespace {

static_assert(std::endian::native == std::endian::little, "the lowest byte is the first one");

// The high bit of each byte that is zero. Bytes behind the first zero may be marked wrongly; the
// first mark is right.
std::uint64_t zero_bytes(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  return (word - kOnes) & ~word & kHighBits;
}

}  // namespace

CsvRowScanner::CsvRowScanner(const CsvDialect& dialect)
    : separator_(dialect.separator),
      separator_signs_(repeated(dialect.separator.front())),
      line_end_signs_(repeated(dialect.line_end())),
      quote_signs_(repeated(dialect.quote)),
      escape_signs_(repeated(dialect.escape)),
      quote_(dialect.quote),
      escape_(dialect.escape == dialect.quote ? char{0} : dialect.escape),
      line_end_(dialect.line_end()),
      drops_returns_(dialect.drops_returns()),
      columns_max_(dialect.columns_max) {}

std::uint64_t CsvRowScanner::repeated(char sign) {
  return std::uint64_t{0x0101010101010101} * static_cast<unsigned char>(sign);
}

// Eight bytes at a time: most cells are short, so that one or two steps find their end.
const char* CsvRowScanner::find(const char* at, const char* end, std::uint64_t one,
                                std::uint64_t other) {
  for (; at < end; at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    const std::uint64_t found = zero_bytes(word ^ one) | zero_bytes(word ^ other);
    if (found == 0) continue;
    return std::min(at + std::countr_zero(found) / 8, end);
  }
  return end;
}

CsvRowScan CsvRowScanner::scan(const char* row, const char* end, bool at_end) {
  cells_.clear();
  escaped_.clear();
  cell_count_ = 0;
  has_quotes_ = false;
  CsvRowScan scan;
  const char* at = row;
  bool more = true;
  while (more) {
    const bool is_quoted = quote_ != 0 && at < end && *at == quote_;
    more = is_quoted ? quoted_cell(at, end, at_end, scan) : plain_cell(at, end, at_end, scan);
  }
  return scan;
}

CsvRowScanner::Match CsvRowScanner::separator_at(const char* at, const char* end) const {
  if (separator_.size() == 1) return at < end && *at == separator_[0] ? Match::yes : Match::no;
  const std::string_view text(at, static_cast<std::size_t>(end - at));
  if (text.starts_with(separator_)) return Match::yes;
  const bool cut = text.size() < separator_.size() && separator_.starts_with(text);
  return cut ? Match::cut : Match::no;
}

void CsvRowScanner::add(const char* begin, const char* end) {
  ++cell_count_;
  if (cell_count_ <= columns_max_) cells_.emplace_back(begin, end);
}

bool CsvRowScanner::plain_cell(const char*& at, const char* end, bool at_end, CsvRowScan& scan) {
  const char* const begin = at;
  const char* stop = begin;
  while (true) {
    stop = find(stop, end, separator_signs_, line_end_signs_);
    if (stop == end || *stop == line_end_) break;
    const Match match = separator_at(stop, end);
    if (match == Match::yes) {
      add(begin, stop);
      at = stop + separator_.size();
      return true;
    }
    if (match == Match::cut && !at_end) return false;
    ++stop;
  }
  if (stop == end && !at_end) return false;
  scan.end = CsvRowScan::End::complete;
  scan.next = stop == end ? end : stop + 1;
  if (drops_returns_) {
    while (stop > begin && stop[-1] == '\r') --stop;
  }
  scan.text_end = stop;
  add(begin, stop);
  return false;
}

// Null if it is not there, or if what follows it must be seen before one can tell.
const char* CsvRowScanner::closing_quote(const char* at, const char* end, bool at_end,
                                         bool& escaped) const {
  while (at < end) {
    if (escape_ != 0) {
      at = find(at, end, quote_signs_, escape_signs_);
    } else {
      const void* found = std::memchr(at, quote_, static_cast<std::size_t>(end - at));
      at = found == nullptr ? end : static_cast<const char*>(found);
    }
    if (at == end) break;
    const bool is_escape = *at != quote_;
    if (at + 1 == end) return at_end && !is_escape ? at : nullptr;
    if (at[1] == quote_ || (is_escape && at[1] == escape_)) {
      escaped = true;
      at += 2;
    } else if (is_escape) {
      ++at;  // before anything else it stands for itself
    } else {
      return at;
    }
  }
  return nullptr;
}

bool CsvRowScanner::quoted_cell(const char*& at, const char* end, bool at_end, CsvRowScan& scan) {
  has_quotes_ = true;
  scan.quote = at;
  bool escaped = false;
  const char* const close = closing_quote(at + 1, end, at_end, escaped);
  if (close == nullptr) {
    scan.end = CsvRowScan::End::open_quote;
    return false;
  }
  if (escaped && cell_count_ < columns_max_) escaped_.push_back(cell_count_);
  add(at + 1, close);
  const char* behind = close + 1;
  for (; behind < end; ++behind) {
    const Match match = separator_at(behind, end);
    if (match == Match::yes) {
      at = behind + separator_.size();
      return true;
    }
    if (match == Match::cut && !at_end) return false;
    const char* line_end = behind;
    while (drops_returns_ && line_end < end && *line_end == '\r') ++line_end;
    if (line_end == end) break;
    if (*line_end == line_end_) {
      scan.end = CsvRowScan::End::complete;
      scan.text_end = behind;
      scan.next = line_end + 1;
      return false;
    }
    if (*behind == ' ' || *behind == '\t') continue;  // says nothing, and spoils nothing
    scan.end = CsvRowScan::End::text_after_quote;
    scan.next = behind;
    return false;
  }
  if (at_end) {
    scan.end = CsvRowScan::End::complete;
    scan.text_end = behind;
    scan.next = end;
  }
  return false;
}

void CsvRowScanner::unescape(char* row) {
  for (const std::size_t place : escaped_) {
    const std::string_view cell = cells_[place];
    char* const begin = row + (cell.data() - row);
    char* out = begin;
    for (std::size_t i = 0; i < cell.size(); ++i) {
      const bool is_escape = cell[i] == quote_ || (escape_ != 0 && cell[i] == escape_);
      const bool escapes =
          is_escape && i + 1 < cell.size() &&
          (cell[i + 1] == quote_ || (cell[i] == escape_ && cell[i + 1] == escape_));
      if (escapes) ++i;
      *out++ = cell[i];
    }
    cells_[place] = {begin, static_cast<std::size_t>(out - begin)};
  }
}

}  // namespace galena
