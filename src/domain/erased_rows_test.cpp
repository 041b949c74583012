#include "domain/erased_rows.hpp"

#include <gtest/gtest.h>

#include "domain/erasure.hpp"
#include "domain/plain_state.hpp"

namespace galena::domain {
namespace {

// A workspace with its log, of which somebody is erased.
struct Log {
  struct Row {
    InputKind kind{};
    std::string input;
    std::string outcome;
  };
  PlainState state;
  std::vector<Row> rows;
  std::vector<RowEraser::Erasure> erasures;

  Log() { add(playbook_input(standard_playbook())); }

  Position add(const Input& input) {
    const Changes changes = take(state, input);
    rows.push_back({kind_of(input), input_text(input), outcome_text(changes.outcome)});
    return rows.size();
  }

  void erase(LeadOrdinal lead) {
    EraseInput input{.lead = lead,
                     .author = "user 1",
                     .idempotency_key = "",
                     .secret = std::string(32, 's'),
                     .suppress = {},
                     .lift = {},
                     .keys = {}};
    complete_erasure(input, state);
    add(input);
    erasures.push_back({rows.size(), input.keys});
  }

  // What the row is to become; as it is if it may stay.
  std::string left_of(Position position) const {
    const Row& row = rows.at(position - 1);
    const auto left =
        RowEraser(state, erasures).rewritten({position, row.kind, row.input, row.outcome});
    return left.value_or(row.input);
  }
};

TEST(ErasedRows, of_an_event_stays_what_it_was_and_the_day) {
  Log log;
  const auto position =
      log.add(event_input(MessageType::track,
                          R"({"userId":"ann","messageId":"m1","event":"Order Completed",
          "timestamp":"2026-01-14T09:08:07Z",
          "properties":{"revenue":12.5,"currency":"EUR","note":"for Ann","quantity":"two"}})"));
  log.erase(0);
  EXPECT_EQ(log.left_of(position),
            R"({"gone":{"u":0},"identity":")" + identity_without_text("s:m1") +
                R"(","source":"server","key":1,"type":"track",)"
                R"("message":{"timestamp":"2026-01-14T00:00:00.000Z",)"
                R"("event":"Order Completed","properties":{"revenue":1.25E1,"currency":"EUR"}}})");
}

TEST(ErasedRows, an_erased_row_is_still_the_same_input) {
  Log log;
  const auto position = log.add(track(R"("userId":"ann","messageId":"m1")", "A"));
  log.erase(0);
  const auto left = read_input(InputKind::event, log.left_of(position));
  ASSERT_TRUE(left);
  EXPECT_EQ(fingerprint_of_identity(identity_of(*left)), fingerprint("s:m1"));
}

// Ben shares Ann's device; his own row keeps what is his.
TEST(ErasedRows, from_the_rows_of_others_goes_only_what_names_the_person) {
  Log log;
  log.add(identify_as(R"("userId":"ann","anonymousId":"d1")", R"("email":"ann@x.example")"));
  const auto position = log.add(event_input(MessageType::track,
                                            R"({"userId":"ben","anonymousId":"d1","event":"Shared",
          "properties":{"plain":"to Ann@X.example now",
          "link":"/?to=ann%40x.example","other":"joann@x.example","sub":"ann@x.example.org",
          "escaped":"\u0061nn@x.example","count":3,"list":["ann@x.example",1]}})"));
  const auto unrelated = log.add(track(R"("userId":"cid")", "ann"));
  log.erase(0);
  EXPECT_EQ(
      log.left_of(position),
      R"({"source":"server","key":1,"type":"track","message":{"userId":"ben","event":"Shared",)"
      R"("properties":{"other":"joann@x.example","sub":"ann@x.example.org","count":3,"list":[1]}},)"
      R"("gone":{"a":2}})");
  EXPECT_EQ(log.left_of(unrelated), log.rows[unrelated - 1].input);
}

