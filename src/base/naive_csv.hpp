// CSV read the slow and obvious way: the whole file at once, character by character. What CsvReader
// does is held against it (unit tests, fuzzing).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"
#include "base/csv_guard.hpp"
#include "base/text.hpp"

namespace galena {

// What a reader says, in order.
struct CsvSaying {
  enum class What : std::uint8_t { header, row, fault };

  What what{};
  std::uint64_t line = 0;
  std::vector<std::string> cells = {};  // of a header or row
  CsvFaultKind kind{};                  // of a fault
  std::uint64_t last_line = 0;          // of a fault

  bool operator==(const CsvSaying&) const = default;

  // So that a test that fails shows it.
  friend std::ostream& operator<<(std::ostream& out, const CsvSaying& saying) {
    out << "line " << saying.line;
    if (saying.what == What::fault) {
      return out << " to " << saying.last_line << ": fault " << static_cast<int>(saying.kind);
    }
    for (const std::string& cell : saying.cells) out << " [" << cell << ']';
    return out;
  }
};
using CsvSayings = std::vector<CsvSaying>;

// Handlers that write down what they are told.
inline CsvHandlers sayings_into(CsvSayings& sayings) {
  const auto keep = [&sayings](CsvSaying::What what) {
    return [&sayings, what](std::uint64_t line, CsvCells cells) {
      sayings.push_back({.what = what, .line = line, .cells = {cells.begin(), cells.end()}});
    };
  };
  return {.header = keep(CsvSaying::What::header),
          .row = keep(CsvSaying::What::row),
          .fault = [&sayings](const CsvFault& fault) {
            sayings.push_back({.what = CsvSaying::What::fault,
                               .line = fault.line,
                               .kind = fault.kind,
                               .last_line = fault.last_line});
          }};
}

class NaiveCsv {
 public:
  NaiveCsv(std::string_view bytes, const CsvDialect& dialect) : dialect_(dialect) {
    TextDecoder decoder(dialect.encoding);
    decoder.decode(bytes, text_);
    decoder.finish(text_);
  }

  CsvSayings read() {
    for (std::uint64_t i = 0; i < dialect_.skip_lines; ++i) skip_line();
    while (at_ < text_.size() && !stopped_) {
      const bool is_comment = !dialect_.comment.empty() &&
                              std::string_view(text_).substr(at_).starts_with(dialect_.comment);
      if (is_comment) {
        skip_line();
      } else {
        read_row();
      }
    }
    return sayings_;
  }

 private:
  enum class State : std::uint8_t { cell_begin, plain, quoted, behind_quote };
  enum class Ending : std::uint8_t { newline, text_end, broken, window_end, window_end_quoted };

  struct Row {
    std::vector<std::string> cells = {""};
    bool has_quotes = false;
    std::size_t text_end = 0;
  };

  bool is_returns_and_newline(std::size_t at, std::size_t end, std::size_t& behind) const {
    while (dialect_.drops_returns() && at < end && text_[at] == '\r') ++at;
    if (at < end && text_[at] != dialect_.line_end()) return false;
    behind = at < end ? at + 1 : end;
    return at < end || end == text_.size();
  }

  bool is_separator(std::size_t at, std::size_t end) const {
    return std::string_view(text_).substr(at, end - at).starts_with(dialect_.separator);
  }

  // True if the window cuts off what may be a separator or a newline.
  bool may_become_more(std::size_t at, std::size_t end) const {
    const std::string_view rest = std::string_view(text_).substr(at, end - at);
    const bool returns =
        dialect_.drops_returns() && rest.find_first_not_of('\r') == std::string_view::npos;
    return end < text_.size() &&
           (returns || std::string_view(dialect_.separator).starts_with(rest));
  }

  // Reads the row at at_ up to `end` and leaves at_ behind it, or where it cannot go on.
  Ending parse(Row& row, std::size_t end) {
    State state = State::cell_begin;
    const char escape = dialect_.escape == 0 ? dialect_.quote : dialect_.escape;
    while (true) {
      const bool over = at_ == end;
      std::size_t behind = 0;
      if (state == State::quoted) {
        if (over) return end == text_.size() ? Ending::broken : Ending::window_end_quoted;
        const char c = text_[at_];
        const char next = at_ + 1 < end ? text_[at_ + 1] : '\0';
        const bool has_next = at_ + 1 < end;
        const bool pair =
            has_next && ((c == escape && (next == dialect_.quote || next == escape)) ||
                         (c == dialect_.quote && next == dialect_.quote));
        if (pair) {
          row.cells.back() += next;
          at_ += 2;
        } else if (c == dialect_.quote) {
          // Whether it closes shows what follows.
          if (!has_next && end < text_.size()) return Ending::window_end_quoted;
          state = State::behind_quote;
          ++at_;
        } else {
          row.cells.back() += c;
          ++at_;
        }
      } else if (!over && state == State::cell_begin && dialect_.quote != 0 &&
                 text_[at_] == dialect_.quote) {
        state = State::quoted;
        row.has_quotes = true;
        ++at_;
      } else if (!over && is_separator(at_, end)) {
        row.cells.emplace_back();
        state = State::cell_begin;
        at_ += dialect_.separator.size();
      } else if (is_returns_and_newline(at_, end, behind)) {
        row.text_end = at_;
        const bool newline = behind > at_ && text_[behind - 1] == dialect_.line_end();
        at_ = behind;
        return newline ? Ending::newline : Ending::text_end;
      } else if (over) {
        return Ending::window_end;
      } else if (state == State::behind_quote) {
        if (may_become_more(at_, end)) return Ending::window_end;
        if (text_[at_] != ' ' && text_[at_] != '\t') return Ending::broken;
        ++at_;
      } else {
        row.cells.back() += text_[at_++];
        state = State::plain;
      }
    }
  }

