#include "base/csv_detect.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "base/csv.hpp"
#include "base/text.hpp"

namespace galena {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{64} * 1024;
constexpr std::size_t kSampleRows = 500;
constexpr std::array<std::string_view, 4> kSeparators{",", ";", "\t", "|"};

// UTF-8 but for a character that is cut off at the end of the sample.
bool is_utf8_so_far(std::string_view bytes, CsvSample sample) {
  if (is_utf8(bytes)) return true;
  if (sample == CsvSample::whole_file) return false;
  for (std::size_t cut = 1; cut <= 3 && cut < bytes.size(); ++cut) {
    const auto first = static_cast<unsigned char>(bytes[bytes.size() - cut]);
    if (first >= 0xC0) return is_utf8(bytes.substr(0, bytes.size() - cut));
  }
  return false;
}

// Text in UTF-16 has separators, newlines and mostly letters of which one byte is zero, always on
// the same side.
std::optional<TextEncoding> utf_16_without_mark(std::string_view bytes) {
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == 0) ++zeros[i % 2];
  }
  const std::size_t units = bytes.size() / 2;
  const std::size_t many = std::max<std::size_t>(units / 8, 2);
  if (zeros[1] >= many && zeros[0] * 8 <= zeros[1]) return TextEncoding::utf_16le;
  if (zeros[0] >= many && zeros[1] * 8 <= zeros[0]) return TextEncoding::utf_16be;
  return std::nullopt;
}

std::string in_utf8(std::string_view bytes, TextEncoding encoding, CsvSample sample) {
  std::string text;
  TextDecoder decoder(encoding);
  decoder.decode(bytes, text);
  if (sample == CsvSample::whole_file) decoder.finish(text);
  return text;
}

struct NewlineCount {
  std::size_t lf = 0;
  std::size_t crlf = 0;
  std::size_t cr = 0;
  bool none() const { return lf + crlf + cr == 0; }
};

// A return at the very end is not counted: a newline may follow it.
NewlineCount count_newlines(std::string_view text, char quote) {
  NewlineCount count;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0 && text[i] == quote) quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '\n') ++(i > 0 && text[i - 1] == '\r' ? count.crlf : count.lf);
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n') ++count.cr;
  }
  return count;
}

CsvNewline guess_newline(std::string_view text, char quote) {
  NewlineCount count = count_newlines(text, quote);
  if (count.none()) count = count_newlines(text, 0);
  // One line alone, which ends with the file.
  if (count.none() && text.ends_with('\r')) return CsvNewline::cr;
  if (count.cr > count.lf + count.crlf) return CsvNewline::cr;
  return count.crlf > count.lf ? CsvNewline::crlf : CsvNewline::lf;
}

// What Excel writes into the first line, and understands: "sep=;". Empty if it is not there.
std::string_view separator_told(std::string_view text, const CsvDialect& dialect) {
  std::string_view line = text.substr(0, text.find(dialect.line_end()));
  while (line.ends_with('\r')) line.remove_suffix(1);
  constexpr std::string_view kBefore = "sep=";
  if (line.size() != kBefore.size() + 1 || line.size() == text.size()) return {};
  return comparison_form(line).starts_with(kBefore) ? line.substr(kBefore.size())
                                                    : std::string_view{};
}

// How well a dialect explains a text.
struct Trial {
  std::size_t rows = 0;
  std::size_t faults = 0;
  std::size_t first_columns = 0;
  std::map<std::size_t, std::size_t> rows_by_columns = {};

  // That many rows have the same number of cells, and many of them; more so if the first does.
  double merit() const {
    double best = 0;
    for (const auto& [columns, same] : rows_by_columns) {
      const double share = static_cast<double>(same) / static_cast<double>(rows + faults);
      const double worth = share * share * std::log2(static_cast<double>(columns));
      best = std::max(best, columns == first_columns ? worth : worth / 4);
    }
    return best;
  }
};

Trial try_dialect(std::string_view text, CsvDialect dialect, CsvSample sample) {
  Trial trial;
  dialect.encoding = TextEncoding::utf_8;
  dialect.header = false;
  dialect.strict = false;
  CsvReader reader(dialect, {.row =
                                 [&](std::uint64_t, CsvCells cells) {
                                   if (trial.rows >= kSampleRows) return;
                                   if (++trial.rows == 1) trial.first_columns = cells.size();
                                   ++trial.rows_by_columns[cells.size()];
                                 },
                             .fault = [&](const CsvFault&) { ++trial.faults; }});
  reader.feed(text);
  // The last row of a sample is cut off somewhere, so it counts only if there is no other.
  if (sample == CsvSample::whole_file || trial.rows == 0) reader.finish();
  return trial;
}

// Of all cells that begin with a quote: whether there are some, and each ends with it as well.
struct QuotedCells {
  std::size_t opened = 0;
  std::size_t closed = 0;
};

