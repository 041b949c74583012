// Any bytes as CSV in any dialect, fed in pieces: the reader says what the naive one says. What it
// reads it reads again when it is written, and of any bytes some dialect is guessed.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv_detect.hpp"
#include "base/csv_writer.hpp"
#include "base/naive_csv.hpp"
#include "base/result.hpp"

namespace {

using namespace galena;

template <class Value>
Value chosen(std::uint8_t byte, std::initializer_list<Value> values) {
  return values.begin()[byte % values.size()];
}

// The first bytes say which dialect and how large the pieces are.
constexpr std::size_t kChoices = 8;

CsvDialect dialect_of(const std::uint8_t* choices) {
  CsvDialect dialect;
  dialect.encoding = static_cast<TextEncoding>(choices[0] % kTextEncodingCount);
  dialect.separator = chosen<std::string_view>(choices[1], {",", ";", "\t", "|", "#|#", "::", " "});
  dialect.quote = chosen(choices[2], {'"', '\'', '\0', '|'});
  dialect.escape = dialect.quote == 0 ? '\0' : chosen(choices[3], {'\0', '\\', '"', '\''});
  dialect.comment = chosen<std::string_view>(choices[4], {"", "#", "//"});
  dialect.newline = static_cast<CsvNewline>(choices[5] % 4);
  dialect.newline_sign = chosen(choices[5], {'X', '\t', '\n', ' '});
  dialect.header = choices[6] % 2 == 0;
  dialect.strict = choices[6] / 2 % 2 == 0;
  dialect.formula_guard = choices[6] / 4 % 2 == 0;
  dialect.skip_lines = choices[6] / 8 % 3;
  if (choices[6] / 32 % 2 == 1) dialect.row_bytes_max = 20;
  if (choices[6] / 64 % 2 == 1) dialect.columns_max = 3;
  return dialect;
}

CsvSayings read(std::string_view bytes, const CsvDialect& dialect, std::size_t piece) {
  CsvSayings sayings;
  CsvReader reader(dialect, sayings_into(sayings));
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  reader.finish();
  return sayings;
}

void check_writing(const CsvSayings& sayings) {
  CsvWriter writer;
  CsvSayings rows;
  for (const CsvSaying& saying : sayings) {
    if (saying.what == CsvSaying::What::fault) continue;
    writer.row(std::vector<std::string_view>(saying.cells.begin(), saying.cells.end()));
    rows.push_back(saying);
  }
  const CsvDialect dialect{.header = false, .formula_guard = true, .row_bytes_max = 1 << 24};
  const CsvSayings again = read(writer.take(), dialect, std::string_view::npos);
  GALENA_ASSERT(again.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) GALENA_ASSERT(again[i].cells == rows[i].cells);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kChoices) return 0;
  const CsvDialect dialect = dialect_of(data);
  const std::size_t piece = data[kChoices - 1] + 1u;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + kChoices, size - kChoices);
  const CsvDialect guessed = detect_dialect(bytes);
  GALENA_ASSERT(check_dialect(guessed));
  read(bytes, guessed, piece);
  if (!check_dialect(dialect)) return 0;
  const CsvSayings sayings = read(bytes, dialect, piece);
  GALENA_ASSERT(sayings == NaiveCsv(bytes, dialect).read());
  check_writing(sayings);
  return 0;
}
