#include "domain/input.hpp"

#include <gtest/gtest.h>

#include "domain/plain_state.hpp"

namespace galena::domain {
namespace {

template <class Kind>
Kind again(const Kind& input) {
  const auto read = read_input(kind_of(input), input_text(input));
  EXPECT_TRUE(read.has_value());
  EXPECT_TRUE(std::holds_alternative<Kind>(*read));
  EXPECT_EQ(input_text(*read), input_text(input));
  return std::get<Kind>(*read);
}

TEST(Input, the_kinds_are_stored_numbers) {
  EXPECT_EQ(kind_of(EventInput{}), InputKind::event);
  EXPECT_EQ(kind_of(PlaybookInput{}), InputKind::playbook);
  EXPECT_EQ(kind_of(AdjustmentInput{}), InputKind::adjustment);
  EXPECT_EQ(kind_of(RescoreInput{}), InputKind::rescore);
  EXPECT_EQ(kind_of(TimeInput{}), InputKind::time);
  EXPECT_EQ(static_cast<int>(InputKind::event), 1);
  EXPECT_EQ(static_cast<int>(InputKind::time), 5);
}

TEST(Input, a_playbook_is_read_as_it_was_written) {
  const PlaybookInput read = again(PlaybookInput{"[icp]\n\"é\"\n", "user 3", "key-1"});
  EXPECT_EQ(read.toml, "[icp]\n\"é\"\n");
  EXPECT_EQ(read.author, "user 3");
  EXPECT_EQ(read.idempotency_key, "key-1");
  EXPECT_EQ(again(PlaybookInput{"", "", ""}).idempotency_key, "");
  EXPECT_EQ(again(PlaybookInput{"", "", "", 7, "{\"a\":1}"}).replaces, 7u);
  EXPECT_EQ(again(PlaybookInput{"", "", "", 7, "{\"a\":1}"}).told, "{\"a\":1}");
}

TEST(Input, an_adjustment_is_read_as_it_was_written) {
  const AdjustmentInput read =
      again(AdjustmentInput{7, {-12'500'000}, "a \"reason\"", "user 3", "k"});
  EXPECT_EQ(read.lead, 7u);
  EXPECT_EQ(read.points.micro, -12'500'000);
  EXPECT_EQ(read.reason, "a \"reason\"");
  EXPECT_EQ(read.author, "user 3");
  EXPECT_EQ(read.idempotency_key, "k");
}

TEST(Input, continuations_and_timers_are_read_as_they_were_written) {
  const RescoreInput rescore = again(RescoreInput{1000, 2000, 3});
  EXPECT_EQ(rescore.from, 1000u);
  EXPECT_EQ(rescore.to, 2000u);
  EXPECT_EQ(rescore.playbook_version, 3u);
  EXPECT_EQ(again(TimeInput{{5, 0, 4'000'000'000}}).leads,
            (std::vector<LeadOrdinal>{5, 0, 4'000'000'000}));
  EXPECT_TRUE(again(TimeInput{}).leads.empty());
}

TEST(Input, an_event_is_its_text) {
  const EventInput event = track(R"("userId":"ann","messageId":"m1")", "Demo Requested");
  EXPECT_EQ(input_text(event), event.text);
  EXPECT_EQ(again(event).message.user_id, "ann");
}

TEST(Input, a_damaged_row_is_an_error) {
  for (const auto& [kind, text] : {std::pair{InputKind::playbook, "[]"},
                                   {InputKind::adjustment, R"({"lead":1})"},
                                   {InputKind::adjustment, R"({"lead":-1,"points":1})"},
                                   {InputKind::rescore, R"({"from":1,"to":2})"},
                                   {InputKind::time, R"({"leads":[-1]})"},
                                   {InputKind::time, "{"},
                                   {InputKind::playbook, R"({"toml":5})"},
                                   {InputKind::event, "{}"},
                                   {static_cast<InputKind>(6), "{}"}}) {
    const auto input = read_input(kind, text);
    ASSERT_FALSE(input.has_value()) << text;
  }
}

TEST(Input, identity_has_the_trust_of_its_source) {
  const std::string_view ids = R"("userId":"ann","messageId":"m1")";
  const std::string browser = identity_of(track(ids, "A", Source::browser));
  const std::string server = identity_of(track(ids, "A", Source::server));
  EXPECT_NE(browser, server);
  EXPECT_EQ(identity_of(track(ids, "B", Source::import)), server);
  EXPECT_NE(identity_of(AdjustmentInput{0, {}, "", "", "m1"}), server);
  EXPECT_EQ(identity_of(AdjustmentInput{0, {}, "", "", "m1"}),
            identity_of(PlaybookInput{"", "", "m1"}));
  EXPECT_EQ(identity_of(track(R"("userId":"ann")", "A")), "");
  EXPECT_EQ(identity_of(AdjustmentInput{}), "");
  EXPECT_EQ(identity_of(RescoreInput{}), "");
  EXPECT_EQ(identity_of(TimeInput{}), "");
}

}  // namespace
}  // namespace galena::domain
