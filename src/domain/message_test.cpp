#include "domain/message.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"

namespace galena::domain {
namespace {

using testing::HasSubstr;
using testing::Not;

Time at(std::string_view text) {
  return *parse_time(text);
}

const Time kArrived = at("2026-01-15T10:00:00Z");

RequestFacts from(Source source) {
  return {.source = source, .key = 7, .arrived = kArrived};
}

EventInput one(std::string_view body, MessageType type = MessageType::track,
               RequestFacts facts = from(Source::server)) {
  auto batch = read_request(body, type, facts);
  EXPECT_TRUE(batch.has_value()) << batch.error().message;
  EXPECT_EQ(batch->inputs.size(), 1u)
      << (batch->refused.empty() ? "" : batch->refused.front().error.message);
  return batch->inputs.empty() ? EventInput{} : batch->inputs.front();
}

Error refused(std::string_view body, std::optional<MessageType> type = MessageType::track) {
  auto batch = read_request(body, type, from(Source::server));
  if (!batch) return batch.error();
  EXPECT_EQ(batch->refused.size(), 1u);
  return batch->refused.empty() ? Error{} : batch->refused.front().error;
}

void expect_same(const Message& a, const Message& b) {
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.message_id, b.message_id);
  EXPECT_EQ(a.user_id, b.user_id);
  EXPECT_EQ(a.anonymous_id, b.anonymous_id);
  EXPECT_EQ(a.previous_id, b.previous_id);
  EXPECT_EQ(a.event, b.event);
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.email_id, b.email_id);
  EXPECT_EQ(a.timestamp, b.timestamp);
  EXPECT_EQ(a.sent_at, b.sent_at);
  EXPECT_EQ(a.traits, b.traits);
}

// What was taken must be readable from the log for ever, as the same.
void expect_logged(const EventInput& input) {
  const auto logged = read_logged_event(input.text);
  ASSERT_TRUE(logged.has_value()) << logged.error().message << "\n" << input.text.substr(0, 500);
  EXPECT_TRUE(parse_json(input.text).has_value()) << input.text.substr(0, 500);  // to be shown
  EXPECT_EQ(logged->source, input.source);
  EXPECT_EQ(logged->key, input.key);
  EXPECT_EQ(logged->text, input.text);
  expect_same(logged->message, input.message);
}

TEST(Message, reads_the_members_of_a_call) {
  const EventInput input = one(R"({"userId":" ann ","anonymousId":"laptop","messageId":"m1",
      "event":" Demo Requested ","timestamp":"2026-01-15T09:00:00Z","sentAt":"2026-01-15T09:30:00Z",
      "properties":{"email_id":42}})");
  EXPECT_EQ(input.message.user_id, "ann");
  EXPECT_EQ(input.message.anonymous_id, "laptop");
  EXPECT_EQ(input.message.message_id, "m1");
  EXPECT_EQ(input.message.event, "Demo Requested");
  EXPECT_EQ(input.message.email_id, "42");
  EXPECT_EQ(input.message.timestamp, at("2026-01-15T09:00:00Z"));
  EXPECT_EQ(input.message.sent_at, at("2026-01-15T09:30:00Z"));
  EXPECT_EQ(input.key, 7);
  expect_logged(input);
}

TEST(Message, numbers_are_ids_too) {
  const EventInput input = one(R"({"userId":12345678901,"event":"A"})");
  EXPECT_EQ(input.message.user_id, "12345678901");
}

TEST(Message, keeps_the_clients_own_json_without_blanks) {
  const EventInput input =
      one("{ \"userId\" : \"ann\",\n \"event\":\"A  B\", \"properties\":{\"n\":1.50, \"x\":1e3}}");
  EXPECT_THAT(input.text, HasSubstr(R"("message":{"userId":"ann","event":"A  B","properties":)"
                                    R"({"n":1.50,"x":1e3}})"));
  EXPECT_THAT(input.text, HasSubstr(R"({"source":"server","key":7,"type":"track")"));
  expect_logged(input);
}

