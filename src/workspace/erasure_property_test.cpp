// Erasing a person: the log that is left tells the same state, however far it has been rewritten;
// nothing in it names anybody; what happened is counted as before.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "domain/erased_rows.hpp"
#include "domain/erasure.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

// A line for each person and lead.
std::vector<std::string> lines_of(const Version& state) {
  std::vector<std::string> lines;
  for (PersonOrdinal i = 0; i < state.person_count(); ++i) {
    const Person& person = state.person(i);
    std::string line = fmt::format("person {} {} lead {} began {} nobody {} erased {} shared {}", i,
                                   person.key.text, person.lead, person.began, person.nobody,
                                   person.erased, person.shared_since);
    for (const Fact& fact : person.facts) {
      line += fmt::format(" {}={}@{},{},{}", field_name(fact.field), fact.value, to_ms(fact.at),
                          to_ms(fact.known_at), fact.position);
    }
    std::vector<Event> events;
    person.history.collect(events);
    for (const Event& event : events) {
      line += fmt::format(" {}:{}@{},{} {} {}", event.position, event.kind, to_ms(event.at),
                          to_ms(event.known_at), event.voided, event.counted);
    }
    for (const SightingNumber number : person.sightings) {
      const Sighting& sighting = state.sighting(number);
      line += fmt::format(" [{} {} {}]", sighting.position, static_cast<int>(sighting.kind),
                          fmt::join(sighting.persons.by_role, ","));
    }
    lines.push_back(line);
  }
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    const Lead& lead = state.lead(i);
    std::string line = fmt::format("lead {} {} at {} into {}", i, fmt::join(lead.persons, ","),
                                   to_ms(lead.created_at), lead.merged_into.value_or(9999));
    for (const StageEntry& stage : lead.stages) {
      line += fmt::format(" {}@{},{}", stage.stage, to_ms(stage.at), stage.position);
    }
    lines.push_back(line);
  }
  return lines;
}

void show_differences(const Version& recalled, const Version& live) {
  const auto is = lines_of(recalled), should = lines_of(live);
  for (std::size_t i = 0; i < std::max(is.size(), should.size()); ++i) {
    if (i < is.size() && i < should.size() && is[i] == should[i]) continue;
    RC_LOG() << "is     " << (i < is.size() ? is[i] : "") << "\nshould "
             << (i < should.size() ? should[i] : "") << "\n";
  }
}

// The log tells the state, to the byte.
void expect_told(const std::vector<LoggedRow>& rows, const Workspace& live) {
  Workspace recalled;
  for (const LoggedRow& row : rows) recalled.apply(recall_row(recalled.now(), row, rows));
  recalled.find_accounts();
  const bool same = dump(recalled) == dump(live);
  if (!same) {
    show_differences(recalled.now(), live.now());
    for (std::size_t at = 0; at < rows.size(); ++at) {
      const LoggedRow& row = rows[at];
      if (row.kind == InputKind::playbook) continue;
      RC_LOG() << at + 1 << " " << row.input << " => " << row.outcome << "\n";
    }
  }
  RC_ASSERT(same);
}

// Events by kind and day, and how many stand at each stage.
std::map<std::string, int> statistics(const Version& state) {
  std::map<std::string, int> counts;
  for (PersonOrdinal i = 0; i < state.person_count(); ++i) {
    std::vector<Event> events;
    state.person(i).history.collect(events);
    for (const Event& event : events) {
      const Time day = std::chrono::floor<std::chrono::days>(event.at);
      ++counts[fmt::format("{} {} {} {}", state.kinds()->name(event.kind), to_ms(day),
                           event.counted, event.value)];
    }
  }
  return counts;
}

// Every stage that was entered. Who was told the address of somebody erased knows less now and may
// have entered another.
std::vector<std::vector<StageEntry>> stage_histories(const Version& state) {
  std::vector<std::vector<StageEntry>> histories;
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) histories.push_back(state.lead(i).stages);
  return histories;
}

// A history in which some are erased, and the log rewritten some time later.
struct Story {
  RandomHistory history;
  std::vector<RowEraser::Erasure> waiting;  // for the log to be rewritten

  void erase_somebody() {
    const Version& state = history.workspace.now();
    if (state.lead_count() == 0) return;
    EraseInput input{.lead = *rc::gen::inRange<LeadOrdinal>(0, state.lead_count()),
                     .author = "user 1",
                     .idempotency_key = "",
                     .secret = std::string(32, 's'),
                     .suppress = {},
                     .lift = {},
                     .keys = {}};
    complete_erasure(input, state);
    if (history.take_one(input)) {
      waiting.push_back({history.workspace.now().last_position(), input.keys});
    }
  }

