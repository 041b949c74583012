#include "base/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/naive_csv.hpp"

namespace galena {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using What = CsvSaying::What;

CsvSaying header(std::vector<std::string> cells, std::uint64_t line = 1) {
  return {.what = What::header, .line = line, .cells = std::move(cells)};
}
CsvSaying row(std::uint64_t line, std::vector<std::string> cells) {
  return {.what = What::row, .line = line, .cells = std::move(cells)};
}
CsvSaying fault(CsvFaultKind kind, std::uint64_t line, std::uint64_t last_line) {
  return {.what = What::fault, .line = line, .kind = kind, .last_line = last_line};
}

CsvSayings read(std::string_view text, const CsvDialect& dialect = {},
                std::size_t piece = std::string_view::npos) {
  CsvSayings sayings;
  CsvReader reader(dialect, sayings_into(sayings));
  while (!text.empty()) {
    reader.feed(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
  }
  reader.finish();
  return sayings;
}

// The words of the only fault.
std::string fault_words(std::string_view text, const CsvDialect& dialect = {}) {
  std::string words;
  CsvReader reader(dialect, {.fault = [&](const CsvFault& told) { words += told.message; }});
  reader.feed(text);
  reader.finish();
  return words;
}

TEST(Csv, reads_rows_and_the_lines_where_they_begin) {
  EXPECT_THAT(read("a,b\n1,2\n\n\"x\ny\",3\n4,5"),
              ElementsAre(header({"a", "b"}), row(2, {"1", "2"}), row(4, {"x\ny", "3"}),
                          row(6, {"4", "5"})));
  EXPECT_THAT(read(""), ElementsAre());
  EXPECT_THAT(read("\n\n"), ElementsAre());
  EXPECT_THAT(read("a\n\"\"\n"), ElementsAre(header({"a"}), row(2, {""})));
  EXPECT_THAT(read("a,,\n,,\n"), ElementsAre(header({"a", "", ""}), row(2, {"", "", ""})));
}

TEST(Csv, returns_belong_to_the_newline_behind_them) {
  EXPECT_THAT(
      read("a,b\r\n1,2\n\"3\",4\r\r\n\r\n5,\"6\"\r\n"),
      ElementsAre(header({"a", "b"}), row(2, {"1", "2"}), row(3, {"3", "4"}), row(5, {"5", "6"})));
  EXPECT_THAT(read("a\rb,c\r\n1,2\r"), ElementsAre(header({"a\rb", "c"}), row(2, {"1", "2"})));
}

TEST(Csv, old_macs_and_signs_of_ones_own_end_lines) {
  EXPECT_THAT(read("a,b\r1,\"2\n\r\"\r3,4\r", {.newline = CsvNewline::cr}),
              ElementsAre(header({"a", "b"}), row(2, {"1", "2\n\r"}), row(4, {"3", "4"})));
  EXPECT_THAT(read("a,bX1,\"2X\"X3,\n", {.newline = CsvNewline::other, .newline_sign = 'X'}),
              ElementsAre(header({"a", "b"}), row(2, {"1", "2X"}), row(4, {"3", "\n"})));
}

TEST(Csv, quotes_are_doubled_or_escaped) {
  EXPECT_THAT(read("\"a\"\"b\",\"\"\"\",c\"d\"\n"), ElementsAre(header({"a\"b", "\"", "c\"d\""})));
  EXPECT_THAT(read(R"("a\"b","c\\","d\n","e""f")", {.escape = '\\'}),
              ElementsAre(header({"a\"b", "c\\", "d\\n", "e\"f"})));
  EXPECT_THAT(read("'a','b''c',\"d\"", {.quote = '\''}),
              ElementsAre(header({"a", "b'c", "\"d\""})));
  EXPECT_THAT(read("\"a\",b\"", {.quote = 0}), ElementsAre(header({"\"a\"", "b\""})));
  EXPECT_THAT(read("\"a\" ,\"b\"\t\n", {}), ElementsAre(header({"a", "b"})));
}

TEST(Csv, separators_may_have_several_signs) {
  EXPECT_THAT(read("a#|#b#c#|#\"d#|#e\"#|#", {.separator = "#|#"}),
              ElementsAre(header({"a", "b#c", "d#|#e", ""})));
  EXPECT_THAT(read("a§b", {.separator = "§"}), ElementsAre(header({"a", "b"})));
}

TEST(Csv, comments_skipped_lines_and_files_without_header) {
  EXPECT_THAT(
      read("Report \"of 5 May\nfrom: x\n#no\na,b\n# \"\n1,#2\n", {.comment = "#", .skip_lines = 2}),
      ElementsAre(header({"a", "b"}, 4), row(6, {"1", "#2"})));
  EXPECT_THAT(read("1,2\n3\n", {.header = false}), ElementsAre(row(1, {"1", "2"}), row(2, {"3"})));
  EXPECT_THAT(read("a\n", {.skip_lines = 7}), ElementsAre());
}

TEST(Csv, a_strict_dialect_counts_cells) {
  EXPECT_THAT(read("a,b\n1\n1,2\n1,2,3\n", {.strict = true}),
              ElementsAre(header({"a", "b"}), fault(CsvFaultKind::column_count, 2, 2),
                          row(3, {"1", "2"}), fault(CsvFaultKind::column_count, 4, 4)));
  EXPECT_EQ(fault_words("a,b,c\n1,2,3,4\n", {.strict = true}),
            "the row has 4 cells, the header has 3");
  EXPECT_THAT(read("1,2\n3\n", {.header = false, .strict = true}),
              ElementsAre(row(1, {"1", "2"}), fault(CsvFaultKind::column_count, 2, 2)));
}

TEST(Csv, text_behind_a_quote_is_refused_with_its_line) {
  EXPECT_THAT(read("a,b\n\"x\"y,1\n2,3\n\"4\n5\"6\"\n7,8\n"),
              ElementsAre(header({"a", "b"}), fault(CsvFaultKind::text_after_quote, 2, 2),
                          row(3, {"2", "3"}), fault(CsvFaultKind::text_after_quote, 4, 5),
                          row(6, {"7", "8"})));
  EXPECT_THAT(fault_words("a,b\n1,\"x\"yes, sir\n2,3\n"),
              AllOf(HasSubstr("cell 2"), HasSubstr("\"yes, sir\"")));
}

TEST(Csv, an_unclosed_quote_ends_with_the_file_and_says_where_it_began) {
  EXPECT_THAT(read("a,b\n1,2\n\"x\ny\",\"z\n3,4\n"),
              ElementsAre(header({"a", "b"}), row(2, {"1", "2"}),
                          fault(CsvFaultKind::unterminated_quote, 3, 5)));
  EXPECT_EQ(fault_words("a,b\n1,2\n\"x\ny\",\"z\n3,4\n"),
            "the quote that opens in line 4 is not closed");
}

TEST(Csv, an_unclosed_quote_eats_no_more_than_a_megabyte) {
  std::string text = "a,b\n1,\"oops\n";
  const std::string line = "some,more\n";
  while (text.size() < 3 * CsvReader::kQuoteBytesMore) text += line;
  const CsvDialect dialect{.row_bytes_max = 1000};
  for (const std::size_t piece : {std::size_t{777}, std::string::npos}) {
    const CsvSayings sayings = read(text, dialect, piece);
    ASSERT_GT(sayings.size(), 3u);
    EXPECT_EQ(sayings[1].kind, CsvFaultKind::unterminated_quote);
    EXPECT_EQ(sayings[1].line, 2u);
    EXPECT_EQ(sayings[2].line, sayings[1].last_line + 1);
    const std::size_t eaten = (sayings[1].last_line - 2) * line.size();
    EXPECT_NEAR(static_cast<double>(eaten), CsvReader::kQuoteBytesMore + 1000.0, 20.0);
    EXPECT_EQ(sayings, NaiveCsv(text, dialect).read());
  }
}

TEST(Csv, rows_that_are_too_long_are_refused_as_a_whole) {
  const CsvDialect dialect{.row_bytes_max = 10};
  EXPECT_THAT(
      read("a\n0123456789\n0123456789x\n\"01\n34567\"\n\"0\n\n\n12345678\"\n2\n", dialect),
      ElementsAre(header({"a"}), row(2, {"0123456789"}), fault(CsvFaultKind::row_too_long, 3, 3),
                  row(4, {"01\n34567"}), fault(CsvFaultKind::row_too_long, 6, 9), row(10, {"2"})));
  EXPECT_EQ(fault_words("a\n" + std::string(2'000'000, 'x') + "\n"), "the row has more than 1 MB");
  const std::string endless = "a\n" + std::string(5'000'000, 'x') + "\nb\n";
  EXPECT_THAT(read(endless),
              ElementsAre(header({"a"}), fault(CsvFaultKind::row_too_long, 2, 2), row(3, {"b"})));
}

TEST(Csv, too_many_cells_are_refused) {
  EXPECT_THAT(read("a,b\n1,2,3\n\"4\"\"\",\"5\"\"\"\n", {.columns_max = 2}),
              ElementsAre(header({"a", "b"}), fault(CsvFaultKind::too_many_columns, 2, 2),
                          row(3, {"4\"", "5\""})));
}

TEST(Csv, bytes_that_are_no_text_are_refused_with_their_cell) {
  EXPECT_THAT(read("a,b\n1,caf\xe9\n2,x\n"),
              ElementsAre(header({"a", "b"}), fault(CsvFaultKind::bad_character, 2, 2),
                          row(3, {"2", "x"})));
  EXPECT_THAT(fault_words("a,b\n1,caf\xe9\n"),
              AllOf(HasSubstr("cell 2"), HasSubstr("0xE9"), HasSubstr("windows-1252")));
  EXPECT_THAT(read(std::string_view("a\n1\0\n", 5)),
              ElementsAre(header({"a"}), fault(CsvFaultKind::nul, 2, 2)));
  EXPECT_THAT(fault_words("a\n\x81\n", {.encoding = TextEncoding::windows_1252}),
              HasSubstr("no character in windows-1252"));
  EXPECT_THAT(
      read(std::string_view("a\0\n\0\0\xd8\n\0b\0", 10), {.encoding = TextEncoding::utf_16le}),
      ElementsAre(header({"a"}), fault(CsvFaultKind::bad_character, 2, 2), row(3, {"b"})));
}

TEST(Csv, without_a_header_nothing_else_can_be_understood) {
  EXPECT_THAT(read("\"a\"x,b\n1,2\n"), ElementsAre(fault(CsvFaultKind::text_after_quote, 1, 1)));
  EXPECT_THAT(fault_words("\"a\"x,b\n1,2\n"), HasSubstr("the header cannot be read: "));
}

TEST(Csv, guards_of_formulas_are_taken_off_where_asked) {
  EXPECT_THAT(read("'=a,'b\n", {.formula_guard = true}), ElementsAre(header({"=a", "'b"})));
  EXPECT_THAT(read("'=a,'b\n"), ElementsAre(header({"'=a", "'b"})));
}

TEST(CsvDialect, refuses_signs_that_mean_two_things) {
  const auto field = [](const CsvDialect& dialect) {
    const auto checked = check_dialect(dialect);
    return checked ? std::string("right") : checked.error().field;
  };
  EXPECT_EQ(field({}), "right");
  EXPECT_EQ(field({.separator = ""}), "separator");
  EXPECT_EQ(field({.separator = "\n"}), "separator");
  EXPECT_EQ(field({.separator = "\r"}), "separator");
  EXPECT_EQ(field({.separator = "\xff"}), "separator");
  EXPECT_EQ(field({.separator = "\""}), "quote");
  EXPECT_EQ(field({.quote = '\n'}), "quote");
  EXPECT_EQ(field({.escape = ','}), "escape");
  EXPECT_EQ(field({.quote = 0, .escape = '\\'}), "escape");
  EXPECT_EQ(field({.newline = CsvNewline::other}), "newline_sign");
  EXPECT_EQ(field({.comment = "#\n"}), "comment");
  EXPECT_EQ(field({.row_bytes_max = 0}), "row_bytes_max");
  EXPECT_EQ(field({.columns_max = 0}), "columns_max");
}

// --- against the naive reader ------------------------------------------------------------------

CsvDialect random_dialect() {
  CsvDialect dialect{
      .encoding = *rc::gen::element(TextEncoding::utf_8, TextEncoding::utf_8,
                                    TextEncoding::utf_16le, TextEncoding::windows_1252),
      .separator = *rc::gen::element<std::string>(",", ",", ";", "#|#", " ", "ab"),
      .quote = *rc::gen::element('"', '"', '\'', '\0'),
      .escape = *rc::gen::element('\0', '\0', '\\', '"'),
      .comment = *rc::gen::element<std::string>("", "", "#", "//"),
      .newline =
          *rc::gen::element(CsvNewline::lf, CsvNewline::crlf, CsvNewline::cr, CsvNewline::other),
      .newline_sign = *rc::gen::element('X', '\t'),
      .header = *rc::gen::arbitrary<bool>(),
      .skip_lines = *rc::gen::element<std::uint64_t>(0, 0, 1, 2),
      .strict = *rc::gen::arbitrary<bool>(),
      .formula_guard = *rc::gen::arbitrary<bool>(),
      .row_bytes_max = *rc::gen::element<std::size_t>(1024 * 1024, 1024 * 1024, 12),
      .columns_max = *rc::gen::element<std::size_t>(10'000, 10'000, 3)};
  if (dialect.quote == 0) dialect.escape = 0;
  return dialect;
}

std::string random_text() {
  const auto piece = rc::gen::element<std::string>(
      "a", "b", "cd", ",", ",", ";", "#|#", "#", "|", "\"", "\"", "\"\"", "'", "\\", "\n", "\n",
      "\r", "\r\n", "X", "//", " ", "\t", "'=1", "é", "😀", "\xff", std::string(1, '\0'), "//");
  std::string text;
  for (const std::string& one : *rc::gen::container<std::vector<std::string>>(piece)) text += one;
  return text;
}

RC_GTEST_PROP(CsvProperty, says_what_the_naive_reader_says_however_it_is_fed, ()) {
  const CsvDialect dialect = random_dialect();
  RC_PRE(check_dialect(dialect).has_value());
  const std::string text = random_text();
  const CsvSayings expected = NaiveCsv(text, dialect).read();
  CsvSayings sayings;
  CsvReader reader(dialect, sayings_into(sayings));
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 9);
    reader.feed(rest.substr(0, size));
    rest.remove_prefix(std::min(size, rest.size()));
  }
  reader.finish();
  RC_ASSERT(sayings == expected);
  RC_ASSERT(read(text, dialect) == expected);
}

}  // namespace
}  // namespace galena
