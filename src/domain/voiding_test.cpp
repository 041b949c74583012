#include "domain/voiding.hpp"

#include <gtest/gtest.h>

#include "domain/erasure.hpp"
#include "domain/plain_state.hpp"
#include "domain/regroup.hpp"

namespace galena::domain {
namespace {

// A state with its log, from which the evidence of an undo is read again.
class Story {
 public:
  PlainState state = new_state();

  // The position it got.
  Position tell(Input input) {
    now_ += std::chrono::minutes{1};
    const Changes changes = take(state, input, now_);
    rows_.push_back({changes.position, std::move(input), changes.outcome});
    return changes.position;
  }

  Position event(std::string_view ids, std::string_view traits = "") {
    return tell(traits.empty() ? Input(track(ids, "Looked")) : Input(identify_as(ids, traits)));
  }

  Position alias(std::string_view ids) {
    return tell(event_input(MessageType::alias, fmt::format("{{{}}}", ids)));
  }

  Position merge(LeadOrdinal lead, LeadOrdinal other) {
    return tell(MergeInput{lead, other, "same person", "user 1", ""});
  }

  VoidInput voiding(Position position) const {
    VoidInput input{.voids = position, .reason = "mistake", .author = "user 1"};
    for (const LoggedInput& row : rows_) {
      if (row.position != position) continue;
      for (const Position wanted : evidence_wanted(state, row)) {
        for (const LoggedInput& other : rows_) {
          if (other.position == wanted) input.evidence.push_back(other);
        }
      }
    }
    return input;
  }

  Changes take_back(Position position) {
    const VoidInput input = voiding(position);
    tell(input);
    return {};
  }

  std::string refusal(const Input& input) const {
    const auto changes = decide(state, input, now_);
    return changes ? "" : changes.error().message;
  }

  // "u:ann a:laptop | u:bob": leads by their keys, shared devices starred, nobodies left out.
  std::string leads() const {
    std::vector<std::string> leads;
    for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
      if (state.lead(i).merged_into) continue;
      std::vector<std::string> keys;
      for (const PersonOrdinal ordinal : state.lead(i).persons) {
        const Person& person = state.person(ordinal);
        if (person.nobody) continue;
        keys.push_back(person.key.text + (person.shared_since != 0 ? "*" : ""));
      }
      std::ranges::sort(keys);
      if (!keys.empty()) leads.push_back(fmt::format("{}", fmt::join(keys, " ")));
    }
    std::ranges::sort(leads);
    return fmt::format("{}", fmt::join(leads, " | "));
  }

