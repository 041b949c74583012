#include "base/csv_detect.hpp"

#include <gtest/gtest.h>

namespace galena {
namespace {

CsvDialect detected(std::string_view bytes, const CsvHints& hints = {}) {
  return detect_dialect(bytes, hints, CsvSample::whole_file);
}

std::string in_utf_16le(std::string_view ascii) {
  std::string bytes;
  for (const char c : ascii) {
    bytes.push_back(c);
    bytes.push_back('\0');
  }
  return bytes;
}

TEST(CsvDetect, encodings) {
  EXPECT_EQ(detected("a,b\n").encoding, TextEncoding::utf_8);
  EXPECT_EQ(detected("\xEF\xBB\xBF"
                     "a,b\n")
                .encoding,
            TextEncoding::utf_8);
  EXPECT_EQ(detected("Zoë,b\n").encoding, TextEncoding::utf_8);
  EXPECT_EQ(detected("Zo\xeb,b\n").encoding, TextEncoding::windows_1252);
  EXPECT_EQ(detected("\xff\xfe" + in_utf_16le("a")).encoding, TextEncoding::utf_16le);
  EXPECT_EQ(detected(std::string_view("\xfe\xff\0a", 4)).encoding, TextEncoding::utf_16be);
  EXPECT_EQ(detected(in_utf_16le("Name,City\nAnn,Bonn\n")).encoding, TextEncoding::utf_16le);
  EXPECT_EQ(detected('\0' + in_utf_16le("Name,City\nAnn,Bonn\n")).encoding, TextEncoding::utf_16be);
  EXPECT_EQ(detected("").encoding, TextEncoding::utf_8);
}

TEST(CsvDetect, a_sample_may_end_within_a_character) {
  EXPECT_EQ(detect_encoding("Zo\xc3"), TextEncoding::utf_8);
  EXPECT_EQ(detect_encoding("Zo\xc3", CsvSample::whole_file), TextEncoding::windows_1252);
  EXPECT_EQ(detect_encoding("Zo\xe9 \xc3"), TextEncoding::windows_1252);
}

TEST(CsvDetect, separators) {
  EXPECT_EQ(detected("a,b\n1,2\n").separator, ",");
  EXPECT_EQ(detected("a;b;c\n1,5;2,5;x\n7,1;8;y, z\n").separator, ";");
  EXPECT_EQ(detected("a;b\n1,5;2,5\n3,5;4,5\n5,5;6,5\n1,5;2,5\n").separator, ";");
  EXPECT_EQ(detected("a\tb\n1, or 2\t3; or 4\n").separator, "\t");
  EXPECT_EQ(detected("a|b|c\n1|2|3\n").separator, "|");
  EXPECT_EQ(detected("a,b\n\"1;2;3\",2\n\"4;5;6\",2\n").separator, ",");
  EXPECT_EQ(detected("email\nann@acme.com\n").separator, ",");
  // A report in sections: many lines are no table.
  EXPECT_EQ(detected("1. Summary\nTitle\tx\n2. People\nName\tJoin\tMail\nAda\t1, 2\ta\n3. More\n")
                .separator,
            "\t");
  EXPECT_EQ(detected("").separator, ",");
  EXPECT_EQ(detected(in_utf_16le("a;b\n1;2\n")).separator, ";");
  EXPECT_EQ(detected("a;b\n1;2\n", {.separator = ","}).separator, ",");
}

TEST(CsvDetect, what_excel_tells_in_the_first_line) {
  const CsvDialect told = detected("sep=;\r\na,b;c\r\n1,2;3\r\n");
  EXPECT_EQ(told.separator, ";");
  EXPECT_EQ(told.skip_lines, 1u);
  EXPECT_EQ(detected("SEP=\t\na\tb\n").separator, "\t");
  EXPECT_EQ(detected("sep=^\na^b\n").separator, "^");
  EXPECT_EQ(detected("sep=;\na;b\n", {.separator = ","}).separator, ",");
  EXPECT_EQ(detected("separator;x\n").skip_lines, 0u);
}

TEST(CsvDetect, newlines) {
  EXPECT_EQ(detected("a\nb\n").newline, CsvNewline::lf);
  EXPECT_EQ(detected("a\r\nb\r\n").newline, CsvNewline::crlf);
  EXPECT_EQ(detected("a\rb\r").newline, CsvNewline::cr);
  EXPECT_EQ(detected("a,\"x\ny\nz\"\rb\rc\r").newline, CsvNewline::cr);
  EXPECT_EQ(detected("a,\"x\ny\nz\"\r\nb\r\n").newline, CsvNewline::crlf);
  EXPECT_EQ(detected("a\r").newline, CsvNewline::cr);
  EXPECT_EQ(detected("a").newline, CsvNewline::lf);
  EXPECT_EQ(detect_dialect("a,b\r\n1,2\r").newline, CsvNewline::crlf);
}

TEST(CsvDetect, quotes) {
  EXPECT_EQ(detected("a,b\n\"1\",2\n").quote, '"');
  EXPECT_EQ(detected("'a';'b, c'\n'1';'2'\n").quote, '\'');
  EXPECT_EQ(detected("a,b\n'tis,'twas\n").quote, '"');
  EXPECT_EQ(detected("a,b\n'1','2'\n\"3\",4\n").quote, '"');
  EXPECT_EQ(detected("a,b\n'=1+1,2\n").quote, '"');
  EXPECT_EQ(detected("a,b\n'1','2'\n", {.quote = '"'}).quote, '"');
}

TEST(CsvDetect, escapes) {
  EXPECT_EQ(detected(R"(a,"some \"escaped\" value")").escape, '\\');
  EXPECT_EQ(detected(R"(a,'some \'escaped\' value')").escape, '\\');
  EXPECT_EQ(detected(R"(a,'some \'escaped\' value')").quote, '\'');
  EXPECT_EQ(detected(R"(a,"C:\dir\x","say ""hi""")").escape, '\0');
  EXPECT_EQ(detected(R"(a,"x"y)").escape, '\0');
  EXPECT_EQ(detected(R"(a,"some \"escaped\" value")", {.escape = '\0'}).escape, '\0');
}

TEST(CsvDetect, hints_that_contradict_each_other_are_handed_on) {
  const CsvDialect dialect = detected("a,b\n", {.separator = "\""});
  EXPECT_EQ(dialect.separator, "\"");
  EXPECT_FALSE(check_dialect(dialect));
}

}  // namespace
}  // namespace galena
