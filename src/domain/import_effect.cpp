#include "domain/import_effect.hpp"

#include <algorithm>

namespace galena::domain {
namespace {

bool is_told_at(const std::vector<Fact>& facts, Position position) {
  return std::ranges::any_of(facts, [&](const Fact& fact) { return fact.position == position; });
}

bool tells_news(const Person& person, Position position) {
  if (is_told_at(person.facts, position)) return true;
  return person.told_of != nullptr && std::ranges::any_of(*person.told_of, [&](const ToldOf& told) {
           return is_told_at(told.facts, position);
         });
}

}  // namespace

ImportEffect import_effect(const Person& person, const Record& record, Position position,
                           Position began_after) {
  std::vector<Event> events;
  person.history.collect(events);
  ImportEffect effect;
  for (const Fact& fact : person.facts) {
    if (fact.position != position) continue;
    const FieldValue& holds = record[fact.field];
    if (holds.source > fact.source && holds.value != fact.value) ++effect.kept;
  }
  const auto own = std::ranges::find(events, position, &Event::position);
  // A person or an organisation; else it tells of something that happened, which is new.
  const bool is_row = own != events.end() && (own->kind == kImported || own->kind == kGrouped);
  const bool names_again =
      is_row && std::any_of(events.begin(), own, [&](const Event& event) {
        return event.kind == own->kind && event.position > began_after && !event.voided;
      });
  const bool is_first = own == events.begin() && own != events.end();
  effect.kind = names_again                                    ? ImportEffect::Kind::duplicate
                : is_first || (own != events.end() && !is_row) ? ImportEffect::Kind::created
                : tells_news(person, position)                 ? ImportEffect::Kind::updated
                                                               : ImportEffect::Kind::unchanged;
  return effect;
}

void count(const ImportEffect& effect, ImportFigures& figures) {
  switch (effect.kind) {
    case ImportEffect::Kind::created:
      ++figures.created;
      break;
    case ImportEffect::Kind::updated:
      ++figures.updated;
      break;
    case ImportEffect::Kind::unchanged:
      ++figures.unchanged;
      break;
    case ImportEffect::Kind::duplicate:
      ++figures.duplicate;
      break;
  }
  figures.kept += effect.kept;
}

}  // namespace galena::domain