TEST(Message, event_time_is_the_stated_time) {
  Message message;
  EXPECT_EQ(message.event_time(kArrived), kArrived);
  message.timestamp = kArrived - std::chrono::hours{5};
  EXPECT_EQ(message.event_time(kArrived), kArrived - std::chrono::hours{5});
}

TEST(Message, event_time_is_never_later_than_arrival_nor_before_1970) {
  Message message;
  message.timestamp = kArrived + std::chrono::hours{1};
  EXPECT_EQ(message.event_time(kArrived), kArrived);
  message.timestamp = from_ms(0);
  message.sent_at = *parse_time("9999-12-31T23:59:59Z");
  EXPECT_EQ(message.event_time(kArrived), from_ms(0));
}

TEST(Message, event_time_corrects_the_clients_clock) {
  Message message;
  message.sent_at = kArrived + std::chrono::days{400};
  message.timestamp = *message.sent_at - std::chrono::minutes{3};
  EXPECT_EQ(message.event_time(kArrived), kArrived - std::chrono::minutes{3});
  message.timestamp = *message.sent_at + std::chrono::minutes{3};
  EXPECT_EQ(message.event_time(kArrived), kArrived);
}

TEST(Message, original_timestamp_stands_in_for_timestamp) {
  const EventInput input =
      one(R"({"userId":"a","event":"A","originalTimestamp":"2026-01-01T00:00:00Z"})");
  EXPECT_EQ(input.message.timestamp, at("2026-01-01T00:00:00Z"));
}

struct PathCase {
  std::string_view properties;
  std::string_view path;
};

