#include "domain/snowplow.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "domain/snowplow_event.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

// What the event API would have been sent.
struct Sent {
  MessageType type{};
  json::object message;
};

Sent sent(const SnowplowFields& fields) {
  const auto made = snowplow_message(fields);
  EXPECT_TRUE(made.has_value()) << made.error().field << " " << made.error().message;
  if (!made) return {};
  return {made->type, parse_json(made->text).value().as_object()};
}

Error refused(const SnowplowFields& fields) {
  const auto made = snowplow_message(fields);
  EXPECT_FALSE(made.has_value());
  return made ? Error{} : made.error();
}

json::value parsed(std::string_view text) {
  return parse_json(text).value();
}

SnowplowFields self_describing(std::string_view schema, std::string_view data) {
  return {{"e", "ue"},
          {"uid", "ann"},
          {"ue_pr", fmt::format(R"({{"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/)"
                                R"(jsonschema/1-0-0","data":{{"schema":"{}","data":{}}}}})",
                                schema, data)}};
}

std::string contexts(std::string_view entities) {
  return fmt::format(R"({{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/)"
                     R"(jsonschema/1-0-0","data":[{}]}})",
                     entities);
}

TEST(Snowplow, a_page_view_is_a_page_message) {
  const auto [type, message] =
      sent({{"e", "pv"},
            {"eid", "the-event"},
            {"uid", "ann"},
            {"duid", "laptop"},
            {"url", "https://acme.com/pricing?utm_source=google&utm_campaign=spring+sale#top"},
            {"page", "Prices"},
            {"refr", "https://www.google.com/"},
            {"dtm", "1795380783185"},
            {"stm", "1795380783194"}});
  EXPECT_EQ(type, MessageType::page);
  EXPECT_EQ(message.at("messageId"), "the-event");
  EXPECT_EQ(message.at("userId"), "ann");
  EXPECT_EQ(message.at("anonymousId"), "laptop");
  EXPECT_EQ(message.at("name"), "Prices");
  EXPECT_EQ(message.at("timestamp"), "2026-11-22T20:53:03.185Z");
  EXPECT_EQ(message.at("sentAt"), "2026-11-22T20:53:03.194Z");
  const json::value page = parsed(R"({"path":"/pricing",
      "url":"https://acme.com/pricing?utm_source=google&utm_campaign=spring+sale#top",
      "title":"Prices","referrer":"https://www.google.com/",
      "search":"?utm_source=google&utm_campaign=spring+sale"})");
  EXPECT_EQ(message.at("properties"), page);
  EXPECT_EQ(message.at("context").at("page"), page);
  EXPECT_EQ(message.at("context").at("campaign"),
            parsed(R"({"source":"google","name":"spring sale"})"));
}