QuotedCells count_quoted(std::string_view text, const CsvDialect& dialect, char quote) {
  QuotedCells count;
  const std::string_view separator = dialect.separator;
  for (std::size_t at = text.find(quote); at != std::string_view::npos;
       at = text.find(quote, at + 1)) {
    const std::string_view before = text.substr(0, at);
    const std::string_view behind = text.substr(at + 1);
    if (before.empty() || before.ends_with(separator) || before.ends_with(dialect.line_end())) {
      ++count.opened;
    }
    if (behind.empty() || behind.starts_with(separator) || behind.starts_with(dialect.line_end()) ||
        behind.starts_with('\r')) {
      ++count.closed;
    }
  }
  return count;
}

// A dialect with the best of the separators, and its trial.
std::pair<CsvDialect, Trial> best_separator(std::string_view text, CsvDialect dialect,
                                            CsvSample sample) {
  std::pair<CsvDialect, Trial> best{dialect, {}};
  double best_merit = -1;
  for (const std::string_view separator : kSeparators) {
    dialect.separator = separator;
    if (!check_dialect(dialect)) continue;
    Trial trial = try_dialect(text, dialect, sample);
    if (trial.merit() <= best_merit) continue;
    best_merit = trial.merit();
    best = {dialect, std::move(trial)};
  }
  return best;
}

void guess_separator(std::string_view text, const CsvHints& hints, CsvSample sample,
                     CsvDialect& dialect) {
  if (hints.separator) return;
  dialect = best_separator(text, dialect, sample).first;
}

// Backslashes stand for themselves in most files; they escape where cells can only be read so.
void guess_escape(std::string_view text, const CsvHints& hints, CsvSample sample,
                  CsvDialect& dialect) {
  if (hints.escape || dialect.quote == 0) return;
  const std::size_t faults = try_dialect(text, dialect, sample).faults;
  if (faults == 0) return;
  CsvDialect other = dialect;
  other.escape = '\\';
  if (check_dialect(other) && try_dialect(text, other, sample).faults < faults) dialect = other;
}

// Apostrophes begin and end words, too; only where they stand around whole cells, and nothing else
// does, they are quotes.
void guess_quote(std::string_view text, const CsvHints& hints, CsvSample sample,
                 CsvDialect& dialect) {
  if (hints.quote || count_quoted(text, dialect, '"').opened > 0) return;
  CsvDialect other = dialect;
  other.quote = '\'';
  guess_separator(text, hints, sample, other);
  if (!check_dialect(other)) return;
  const QuotedCells count = count_quoted(text, other, '\'');
  if (count.opened == 0 || count.opened != count.closed) return;
  guess_escape(text, hints, sample, other);
  if (try_dialect(text, other, sample).faults == 0) dialect = other;
}

}  // namespace

TextEncoding detect_encoding(std::string_view bytes, CsvSample sample) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return TextEncoding::utf_8;
  if (bytes.starts_with("\xFF\xFE")) return TextEncoding::utf_16le;
  if (bytes.starts_with("\xFE\xFF")) return TextEncoding::utf_16be;
  if (const auto utf_16 = utf_16_without_mark(bytes)) return *utf_16;
  return is_utf8_so_far(bytes, sample) ? TextEncoding::utf_8 : TextEncoding::windows_1252;
}

CsvDialect detect_dialect(std::string_view bytes, const CsvHints& hints, CsvSample sample) {
  CsvDialect dialect;
  // Where more is given it is looked at for the encoding: the first umlaut may come late.
  dialect.encoding = hints.encoding.value_or(detect_encoding(bytes, sample));
  if (bytes.size() > kSampleBytes) {
    bytes = bytes.substr(0, kSampleBytes);
    sample = CsvSample::beginning;
  }
  const std::string text = in_utf8(bytes, dialect.encoding, sample);
  dialect.quote = hints.quote.value_or(dialect.quote);
  dialect.escape = hints.escape.value_or(dialect.escape);
  dialect.comment = hints.comment.value_or(dialect.comment);
  dialect.separator = hints.separator.value_or(dialect.separator);
  dialect.skip_lines = hints.skip_lines.value_or(dialect.skip_lines);
  dialect.newline = hints.newline.value_or(guess_newline(text, dialect.quote));
  dialect.newline_sign = hints.newline_sign;
  // Hints that contradict each other are told by who reads with them.
  if (!check_dialect(dialect)) return dialect;

  const std::string_view told = separator_told(text, dialect);
  if (!told.empty() && !hints.skip_lines) dialect.skip_lines = 1;
  if (!told.empty() && !hints.separator) {
    dialect.separator = told;
    if (!check_dialect(dialect)) dialect.separator = CsvDialect{}.separator;
  } else {
    guess_separator(text, hints, sample, dialect);
  }
  guess_quote(text, hints, sample, dialect);
  guess_escape(text, hints, sample, dialect);
  return dialect;
}

}  // namespace galena