TEST(Message, path_of_a_page) {
  static constexpr PathCase kCases[] = {
      {R"({"path":"/pricing"})", "/pricing"},
      {R"({"url":"https://acme.com/pricing?a=b#c"})", "/pricing"},
      {R"({"url":"https://acme.com"})", "/"},
      {R"({"url":"https://acme.com/"})", "/"},
      {R"({"url":"https://acme.com?next=/pricing"})", "/"},
      {R"({"url":"https://acme.com#/pricing"})", "/"},
      {R"({"url":"https://acme.com/blog?next=https://x.com/pricing"})", "/blog"},
      {R"({"url":"acme.com/pricing"})", ""},
      {R"({"path":"/a","url":"https://acme.com/b"})", "/a"},
      {R"({"path":5})", ""},
  };
  for (const PathCase& expected : kCases) {
    const EventInput input =
        one(fmt::format(R"({{"anonymousId":"a","properties":{}}})", expected.properties),
            MessageType::page);
    EXPECT_EQ(input.message.path, expected.path) << expected.properties;
  }
  EXPECT_EQ(one(R"({"anonymousId":"a","context":{"page":{"path":"/pricing"}}})", MessageType::page)
                .message.path,
            "/pricing");
  EXPECT_EQ(one(R"({"anonymousId":"a","event":"A","properties":{"path":"/pricing"}})").message.path,
            "");
}

TEST(Message, traits_under_their_many_names) {
  const EventInput input = one(R"({"userId":"ann","traits":{"email":" ann@acme.com ",
      "firstName":"Ann","last_name":"Smith","jobTitle":"VP","phone":null,"unknown":1,
      "company":{"name":"Acme","employees":"1,200","industry":"Software"},
      "address":{"country":"DE","state":"Bayern"}}})",
                               MessageType::identify);
  const Message& message = input.message;
  EXPECT_EQ(message.trait(Field::email), "ann@acme.com");
  EXPECT_EQ(message.trait(Field::first_name), "Ann");
  EXPECT_EQ(message.trait(Field::last_name), "Smith");
  EXPECT_EQ(message.trait(Field::title), "VP");
  EXPECT_EQ(message.trait(Field::company_name), "Acme");
  EXPECT_EQ(message.trait(Field::employees), "1200");
  EXPECT_EQ(message.trait(Field::industry), "Software");
  EXPECT_EQ(message.trait(Field::country), "DE");
  EXPECT_EQ(message.trait(Field::region), "Bayern");
  EXPECT_EQ(message.trait(Field::phone), "");
  EXPECT_EQ(message.traits.size(), 9u);
  expect_logged(input);
}

TEST(Message, a_full_name_is_split_unless_the_parts_are_given) {
  const auto name = [](std::string_view traits) {
    const EventInput input =
        one(fmt::format(R"({{"userId":"a","traits":{}}})", traits), MessageType::identify);
    return fmt::format("{}|{}", input.message.trait(Field::first_name),
                       input.message.trait(Field::last_name));
  };
  EXPECT_EQ(name(R"({"name":"Ann Maria Smith"})"), "Ann Maria|Smith");
  EXPECT_EQ(name(R"({"name":"Ann"})"), "Ann|");
  EXPECT_EQ(name(R"({"name":"Ann Smith","lastName":"Jones"})"), "|Jones");
  EXPECT_EQ(name(R"({"name":"  "})"), "|");
}

TEST(Message, the_traits_of_a_group_are_the_companys) {
  const EventInput input = one(R"({"userId":"a","groupId":"g","traits":{"name":"Acme","size":90,
      "email":"office@acme.com"},"context":{"traits":{"email":"ann@acme.com"}}})",
                               MessageType::group);
  EXPECT_EQ(input.message.trait(Field::company_name), "Acme");
  EXPECT_EQ(input.message.trait(Field::employees), "90");
  EXPECT_EQ(input.message.trait(Field::email), "");
}

TEST(Message, traits_come_from_the_context_and_from_a_forms_properties) {
  EXPECT_EQ(one(R"({"userId":"a","event":"A","context":{"traits":{"title":"VP"}}})")
                .message.trait(Field::title),
            "VP");
  EXPECT_EQ(one(R"({"userId":"a","event":"form_submitted","properties":{"title":"VP"}})")
                .message.trait(Field::title),
            "");
  EXPECT_EQ(one(R"({"userId":"a","event":"FORM  Submitted","properties":{"title":"VP"}})")
                .message.trait(Field::title),
            "VP");
  EXPECT_EQ(
      one(R"({"userId":"a","event":"A","properties":{"title":"VP"}})").message.trait(Field::title),
      "");
  EXPECT_EQ(one(R"({"userId":"a","traits":{"title":"VP"},"context":{"traits":{"title":"CEO"}}})",
                MessageType::identify)
                .message.trait(Field::title),
            "VP");
}

struct RefusedCase {
  std::string_view body;
  std::string_view field;
  std::string_view message;
  MessageType type = MessageType::track;
};

TEST(Message, what_is_wrong_is_named_with_its_place) {
  static constexpr RefusedCase kCases[] = {
      {R"({"event":"A"})", "/userId", "no_user_anon_id"},
      {R"({"userId":" ","event":"A"})", "/userId", "no_user_anon_id"},
      {R"({"userId":"a"})", "/event", "event's name"},
      {R"({"userId":"a","event":"  "})", "/event", "event's name"},
      {R"({"userId":"a","event":5})", "/event", "event's name"},
      {R"({"userId":{"id":1},"event":"A"})", "/userId", "must be a text"},
      {R"({"userId":"a","event":"A","timestamp":"yesterday"})", "/timestamp", "is not a time"},
      {R"({"userId":"a","event":"A","timestamp":1700000000})", "/timestamp", "must be a time"},
      {R"({"userId":"a","event":"A","sentAt":"2026-13-01"})", "/sentAt", "is not a time"},
      {R"({"userId":"a","event":"A","properties":[]})", "/properties", "must be an object"},
      {R"({"userId":"a","event":"A","context":"x"})", "/context", "must be an object"},
      {R"({"userId":"a","traits":7})", "/traits", "must be an object", MessageType::identify},
      {R"({"userId":"a"})", "/previousId", "is missing", MessageType::alias},
  };
  for (const RefusedCase& expected : kCases) {
    const Error error = refused(expected.body, expected.type);
    EXPECT_EQ(error.code, ErrorCode::invalid) << expected.body;
    EXPECT_EQ(error.field, expected.field) << expected.body;
    EXPECT_THAT(error.message, HasSubstr(expected.message));
  }
}

TEST(Message, long_ids_and_names_are_refused) {
  const std::string fits(500, 'x'), too_long(501, 'x');
  EXPECT_EQ(one(fmt::format(R"({{"userId":"{}","event":"{}"}})", fits, fits)).message.user_id,
            fits);
  EXPECT_EQ(refused(fmt::format(R"({{"userId":"{}","event":"A"}})", too_long)).field, "/userId");
  EXPECT_EQ(refused(fmt::format(R"({{"userId":"a","event":"{}"}})", too_long)).field, "/event");
}

TEST(Message, a_body_that_is_no_json_object_is_refused_whole) {
  for (const std::string_view body :
       {"", "{", "[]", "7", "null", R"({"userId":"a","event":"A"} x)", R"({"userId":"a",})",
        "{\"userId\":\"\xff\",\"event\":\"A\"}", R"({"userId":"\ud800","event":"A"})",
        R"({"userId":"a","userId":"b","event":"A"})",
        R"({"userId":"a","event":"A","properties":{"x":[{"y":1,"y":2}]}})",
        R"({"userId":"a","event":"A","properties":{"x":1e999}})"}) {
    EXPECT_FALSE(read_request(body, MessageType::track, from(Source::server)).has_value()) << body;
  }
}

TEST(Message, many_keys_with_one_twice_are_refused) {
  std::string body = R"({"userId":"a","event":"A","properties":{)";
  for (int i = 0; i < 100; ++i) body += fmt::format("\"k{}\":1,", i);
  const Error twice = refused(body + R"("k99":2}})");
  EXPECT_EQ(twice.message, "the key \"k99\" stands twice in its JSON object");
  EXPECT_EQ(twice.field, "/properties/k99");
  one(body + R"("k100":2}})");
}

TEST(Message, a_single_call_may_have_32_kilobytes) {
  const auto of_size = [](std::size_t bytes) {
    std::string body = R"({"userId":"a","event":"A","p":""})";
    body.insert(body.size() - 2, bytes - body.size(), 'x');
    return body;
  };
  one(of_size(MessageLimits::kCallBytes));
  EXPECT_EQ(refused(of_size(MessageLimits::kCallBytes + 1)).code, ErrorCode::too_large);
}

// --- batches ---------------------------------------------------------------------------------

Result<MessageBatch> batch_of(std::string_view body) {
  return read_request(body, std::nullopt, from(Source::server));
}

TEST(Batch, good_messages_are_taken_and_bad_ones_named) {
  const auto batch = batch_of(R"({"batch":[{"type":"track","userId":"a","event":"A"},
      {"type":"track","userId":"a"},7,{"type":"identify","userId":"a"},{"type":"dance"},
      {"userId":"a"}]})");
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->inputs.size(), 2u);
  ASSERT_EQ(batch->refused.size(), 4u);
  EXPECT_EQ(batch->refused[0].error.field, "/batch/1/event");
  EXPECT_EQ(batch->refused[1].error.field, "/batch/2");
  EXPECT_EQ(batch->refused[2].error.field, "/batch/4/type");
  EXPECT_EQ(batch->refused[3].error.field, "/batch/5/type");
  EXPECT_EQ(batch->refused[3].index, 5u);
  for (const EventInput& input : batch->inputs) expect_logged(input);
}

