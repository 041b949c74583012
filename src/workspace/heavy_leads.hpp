// Event indexes of leads with long histories, so that an event of theirs costs no more than one of
// anybody's. The writer's own: derived, never published, forgotten whenever in doubt.
#pragma once

#include <deque>
#include <unordered_map>

#include "domain/state.hpp"

namespace galena::workspace {

class HeavyLeads {
 public:
  static constexpr std::uint32_t kEventsMin = 256;  // of a lead, to be kept here

  // Keeps about so many events in all.
  explicit HeavyLeads(std::size_t events_max = 1'000'000) : events_max_(events_max) {}

  domain::EventIndex* find(domain::LeadOrdinal lead);
  // Follows what has just been applied to `state`.
  void follow(const domain::State& state, const domain::Changes& changes);
  void forget_all();

 private:
  void keep(const domain::State& state, domain::LeadOrdinal ordinal);
  void forget(domain::LeadOrdinal lead);

  std::size_t events_max_;
  std::unordered_map<domain::LeadOrdinal, domain::EventIndex> indexes_;
  std::deque<domain::LeadOrdinal> order_;  // kept first, first; may name some that are forgotten
  std::size_t events_ = 0;                 // in all of them
  std::size_t refused_ = 0;                // for want of room
};

}  // namespace galena::workspace
