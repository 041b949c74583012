// Guesses from a file's first bytes how its CSV is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/csv_dialect.hpp"

namespace galena {

// What is known better than by guessing. It is taken as it is, and the rest is guessed by it.
struct CsvHints {
  std::optional<TextEncoding> encoding = {};
  std::optional<std::string> separator = {};
  std::optional<char> quote = {};
  std::optional<char> escape = {};
  std::optional<std::string> comment = {};
  std::optional<CsvNewline> newline = {};
  char newline_sign = 0;  // of CsvNewline::other
  std::optional<std::uint64_t> skip_lines = {};
};

enum class CsvSample : std::uint8_t {
  beginning,   // more of the file follows
  whole_file,  // this is all
};

// 64 KB are enough of a sample.
//   - encoding: by byte order mark; UTF-16 without one by its many zero bytes; UTF-8 if all of the
//     sample is that; else windows-1252;
//   - newline: what ends most lines outside of quotes;
//   - separator: "sep=;" in the first line, as Excel writes it (the line is then skipped); else
//   that
//     of , ; tab and | with which most rows have the same number of cells as the first;
//   - quote: " unless cells are quoted with ' alone;
//   - escape: doubling, or a backslash if rows are sound only with it.
// Whether there is a header cannot be guessed: it is said that there is one.
CsvDialect detect_dialect(std::string_view bytes, const CsvHints& hints = {},
                          CsvSample sample = CsvSample::beginning);

// The encoding alone.
TextEncoding detect_encoding(std::string_view bytes, CsvSample sample = CsvSample::beginning);

}  // namespace galena