TEST(Batch, what_stands_around_holds_for_each_message_that_is_silent) {
  const auto batch = batch_of(R"({"sentAt":"2026-01-15T09:00:00Z",
      "context":{"ip":"1.2.3.4","traits":{"title":"VP"}},
      "batch":[{"type":"identify","userId":"a"},
               {"type":"identify","userId":"b","sentAt":"2026-01-15T08:00:00Z","context":{}}]})");
  ASSERT_TRUE(batch.has_value());
  ASSERT_EQ(batch->inputs.size(), 2u);
  EXPECT_EQ(batch->inputs[0].message.trait(Field::title), "VP");
  EXPECT_EQ(batch->inputs[0].message.sent_at, at("2026-01-15T09:00:00Z"));
  EXPECT_EQ(batch->inputs[1].message.trait(Field::title), "");
  EXPECT_EQ(batch->inputs[1].message.sent_at, at("2026-01-15T08:00:00Z"));
  for (const EventInput& input : batch->inputs) expect_logged(input);
}

TEST(Batch, each_message_is_logged_as_it_was_written) {
  const auto batch = batch_of(R"( {"x":[1,{"batch":[3]}],"y":"[{\"","batch" : [ {"type":"track",
      "userId":"a,}]\"","event":"A","properties":{"n":[1.0,{}]}} ,
      {"type":"track","userId":"b","event":"B","properties":{"n":1e2}}],"z":{"batch":[]}})");
  ASSERT_TRUE(batch.has_value());
  ASSERT_EQ(batch->inputs.size(), 2u);
  EXPECT_THAT(batch->inputs[0].text, HasSubstr(R"({"n":[1.0,{}]})"));
  EXPECT_THAT(batch->inputs[1].text, HasSubstr(R"({"n":1e2})"));
  for (const EventInput& input : batch->inputs) expect_logged(input);
}

TEST(Batch, a_key_spelled_with_escapes_is_still_the_batch) {
  const auto batch = batch_of(R"({"b\u0061tch":[{"type":"track","userId":"a","event":"A"}]})");
  ASSERT_TRUE(batch.has_value());
  ASSERT_EQ(batch->inputs.size(), 1u);
  expect_logged(batch->inputs.front());
}

TEST(Batch, what_cannot_be_read_is_refused_alone) {
  for (const std::string_view bad :
       {"\"\xff\"", R"("\ud800")", "1e999", R"({"y":1,"y":2})", "-1e999"}) {
    const auto batch = batch_of(fmt::format(R"({{"sentAt":"2026-01-15T09:00:00Z","batch" : [
        {{"type":"track","userId":"a","event":"[{{"}},
        {{"type":"track","userId":"b","event":"B","properties":{{"x":{}}}}} , 7,
        {{"type":"track","userId":"c","event":"C"}} ],"context":{{}}}})",
                                            bad));
    ASSERT_TRUE(batch.has_value()) << bad << batch.error().message;
    ASSERT_EQ(batch->inputs.size(), 2u) << bad;
    EXPECT_EQ(batch->inputs[0].message.event, "[{");
    EXPECT_EQ(batch->inputs[1].message.sent_at, at("2026-01-15T09:00:00Z"));
    ASSERT_EQ(batch->refused.size(), 2u);
    EXPECT_TRUE(batch->refused[0].error.field.starts_with("/batch/1")) << bad;
    EXPECT_EQ(batch->refused[1].error.field, "/batch/2");
    for (const EventInput& input : batch->inputs) expect_logged(input);
  }
}