TEST(Snowplow, a_ping_is_no_page_view) {
  const auto [type, message] =
      sent({{"e", "pp"}, {"duid", "laptop"}, {"url", "https://acme.com/"}, {"pp_may", "300"}});
  EXPECT_EQ(type, MessageType::track);
  EXPECT_EQ(message.at("event"), "Page Pinged");
  EXPECT_EQ(message.at("properties"),
            parsed(R"({"path":"/","url":"https://acme.com/","scrolled_down_max":300})"));
}

TEST(Snowplow, a_structured_event_is_named_by_category_and_action) {
  const auto [type, message] = sent({{"e", "se"},
                                     {"uid", "ann"},
                                     {"se_ca", "video-player"},
                                     {"se_ac", "play"},
                                     {"se_la", "tour"},
                                     {"se_pr", "volume"},
                                     {"se_va", "0.25"}});
  EXPECT_EQ(type, MessageType::track);
  EXPECT_EQ(message.at("event"), "Video Player Play");
  EXPECT_EQ(message.at("properties"),
            parsed(R"({"category":"video-player","action":"play","label":"tour",
                       "property":"volume","value":0.25})"));
  EXPECT_EQ(refused({{"e", "se"}, {"uid", "ann"}}).field, "/se_ac");
}

TEST(Snowplow, a_name_that_is_known_but_for_its_ending_is_the_known_one) {
  const auto name_of = [](std::string_view category, std::string_view action) {
    const auto message = sent({{"e", "se"},
                               {"uid", "ann"},
                               {"se_ca", std::string(category)},
                               {"se_ac", std::string(action)}})
                             .message;
    return std::string(message.at("event").as_string());
  };
  EXPECT_EQ(name_of("demo", "request"), "Demo Requested");
  EXPECT_EQ(name_of("Demo", "requested"), "Demo Requested");
  EXPECT_EQ(name_of("white paper", "download"), "White Paper Downloaded");
  EXPECT_EQ(name_of("form", "submit"), "Form Submitted");
  EXPECT_EQ(name_of("order", "complete"), "Order Completed");
  EXPECT_EQ(name_of("demo", "request again"), "Demo Request Again");
}

TEST(Snowplow, a_self_describing_event_is_named_by_its_schema) {
  const auto [type, message] = sent(
      self_describing("iglu:com.acme/demo_requested/jsonschema/1-0-0", R"({"plan":"pro","n":25})"));
  EXPECT_EQ(type, MessageType::track);
  EXPECT_EQ(message.at("event"), "Demo Requested");
  EXPECT_EQ(message.at("properties"), parsed(R"({"plan":"pro","n":25})"));
}

TEST(Snowplow, base64_says_the_same) {
  const SnowplowFields packed{
      {"e", "ue"},
      {"uid", "ann"},
      {"ue_px",
       "eyJzY2hlbWEiOiJpZ2x1OmNvbS5zbm93cGxvd2FuYWx5dGljcy5zbm93cGxvdy91bnN0cnVjdF9ldmVudC9qc29uc2"
       "NoZW1hLzEtMC0wIiwiZGF0YSI6eyJzY2hlbWEiOiJpZ2x1OmNvbS5hY21lL2RlbW9fcmVxdWVzdGVkL2pzb25zY2hl"
       "bWEvMS0wLTAiLCJkYXRhIjp7InBsYW4iOiJwcm8iLCJzZWF0cyI6MjV9fX0"}};
  EXPECT_EQ(sent(packed).message.at("properties"), parsed(R"({"plan":"pro","seats":25})"));
  EXPECT_EQ(refused({{"e", "ue"}, {"uid", "ann"}, {"ue_px", "no base64!"}}).field, "/ue_px");
  EXPECT_EQ(refused({{"e", "ue"}, {"uid", "ann"}, {"ue_pr", "{"}}).field, "/ue_pr");
  EXPECT_EQ(refused({{"e", "ue"}, {"uid", "ann"}, {"ue_pr", "{}"}}).field, "/ue_pr");
  EXPECT_EQ(refused({{"e", "pv"}, {"uid", "ann"}, {"cx", "!"}}).field, "/cx");
}

TEST(Snowplow, names_in_words) {
  EXPECT_EQ(in_words("demo_requested"), "Demo Requested");
  EXPECT_EQ(in_words("demoRequested"), "Demo Requested");
  EXPECT_EQ(in_words("DemoRequested"), "Demo Requested");
  EXPECT_EQ(in_words("  link-click.now "), "Link Click Now");
  EXPECT_EQ(in_words("HTTPError"), "HTTPError");
  EXPECT_EQ(in_words("größe_gewählt"), "Größe Gewählt");
  EXPECT_EQ(in_words("step2"), "Step2");
  EXPECT_EQ(in_words("_"), "");
}

TEST(Snowplow, a_form_tells_what_was_filled_in) {
  const auto [type, message] =
      sent(self_describing("iglu:com.snowplowanalytics.snowplow/submit_form/jsonschema/1-0-0",
                           R"({"formId":"contact","elements":[
          {"name":"email","value":"ann@acme.com","nodeName":"INPUT","type":"email"},
          {"name":"first_name","value":"Ann"},{"name":"","value":"x"},{"name":"many","value":[1]},
          {"name":"agrees","value":true},{"name":"none","value":null},{"value":"nameless"}]})"));
  EXPECT_EQ(message.at("event"), "Form Submitted");
  EXPECT_EQ(message.at("properties"), parsed(R"({"form_id":"contact","email":"ann@acme.com",
                                                "first_name":"Ann","agrees":true})"));
  // Somebody else's event of that name is what its data say.
  const auto other = sent(self_describing("iglu:com.acme/submit_form/jsonschema/1-0-0", "{}"));
  EXPECT_EQ(other.message.at("event"), "Submit Form");
}

TEST(Snowplow, who_somebody_is_comes_by_an_event_or_an_entity) {
  const auto identified = sent(self_describing("iglu:com.acme/identify/jsonschema/1-0-0",
                                               R"({"email":"ann@acme.com","title":"CEO"})"));
  EXPECT_EQ(identified.type, MessageType::identify);
  EXPECT_EQ(identified.message.at("traits"), parsed(R"({"email":"ann@acme.com","title":"CEO"})"));
  const auto viewed = sent({{"e", "pv"},
                            {"uid", "ann"},
                            {"url", "https://acme.com/"},
                            {"co", contexts(R"({"schema":"iglu:com.acme/lead/jsonschema/1-0-0",
                                "data":{"email":"ann@acme.com"}},
                               {"schema":"iglu:com.acme/seller/jsonschema/1-0-0",
                                "data":{"email":"bob@acme.com"}})")}});
  const json::value& context = viewed.message.at("context");
  EXPECT_EQ(context.at("traits"), parsed(R"({"email":"ann@acme.com"})"));
  EXPECT_EQ(context.at("snowplow").at("entities").as_array().size(), 2u);
}

TEST(Snowplow, the_device_is_known_by_the_best_id_that_is_told) {
  const auto device_of = [](SnowplowFields fields) {
    fields.emplace("e", "pv");
    const json::object message = sent(fields).message;
    return std::string(message.at("anonymousId").as_string());
  };
  const std::string session =
      contexts(R"({"schema":"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2",
                   "data":{"userId":"installation"}})");
  EXPECT_EQ(device_of({{"duid", "d"}, {"co", session}, {"nuid", "n"}, {"sid", "s"}}), "d");
  EXPECT_EQ(device_of({{"co", session}, {"nuid", "n"}, {"sid", "s"}}), "installation");
  EXPECT_EQ(device_of({{"tnuid", "t"}, {"nuid", "n"}, {"sid", "s"}}), "t");
  EXPECT_EQ(device_of({{"nuid", "n"}, {"sid", "s"}}), "n");
  EXPECT_EQ(device_of({{"duid", " "}, {"sid", "s"}}), "s");
  const Error error = refused({{"e", "pv"}, {"url", "https://acme.com/"}});
  EXPECT_EQ(error.field, "/uid");
  EXPECT_THAT(error.message, testing::HasSubstr("duid"));
}

TEST(Snowplow, times_that_cannot_be_are_not_told) {
  const auto times = [](SnowplowFields fields) {
    fields.emplace("e", "pv");
    fields.emplace("uid", "ann");
    const json::object message = sent(fields).message;
    return std::pair(message.contains("timestamp"), message.contains("sentAt"));
  };
  EXPECT_EQ(times({{"dtm", "1795380783185"}, {"stm", "1795380783194"}}), std::pair(true, true));
  EXPECT_EQ(times({{"dtm", "1795380783185"}, {"stm", "soon"}}), std::pair(true, false));
  EXPECT_EQ(times({{"dtm", "-1"}, {"stm", "1795380783194"}}), std::pair(false, false));
  EXPECT_EQ(times({{"dtm", "99999999999999999999"}}), std::pair(false, false));
  EXPECT_EQ(times({{"dtm", "253402300799999"}}), std::pair(true, false));
  EXPECT_EQ(times({{"dtm", "253402300800000"}}), std::pair(false, false));
  // A time that is known to be right needs no correction.
  EXPECT_EQ(times({{"ttm", "1795380783185"}, {"stm", "1795380783194"}}), std::pair(true, false));
}

TEST(Snowplow, an_order_tells_its_amount) {
  const auto [type, message] = sent({{"e", "tr"},
                                     {"uid", "ann"},
                                     {"tr_id", "o-7"},
                                     {"tr_tt", "99.5"},
                                     {"tr_sh", "none"},
                                     {"tr_cu", "EUR"}});
  EXPECT_EQ(message.at("event"), "Order Completed");
  EXPECT_EQ(message.at("properties"),
            parsed(R"({"order_id":"o-7","amount":99.5,"shipping":"none","currency":"EUR"})"));
  const auto item = sent({{"e", "ti"}, {"uid", "ann"}, {"ti_id", "o-7"}, {"ti_qu", "2"}});
  EXPECT_EQ(item.message.at("properties"), parsed(R"({"order_id":"o-7","quantity":2})"));
}

TEST(Snowplow, what_else_is_told_is_kept) {
  const auto [type, message] = sent({{"e", "pv"},
                                     {"uid", "ann"},
                                     {"aid", "shop"},
                                     {"p", "web"},
                                     {"tv", "js-4.10.1"},
                                     {"tna", "sp"},
                                     {"lang", "de-DE"},
                                     {"tz", "Europe/Berlin"},
                                     {"res", "1440x900"},
                                     {"ua", "Opera"},
                                     {"ip", "192.0.2.1"},
                                     {"sid", "s"},
                                     {"vid", "3"}});
  EXPECT_EQ(message.at("context"), parsed(R"({"userAgent":"Opera","ip":"192.0.2.1",
      "locale":"de-DE","timezone":"Europe/Berlin","screen":{"width":1440,"height":900},
      "library":{"name":"snowplow","version":"js-4.10.1"},
      "snowplow":{"app_id":"shop","platform":"web","namespace":"sp","session_id":"s",
                  "visit":"3"}})"));
}

TEST(Snowplow, only_a_browser_speaks_for_itself) {
  EXPECT_TRUE(is_of_browser({{"p", "web"}}));
  EXPECT_TRUE(is_of_browser({}));
  for (const char* platform : {"srv", "mob", "app", "pc", "iot"}) {
    EXPECT_FALSE(is_of_browser({{"p", platform}})) << platform;
  }
}

TEST(Snowplow, what_cannot_be_is_refused_by_field) {
  EXPECT_EQ(refused({{"uid", "ann"}}).field, "/e");
  EXPECT_EQ(refused({{"e", "xx"}, {"uid", "ann"}}).field, "/e");
  EXPECT_EQ(refused({{"e", "pv"}, {"uid", "ann"}, {"page", "\xff"}}).field, "/page");
  EXPECT_EQ(refused({{"e", "pv"}, {"uid", "ann"}, {"\xff", "page"}}).field, "");
}

TEST(SnowplowPayload, is_a_list_of_fields) {
  const auto events = read_snowplow_payload(
      R"({"schema":"iglu:x","data":[{"e":"pv","vid":1,"bot":false,"none":null,"list":[1]},7]})");
  ASSERT_TRUE(events.has_value());
  EXPECT_EQ(events->at(0), (SnowplowFields{{"e", "pv"}, {"vid", "1"}, {"bot", "false"}}));
  EXPECT_EQ(events->at(1), SnowplowFields());
  EXPECT_EQ(read_snowplow_payload(R"({"data":[]})")->size(), 0u);
  EXPECT_EQ(read_snowplow_payload(R"({"data":{}})").error().field, "/data");
  EXPECT_EQ(read_snowplow_payload("[]").error().field, "/data");
  EXPECT_EQ(read_snowplow_payload("{").error().code, ErrorCode::invalid);
  const std::string large(MessageLimits::kBatchBytes, ' ');
  EXPECT_EQ(read_snowplow_payload(large + "{}").error().code, ErrorCode::too_large);
  std::string many = R"({"data":[1)";
  for (std::size_t i = 0; i < MessageLimits::kBatchMessages; ++i) many += ",1";
  EXPECT_EQ(read_snowplow_payload(many + "]}").error().code, ErrorCode::too_large);
}

// What is translated goes the road of every message.
TEST(Snowplow, a_translated_message_is_taken_in) {
  const auto made = snowplow_message({{"e", "pv"}, {"uid", "ann"}, {"url", "https://a.b/pricing"}});
  ASSERT_TRUE(made.has_value());
  const auto read = read_request(made->text, made->type, {.source = Source::browser});
  ASSERT_TRUE(read.has_value() && read->inputs.size() == 1);
  EXPECT_EQ(read->inputs.front().message.path, "/pricing");
  EXPECT_EQ(read->inputs.front().message.user_id, "ann");
}

}  // namespace
}  // namespace galena::domain
