#include "due.hpp"

#include <algorithm>

namespace galena::sim {

using namespace domain;
using std::chrono::hours;

std::vector<std::string> stages_at(const State& state, LeadOrdinal ordinal, Time at) {
  const Lead& lead = state.lead(ordinal);
  if (lead.visitor || lead.merged_into || is_erased(state, ordinal)) return {};
  const Standing standing = standing_of(state, lead, at);
  const Subject subject{*lead.record, &standing, lead.stage(), nullptr, at, lead.created_at};
  const auto entered = stages_entered(state.playbook()->lifecycle, subject, kNoKind);
  return {entered.begin(), entered.end()};
}

namespace {

// A rule forgets it by and by.
bool fades(const State& state, const Event& event) {
  return std::ranges::any_of(state.playbook()->source.rules, [&](const Rule& rule) {
    const KindCode kind = state.kinds()->find(rule.on);
    const bool is_named =
        event.kind == kind || (kind == kPageViewed && kind_traits(event.kind).visit);
    return is_named && (rule.window || rule.half_life);
  });
}

// No stage behind the lead's own is entered by a criterion.
bool is_at_the_end(const State& state, const Lead& lead) {
  const Lifecycle& lifecycle = state.playbook()->lifecycle;
  for (auto i = lifecycle.index_of(lead.stage()) + 1; i < lifecycle.stages.size(); ++i) {
    if (lifecycle.stages[i].when) return false;
  }
  return lifecycle.index_of(lead.stage()) < lifecycle.stages.size();
}

// Decay goes on with each whole hour of an event's age, and events leave windows.
std::vector<Time> moments(const State& state, const Lead& lead, Time from, Time to) {
  std::vector<Time> found;
  const auto add = [&](Time at) {
    if (at > from && at <= to) found.push_back(at);
  };
  for (const Event& event : events_of(state, lead)) {
    if (!fades(state, event)) continue;
    const auto begin = std::max(hours{0}, std::chrono::floor<hours>(from - event.at));
    for (hours age = begin; event.at + age <= to; ++age) add(event.at + age);
    for (const Rule& rule : state.playbook()->source.rules) {
      if (rule.window) add(event.at + *rule.window);
    }
  }
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

}  // namespace

std::optional<Due> first_due(const State& state, LeadOrdinal ordinal, Time from, Time to) {
  const Lead& lead = state.lead(ordinal);
  if (lead.visitor || lead.merged_into || is_at_the_end(state, lead)) return std::nullopt;
  for (const Time at : moments(state, lead, from, to)) {
    auto stages = stages_at(state, ordinal, at);
    if (!stages.empty()) return Due{at, ordinal, std::move(stages)};
  }
  return std::nullopt;
}

}  // namespace galena::sim