TEST(Batch, what_stands_around_must_be_sound) {
  const std::string item = R"({"type":"track","userId":"a","event":"A"})";
  for (const std::string_view around :
       {"{{\"batch\":[{}],\"x\":1e999}}", "{{\"batch\":[{},\"\xff\"]", "[{},\"\xff\"]",
        "{{\"x\":\"\xff\",\"batch\":[{}]}}", R"({{"batch":[{}],"sentAt":1,"sentAt":2}})"}) {
    EXPECT_FALSE(batch_of(fmt::format(fmt::runtime(around), item)).has_value()) << around;
  }
}

TEST(Message, whole_numbers_of_any_length_are_taken) {
  const EventInput input = one(
      R"({"userId":"12345678901234567890123","event":"A","properties":{"n":[100000000000000000000,
      -9223372036854776000,18446744073709551615,1.00000000000000000001]}})");
  EXPECT_EQ(input.message.user_id, "12345678901234567890123");
  EXPECT_THAT(input.text, HasSubstr("100000000000000000000e0"));
  EXPECT_THAT(input.text, HasSubstr("1.00000000000000000001]"));
  expect_logged(input);
}

TEST(Message, no_write_key_is_kept) {
  for (const std::string_view body : {R"({"writeKey":"secret","userId":"a","event":"A"})",
                                      R"({"userId":"a","writeKey" : "secret","event":"A"})",
                                      R"({"userId":"a","event":"A","writeKey":{"secret":1}})"}) {
    const EventInput input = one(body);
    EXPECT_THAT(input.text, Not(HasSubstr("secret")));
    EXPECT_THAT(input.text, HasSubstr(R"("message":{"userId":"a","event":"A"}})"));
    expect_logged(input);
  }
}

