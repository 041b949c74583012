#include "domain/json_text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace galena::domain {
namespace {

std::vector<std::string_view> items(std::string_view text) {
  std::vector<std::string_view> all;
  JsonItems walk(text);
  for (auto item = walk.next(); !item.empty(); item = walk.next()) all.push_back(item);
  return all;
}

TEST(JsonItems, come_whole) {
  EXPECT_EQ(items(R"( 1, "a,]}\"",{"x":[1,2]} , [[]],null]})"),
            (std::vector<std::string_view>{"1", R"("a,]}\"")", R"({"x":[1,2]})", "[[]]", "null"}));
  EXPECT_TRUE(items("]").empty());
  EXPECT_TRUE(items("").empty());
}

TEST(JsonItems, text_that_is_no_json_is_cut_up_somehow) {
  for (const std::string_view text :
       {R"("a)", R"("a\)", "{{{", "[[[", "}}}", ",,,", R"({"a":"b})"}) {
    EXPECT_LE(items(text).size(), 1u) << text;
  }
}

TEST(ListText, is_what_stands_behind_the_bracket) {
  EXPECT_EQ(list_text(R"({"x":{"batch":[1]},"batch" : [2,3],"y":4})", "batch"), R"(2,3],"y":4})");
  EXPECT_EQ(list_text(R"({"x":1})", "batch"), "");
  EXPECT_EQ(list_text(R"({"batch":{}})", "batch"), "");
  EXPECT_EQ(list_text(R"({"b\u0061tch":[1]})", "batch"), "");
  EXPECT_EQ(list_text("", "batch"), "");
}

TEST(WithoutMember, takes_its_comma_along) {
  EXPECT_EQ(without_member(R"({"k":1,"a":2})", "k"), R"({"a":2})");
  EXPECT_EQ(without_member(R"({"a":2,"k":{"k":[1,2]}})", "k"), R"({"a":2})");
  EXPECT_EQ(without_member(R"({"k":",}"})", "k"), "{}");
  EXPECT_EQ(without_member(R"({"a":{"k":1}})", "k"), R"({"a":{"k":1}})");
}

TEST(ReadableNumbers, only_long_whole_numbers_change) {
  EXPECT_EQ(with_readable_numbers(
                R"([100000000000000000000,-9223372036854776000,"12345678901234567890"])"),
            R"([100000000000000000000e0,-9223372036854776000e0,"12345678901234567890"])");
  const std::string_view kept =
      R"({"a":123456789012345678,"b":1.00000000000000000000,"c":10000000000000000000e2})";
  EXPECT_EQ(with_readable_numbers(kept), kept);
}

}  // namespace
}  // namespace galena::domain
