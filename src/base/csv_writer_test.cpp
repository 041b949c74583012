#include "base/csv_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "base/csv_guard.hpp"
#include "base/naive_csv.hpp"

namespace galena {
namespace {

using Table = std::vector<std::vector<std::string>>;

std::string written(const Table& table, CsvWriting writing) {
  CsvWriter writer(writing);
  for (const auto& row : table) {
    writer.row(std::vector<std::string_view>(row.begin(), row.end()));
  }
  return writer.take();
}

Table read_back(const std::string& text, const CsvDialect& dialect,
                std::size_t piece = std::string::npos) {
  CsvSayings sayings;
  CsvReader reader(dialect, sayings_into(sayings));
  for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size())) {
    reader.feed(std::string_view(text).substr(at, piece));
  }
  reader.finish();
  Table table;
  for (CsvSaying& saying : sayings) {
    EXPECT_EQ(saying.what, CsvSaying::What::row) << saying;
    table.push_back(std::move(saying.cells));
  }
  return table;
}

TEST(CsvWriter, quotes_where_it_is_needed) {
  const CsvWriting plain{.formula_guard = false};
  EXPECT_EQ(written({{"a", "b c", ""}}, plain), "a,b c,\r\n");
  EXPECT_EQ(written({{"a,b", "say \"hi\"", "two\nlines", "\r"}}, plain),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\r\"\r\n");
  EXPECT_EQ(written({{" a", "b\t"}}, plain), "\" a\",\"b\t\"\r\n");
  EXPECT_EQ(written({{""}}, plain), "\"\"\r\n");
  EXPECT_EQ(written({{"a;b", "c,d"}}, {.separator = ';', .newline = CsvNewline::lf}),
            "\"a;b\";c,d\n");
  EXPECT_EQ(written({{"a"}, {"b"}}, {.newline = CsvNewline::cr}), "a\rb\r");
}

TEST(CsvWriter, guards_what_a_spreadsheet_would_run) {
  EXPECT_EQ(written({{"=1+1", "+45 12", "-5", "@a", "\tx"}}, {}),
            "'=1+1,'+45 12,'-5,'@a,\"'\tx\"\r\n");
  EXPECT_EQ(written({{"'=1", "'tis", "a=b", "＝1"}}, {}), "''=1,'tis,a=b,'＝1\r\n");
}

TEST(CsvGuard, is_taken_off_where_it_was_put_and_nowhere_else) {
  EXPECT_EQ(without_formula_guard("'=1"), "=1");
  EXPECT_EQ(without_formula_guard("''=1"), "'=1");
  EXPECT_EQ(without_formula_guard("'tis"), "'tis");
  EXPECT_EQ(without_formula_guard("=1"), "=1");
  EXPECT_EQ(without_formula_guard("'"), "'");
  EXPECT_EQ(without_formula_guard(""), "");
}

rc::Gen<std::string> cells() {
  const auto piece = rc::gen::element<std::string>(
      "a", "bc", ",", ";", "\"", "\"\"", "\n", "\r", "\r\n", "'", "=", "+", "-1", "@", "\t", " ",
      "é", "日本", "😀", "＝", "\xEF\xBB\xBF", "|", "\\", "sep=,");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string cell;
                        for (const std::string& one : pieces) cell += one;
                        return cell;
                      });
}

RC_GTEST_PROP(CsvWriterProperty, what_is_written_is_read_back, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
  const auto row = rc::gen::container<std::vector<std::string>>(columns, cells());
  const auto table = *rc::gen::container<Table>(row);
  const auto separator = *rc::gen::element(',', ';', '\t', '|');
  const auto newline = *rc::gen::element(CsvNewline::lf, CsvNewline::crlf, CsvNewline::cr);
  const bool guard = *rc::gen::arbitrary<bool>();
  const std::string text = written(table, {separator, newline, guard});
  const CsvDialect dialect{.separator = std::string(1, separator),
                           .newline = newline,
                           .header = false,
                           .strict = true,
                           .formula_guard = guard};
  RC_ASSERT(read_back(text, dialect) == table);
  const auto piece = *rc::gen::inRange<std::size_t>(1, 20);
  RC_ASSERT(read_back(text, dialect, piece) == table);
}

}  // namespace
}  // namespace galena