 private:
  std::vector<LoggedInput> rows_;
  Time now_ = kTestTime;
};

TEST(Void, a_merge_of_somebody_who_came_only_later_stands_in_the_way) {
  Story story;
  story.event(R"("userId":"ann")");
  const Position came = story.event(R"("userId":"bob")");
  const Position merged = story.merge(0, 1);
  story.alias(R"("userId":"eve","previousId":"bob")");  // speaks of bob and is not his
  EXPECT_NE(story.refusal(story.voiding(came)).find(fmt::format("evt_{} ", merged)),
            std::string::npos);
  story.take_back(merged);
  EXPECT_EQ(story.refusal(story.voiding(came)), "");
}

TEST(Void, a_device_stays_shared_that_was_so_with_somebody_who_is_erased) {
  Story story;
  story.event(R"("userId":"ann","anonymousId":"laptop")");
  story.event(R"("userId":"bob","anonymousId":"laptop")");
  story.event(R"("userId":"eve")");
  const PersonOrdinal laptop = *story.state.find_person({KeyKind::anonymous, "laptop"});
  const std::uint32_t shared_since = story.state.person(laptop).shared_since;
  EXPECT_NE(shared_since, 0u);
  EraseInput erase;
  erase.lead = 1;
  erase.secret = std::string(32, 's');
  complete_erasure(erase, story.state);
  story.tell(erase);
  story.take_back(story.merge(0, 2));
  EXPECT_EQ(story.state.person(laptop).shared_since, shared_since);
}

TEST(Merge, two_leads_become_one_by_hand) {
  Story story;
  story.event(R"("userId":"ann")");
  story.event(R"("userId":"bob")");
  story.merge(1, 0);
  EXPECT_EQ(story.leads(), "ann bob");
  EXPECT_EQ(survivor(story.state, 1), 0u);  // who is known longer goes on
  EXPECT_EQ(story.refusal(MergeInput{0, 1, "", "user 1", ""}), "they are one lead already");
  EXPECT_EQ(story.refusal(MergeInput{0, 9, "", "user 1", ""}), "there is no such lead");
}

TEST(Merge, a_visitor_never_swallows_a_person) {
  Story story;
  story.event(R"("anonymousId":"laptop")");
  story.event(R"("userId":"ann")");
  story.merge(0, 1);
  EXPECT_EQ(survivor(story.state, 0), 1u);
}

TEST(Void, a_merge_taken_back_gives_both_leads_back) {
  Story story;
  story.event(R"("userId":"ann","anonymousId":"laptop")", R"("title":"VP Sales")");
  story.event(R"("userId":"bob")");
  const Position merged = story.merge(0, 1);
  story.event(R"("userId":"bob","anonymousId":"phone")");
  story.event(R"("userId":"ann","anonymousId":"tablet")");
  EXPECT_EQ(story.leads(), "ann bob laptop phone tablet");
  story.take_back(merged);
  EXPECT_EQ(story.leads(), "ann laptop tablet | bob phone");
  EXPECT_FALSE(story.state.lead(1).merged_into);
  EXPECT_EQ((*story.state.lead(1).record)[Field::title].value, "");
  EXPECT_EQ(story.refusal(story.voiding(merged)), "it has been taken back already");
}

TEST(Void, a_device_used_by_both_was_shared_all_along) {
  Story story;
  story.event(R"("userId":"ann","anonymousId":"laptop")");
  story.event(R"("userId":"bob")");
  const Position merged = story.merge(0, 1);
  story.event(R"("userId":"bob","anonymousId":"laptop")");
  EXPECT_EQ(story.leads(), "ann bob laptop");
  story.take_back(merged);
  EXPECT_EQ(story.leads(), "ann laptop* | bob");
}

TEST(Void, a_device_that_was_shared_by_mistake_is_not) {
  Story story;
  story.event(R"("userId":"ann","anonymousId":"laptop")");
  const Position colleague = story.event(R"("userId":"bob","anonymousId":"laptop")");
  story.event(R"("anonymousId":"laptop")");
  EXPECT_EQ(story.leads(), "ann laptop* | bob");
  EXPECT_EQ(story.state.lead(0).standing.activity.events, 1u);
  story.take_back(colleague);
  EXPECT_EQ(story.leads(), "ann laptop");
  EXPECT_EQ(story.state.lead(0).standing.activity.events, 2u);
}

TEST(Void, what_was_said_twice_still_stands) {
  Story story;
  const Position first = story.event(R"("userId":"ann","anonymousId":"laptop")");
  story.event(R"("userId":"ann","anonymousId":"laptop")");
  story.take_back(first);
  EXPECT_EQ(story.leads(), "ann laptop");
}

TEST(Void, a_fact_told_again_later_is_known_from_then) {
  Story story;
  story.event(R"("userId":"ann")", R"("title":"Intern")");
  const Position wrong = story.event(R"("userId":"ann")", R"("title":"CEO")");
  EXPECT_EQ(story.state.lead(0).record->seniority, Seniority::c_level);
  story.take_back(wrong);
  EXPECT_EQ((*story.state.lead(0).record)[Field::title].value, "Intern");
  const Position right = story.event(R"("userId":"ann")", R"("title":"CEO")");
  EXPECT_EQ((*story.state.lead(0).record)[Field::title].position, right);
}

TEST(Void, an_event_that_made_somebody_known_leaves_nobody) {
  Story story;
  story.event(R"("anonymousId":"laptop")");
  const Position typo = story.event(R"("userId":"amn","anonymousId":"laptop")");
  EXPECT_FALSE(story.state.lead(0).visitor);
  story.take_back(typo);
  EXPECT_EQ(story.leads(), "laptop");
  EXPECT_TRUE(story.state.lead(0).visitor);
  // Whoever comes under that id later is new.
  story.event(R"("userId":"amn")");
  EXPECT_EQ(story.leads(), "amn | laptop");
}

TEST(Void, a_lead_goes_on_when_who_began_it_is_gone) {
  Story story;
  const Position typo = story.event(R"("userId":"amn","anonymousId":"laptop")");
  story.event(R"("anonymousId":"laptop")");
  story.event(R"("userId":"ann","anonymousId":"laptop")");  // found to be shared
  story.take_back(typo);
  EXPECT_EQ(story.leads(), "ann laptop");
  EXPECT_EQ(survivor(story.state, 0), 0u);
  EXPECT_EQ(story.state.lead(0).persons.front(), 1u);
}

TEST(Void, what_was_said_by_hand_does_not_stand_on_nobody) {
  Story story;
  const Position typo = story.event(R"("userId":"amn","anonymousId":"laptop")");
  story.event(R"("anonymousId":"laptop")");
  const Position points = story.tell(AdjustmentInput{0, Points::whole(5), "call", "user 1", ""});
  EXPECT_EQ(story.refusal(story.voiding(typo)),
            fmt::format("nothing else is known of this person than what evt_{} says by hand; take "
                        "that back first",
                        points));
  story.take_back(points);
  story.take_back(typo);
  EXPECT_EQ(story.leads(), "laptop");
}

TEST(Void, points_given_to_a_merged_lead_stay_its_own) {
  Story story;
  story.event(R"("userId":"ann")");
  story.event(R"("userId":"bob")");
  const Position merged = story.merge(0, 1);
  story.tell(AdjustmentInput{1, Points::whole(20), "call", "user 1", ""});
  EXPECT_EQ(story.state.lead(0).standing.score(), Points::whole(20));
  story.take_back(merged);
  EXPECT_EQ(story.state.lead(0).standing.score(), Points::whole(0));
  EXPECT_EQ(story.state.lead(1).standing.score(), Points::whole(20));
}

TEST(Void, merges_name_whom_they_named) {
  Story story;
  for (const auto* ids : {R"("userId":"ann")", R"("userId":"bob")", R"("userId":"eve")"}) {
    story.event(ids);
  }
  const Position first = story.merge(0, 1);
  story.merge(1, 2);
  EXPECT_EQ(story.leads(), "ann bob eve");
  story.take_back(first);
  EXPECT_EQ(story.leads(), "ann | bob eve");
}

TEST(Void, a_stage_that_came_of_it_is_taken_back) {
  Story story;
  story.event(R"("userId":"ann")", R"("title":"CEO","company":{"employees":300})");
  const Position demo = story.tell(track(R"("userId":"ann")", "Demo Requested"));
  EXPECT_EQ(story.state.lead(0).stage(), "mql");
  story.take_back(demo);
  EXPECT_NE(story.state.lead(0).stage(), "mql");
  EXPECT_EQ(story.state.lead(0).standing.score(), Points::whole(35));
  story.tell(track(R"("userId":"ann")", "Demo Requested"));
  EXPECT_EQ(story.state.lead(0).stage(), "mql");
}

TEST(Void, a_stage_that_stands_without_it_keeps_its_date) {
  Story story;
  story.event(R"("userId":"ann")", R"("title":"CEO","company":{"employees":300})");
  const Position visit = story.tell(track(R"("userId":"ann")", "Email Opened"));
  story.tell(track(R"("userId":"ann")", "Demo Requested"));
  const StageEntry mql = story.state.lead(0).stages.back();
  ASSERT_EQ(mql.stage, "mql");
  story.take_back(visit);
  EXPECT_EQ(story.state.lead(0).stages.back(), mql);
}

TEST(Void, both_sides_of_a_merge_get_the_stages_of_their_own) {
  Story story;
  story.event(R"("userId":"ann")", R"("title":"CEO","company":{"employees":300})");
  story.event(R"("userId":"bob")");
  const Position merged = story.merge(0, 1);
  story.tell(track(R"("userId":"bob")", "Demo Requested"));
  EXPECT_EQ(story.state.lead(0).stage(), "mql");
  story.take_back(merged);
  EXPECT_NE(story.state.lead(0).stage(), "mql");
  EXPECT_EQ(story.state.lead(1).stage(), "lead");
}

TEST(Void, only_what_somebody_sent_or_said_is_taken_back) {
  Story story;
  VoidInput input{.voids = 1};
  EXPECT_EQ(story.refusal(input), "there is no such event");
  input.evidence.push_back({1, playbook_input(standard_playbook()), {}});
  EXPECT_EQ(story.refusal(input),
            "only events and what was said by hand of a lead can be taken back");
}

TEST(Void, a_hub_is_not_followed_for_ever) {
  Story story;
  for (int i = 0; i < 1010; ++i) {
    story.event(fmt::format(R"("userId":"u{}","anonymousId":"kiosk")", i));
  }
  const PersonOrdinal kiosk = *story.state.find_person({KeyKind::anonymous, "kiosk"});
  EXPECT_EQ(story.state.person(kiosk).sightings.size(), Person::kSightingsMax);
  const Position last = story.event(R"("userId":"ann","anonymousId":"kiosk")");
  const std::uint32_t since = story.state.person(kiosk).shared_since;
  story.take_back(last);
  EXPECT_EQ(story.state.person(kiosk).shared_since, since);
  EXPECT_EQ(story.leads().find("ann"), std::string::npos);
}

}  // namespace
}  // namespace galena::domain
