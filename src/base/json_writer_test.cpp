#include "base/json_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "base/text.hpp"

namespace galena {
namespace {

TEST(JsonWriter, writes_members_and_objects_within) {
  JsonWriter json;
  json.text("name", "Zoë \"Z\"\n");
  json.begin("company");
  json.number("employees", std::int64_t{51});
  json.begin("empty");
  json.end();
  json.number("revenue", 1.5e6);
  json.end();
  json.begin("nothing");
  json.end();
  json.truth("won", true);
  EXPECT_EQ(json.take(),
            "{\"name\":\"Zoë \\\"Z\\\"\\u000a\",\"company\":{\"employees\":51,\"revenue\":1500000},"
            "\"won\":true}");
  EXPECT_EQ(JsonWriter().take(), "{}");
}

RC_GTEST_PROP(JsonWriterProperty, texts_are_read_back_as_they_were, (const std::string& any)) {
  const std::string text = comparison_form(any);
  JsonWriter json;
  json.text("text", text);
  const auto read = parse_json(json.take());
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->as_object().at("text").as_string() == text);
}

}  // namespace
}  // namespace galena