TEST(ErasedRows, what_was_said_by_hand_loses_its_words) {
  Log log;
  log.add(track(R"("userId":"ann")", "A"));
  log.add(track(R"("userId":"ben")", "A"));
  const auto adjusted =
      log.add(AdjustmentInput{0, Points::whole(5), "called Ann", "user 3", "user 3:ann-1"});
  const auto other = log.add(AdjustmentInput{1, Points::whole(5), "called Ben", "user 3", ""});
  log.erase(0);
  EXPECT_EQ(log.left_of(adjusted),
            R"({"lead":0,"points":5000000,"reason":"","author":"user 3","idem":")" +
                identity_without_text("i:user 3:ann-1") + R"("})");
  EXPECT_EQ(log.left_of(other), log.rows[other - 1].input);
}

TEST(ErasedRows, the_erasure_itself_forgets_whom_it_was_of) {
  Log log;
  log.add(track(R"("userId":"ann")", "A"));
  log.erase(0);
  const std::string& text = log.rows.back().input;
  EXPECT_NE(text.find("ann"), std::string::npos);
  const auto input = read_input(InputKind::erasure, text);
  ASSERT_TRUE(input);
  const std::string left = finished_erasure(std::get<EraseInput>(*input));
  EXPECT_EQ(left.find("ann"), std::string::npos);
  EXPECT_EQ(left.find("keys"), std::string::npos);
  EXPECT_NE(left.find("suppress"), std::string::npos);
}

TEST(Erasure, a_person_is_erased_once_and_nothing_is_added_to_them) {
  Log log;
  log.add(track(R"("userId":"ann")", "Demo Requested"));
  log.erase(0);
  const auto refused = [&](const Input& input) {
    const auto changes = decide(log.state, input, kTestTime);
    return changes ? ErrorCode::internal : changes.error().code;
  };
  EraseInput again{.lead = 0,
                   .author = "user 1",
                   .idempotency_key = "",
                   .secret = {},
                   .suppress = {},
                   .lift = {},
                   .keys = {}};
  EXPECT_EQ(refused(again), ErrorCode::gone);
  again.lead = 7;
  EXPECT_EQ(refused(again), ErrorCode::not_found);
  again.lead.reset();
  EXPECT_EQ(refused(again), ErrorCode::invalid);
  EXPECT_EQ(refused(AdjustmentInput{0, Points::whole(5), "x", "user 1", ""}), ErrorCode::gone);
  EXPECT_TRUE(is_erased(log.state, 0));
}

TEST(Erasure, who_was_erased_may_not_come_in_but_others_on_the_same_device) {
  Log log;
  log.add(identify_as(R"("userId":"ann","anonymousId":"d1")", R"("email":"ann@x.example")"));
  log.erase(0);
  const auto comes_in = [&](std::string_view ids) {
    EventInput input = track(ids, "A");
    return may_come_in(log.state, input);
  };
  EXPECT_FALSE(comes_in(R"("userId":"ann")"));
  EXPECT_FALSE(comes_in(R"("userId":"Ann@X.example")"));
  EXPECT_FALSE(comes_in(R"("anonymousId":"d1")"));
  EXPECT_TRUE(comes_in(R"("anonymousId":"ann")")) << "a device of that name is another key";
  EventInput alias =
      event_input(MessageType::alias, R"({"userId":"b","previousId":"Ann@X.example"})");
  EXPECT_FALSE(may_come_in(log.state, alias)) << "an address as the id of before";
  EventInput ben = track(R"("userId":"ben","anonymousId":"d1","messageId":"m9")", "A");
  EXPECT_TRUE(may_come_in(log.state, ben));
  EXPECT_EQ(ben.message.anonymous_id, "");
  EXPECT_EQ(ben.text.find("d1"), std::string::npos);
  EXPECT_EQ(identity_of(ben), "s:m9");
}

}  // namespace
}  // namespace galena::domain
