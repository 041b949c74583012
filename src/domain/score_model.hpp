// A scoring model: the rules as the playbook states them, and the tables compiled from them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/criteria.hpp"
#include "domain/event_kinds.hpp"
#include "domain/points.hpp"

namespace galena::domain {

// One rule as written. Exactly one of `when` (an attribute rule) and `on` (an event rule) is set.
struct Rule {
  std::string name;
  std::string when;   // a criterion over attributes
  std::string on;     // an event name
  std::string where;  // which of these events: a condition on their properties
  Points points{};
  std::optional<Points> cap;          // limit of the rule's decayed sum, either sign
  std::optional<Duration> window;     // only events younger than this
  std::optional<Duration> half_life;  // whole hours
  std::optional<Duration> once_per;   // repeat limit: one in this time
  bool once_per_message = false;      // repeat limit: one per email_id
  std::uint32_t sessions = 0;         // "several visits": this many sessions …
  std::optional<Duration> within;     // … begun within this time
  std::string group;                  // of rules that share a cap
};

struct CapGroup {
  std::string name;
  Points cap{};
};

// Halving in whole hours, in integers: points × 2^(-hours/half_life), rounded toward zero.
class Decay {
 public:
  explicit Decay(Duration half_life);
  // `age` is cut to whole hours; a negative age counts as none.
  Points apply(Points points, Duration age) const;

 private:
  std::vector<std::uint32_t> fractions_;  // 2^(-r/H) × 2^32 (minus one at r = 0), r = 0 … H-1
};

struct CompiledRule {
  Rule rule;
  std::optional<Criterion> criterion;
  KindCode kind = kNoKind;  // kNoKind: an event name this workspace has never seen
  std::optional<EventCondition> where;
  bool any_visit = false;  // on = "Page Viewed": every page view, the pricing page too
  std::shared_ptr<const Decay> decay;
  int group = -1;  // index into ScoreModel::groups
};

// What one playbook version means for points. Immutable.
struct ScoreModel {
  std::uint32_t version = 0;  // of the playbook; 1 or more
  std::vector<CompiledRule> attribute_rules;
  std::vector<CompiledRule> event_rules;
  std::vector<CapGroup> groups;
  bool time_dependent = false;    // some rule has a window or a half-life
  bool can_rise_by_time = false;  // some rule loses negative points by time alone
};

}  // namespace galena::domain
