// Columns against records: whatever came in, in whatever steps they followed, each lead is found by
// the same criteria and has the same score, to the bit.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/decide.hpp"
#include "domain/shown_lead.hpp"
#include "workspace/column_score.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

std::string random_part() {
  return *rc::gen::element<std::string>(
      "email = \"P1@x.example\"", "email contains \"p\"", "email != \"p1@x.example\"",
      "email.domain = \"x.example\"", "email.domain ends_with \".de\"", "email.free_mail",
      "email.free_mail = false", "exists(email.free_mail)", "email.disposable", "email.role",
      "exists(first_name)", "title starts_with \"ce\"", "title not in (\"CEO\", \"Ing.\")",
      "title.seniority in (\"vp\", \"c_level\")", "exists(title.department)",
      "company.name = \"äcme 1\"", "company.name contains \"ÄCME\"", "company.domain = \"beta.de\"",
      "exists(company.id)", "company.employees >= 80", "company.employees in (5, 80)",
      "company.employees != 80", "exists(company.employees)", "company.industry = \"software\"",
      "country = \"Germany\"", "market = \"b2b\"", "stage = \"lead\"", "stage != \"mql\"",
      "score >= 10", "score < threshold", "fit > 0", "interest >= 5", "interest = 0",
      "exists(score)", "own_action", "shown_interest = false", "unsubscribed",
      "created_at > 5 days ago", "first_seen < 10 days ago", "last_seen > 2026-01-20",
      "last_seen <= 2026-01-20", "first_seen = 2026-01-20", "last_seen != 2026-01-20",
      "created_at >= 2026-01-20", "last_seen <= 3 days ago", "exists(phone)", "not exists(email)",
      "exists(last_seen)", "in_segment(\"visits\")", "count(\"Demo Requested\") >= 1",
      "count(\"Page Viewed\", last 48h) = 0", "count(\"Never Seen\") = 0",
      "count(\"Own 3\", this month) >= 1", "count(\"Page Viewed\", last 9 days) >= 2",
      "count(\"Screen Viewed\") >= 1", "exists(first(\"Page Viewed\"))",
      "first(\"Email Opened\") < 3 days ago", "exists(last(\"Page Viewed\", last 9 days))",
      "last(\"Pricing Viewed\") > 2026-01-20",
      "share(\"Email Opened\", \"Webinar Attended\") > 0.5",
      "sum(\"Order Completed\", amount) >= 99.5",
      "count(\"Order Completed\" where plan = \"pro\") >= 1",
      "sequence(\"Email Opened\", \"Demo Requested\" within 10 days, last 30 days)");
}

std::string random_criterion(int depth) {
  if (depth == 0 || *rc::gen::inRange(0, 3) == 0) return random_part();
  const std::string one = random_criterion(depth - 1);
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return "(" + one + " and " + random_criterion(depth - 1) + ")";
    case 1:
      return "(" + one + " or " + random_criterion(depth - 1) + ")";
    default:
      return "not (" + one + ")";
  }
}

bool holds(const Version& state, const Lead& lead, const Criterion& criterion, Time now) {
  const Standing standing = standing_at(state, lead, now);
  const EventIndex events(events_of(state, lead));
  const PropertyView told(state.properties());
  std::vector<SegmentCode> segments;
  if (lead.segments) {
    for (const SegmentChange& entry : lead.segments->current) segments.push_back(entry.segment);
  }
  return criterion.holds(
      {*lead.record, &standing, lead.stage(), &events, now, lead.created_at, segments, &told});
}

RowSet listed(const LeadColumns& columns) {
  RowSet rows;
  for (std::uint32_t row = 0; row < columns.rows(); ++row) {
    rows.set(row, (columns.flags[row] & kListed) != 0);
  }
  return rows;
}

// A history that columns followed in steps, and the moment at which they are asked.
struct Followed {
  RandomHistory history;
  LeadColumns columns;
  VersionPtr version;
  Time now;

  Followed() {
    for (int steps = *rc::gen::inRange(1, 4); steps > 0; --steps) {
      history.take_some(*rc::gen::inRange(0, 60));
      VersionPtr next = history.workspace.publish();
      columns.follow(*next, version.get());
      version = std::move(next);
    }
    now = version->log_time() + minutes{*rc::gen::element(0, 1, 90, 60 * 30, 60 * 24 * 20)};
  }

  ColumnSubject subject() const {
    return {columns, columns.scores, columns.segments, PropertyView(version->properties()), now};
  }
  // Under the version's playbook, of those who are not known as of now.
  void score_anew() {
    const ColumnSubject asked = subject();
    const ColumnScorer scorer(version->playbook()->model, asked);
    RowSet stale = listed(columns);
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
      if (columns.scores.valid_until[row] > to_ms(now)) stale.set(row, false);
    }
    scorer.score(0, stale.block(0), columns.scores);
  }
};

