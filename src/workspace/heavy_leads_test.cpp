// An event of a lead with a long history must do the very same as with its index forgotten.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/plain_state.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {
namespace {

using namespace domain;
using std::chrono::minutes;

// Ada's events on a phone and a laptop, some late, with what moves events between leads.
Input random_input(int number) {
  const std::string at =
      format_time(kTestTime + minutes{number} - minutes{*rc::gen::element(0, 0, 0, 90)});
  const auto body = [&](std::string_view ids, std::string_view event) {
    return fmt::format(R"({{{},"event":"{}","timestamp":"{}"}})", ids, event, at);
  };
  const auto event = *rc::gen::element<std::string>("Email Opened", "White Paper Downloaded",
                                                    "Cat Petted", "Unsubscribed");
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return identify_as(R"("userId":"ada","anonymousId":"phone")", R"("title":"VP Sales")");
    case 1:
      return identify_as(R"("userId":"bob","anonymousId":"phone")", R"("title":"CEO")");
    case 2:
      return AdjustmentInput{
          .lead = 0, .points = Points::whole(3), .reason = "call", .author = "a"};
    case 3:
      return event_input(MessageType::track, body(R"("anonymousId":"phone")", event));
    case 4:
      return event_input(MessageType::alias, R"({"userId":"ada","previousId":"laptop"})");
    default:
      return event_input(MessageType::track, body(R"("userId":"ada")", event));
  }
}

RC_GTEST_PROP(HeavyLeadsProperty, their_index_changes_nothing, ()) {
  Workspace workspace;
  const auto take = [&](const Input& input, Time at) {
    const VersionPtr before = workspace.publish();  // it keeps no index
    const auto changes = decide(workspace.now(), input, at);
    RC_ASSERT(changes.has_value());
    const auto expected = decide(*before, input, at);
    RC_ASSERT(expected.has_value());
    RC_ASSERT(outcome_text(changes->outcome) == outcome_text(expected->outcome));
    RC_ASSERT(changes->leads.size() == expected->leads.size());
    for (std::size_t i = 0; i < changes->leads.size(); ++i) {
      const Standing& standing = changes->leads[i].second->standing;
      const Standing& plain = expected->leads[i].second->standing;
      RC_ASSERT(standing.fit == plain.fit);
      RC_ASSERT(standing.interest == plain.interest);
      RC_ASSERT(standing.valid_until == plain.valid_until);
      RC_ASSERT(standing.activity.events == plain.activity.events);
      RC_ASSERT(standing.activity.last_seen == plain.activity.last_seen);
      RC_ASSERT(standing.activity.sessions == plain.activity.sessions);
    }
    workspace.apply(*changes);
  };
  Playbook playbook = standard_playbook();
  playbook.rules.push_back({.name = "cats",
                            .on = "Cat Petted",
                            .points = Points::whole(-2),
                            .window = minutes{120},
                            .half_life = std::chrono::hours{1}});
  take(playbook_input(playbook), kTestTime);
  const int count = int(HeavyLeads::kEventsMin) + *rc::gen::inRange(20, 100);
  bool kept = false;
  for (int number = 0; number < count; ++number) {
    const bool settling = number < int(HeavyLeads::kEventsMin);
    const Input input =
        settling ? Input(track(R"("userId":"ada")", "Email Opened")) : random_input(number);
    take(input, kTestTime + minutes{number});
    kept |= workspace.now().event_index(0) != nullptr;
  }
  RC_ASSERT(kept);
}

TEST(HeavyLeads, a_failed_commit_forgets_the_index) {
  Workspace workspace;
  const auto take = [&](const Input& input) {
    const auto changes = decide(workspace.now(), input, kTestTime);
    ASSERT_TRUE(changes.has_value());
    workspace.apply(*changes);
  };
  take(playbook_input(standard_playbook()));
  for (std::uint32_t i = 0; i < HeavyLeads::kEventsMin; ++i) {
    take(track(R"("userId":"ada")", "Email Opened"));
  }
  ASSERT_NE(workspace.now().event_index(0), nullptr);
  const VersionPtr published = workspace.publish();
  EXPECT_EQ(published->event_index(0), nullptr);
  take(track(R"("userId":"ada")", "Email Opened"));
  workspace.revert_to(*published);
  EXPECT_EQ(workspace.now().event_index(0), nullptr);
  take(track(R"("userId":"ada")", "Email Opened"));
  ASSERT_NE(workspace.now().event_index(0), nullptr);
  EXPECT_EQ(workspace.now().event_index(0)->size(), HeavyLeads::kEventsMin + 1);
}

// More of them than there is room for: the room goes round.
TEST(HeavyLeads, give_their_room_to_others) {
  constexpr std::uint32_t kLeads = 40;
  constexpr std::uint32_t kEvents = HeavyLeads::kEventsMin + 50;
  HeavyLeads heavy(std::size_t{30} * kEvents);
  Workspace workspace;
  const auto take = [&](const Input& input) {
    const auto changes = decide(workspace.now(), input, kTestTime);
    ASSERT_TRUE(changes.has_value());
    workspace.apply(*changes);
    heavy.follow(workspace.now(), *changes);
  };
  take(playbook_input(standard_playbook()));
  for (std::uint32_t lead = 0; lead < kLeads; ++lead) {
    const auto input = track(fmt::format(R"("userId":"{}")", lead), "Email Opened");
    for (std::uint32_t i = 0; i < kEvents; ++i) take(input);
  }
  std::size_t kept = 0;
  for (LeadOrdinal lead = 0; lead < kLeads; ++lead) {
    EXPECT_EQ(workspace.now().lead(lead).standing.activity.events, kEvents);
    const EventIndex* index = heavy.find(lead);
    if (index == nullptr) continue;
    EXPECT_EQ(index->size(), kEvents);
    ++kept;
  }
  EXPECT_GE(kept, 29u);
  EXPECT_LE(kept, 31u);
  EXPECT_NE(heavy.find(kLeads - 1), nullptr);
  EXPECT_EQ(heavy.find(0), nullptr);
}

}  // namespace
}  // namespace galena::workspace
