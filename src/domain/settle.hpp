// What an input says, put into a draft: the stations that decide and recall share. Who and which
// stage was decided is given to them as the outcome.
#pragma once

#include "domain/draft.hpp"
#include "domain/identity.hpp"
#include "domain/input.hpp"

namespace galena::domain {

// All that follows from what an event says and from who it was found to be: persons, sighting,
// history, facts, records. Gives the lead and the event.
struct TakenEvent {
  LeadOrdinal lead = 0;
  Event event;
};
TakenEvent take_in(Draft& draft, const EventInput& input, const MessageKeys& keys,
                   const SeenPersons& persons, const Outcome& outcome);

// Two leads become one because a person says so.
void take_in_merge(Draft& draft, const SeenPersons& persons, const Outcome& outcome);

// True if the message says anything of somebody or of an organisation.
bool says_facts(const EventInput& input, const MessageKeys& keys);

// Tells the person what the message says of them, as of an event. True if it was news, so that the
// record must be folded again.
bool add_facts(Person& person, const EventInput& input, const MessageKeys& keys,
               const Event& event);

// The position of the person's first event that stands; nothing if there is none. (An adjustment is
// said of a lead that is there, so it is no sign of anybody.)
std::optional<Position> birth_of(const Person& person);

// True if nothing that was sent of the person stands.
bool is_nobody(const Draft& draft, const Person& person);

// What an undo found: who is one with whom now, with which stages.
void regroup_as(Draft& draft, const Outcome& outcome);

// The leads that an undo gave other events or facts than they had, once each.
std::vector<LeadOrdinal> leads_retold(const Draft& draft, const Outcome& outcome);

void enter_stages(Draft& draft, const Outcome& outcome);

Event adjustment_event(const Draft& draft, const AdjustmentInput& input);

// A sighting of these persons in the draft's input; nothing unless there are two at least.
std::optional<Sighting> sighting_of(const SeenPersons& persons, Source source, Position position);

}  // namespace galena::domain
