#include "base/json.hpp"

#include <gmock/gmock.h>

namespace galena {
namespace {

using ::testing::HasSubstr;

TEST(ParseJson, refuses_what_two_readers_could_read_differently) {
  for (const auto* text : {"", "{", "{'a':1}", "[1,]", "{} {}", "\"\xff\"", "01", "nul",
                           "{\"a\":1,\"a\":2}", "[{\"b\":{\"c\":1,\"c\":1}}]"}) {
    const auto read = parse_json(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::invalid) << text;
  }
}

TEST(ParseJson, names_the_key_that_stands_twice_and_its_place) {
  const auto read = parse_json(R"({"lead":{"title":"CEO","title":"VP"}})");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message + read.error().field, HasSubstr("title"));
  EXPECT_THAT(read.error().field, HasSubstr("/lead"));
}

TEST(ParseJson, reads_the_rest) {
  const auto read = parse_json(R"({"a":[1,2.5,null,true,"\u00fc"]})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("a").as_array().size(), 5u);
}

// Boost.JSON alone gives 113.17408141314564.
TEST(ParseJson, reads_numbers_to_their_last_bit) {
  const std::string text = R"({"a":[1,113.17408141314563],"b":{"c":998.92030650086815},"d":2e3})";
  const auto read = parse_json(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("a").at(1), 113.17408141314563);
  EXPECT_EQ(read->at("b").at("c"), 998.92030650086815);
  EXPECT_EQ(*parse_json(boost::json::serialize(*read)), *read);
}

TEST(JsonNumber, is_whole_where_it_can_be) {
  EXPECT_EQ(boost::json::serialize(json_number(80'000'000)), "80");
  EXPECT_EQ(boost::json::serialize(json_number(-30'000'000)), "-30");
  EXPECT_EQ(json_number(250'000).as_double(), 0.25);
}

}  // namespace
}  // namespace galena
