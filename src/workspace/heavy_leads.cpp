#include "workspace/heavy_leads.hpp"

#include "domain/decide.hpp"

namespace galena::workspace {

using namespace domain;

EventIndex* HeavyLeads::find(LeadOrdinal lead) {
  const auto found = indexes_.find(lead);
  return found == indexes_.end() ? nullptr : &found->second;
}

void HeavyLeads::follow(const State& state, const Changes& changes) {
  const bool events_moved =
      changes.moves_events || !changes.outcome.merged.empty() || !changes.outcome.shared.empty();
  for (const auto& [ordinal, lead] : changes.leads) {
    if (events_moved) forget(ordinal);
    EventIndex* index = find(ordinal);
    if (index == nullptr) {
      const Activity& activity = lead->standing.activity;
      if (!events_moved && activity.events >= kEventsMin) keep(state, ordinal);
    } else if (changes.event && changes.outcome.under) {
      const Person& under = state.person(*changes.outcome.under);
      if (under.lead != ordinal || !under.owns(*changes.event)) continue;
      index->add(*changes.event);
      ++events_;
    }
  }
}

void HeavyLeads::keep(const State& state, LeadOrdinal ordinal) {
  const Lead& lead = state.lead(ordinal);
  if (lead.merged_into) return;
  const auto has_room = [&] { return events_ + lead.standing.activity.events <= events_max_; };
  // Who came first goes first, but only for one in so many: where all cannot be kept, making an
  // index for each event would cost more than it saves.
  constexpr std::size_t kRefusedOf = 16;
  if (!has_room() && ++refused_ % kRefusedOf != 0) return;
  while (!has_room() && !order_.empty()) {
    forget(order_.front());
    order_.pop_front();
  }
  const EventIndex& kept = indexes_[ordinal] = EventIndex(events_of(state, lead));
  order_.push_back(ordinal);
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
  order_.clear();
  events_ = 0;
}

}  // namespace galena::workspace