TEST(Batch, no_list_is_refused) {
  for (const std::string_view body : {R"({})", R"({"batch":{}})", R"({"batch":null})"}) {
    const auto batch = batch_of(body);
    ASSERT_FALSE(batch.has_value()) << body;
    EXPECT_EQ(batch.error().field, "/batch");
  }
  EXPECT_TRUE(batch_of(R"({"batch":[]})")->inputs.empty());
}

TEST(Batch, limits_of_count_and_size) {
  std::string body = R"({"batch":[)";
  for (int i = 0; i < 2502; ++i) {
    body += fmt::format(R"({}{{"type":"screen","userId":"a"}})", i > 0 ? "," : "");
  }
  const auto batch = batch_of(body + "]}");
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->inputs.size(), MessageLimits::kBatchMessages);
  ASSERT_EQ(batch->refused.size(), 1u);
  EXPECT_EQ(batch->refused[0].error.code, ErrorCode::too_large);
  EXPECT_EQ(batch->refused[0].error.field, "/batch/2500");

  const std::string large(33 * 1024, 'x');
  for (const std::string_view key : {"batch", "b\\u0061tch"}) {
    const auto of_large = batch_of(fmt::format(
        R"({{"{}":[{{"type":"track","userId":"a","event":"A","p":"{}"}}]}})", key, large));
    ASSERT_TRUE(of_large.has_value());
    ASSERT_EQ(of_large->refused.size(), 1u) << key;
    EXPECT_EQ(of_large->refused[0].error.code, ErrorCode::too_large);
  }
  const auto huge = batch_of(std::string(500 * 1024 + 1, ' '));
  ASSERT_FALSE(huge.has_value());
  EXPECT_EQ(huge.error().code, ErrorCode::too_large);
}

// --- the log row -------------------------------------------------------------------------------

TEST(LoggedEvent, keeps_what_only_the_request_knew) {
  const RequestFacts facts{.source = Source::browser,
                           .key = 3,
                           .arrived = kArrived,
                           .ip = "10.0.0.1",
                           .user_agent = "Moz \"5\" \\ \n",
                           .opted_out = true};
  const EventInput input = one(R"({"anonymousId":"a","event":"A"})", MessageType::track, facts);
  EXPECT_THAT(input.text,
              HasSubstr(R"("from":{"ip":"10.0.0.1","ua":"Moz \"5\" \\ ","opt_out":"1"})"));
  expect_logged(input);
  const EventInput told =
      one(R"({"anonymousId":"a","event":"A","context":{"ip":"9.9.9.9","userAgent":"x"}})",
          MessageType::track, {.source = Source::browser, .ip = "10.0.0.1", .user_agent = "Moz"});
  EXPECT_THAT(told.text, testing::Not(HasSubstr("from")));
}

TEST(LoggedEvent, a_user_agent_of_any_bytes_can_be_read_back) {
  for (const std::string_view agent : {"\xff", "caf\xc3\xa9", "\xc3", "\xed\xa0\x80", "\x7f\x01"}) {
    const EventInput input = one(R"({"anonymousId":"a","event":"A"})", MessageType::track,
                                 {.source = Source::browser, .user_agent = std::string(agent)});
    expect_logged(input);
  }
  const EventInput known = one(R"({"anonymousId":"a","event":"A"})", MessageType::track,
                               {.source = Source::browser, .user_agent = "caf\xc3\xa9"});
  EXPECT_THAT(known.text, HasSubstr("caf\xc3\xa9"));
  const std::string cut_inside = std::string(499, 'x') + "\xc3\xa9";
  expect_logged(one(R"({"anonymousId":"a","event":"A"})", MessageType::track,
                    {.source = Source::browser, .ip = cut_inside, .user_agent = cut_inside}));
}

