// THE SCORE of a lead: a fold over its attributes and events under one model at one moment, and the
// ledger that explains every point of it.
//
// Order for an event rule (DESIGN 1, "Score"): window → repeat limit in event-time order → points ×
// decay → rule cap on the decayed sum → group cap. A cap that bites is a ledger line of its own, so
// the score is the sum of its ledger, always. A pure function of its arguments.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/event_index.hpp"
#include "domain/lead.hpp"
#include "domain/score_model.hpp"

namespace galena::domain {

struct LedgerLine {
  enum class Kind { rule, cap, group_cap, manual };
  Kind kind = Kind::rule;
  std::string rule;
  bool is_fit = false;         // counts to fit; else to interest
  Points points{};             // as counted now, after decay
  Points points_full{};        // before decay
  Time at{};                   // of the event, or when the attribute was learned; caps: now
  std::uint32_t position = 0;  // the input behind it; 0 for caps
};

// Events of a lead in event-time order (ties: log order), without what came under a shared device.
// `events` is scratch space that is filled and returned as a span.
std::span<const Event> events_in_order(std::span<const Person* const> persons,
                                       std::vector<Event>& events);

// The lead's standing at `now`; no event is later. `ledger`, if not null, gets the lines whose
// points sum to standing.score(). `told`: what the events told.
Standing score(const ScoreModel& model, const Record& record, const EventIndex& events, Time now,
               std::vector<LedgerLine>* ledger = nullptr, const PropertyView& told = {});
// The same of events in event-time order; those later than `now` do not count.
Standing score(const ScoreModel& model, const Record& record, std::span<const Event> events,
               Time now, std::vector<LedgerLine>* ledger = nullptr, const PropertyView& told = {});

// cold / warm / hot (REQUIREMENTS SCO): hot = demo, quote or contact sales in 30 days; warm = any
// own action in 90 days.
enum class Temperature { cold, warm, hot };
Temperature temperature(const Activity& activity, Time now);
std::string_view to_string(Temperature temperature);

// "A" fit >= 40, "B" >= 25, "C" >= 10, else "D"; interest 1 >= 40, 2 >= 20, 3 >= 5, else 4.
char fit_grade(Points fit);
int interest_level(Points interest);

}  // namespace galena::domain
