#include "base/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena {
namespace {

TEST(ComparisonForm, knows_no_case_width_or_blanks) {
  EXPECT_EQ(comparison_form("  \xef\xbc\xa1"
                            "CME  GmbH "),
            "acme gmbh");  // a full-width A
  EXPECT_EQ(comparison_form("STRASSE"), comparison_form("stra\xc3\x9f"
                                                        "e"));
  EXPECT_EQ(comparison_form("caf\xc3\xa9"), comparison_form("cafe\xcc\x81"));
  EXPECT_EQ(comparison_form(""), "");
  EXPECT_EQ(comparison_form("a\xff"), "a\xef\xbf\xbd");
}

RC_GTEST_PROP(TextProperty, the_comparison_form_is_its_own, (const std::string& text)) {
  const std::string form = comparison_form(text);
  RC_ASSERT(is_utf8(form));
  RC_ASSERT(comparison_form(form) == form);
}

RC_GTEST_PROP(TextProperty, a_cut_is_a_whole_prefix, (const std::string& any)) {
  const std::string text = comparison_form(any);
  const auto bytes = *rc::gen::inRange<std::size_t>(0, 40);
  const std::string_view cut = cut_utf8(text, bytes);
  RC_ASSERT(cut.size() <= bytes);
  RC_ASSERT(text.starts_with(cut));
  RC_ASSERT(is_utf8(cut));
  RC_ASSERT(cut.size() + 4 > std::min(bytes, text.size()));
}

TEST(Utf8, refuses_what_decoders_disagree_about) {
  EXPECT_TRUE(
      is_utf8("gr\xc3\xbc\xc3\x9f"
              "e \xf0\x9f\x98\x80"));
  for (const auto* text :
       {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc3", "\x80", "\xff"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Hashes, stay_what_they_are_because_they_are_stored) {
  EXPECT_EQ(stable_hash("galena"), stable_hash(std::string("galena")));
  EXPECT_NE(stable_hash("galena"), stable_hash("galenb"));
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x10", 3)), "00ff10");
  std::string bytes;
  EXPECT_TRUE(from_hex("00ff10", bytes));
  EXPECT_EQ(bytes, std::string_view("\x00\xff\x10", 3));
  EXPECT_TRUE(from_hex("", bytes));
  EXPECT_TRUE(bytes.empty());
  for (const char* none : {"0", "0g", "00 11", "000"}) EXPECT_FALSE(from_hex(none, bytes)) << none;
  EXPECT_NE(fingerprint("a"), fingerprint("b"));
}

TEST(PercentDecode, takes_what_urls_have) {
  std::string decoded;
  EXPECT_TRUE(percent_decode("/a%20b%2Fc+d%c3%a9", decoded));
  EXPECT_EQ(decoded, "/a b/c+d\u00e9");
  EXPECT_TRUE(percent_decode("", decoded));
  EXPECT_EQ(decoded, "");
}

TEST(PercentDecode, refuses_half_escapes) {
  std::string decoded;
  for (const char* text : {"%", "%4", "a%", "a%4", "%zz", "%4z", "%%41", "% 1"}) {
    EXPECT_FALSE(percent_decode(text, decoded)) << text;
  }
}

TEST(Base64, is_read_with_and_without_padding) {
  std::string bytes;
  EXPECT_TRUE(from_base64("a2V5Og==", bytes));
  EXPECT_EQ(bytes, "key:");
  EXPECT_TRUE(from_base64("a2V5Og", bytes));
  EXPECT_EQ(bytes, "key:");
  for (const auto* text : {"a2V5O", "a2V5 Og==", "a2V5Og==x", "\xc3\xa4"}) {
    EXPECT_FALSE(from_base64(text, bytes)) << text;
  }
}

}  // namespace
}  // namespace galena