RC_GTEST_PROP(LeadColumnsProperty, hold_what_the_records_say, ()) {
  Followed followed;
  followed.score_anew();
  const Version& state = *followed.version;
  RC_ASSERT(followed.columns.rows() == state.lead_count());
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    const bool is_in = (followed.columns.flags[i] & kListed) != 0;
    RC_ASSERT(is_in == is_listed(state, i));
    if (!is_in) continue;
    const Standing expected = standing_at(state, state.lead(i), followed.now);
    RC_ASSERT(followed.columns.scores.fit[i] == expected.fit.micro);
    RC_ASSERT(followed.columns.scores.interest[i] == expected.interest.micro);
    const auto events = events_of(state, state.lead(i));
    const EventRun run = followed.columns.events.run(i);
    RC_ASSERT(run.events.size() == events.size());
    for (std::size_t at = 0; at < events.size(); ++at) {
      const Event event = run.event(at);
      RC_ASSERT(event.at == events[at].at);
      RC_ASSERT(event.kind == events[at].kind);
      RC_ASSERT(event.counted == events[at].counted);
      RC_ASSERT(event.position == events[at].position);
      RC_ASSERT(event.object == events[at].object);
      RC_ASSERT(event.value == events[at].value);
    }
  }
}

RC_GTEST_PROP(LeadColumnsProperty, find_whom_the_criterion_holds_for, ()) {
  Followed followed;
  followed.score_anew();
  const Version& state = *followed.version;
  const ColumnSubject asked = followed.subject();
  const BlockRows all = listed(followed.columns).block(0);
  std::vector<Criterion> criteria;
  std::vector<BlockRows> expected;
  for (int left = 8; left > 0; --left) {
    const std::string text = random_criterion(3);
    // What is no segment or no property of this playbook is refused.
    const auto criterion = Criterion::parse(text, names_of(*state.playbook()), *state.kinds());
    if (!criterion) continue;
    RowSet holders;
    for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
      const bool held = holds(state, state.lead(i), *criterion, followed.now);
      holders.set(i, is_listed(state, i) && held);
    }
    BlockRows rows = all;
    ColumnFilter(*criterion, asked).narrow(0, rows);
    if (rows != holders.block(0)) RC_LOG() << text;
    RC_ASSERT(rows == holders.block(0));
    criteria.push_back(*criterion);
    expected.push_back(rows);
  }
  // All of them at once.
  ColumnFilters filters(asked);
  for (const Criterion& criterion : criteria) filters.add(criterion);
  std::size_t taken = 0;
  filters.each(0, all, [&](std::size_t number, const BlockRows& held) {
    RC_ASSERT(number == taken++);
    if (held != expected[number]) RC_LOG() << criteria[number].text();
    RC_ASSERT(held == expected[number]);
  });
  RC_ASSERT(taken == criteria.size());
}

// As for the forecast of a change of the playbook.
RC_GTEST_PROP(LeadColumnsProperty, score_under_another_model, ()) {
  const Followed followed;
  const Version& state = *followed.version;
  Playbook rules = random_rules();
  rules.groups = {{"g", Points::whole(*rc::gen::inRange(1, 20))}};
  for (Rule& rule : rules.rules) {
    if (*rc::gen::inRange(0, 2) == 0) rule.group = "g";
    if (*rc::gen::inRange(0, 2) == 0 && !rule.on.empty()) rule.half_life = minutes{60 * 24};
  }
  rules.event_properties.clear();
  const auto playbook = compile_playbook(rules, state.playbook()->version + 1, *state.kinds(),
                                         state.playbook()->segments.names);
  RC_ASSERT(playbook.has_value());
  // Properties have their slots in each playbook: none are told here.
  const PropertyView told;
  const ColumnSubject asked{followed.columns, followed.columns.scores, followed.columns.segments,
                            told, followed.now};
  ScoreColumns scores;
  scores.resize(kBlockRows);
  ColumnScorer((*playbook)->model, asked).score(0, listed(followed.columns).block(0), scores);
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    if (!is_listed(state, i)) continue;
    const Lead& lead = state.lead(i);
    const Standing expected = score((*playbook)->model, *lead.record, events_of(state, lead),
                                    followed.now, nullptr, told);
    RC_ASSERT(scores.fit[i] == expected.fit.micro);
    RC_ASSERT(scores.interest[i] == expected.interest.micro);
  }
}

}  // namespace
}  // namespace galena::workspace