  // Up to a random row and, after what may have been a crash, all of it.
  void rewrite_log() {
    if (waiting.empty()) return;
    const RowEraser eraser(history.workspace.now(), waiting);
    const std::size_t end = waiting.back().position;
    const std::size_t stop = *rc::gen::inRange<std::size_t>(0, end);
    for (std::size_t at = end; at-- > 0;) {
      LoggedRow& row = history.rows[at];
      const auto rewrite = [&] {
        return eraser.rewritten({at + 1, row.kind, row.input, row.outcome});
      };
      if (auto left = rewrite()) row.input = *left;
      RC_ASSERT(!rewrite());  // once is enough
      if (at == stop) expect_told(history.rows, history.workspace);
    }
    waiting.clear();
  }

  // Everybody may come again.
  void lift() {
    EraseInput input{.lead = std::nullopt,
                     .author = "user 1",
                     .idempotency_key = "",
                     .secret = {},
                     .suppress = {},
                     .lift = {},
                     .keys = {}};
    for (const auto& [print, entry] : history.workspace.now().suppressions()->entries) {
      if (!entry.lifted) input.lift.push_back(print);
    }
    if (!input.lift.empty()) history.take_one(input);
  }
};

RC_GTEST_PROP(ErasureProperty, the_rewritten_log_tells_what_is_live, ()) {
  Story story;
  story.history.take_some(*rc::gen::inRange(1, 80));
  for (int left = *rc::gen::inRange(1, 5); left > 0; --left) {
    story.erase_somebody();
    story.history.take_some(*rc::gen::inRange(0, 20));
    if (*rc::gen::inRange(0, 2) == 0) continue;
    story.rewrite_log();
    if (*rc::gen::inRange(0, 2) == 0) story.lift();
    story.history.take_some(*rc::gen::inRange(0, 20));
  }
  expect_told(story.history.rows, story.history.workspace);
  story.rewrite_log();
  expect_told(story.history.rows, story.history.workspace);
}

RC_GTEST_PROP(ErasureProperty, what_happened_is_counted_as_before, ()) {
  Story story;
  story.history.take_some(*rc::gen::inRange(1, 100));
  const auto before = statistics(story.history.workspace.now());
  const auto stages_before = stage_histories(story.history.workspace.now());
  story.erase_somebody();
  RC_ASSERT(statistics(story.history.workspace.now()) == before);
  const Version& after = story.history.workspace.now();
  for (LeadOrdinal i = 0; i < after.lead_count(); ++i) {
    const auto& stages = after.lead(i).stages;
    const std::size_t count = stages_before[i].size();
    RC_ASSERT(stages.size() >= count && (stages.size() == count || !is_erased(after, i)));
    RC_ASSERT(std::equal(stages_before[i].begin(), stages_before[i].end(), stages.begin()));
  }
}

RC_GTEST_PROP(ErasureProperty, nothing_that_is_left_has_a_key_of_theirs, ()) {
  Story story;
  story.history.take_some(*rc::gen::inRange(1, 80));
  story.erase_somebody();
  if (story.waiting.empty()) return;
  const RowEraser::Erasure& erasure = story.waiting.front();
  const RowEraser eraser(story.history.workspace.now(), story.waiting);
  for (std::size_t at = 0; at < story.history.rows.size(); ++at) {
    const LoggedRow& row = story.history.rows[at];
    if (row.kind != InputKind::event) continue;
    const auto left = eraser.rewritten({at + 1, row.kind, row.input, row.outcome});
    const auto told = read_logged_event(left ? *left : row.input);
    RC_ASSERT(told.has_value());
    for (const auto& [person, key] : erasure.keys) {
      RC_ASSERT(key.kind != KeyKind::user || told->message.user_id != key.text);
      RC_ASSERT(key.kind != KeyKind::anonymous || told->message.anonymous_id != key.text);
      RC_ASSERT(key.kind != KeyKind::address || told->message.trait(Field::email) != key.text);
    }
  }
  const std::string snapshot =
      dump(story.history.workspace) + base_bytes(*story.history.workspace.publish());
  for (const auto& [person, key] : erasure.keys) {
    // Who has the address as user id, and was never found to be the same, is somebody else.
    const bool is_others =
        story.history.workspace.now().find_person({KeyKind::user, key.text}).has_value();
    if (key.kind == KeyKind::address && !is_others) {
      RC_ASSERT(snapshot.find(key.text) == std::string::npos);
    }
    RC_ASSERT(!story.history.workspace.now().find_person(key));
    EventInput again = track(fmt::format(R"("userId":"{}")", key.text), "Demo Requested");
    if (key.kind != KeyKind::anonymous) {
      RC_ASSERT(!may_come_in(story.history.workspace.now(), again));
    }
  }
}

}  // namespace
}  // namespace galena::workspace
