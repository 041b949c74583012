#include "workspace/heavy_leads.hpp"

#include "domain/decide.hpp"

namespace galena::workspace {

using namespace domain;

EventIndex* HeavyLeads::find(LeadOrdinal lead) {
  const auto found = indexes_.find(lead);
  return found == indexes_.end() ? nullptr : &found->second;
}

void HeavyLeads::follow(const State& state, const Changes& changes) {
  const bool events_moved = !changes.outcome.merged.empty() || !changes.outcome.shared.empty();
  for (const auto& [ordinal, lead] : changes.leads) {
    if (events_moved) forget(ordinal);
    EventIndex* index = find(ordinal);
    if (index == nullptr) {
      const Activity& activity = lead->standing.activity;
      if (!events_moved && activity.events >= kEventsMin) keep(state, ordinal);
    } else if (changes.event && changes.outcome.under) {
      const Person& under = state.person(*changes.outcome.under);
      if (under.lead != ordinal || under.shared_since != 0) continue;
      index->add(*changes.event);
      ++events_;
    }
  }
}

void HeavyLeads::keep(const State& state, LeadOrdinal ordinal) {
  const Lead& lead = state.lead(ordinal);
  if (lead.merged_into) return;
  // Room that those who came first do not use any more is given anew now and then.
  constexpr std::size_t kRefusedMax = 10'000;
  if (events_ + lead.standing.activity.events > kEventsMax) {
    if (++refused_ < kRefusedMax) return;
    forget_all();
  }
  const EventIndex& kept = indexes_[ordinal] = EventIndex(events_of(state, lead));
  events_ += kept.size();
}

void HeavyLeads::forget(LeadOrdinal lead) {
  const auto found = indexes_.find(lead);
  if (found == indexes_.end()) return;
  events_ -= found->second.size();
  indexes_.erase(found);
}

void HeavyLeads::forget_all() {
  indexes_.clear();
  events_ = 0;
  refused_ = 0;
}

}  // namespace galena::workspace