  void read_row() {
    const std::size_t begin = at_;
    const std::uint64_t line = line_;
    const std::size_t window = dialect_.row_bytes_max + CsvReader::kQuoteBytesMore;
    const std::size_t end = begin + std::min(window, text_.size() - begin);
    Row row;
    const Ending ending = parse(row, end);
    if (ending == Ending::newline || ending == Ending::text_end) {
      count_lines(begin, row.text_end);
      const std::uint64_t last_line = line_;
      ++line_;
      finish_row(row, std::string_view(text_).substr(begin, row.text_end - begin), line, last_line);
      return;
    }
    const bool never_closed = ending == Ending::broken && at_ == text_.size();
    CsvFaultKind kind = CsvFaultKind::text_after_quote;
    if (ending == Ending::window_end) kind = CsvFaultKind::row_too_long;
    if (ending == Ending::window_end_quoted || never_closed) {
      kind = CsvFaultKind::unterminated_quote;
    }
    if (ending == Ending::window_end || ending == Ending::window_end_quoted) at_ = end;
    count_lines(begin, at_);
    const bool at_line_begin = text_[at_ - 1] == dialect_.line_end();
    const bool is_last = at_ == text_.size();
    const std::uint64_t last_line = is_last && at_line_begin ? line_ - 1 : line_;
    skip_line();
    fault(kind, line, last_line);
  }

  void finish_row(Row& row, std::string_view text, std::uint64_t line, std::uint64_t last_line) {
    if (text.empty() && !row.has_quotes) return;
    if (text.size() > dialect_.row_bytes_max) {
      fault(CsvFaultKind::row_too_long, line, last_line);
    } else if (const auto kind = bad_character(text)) {
      fault(*kind, line, last_line);
    } else if (row.cells.size() > dialect_.columns_max) {
      fault(CsvFaultKind::too_many_columns, line, last_line);
    } else if (dialect_.strict && columns_ > 0 && columns_ != row.cells.size()) {
      fault(CsvFaultKind::column_count, line, last_line);
    } else {
      if (columns_ == 0) columns_ = row.cells.size();
      for (std::string& cell : row.cells) {
        if (dialect_.formula_guard) cell = std::string(without_formula_guard(cell));
      }
      const bool is_header = dialect_.header && !header_read_;
      header_read_ = true;
      sayings_.push_back({.what = is_header ? CsvSaying::What::header : CsvSaying::What::row,
                          .line = line,
                          .cells = std::move(row.cells)});
    }
  }

  // Of both the one that comes first.
  static std::optional<CsvFaultKind> bad_character(std::string_view text) {
    std::size_t good = 0;
    while (good < text.size()) {
      std::size_t bytes = 1;
      while (bytes < 5 && !is_utf8(text.substr(good, bytes))) ++bytes;
      if (bytes == 5) return CsvFaultKind::bad_character;
      if (text[good] == '\0') return CsvFaultKind::nul;
      good += bytes;
    }
    return std::nullopt;
  }

  void fault(CsvFaultKind kind, std::uint64_t line, std::uint64_t last_line) {
    sayings_.push_back(
        {.what = CsvSaying::What::fault, .line = line, .kind = kind, .last_line = last_line});
    if (dialect_.header && !header_read_) stopped_ = true;
  }

  void skip_line() {
    while (at_ < text_.size()) {
      if (text_[at_++] == dialect_.line_end()) {
        ++line_;
        return;
      }
    }
  }

  void count_lines(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (text_[i] == dialect_.line_end()) ++line_;
    }
  }

  CsvDialect dialect_;
  std::string text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::size_t columns_ = 0;
  bool header_read_ = false;
  bool stopped_ = false;
  CsvSayings sayings_;
};

}  // namespace galena
