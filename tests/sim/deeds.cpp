#include "deeds.hpp"

#include <algorithm>

#include "complaint.hpp"
#include "domain/decide.hpp"
#include "domain/naive_score.hpp"

namespace galena::sim {

using namespace domain;

void Deeds::follow(store::Store& store, WorkspaceId workspace, const workspace::Version& state) {
  store.read_log(workspace, followed_, [&](const store::LogRow& row) {
    take(row, state);
    followed_ = row.position;
    return true;
  });
}

namespace {

// The two persons of whom it was said at that position.
const Sighting* sighting_at(const State& state, Position position) {
  for (SightingNumber i = 0; i < state.sighting_count(); ++i) {
    const Sighting& sighting = state.sighting(i);
    if (sighting.position == position && !sighting.is_message()) return &sighting;
  }
  return nullptr;
}

std::vector<Event> events_under(const State& state, PersonOrdinal person) {
  std::vector<Event> events;
  state.person(person).history.collect(events);
  return events;
}

}  // namespace

void Deeds::take(const store::LogRow& row, const workspace::Version& state) {
  const auto kind = static_cast<InputKind>(row.kind);
  names_[row.position] = names_in(row.input);
  const bool is_by_hand = kind == InputKind::adjustment || kind == InputKind::merge ||
                          kind == InputKind::distinct || kind == InputKind::voiding;
  if (is_by_hand) {
    by_hand_.push_back(row.position);
    rewritable_.insert(row.position);
  }
  if (kind != InputKind::voiding && kind != InputKind::merge && kind != InputKind::erasure) return;
  const auto input = read_input(kind, row.input);
  require(input.has_value(), "row {} cannot be read", row.position);
  if (const auto* undo = std::get_if<VoidInput>(&*input)) {
    require(voided_.insert(undo->voids).second, "{} was taken back twice", undo->voids);
  }
  if (kind == InputKind::merge) {
    // Of the erased nobody may know any more whom it named.
    const Sighting* said = sighting_at(state, row.position);
    if (said != nullptr && said->persons.count() == 2) {
      merges_[row.position] = {said->persons.by_role[0], said->persons.by_role[1]};
    }
  }
  if (const auto* erase = std::get_if<EraseInput>(&*input)) take_erasure(row, *erase, state);
}

void Deeds::take_erasure(const store::LogRow& row, const EraseInput& input,
                         const workspace::Version& state) {
  rewritable_.insert(row.position);
  if (!input.lift.empty()) {
    gone_keys_.clear();
    for (auto& [user, words] : held_users_) words.emplace_back(row.position, false);
  }
  if (!input.lead) return;
  last_erasure_ = row.position;
  for (const auto& [person, key] : input.keys) {
    const auto names = names_in(key.text);
    erased_keys_.insert(names.begin(), names.end());
    gone_keys_.insert(names.begin(), names.end());
    if (key.kind == KeyKind::user && key.text.find('@') == key.text.npos) {
      held_users_[key.text].emplace_back(row.position, true);
    }
  }
  const auto outcome = read_outcome(row.outcome);
  require(outcome.has_value(), "what was decided at {} cannot be read", row.position);
  for (const PersonOrdinal person : outcome->erased) {
    erased_.insert(person);
    for (const Event& event : events_under(state, person)) {
      if (event.position > row.position) continue;
      rewritable_.insert(event.position);
      for (const std::string& name : names_[event.position]) {
        if (name.find("-n") != name.npos) gone_words_.insert(name);
      }
    }
  }
  for (const auto& [position, names] : names_) {
    const bool is_named = std::ranges::any_of(
        names, [&](const std::string& name) { return erased_keys_.contains(name); });
    if (is_named && position <= row.position) rewritable_.insert(position);
  }
}

bool Deeds::may_be_rewritten(Position position) const {
  return position <= last_erasure_ && rewritable_.contains(position);
}

bool Deeds::names_erased(std::string_view text) const {
  return std::ranges::any_of(names_in(text),
                             [&](const std::string& name) { return erased_keys_.contains(name); });
}

bool Deeds::was_held(const std::string& user, Position position) const {
  const auto found = held_users_.find(user);
  if (found == held_users_.end()) return false;
  bool is_held = false;
  for (const auto& [since, held] : found->second) {
    if (since < position) is_held = held;
  }
  return is_held;
}

void Deeds::check(const workspace::Version& state) const {
  check_voids(state);
  check_merges(state);
  for (PersonOrdinal i = 0; i < state.person_count(); ++i) {
    const Person& person = state.person(i);
    require(person.erased == erased_.contains(i), "person {} was {}erased and is {}", i,
            person.erased ? "not " : "", person.erased ? "nobody" : "there");
    require(!person.erased || (person.key.text.empty() && person.facts.empty()),
            "person {} was erased, and something is known of it", i);
  }
}

void Deeds::check_voids(const workspace::Version& state) const {
  for (PersonOrdinal i = 0; i < state.person_count(); ++i) {
    for (const Event& event : events_under(state, i)) {
      const bool is_taken_back = voided_.contains(event.position);
      require(event.voided == is_taken_back, "event {} was {}taken back, and {}", event.position,
              is_taken_back ? "" : "not ", event.voided ? "is void" : "stands");
    }
  }
}

void Deeds::check_merges(const workspace::Version& state) const {
  for (const auto& [position, two] : merges_) {
    const Person& one = state.person(two.one);
    const Person& other = state.person(two.other);
    if (voided_.contains(position) || one.erased || other.erased) continue;
    require(one.lead == other.lead, "the merge at {} stands, but {} is of lead {} and {} of {}",
            position, two.one, one.lead, two.other, other.lead);
  }
}

void Deeds::check_forgotten(const workspace::Version& state,
                            const std::vector<std::string>& files) const {
  if (gone_words_.empty() && gone_keys_.empty()) return;
  std::set<std::string> lives;
  for (PersonOrdinal i = 0; i < state.person_count(); ++i) {
    lives.merge(names_in(state.person(i).key.text));
  }
  for (const std::string& file : files) {
    for (const std::string& name : names_in(file)) {
      const bool is_gone = gone_words_.contains(name) || gone_keys_.contains(name);
      require(!is_gone || lives.contains(name), "{} was erased, and a file has it", name);
    }
  }
}

namespace {

// By code. Each asks for the others as they are found so far, until nobody's answer changes.
std::vector<SegmentCode> members(const State& state, const Lead& lead, Time now,
                                 const naive::Told& told) {
  const CompiledPlaybook& playbook = *state.playbook();
  const CriteriaNames names = names_of(playbook);
  const naive::World world{names, *state.kinds(), events_of(state, lead), told};
  const Standing standing = standing_of(state, lead, now);
  std::vector<SegmentCode> found;
  for (std::size_t round = 0; round <= playbook.segments.all.size(); ++round) {
    const Subject subject{*lead.record, &standing,       lead.stage(), nullptr,
                          now,          lead.created_at, found};
    std::vector<SegmentCode> next;
    for (const Segments::Segment& segment : playbook.segments.all) {
      if (naive::holds(world, segment.when.expression(), subject)) next.push_back(segment.code);
    }
    found = std::move(next);
  }
  std::ranges::sort(found);
  return found;
}

std::string names_of_segments(const State& state, const std::vector<SegmentCode>& codes) {
  std::string names;
  for (const SegmentCode code : codes) names += " " + state.playbook()->segments.names.at(code);
  return codes.empty() ? "nobody's" : names.substr(1);
}

}  // namespace

void check_segments(const State& state, Time now) {
  const naive::Told told = naive::told_in(state.playbook()->properties, state.properties());
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    const Lead& lead = state.lead(i);
    std::vector<SegmentCode> recorded;
    if (lead.segments) {
      for (const SegmentChange& change : lead.segments->current) recorded.push_back(change.segment);
    }
    const bool is_in_none = lead.visitor || lead.merged_into || is_erased(state, i);
    const auto should = is_in_none ? std::vector<SegmentCode>{} : members(state, lead, now, told);
    require(recorded == should, "lead {} is in the segments {}, by their words in {}, at {}", i,
            names_of_segments(state, recorded), names_of_segments(state, should), format_time(now));
  }
}

}  // namespace galena::sim