TEST(LoggedEvent, whatever_depth_was_taken_can_be_read_back) {
  for (std::size_t depth = 1; depth <= 1100; depth += depth == 1 || depth > 140 ? 100 : 1) {
    const std::string properties = std::string(depth, '[') + std::string(depth, ']');
    const std::string body = fmt::format(R"({{"anonymousId":"a","event":"A","p":{}}})", properties);
    const auto single = read_request(body, MessageType::track, from(Source::server));
    if (single && !single->inputs.empty()) expect_logged(single->inputs.front());
    const auto batch = batch_of(fmt::format(
        R"({{"context":{{"p":{}}},"batch":[{{"type":"track","anonymousId":"a","event":"A"}}]}})",
        properties));
    if (batch && !batch->inputs.empty()) expect_logged(batch->inputs.front());
    if (depth <= 101) {
      EXPECT_TRUE(single.has_value() && batch.has_value());
    }
  }
}

TEST(LoggedEvent, says_the_clock_where_it_is_not_log_time) {
  EventInput input = one(R"({"anonymousId":"a","event":"A"})");
  input.text = with_clock(input.text, kArrived - std::chrono::hours{1});
  const auto logged = read_logged_event(input.text);
  ASSERT_TRUE(logged.has_value());
  EXPECT_EQ(logged->arrived, kArrived - std::chrono::hours{1});
  EXPECT_EQ(read_logged_event(one(R"({"anonymousId":"a","event":"A"})").text)->arrived,
            std::nullopt);
}

TEST(LoggedEvent, what_is_no_event_is_an_error) {
  for (const std::string_view text :
       {"", "{}", R"({"source":"moon","type":"track","message":{}})",
        R"({"source":"server","type":"track","message":{}})",
        R"({"source":"server","type":"dance","message":{"userId":"a"}})",
        R"({"source":"server","type":"track"})"}) {
    EXPECT_FALSE(read_logged_event(text).has_value()) << text;
  }
}

// Whatever is taken can be read from the log as the same message.
RC_GTEST_PROP(LoggedEvent, is_read_as_it_was_taken, ()) {
  const auto text = [] {
    std::string out;
    for (const char c : *rc::gen::string<std::string>()) {
      if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') out.push_back(c);
    }
    return out + *rc::gen::element<std::string>("", "é", "\\n", "\\u0000", "\\\"", "日本");
  };
  const auto time = [] {
    return format_time(from_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)));
  };
  std::string body = fmt::format(
      R"({{"type":"{}","userId":"u{}")",
      *rc::gen::element<std::string>("track", "page", "identify", "group", "screen", "alias"),
      text());
  body += fmt::format(R"(,"event":"e{}","previousId":"p{}")", text(), text());
  if (*rc::gen::arbitrary<bool>()) body += fmt::format(R"(,"timestamp":"{}")", time());
  if (*rc::gen::arbitrary<bool>()) body += fmt::format(R"(,"sentAt":"{}")", time());
  if (*rc::gen::arbitrary<bool>()) {
    body += fmt::format(R"(,"traits":{{"title":"{}","company":{{"size":"{}"}}}})", text(), text());
  }
  if (*rc::gen::arbitrary<bool>()) {
    body += fmt::format(R"(,"properties":{{"path":"{}","email_id":"{}"}})", text(), text());
  }
  body += '}';
  std::string whole = fmt::format(R"({{"batch":[{}, {}])", body, body);
  if (*rc::gen::arbitrary<bool>()) whole += fmt::format(R"(,"sentAt":"{}")", time());
  if (*rc::gen::arbitrary<bool>()) {
    whole += fmt::format(R"(,"context":{{"traits":{{"phone":"{}"}}}})", text());
  }
  whole += '}';
  const RequestFacts facts{.source = *rc::gen::element(Source::browser, Source::api),
                           .arrived = kArrived,
                           .ip = *rc::gen::string<std::string>(),
                           .user_agent = *rc::gen::string<std::string>()};
  const auto batch = read_request(whole, std::nullopt, facts);
  RC_ASSERT(batch.has_value());
  RC_ASSERT(batch->inputs.size() == 2u);
  for (const EventInput& input : batch->inputs) expect_logged(input);
}

}  // namespace
}  // namespace galena::domain
