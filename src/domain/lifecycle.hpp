// Stages of a lead. They move forward by criteria, back only by a person (recycling,
// disqualifying); a score that decays below the threshold only flags.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/criteria.hpp"
#include "domain/criteria_points.hpp"
#include "domain/event_kinds.hpp"

namespace galena::domain {

// A stage as the playbook states it. The first stage has neither `when` nor `on`: everybody's
// start.
struct StageRule {
  std::string name;
  std::string when;        // a criterion: enters as soon as it holds
  std::string on;          // an event name: enters when it happens
  bool by_person = false;  // only a person moves a lead here
};

struct Lifecycle {
  struct Stage {
    StageRule rule;
    std::optional<Criterion> when;
    KindCode on = kNoKind;
    PointsAsked asked;  // of `when`
  };
  std::vector<Stage> stages;
  std::size_t mql = 0;  // index of the stage "mql", 0 if there is none

  // The stage's place; stages.size() for a name this lifecycle does not know.
  std::size_t index_of(std::string_view stage) const;

  // The stages that a lead at `stage` may enter by itself; none where only a person moves it on.
  std::span<const Stage> ahead_of(std::string_view stage) const;

  // Of two leads found to be one: whether the one at `stage` decides where they stand, not the one
  // at `other`. The further stage on the way does. Stages that only a person gives, behind the last
  // that a criterion or an event gives, are off the way (recycled, disqualified): nobody works such
  // a lead now. So they decide only against the first stage and each other. False for names that
  // this lifecycle does not know.
  bool outweighs(std::string_view stage, std::string_view other) const;
};

// The stages that the lead enters now, in order, given where it stands. `happened` is the event
// just taken in (kNoKind if none).
std::vector<std::string_view> stages_entered(const Lifecycle& lifecycle, const Subject& subject,
                                             KindCode happened);

}  // namespace galena::domain
