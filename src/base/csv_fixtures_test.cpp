// Real files of others (tests/data/csv), with the rows that are expected of them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/csv.hpp"
#include "base/csv_detect.hpp"
#include "base/json.hpp"
#include "base/naive_csv.hpp"

namespace galena {
namespace {

namespace json = boost::json;

const std::filesystem::path kFixtures =
    std::filesystem::path(GALENA_SOURCE_DIR) / "tests" / "data" / "csv";
const std::filesystem::path kLarge = std::filesystem::path(GALENA_SOURCE_DIR) / ".." / "shared" /
                                     "data" / "csv" / "csv-parser-fixtures";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Fixture {
  std::string file;
  std::string bytes;
  CsvDialect dialect;
  CsvSayings rows;
  std::vector<std::pair<std::uint64_t, std::string>> faults;
};

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

CsvHints hints_of(const json::object& hints) {
  CsvHints read;
  if (hints.contains("separator")) read.separator = text_at(hints, "separator");
  if (hints.contains("comment")) read.comment = text_at(hints, "comment");
  if (hints.contains("quote")) read.quote = text_at(hints, "quote").at(0);
  if (hints.contains("escape")) read.escape = text_at(hints, "escape").at(0);
  if (hints.contains("newline")) {
    read.newline = CsvNewline::other;
    read.newline_sign = text_at(hints, "newline").at(0);
  }
  if (const json::value* skip = hints.if_contains("skip_lines")) {
    read.skip_lines = static_cast<std::uint64_t>(skip->as_int64());
  }
  return read;
}

bool flag_at(const json::object& object, std::string_view key, bool otherwise) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? otherwise : found->as_bool();
}

Fixture fixture_of(const json::object& told) {
  Fixture fixture;
  fixture.file = text_at(told, "file");
  fixture.bytes = read_file(kFixtures / fixture.file);
  EXPECT_FALSE(fixture.bytes.empty()) << fixture.file;
  const json::value* hints = told.if_contains("hints");
  fixture.dialect =
      detect_dialect(fixture.bytes, hints == nullptr ? CsvHints{} : hints_of(hints->as_object()),
                     CsvSample::whole_file);
  fixture.dialect.header = flag_at(told, "header", true);
  fixture.dialect.strict = flag_at(told, "strict", false);
  const json::array& lines = told.at("lines").as_array();
  for (const json::value& cells : told.at("rows").as_array()) {
    const bool is_header = fixture.dialect.header && fixture.rows.empty();
    CsvSaying saying{.what = is_header ? CsvSaying::What::header : CsvSaying::What::row};
    saying.line = static_cast<std::uint64_t>(lines.at(fixture.rows.size()).as_int64());
    for (const json::value& cell : cells.as_array()) {
      saying.cells.emplace_back(cell.as_string());
    }
    fixture.rows.push_back(std::move(saying));
  }
  if (const json::value* faults = told.if_contains("faults")) {
    for (const json::value& fault : faults->as_array()) {
      fixture.faults.emplace_back(fault.as_object().at("line").as_int64(),
                                  text_at(fault.as_object(), "message"));
    }
  }
  return fixture;
}

const std::vector<Fixture>& fixtures() {
  static const auto all = [] {
    std::vector<Fixture> read;
    const auto told = parse_json(read_file(kFixtures / "expected.json"));
    EXPECT_TRUE(told) << told.error().message;
    for (const json::value& one : told->as_array()) read.push_back(fixture_of(one.as_object()));
    return read;
  }();
  return all;
}

TEST(CsvFixtures, are_read_right_or_refused_with_line_and_reason) {
  for (const Fixture& fixture : fixtures()) {
    CsvSayings rows;
    std::vector<std::pair<std::uint64_t, std::string>> faults;
    CsvHandlers handlers = sayings_into(rows);
    handlers.fault = [&](const CsvFault& fault) { faults.emplace_back(fault.line, fault.message); };
    CsvReader reader(fixture.dialect, handlers);
    reader.feed(fixture.bytes);
    reader.finish();
    EXPECT_EQ(rows, fixture.rows) << fixture.file;
    EXPECT_EQ(faults, fixture.faults) << fixture.file;
  }
}

TEST(CsvFixtures, none_is_left_out) {
  for (const std::string folder : {"spectrum", "parser"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kFixtures / folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = entry.path().lexically_relative(kFixtures).generic_string();
      EXPECT_TRUE(std::ranges::any_of(fixtures(), [&](const Fixture& fixture) {
        return fixture.file == name;
      })) << name;
    }
  }
}

RC_GTEST_PROP(CsvFixturesProperty, pieces_make_no_difference, ()) {
  for (const Fixture& fixture : fixtures()) {
    CsvSayings sayings;
    CsvReader reader(fixture.dialect, sayings_into(sayings));
    std::string_view rest = fixture.bytes;
    while (!rest.empty()) {
      const auto size = *rc::gen::inRange<std::size_t>(1, 40);
      reader.feed(rest.substr(0, size));
      rest.remove_prefix(std::min(size, rest.size()));
    }
    reader.finish();
    RC_ASSERT(sayings == NaiveCsv(fixture.bytes, fixture.dialect).read());
  }
}

TEST(CsvFixtures, a_large_one_has_all_its_rows) {
  const std::string bytes = read_file(kLarge / "large-dataset.csv");
  if (bytes.empty()) GTEST_SKIP() << "needs ../shared/data/csv/csv-parser-fixtures";
  CsvDialect dialect = detect_dialect(bytes);
  dialect.strict = true;
  CsvSayings sayings;
  CsvReader reader(dialect, sayings_into(sayings));
  for (std::size_t at = 0; at < bytes.size(); at += 1000) {
    reader.feed(std::string_view(bytes).substr(at, 1000));
  }
  reader.finish();
  ASSERT_EQ(sayings.size(), 7269u);  // as many as it has newlines, and no fault
  EXPECT_EQ(sayings[0].cells.size(), 15u);
  EXPECT_EQ(sayings[1].cells[13], "54km S of Redoubt Volcano, Alaska");
  EXPECT_EQ(sayings.back().line, 7269u);
  EXPECT_TRUE(std::ranges::all_of(
      sayings, [](const CsvSaying& saying) { return saying.what != CsvSaying::What::fault; }));
}

// The file has one stray quote, at the beginning of line 4578.
TEST(CsvFixtures, a_stray_quote_costs_its_own_line) {
  const std::string bytes = read_file(kLarge / "option-maxRowBytes.csv");
  if (bytes.empty()) GTEST_SKIP() << "needs ../shared/data/csv/csv-parser-fixtures";
  CsvDialect dialect = detect_dialect(bytes);
  dialect.row_bytes_max = 200;
  CsvSayings sayings;
  CsvReader reader(dialect, sayings_into(sayings));
  reader.feed(bytes);
  reader.finish();
  ASSERT_EQ(sayings.size(), 4594u);
  for (std::size_t i = 0; i < sayings.size(); ++i) {
    EXPECT_EQ(sayings[i].line, i + 1);
    EXPECT_EQ(sayings[i].what == CsvSaying::What::fault, i + 1 == 4578) << i;
  }
  EXPECT_EQ(sayings[4577].kind, CsvFaultKind::text_after_quote);
}

}  // namespace
}  // namespace galena
