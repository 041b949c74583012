#include "state_checks.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "domain/accounts_as_found.hpp"
#include "domain/naive_score.hpp"
#include "domain/voiding.hpp"
#include "workspace/dump.hpp"

namespace galena::sim {

using namespace domain;

namespace {

bool is_whole(const State& state, const Lead& lead) {
  return !lead.merged_into && state.playbook() != nullptr;
}

naive::Told told_in(const State& state) {
  if (state.playbook() == nullptr) return {};
  return naive::told_in(state.playbook()->properties, state.properties());
}

void check_kept_standing(const State& state, LeadOrdinal ordinal, const Standing& fresh, Time now) {
  const Standing& kept = state.lead(ordinal).standing;
  const bool is_valid = kept.model_version == state.playbook()->version &&
                        kept.computed_at <= now && now < kept.valid_until;
  require(!is_valid || (kept.fit == fresh.fit && kept.interest == fresh.interest),
          "lead {} is kept at {} until {}, but at {} it has {}", ordinal, kept.score().value(),
          format_time(kept.valid_until), format_time(now), fresh.score().value());
}

}  // namespace

void check_scores(const State& state, Time now) {
  const naive::Told told = told_in(state);
  for (LeadOrdinal ordinal = 0; ordinal < state.lead_count(); ++ordinal) {
    const Lead& lead = state.lead(ordinal);
    if (!is_whole(state, lead)) continue;
    std::vector<LedgerLine> ledger;
    const Standing standing = standing_of(state, lead, now, &ledger);
    Points fit, interest;
    for (const LedgerLine& line : ledger) (line.is_fit ? fit : interest) += line.points;
    require(fit == standing.fit && interest == standing.interest,
            "lead {} has {} points and a ledger of {}", ordinal, standing.score().value(),
            (fit + interest).value());
    const naive::Score naive = naive::score(state.playbook()->source, *state.kinds(), *lead.record,
                                            events_of(state, lead), now, told);
    require(std::abs(standing.fit.value() - naive.fit) <= naive.tolerance &&
                std::abs(standing.interest.value() - naive.interest) <= naive.tolerance,
            "lead {} has {} + {} points, by the words of the rules {} + {}", ordinal,
            standing.fit.value(), standing.interest.value(), naive.fit, naive.interest);
    check_kept_standing(state, ordinal, standing, now);
  }
}

void check_accounts(const State& state) {
  require(accounts_are_as_found(state), "accounts are not what persons tell of them");
}

void check_people(const State& state) {
  std::size_t listed = 0;
  for (LeadOrdinal ordinal = 0; ordinal < state.lead_count(); ++ordinal) {
    const Lead& lead = state.lead(ordinal);
    require(!lead.persons.empty() && !lead.stages.empty(), "lead {} is nobody", ordinal);
    if (lead.merged_into) {
      require(*lead.merged_into < state.lead_count(), "lead {} went nowhere", ordinal);
      continue;
    }
    for (const PersonOrdinal person : lead.persons) {
      require(state.person(person).lead == ordinal, "person {} is of lead {} and of {}", person,
              ordinal, state.person(person).lead);
      ++listed;
    }
  }
  require(listed == state.person_count(), "{} persons, but {} in leads", state.person_count(),
          listed);
  for (PersonOrdinal person = 0; person < state.person_count(); ++person) {
    if (state.person(person).erased) continue;
    require(state.find_person(state.person(person).key) == person, "person {} is not found by {}",
            person, state.person(person).key.text);
  }
}

void check_isolation(const workspace::Version& version, WorkspaceId workspace) {
  for (PersonOrdinal person = 0; person < version.person_count(); ++person) {
    const std::string& key = version.person(person).key.text;
    require(version.person(person).erased || key.starts_with(tag_of(workspace)),
            "workspace {} holds the key {}", workspace, key);
  }
  const std::string bytes = workspace::canonical_dump(version);
  for (WorkspaceId other = 1; other <= 9; ++other) {
    require(other == workspace || bytes.find(tag_of(other)) == bytes.npos,
            "workspace {} holds something of workspace {}", workspace, other);
  }
}

void check_criterion(const Criterion& criterion, const naive::World& world,
                     const Subject& subject) {
  const bool expected = naive::holds(world, criterion.expression(), subject);
  require(criterion.holds(subject) == expected && criterion.explain(subject).holds == expected,
          "by its words {} {} at {}", criterion.text(), expected ? "holds" : "does not hold",
          format_time(subject.now));
}

void check_criteria(const State& state, Random& random, Time now) {
  if (state.lead_count() == 0 || state.playbook() == nullptr) return;
  CriteriaNames names = names_of(*state.playbook());
  names.zone = *Zone::named(random.percent(70) ? "Europe/Berlin" : "America/Sao_Paulo");
  const naive::Told told = told_in(state);
  const PropertyView view(state.properties());
  for (int i = 0; i < 20; ++i) {
    const bool asks_properties = names.properties.contains("amount");
    const std::string text = random_criterion(random, asks_properties);
    const auto criterion = Criterion::parse(text, names, *state.kinds());
    require(criterion.has_value(), "{}: {}", text, criterion ? "" : criterion.error().message);
    const Lead& lead = state.lead(random.below(state.lead_count()));
    const naive::World world{names, *state.kinds(), events_of(state, lead), told};
    const EventIndex index(world.events);
    const Standing standing = standing_of(state, lead, now);
    const Subject subject{*lead.record, &standing,       lead.stage(), &index,
                          now,          lead.created_at, {},           &view};
    check_criterion(*criterion, world, subject);
  }
}

void Replica::follow(store::Store& store, WorkspaceId workspace, const Deeds& deeds) {
  std::size_t place = 0;
  store.read_log(workspace, 0, [&](const store::LogRow& row) {
    const SeenRow now{
        std::hash<std::string_view>()(row.input),
        std::hash<std::string>()(fmt::format("{} {} {} {}", row.position, to_ms(row.received_at),
                                             row.kind, row.outcome))};
    if (place == rows_.size()) {
      take(store, row);
      rows_.push_back(now);
    }
    SeenRow& before = rows_[place++];
    const bool is_same = before.input == now.input || deeds.may_be_rewritten(row.position);
    require(before.rest == now.rest && is_same, "workspace {}: row {} was rewritten", workspace,
            row.position);
    before.input = now.input;
    return true;
  });
  require(place == rows_.size(), "workspace {}: the log had {} rows and has {}", workspace,
          rows_.size(), place);
}

void Replica::read_again(store::Store& store, WorkspaceId workspace, PlaybookInput& input) const {
  input.evidence = plain_evidence(state_, input, [&](const auto& visit) {
    store.read_log(workspace, 0, [&](const store::LogRow& row) {
      if (row.position > state_.last_position()) return false;
      if (row.kind == static_cast<int>(InputKind::event)) visit(row.position, row.input);
      return true;
    });
  });
}

void Replica::read_again(store::Store& store, WorkspaceId workspace, VoidInput& input) const {
  std::vector<LoggedInput> found;
  const auto read = [&](std::span<const Position> positions) {
    found.clear();
    store.read_rows(workspace, positions, [&](const store::LogRow& row) {
      auto told = read_input(static_cast<InputKind>(row.kind), row.input);
      auto outcome = read_outcome(row.outcome);
      require(told && outcome, "workspace {}: row {} cannot be read", workspace, row.position);
      found.push_back({row.position, std::move(*told), std::move(*outcome)});
    });
    std::ranges::sort(found, {}, &LoggedInput::position);
  };
  read(std::span(&input.voids, 1));
  require(found.size() == 1, "workspace {}: {} is taken back, and is not there", workspace,
          input.voids);
  read(evidence_wanted(state_, found.front()));
  input.evidence = std::move(found);
}

void Replica::take(store::Store& store, const store::LogRow& row) {
  auto input = read_input(static_cast<InputKind>(row.kind), row.input);
  require(input.has_value(), "row {} cannot be read", row.position);
  if (auto* playbook = std::get_if<PlaybookInput>(&*input)) {
    read_again(store, row.workspace, *playbook);
  }
  if (auto* undo = std::get_if<VoidInput>(&*input)) read_again(store, row.workspace, *undo);
  const auto changes = decide(state_, *input, row.received_at);
  require(changes.has_value(), "workspace {}: row {} would be refused: {}", row.workspace,
          row.position, changes ? "" : changes.error().message);
  const std::string outcome = outcome_text(changes->outcome);
  require(outcome == row.outcome, "workspace {}: row {} was decided {}, told again it is {}",
          row.workspace, row.position, row.outcome, outcome);
  state_.apply(*changes);
  const auto kind = static_cast<InputKind>(row.kind);
  if (kind == InputKind::event || kind == InputKind::adjustment) {
    event_rows_.push_back(static_cast<std::uint32_t>(row.position));
  }
}

namespace {

using StoryPtr = std::shared_ptr<const SegmentStory>;

bool same_segments(const StoryPtr& a, const StoryPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->current == b->current && a->changes == b->changes;
}

}  // namespace

void Replica::check(const workspace::Version& version, Time now) const {
  require(version.last_position() == state_.last_position(), "the state is of {}, the log of {}",
          version.last_position(), state_.last_position());
  require(version.person_count() == state_.person_count() &&
              version.lead_count() == state_.lead_count(),
          "{} persons and {} leads; told again {} and {}", version.person_count(),
          version.lead_count(), state_.person_count(), state_.lead_count());
  std::vector<std::uint32_t> applied;
  for (PersonOrdinal person = 0; person < version.person_count(); ++person) {
    const Person& live = version.person(person);
    const Person& again = state_.person(person);
    require(live.key == again.key && live.lead == again.lead &&
                live.shared_since == again.shared_since && live.nobody == again.nobody &&
                live.erased == again.erased && live.facts.size() == again.facts.size(),
            "person {} is another when told again", person);
    std::vector<Event> events;
    live.history.collect(events);
    for (const Event& event : events) applied.push_back(event.position);
  }
  std::ranges::sort(applied);
  require(applied == event_rows_, "{} events in histories, {} in the log", applied.size(),
          event_rows_.size());
  const auto same_entry = [](const StageEntry& a, const StageEntry& b) {
    return std::tie(a.stage, a.at, a.score, a.model_version, a.position) ==
           std::tie(b.stage, b.at, b.score, b.model_version, b.position);
  };
  for (LeadOrdinal lead = 0; lead < version.lead_count(); ++lead) {
    const Lead& live = version.lead(lead);
    const Lead& again = state_.lead(lead);
    require(live.persons == again.persons && live.merged_into == again.merged_into &&
                std::ranges::equal(live.stages, again.stages, same_entry),
            "lead {} is another when told again", lead);
    require(same_segments(live.segments, again.segments),
            "lead {} was in other segments when told again", lead);
    if (live.merged_into) continue;
    const Standing one = standing_of(version, live, now);
    const Standing other = standing_of(state_, again, now);
    require(one.fit == other.fit && one.interest == other.interest,
            "lead {} has {} points; told again {}", lead, one.score().value(),
            other.score().value());
  }
}

}  // namespace galena::sim
