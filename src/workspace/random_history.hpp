// For tests: a workspace that takes random inputs as the engine would, and the log that it leaves.
// To be used within rapidcheck properties.
#pragma once

#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "domain/accounts_as_found.hpp"
#include "domain/erasure.hpp"
#include "domain/plain_state.hpp"
#include "domain/voiding.hpp"
#include "workspace/base_in_memory.hpp"
#include "workspace/dump.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

using std::chrono::minutes;

// A row of the log, as the store keeps it.
struct LoggedRow {
  Time at{};
  domain::InputKind kind{};
  std::string input;
  std::string outcome;
};

inline domain::LoggedInput read_row(domain::Position position, const LoggedRow& row) {
  auto input = domain::read_input(row.kind, row.input);
  RC_ASSERT(input.has_value());
  auto outcome = domain::read_outcome(row.outcome);
  RC_ASSERT(outcome.has_value());
  return {position, std::move(*input), std::move(*outcome)};
}

// What an undo needs to know of the log, read again from it.
inline void add_evidence(domain::VoidInput& undo, const domain::State& state,
                         std::span<const LoggedRow> rows) {
  if (undo.voids == 0 || undo.voids > rows.size()) return;
  undo.evidence.clear();
  for (const domain::Position position :
       domain::evidence_wanted(state, read_row(undo.voids, rows[undo.voids - 1]))) {
    undo.evidence.push_back(read_row(position, rows[position - 1]));
  }
}

inline void add_evidence(domain::PlaybookInput& input, const domain::State& state,
                         std::span<const LoggedRow> rows) {
  input.evidence = domain::plain_evidence(state, input, [&](const auto& visit) {
    for (domain::Position at = 1; at <= state.last_position(); ++at) {
      const LoggedRow& row = rows[at - 1];
      if (row.kind == domain::InputKind::event) visit(at, row.input);
    }
  });
}

inline void add_evidence(domain::Input& input, const domain::State& state,
                         std::span<const LoggedRow> rows) {
  if (auto* undo = std::get_if<domain::VoidInput>(&input)) add_evidence(*undo, state, rows);
  if (auto* playbook = std::get_if<domain::PlaybookInput>(&input)) {
    add_evidence(*playbook, state, rows);
  }
}

inline domain::Changes recall_row(const domain::State& state, const LoggedRow& row,
                                  std::span<const LoggedRow> log) {
  auto input = domain::read_input(row.kind, row.input);
  RC_ASSERT(input.has_value());
  add_evidence(*input, state, log);
  const auto outcome = domain::read_outcome(row.outcome);
  RC_ASSERT(outcome.has_value());
  auto changes = domain::recall(state, *input, *outcome, row.at);
  if (!changes) RC_LOG() << row.input << " => " << row.outcome << ": " << changes.error().message;
  RC_ASSERT(changes.has_value());
  return *changes;
}

// What the engine would put into the log.
inline LoggedRow row_of(const domain::Input& input, const domain::Changes& changes) {
  std::string text = domain::input_text(input);
  const auto* event = std::get_if<domain::EventInput>(&input);
  if (event != nullptr && event->arrived && *event->arrived != changes.at) {
    text = domain::with_clock(text, *event->arrived);
  }
  return {changes.at, domain::kind_of(input), std::move(text),
          domain::outcome_text(changes.outcome)};
}

// Few people with few devices, who meet again and again.
inline std::string random_ids() {
  const auto pick = [](int n) { return *rc::gen::inRange(0, n); };
  switch (pick(4)) {
    case 0:
      return fmt::format(R"("userId":"u{}")", pick(5));
    case 1:
      return fmt::format(R"("userId":"u{}","anonymousId":"a{}")", pick(5), pick(6));
    case 2:
      return fmt::format(R"("userId":"p{}@x.example","anonymousId":"a{}")", pick(5), pick(6));
    default:
      return fmt::format(R"("anonymousId":"a{}")", pick(6));
  }
}

// When it happened by the client's clock, which may be wrong, and often a message id that may have
// come before.
inline std::string random_tail(Time now) {
  std::string tail;
  if (*rc::gen::inRange(0, 2) == 0) {
    const Time at = now - minutes{*rc::gen::inRange(-60, 60 * 24 * 40)};
    tail += fmt::format(R"(,"timestamp":"{}")", format_time(at));
    if (*rc::gen::inRange(0, 3) == 0) {
      const Time sent = at + minutes{*rc::gen::inRange(-30, 300)};
      tail += fmt::format(R"(,"sentAt":"{}")", format_time(sent));
    }
  }
  if (*rc::gen::inRange(0, 3) != 0) {
    tail += fmt::format(R"(,"messageId":"m{}")", *rc::gen::inRange(0, 400));
  }
  return tail;
}

inline std::string random_traits() {
  std::string traits = fmt::format(
      R"("title":"{}")",
      *rc::gen::element("VP Sales", "CEO", "Ing.", "of p1@x.example", "P2%40X.example"));
  if (*rc::gen::inRange(0, 2) == 0) {
    traits += fmt::format(R"(,"email":"p{}@x.example")", *rc::gen::inRange(0, 5));
  }
  if (*rc::gen::inRange(0, 2) == 0) {
    traits += fmt::format(R"(,"company":{{"employees":{},"name":"ÄCME {}"{}}})",
                          *rc::gen::element(5, 80, 3000), *rc::gen::inRange(0, 3),
                          *rc::gen::element("", "", R"(,"domain":"beta.de")", R"(,"id":"g1")"));
  }
  return traits;
}

// What an event tells beside: amounts, which outlive an erasure, and words, of which some name
// somebody.
inline std::string random_told() {
  std::string told;
  if (*rc::gen::inRange(0, 2) == 0) {
    told += fmt::format(R"(,"amount":{})",
                        *rc::gen::element("99.5", "100", "0.30000000000000004", "\"12.5\"", "-3",
                                          "12345678901234567890", "1e30", "true", "null"));
  }
  if (*rc::gen::inRange(0, 2) == 0) {
    told += fmt::format(R"(,"plan":"{}")", *rc::gen::element("Pro", "pro", "free", "p1@x.example",
                                                             "p2%40x.example", "u1", "  "));
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    told += fmt::format(R"(,"cart":{{"total":{},"trial":{}}})", *rc::gen::inRange(0, 9),
                        *rc::gen::element("true", "false", "[1]"));
  }
  return told;
}

inline std::string random_group() {
  return *rc::gen::element<std::string>("g0", "g1", "g2", "acme.com", "p1@x.example");
}

// What is told of an organisation, perhaps with its domain.
inline std::string random_company() {
  std::string told = R"("industry":"Software")";
  if (*rc::gen::inRange(0, 2) == 0) {
    told += fmt::format(R"(,"employees":{})", *rc::gen::element(20, 300, 2000));
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    told += fmt::format(R"(,"domain":"{}")",
                        *rc::gen::element("x.example", "https://www.acme.com/", "beta.de",
                                          "gmail.com", "https://beta.de/?r=p3@x.example"));
  }
  return told;
}

// By nobody of it.
inline domain::EventInput random_organisation(Time now) {
  const std::string of = *rc::gen::inRange(0, 2) == 0
                             ? fmt::format(R"("groupId":"g{}",)", *rc::gen::inRange(0, 3))
                             : std::string();
  const std::string domain = of.empty() ? R"(,"domain":"x.example")" : "";
  return domain::event_input(domain::MessageType::group,
                             fmt::format(R"({{{}"traits":{{"industry":"IT","employees":{}{}}}}})",
                                         of, *rc::gen::element(20, 300), domain),
                             domain::Source::api, now);
}

inline domain::EventInput random_event(Time now) {
  using domain::MessageType;
  const auto source = *rc::gen::element(domain::Source::browser, domain::Source::server);
  const std::string begin = "{" + random_ids() + random_tail(now);
  const auto made = [&](MessageType type, const std::string& rest) {
    return domain::event_input(type, begin + rest + "}", source, now);
  };
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
    case 1:
      return made(MessageType::identify, fmt::format(R"(,"traits":{{{}}})", random_traits()));
    case 2:
      if (*rc::gen::inRange(0, 5) == 0) return made(MessageType::screen, R"(,"name":"Home")");
      return made(MessageType::page,
                  fmt::format(R"(,"properties":{{"path":"{}"{}}})",
                              *rc::gen::element("/pricing/eu", "/about", "/"), random_told()));
    case 3:
      if (*rc::gen::inRange(0, 5) == 0) return random_organisation(now);
      return made(MessageType::group, fmt::format(R"(,"groupId":"{}","traits":{{{}}})",
                                                  random_group(), random_company()));
    case 4:
      return made(MessageType::alias,
                  fmt::format(R"(,"previousId":"{}{}")", *rc::gen::element("a", "u"),
                              *rc::gen::inRange(0, 6)));
    case 5:
      return made(MessageType::track, fmt::format(R"(,"event":"Own {}")", *rc::gen::inRange(0, 9)));
    default:
      return made(MessageType::track,
                  fmt::format(R"(,"event":"{}","properties":{{"email_id":"e{}"{}}})",
                              *rc::gen::element("Demo Requested", "Webinar Attended",
                                                "Email Opened", "Unsubscribed", "Order Completed"),
                              *rc::gen::inRange(0, 4), random_told()));
  }
}

// Who they are, what they did, when, and each other.
inline std::vector<domain::SegmentRule> random_segments() {
  const std::vector<domain::SegmentRule> all{
      {"early", "count(\"Demo Requested\") >= 1 and count(\"Page Viewed\", last 9 days) = 0"},
      {"often", "count(\"Demo Requested\", last 9 days) >= 2"},
      {"known", "exists(title) and last_seen > 5 days ago"},
      {"keen", "in_segment(\"visits\") or score >= threshold"},
      {"visits", "count(\"Page Viewed\", last 48h) >= 1 or count(\"Own 3\", this month) >= 1"},
      {"worked", "stage in (\"mql\", \"customer\") and not in_segment(\"fading\")"},
      {"fading", "share(\"Email Opened\", \"Webinar Attended\", last 20 days) < 0.6"},
      {"buyers", "sum(\"Order Completed\", amount, last 9 days) >= 99.5"},
      {"pros", "count(\"Order Completed\" where plan = \"pro\" or cart.trial) >= 1"},
      {"carts", "first(\"Demo Requested\" where cart.total > 3, last 20 days) > 5 days ago"},
      {"path", "sequence(\"Email Opened\", \"Demo Requested\" within 10 days, last 30 days)"}};
  std::vector<domain::SegmentRule> some;
  const int left_out = *rc::gen::inRange(0, 4);
  for (const domain::SegmentRule& rule : all) {
    // Those that others ask for are always there.
    const bool asked = rule.name == "visits" || rule.name == "fading";
    if (asked || left_out == 0 || *rc::gen::inRange(0, 3) != 0) some.push_back(rule);
  }
  if (*rc::gen::arbitrary<bool>()) std::ranges::reverse(some);
  return some;
}

inline domain::Playbook random_rules() {
  domain::Playbook playbook = domain::standard_playbook();
  playbook.threshold = domain::Points::whole(*rc::gen::inRange(5, 60));
  playbook.rules.push_back({.name = "own",
                            .on = fmt::format("own_{}", *rc::gen::inRange(0, 12)),
                            .points = domain::Points::whole(*rc::gen::element(-4, 7)),
                            .window = minutes{60 * 24 * 9}});
  if (*rc::gen::inRange(0, 2) == 0) {
    playbook.rules.push_back({.name = "orders",
                              .on = "Order Completed",
                              .where = *rc::gen::element("amount > 10", "not exists(plan)"),
                              .points = domain::Points::whole(3),
                              .cap = domain::Points::whole(5),
                              .half_life = minutes{60 * 24}});
  }
  for (const char* name : {"amount", "plan", "cart", "cart.trial", "path"}) {
    if (*rc::gen::inRange(0, 4) == 0) playbook.event_properties.push_back(name);
  }
  const bool has_segments = *rc::gen::inRange(0, 3) != 0;
  if (has_segments) playbook.segments = random_segments();
  if (*rc::gen::inRange(0, 3) == 0) {
    playbook.stages[2].when = "count(\"Page Viewed\", last 48h) = 0 and in_segment(\"visits\")";
    if (!has_segments) playbook.stages[2].when = "last_seen < 72h ago";
  }
  return playbook;
}

inline domain::Input random_playbook(int number) {
  return domain::PlaybookInput{
      domain::write_playbook(random_rules()), "user 1",
      *rc::gen::inRange(0, 2) == 0 ? std::string() : fmt::format("p{}", number % 7)};
}

// What may come next, the state being as it is. A playbook change goes on by slices of two leads.
inline domain::Input random_input(const Version& state, Time now) {
  const int kind = *rc::gen::inRange(0, 28);
  if (state.rescore_next() && kind < 12) {
    const auto from = *state.rescore_next();
    return domain::RescoreInput{from, from + 2, state.playbook()->version};
  }
  if (kind == 12) return random_playbook(*rc::gen::inRange(0, 20));
  if ((kind == 13 || kind == 14) && state.lead_count() > 0) {
    return domain::AdjustmentInput{*rc::gen::inRange<domain::LeadOrdinal>(0, state.lead_count()),
                                   domain::Points::whole(*rc::gen::inRange(-50, 50)), "call",
                                   "user 1", fmt::format("k{}", *rc::gen::inRange(0, 30))};
  }
  if ((kind == 16 || kind == 17) && state.lead_count() > 1) {
    const auto lead = [&] { return *rc::gen::inRange<domain::LeadOrdinal>(0, state.lead_count()); };
    if (*rc::gen::inRange(0, 4) == 0) {
      return domain::DistinctInput{lead(), lead(), "brothers", "user 1", ""};
    }
    return domain::MergeInput{lead(), lead(), "same", "user 1", ""};
  }
  if (kind == 18 || kind == 19) {
    return domain::VoidInput{
        .voids = *rc::gen::inRange<domain::Position>(1, state.last_position() + 1),
        .reason = "mistake",
        .author = "user 1"};
  }
  if (kind == 15 && state.lead_count() > 0) {
    return domain::TimeInput{{*rc::gen::inRange<domain::LeadOrdinal>(0, state.lead_count())}};
  }
  return random_event(now);
}

class RandomHistory {
 public:
  RandomHistory() { take(domain::playbook_input(random_rules())); }

  // Takes so many random inputs, of which some are duplicates and leave no row.
  // Now and then the workspace is written as a base and, some inputs later, stands upon it.
  void take_some(int count) {
    for (; count > 0; --count) {
      if (has_bases && *rc::gen::inRange(0, 8) == 0) go_on_with_base();
      now_ += minutes{*rc::gen::element(0, 1, 20, 60 * 30)};
      domain::Input input = random_input(workspace.now(), now_);
      auto* event = std::get_if<domain::EventInput>(&input);
      // The clock ran ahead once, and log time does not run back with it.
      if (event != nullptr && *rc::gen::inRange(0, 6) == 0) event->arrived = now_ - minutes{90};
      if (workspace.now().find_taken_in(domain::identity_of(input))) continue;
      event = std::get_if<domain::EventInput>(&input);
      if (event == nullptr || domain::may_come_in(workspace.now(), *event)) take(input);
    }
  }

  Time now() const { return now_; }

  // One step of it: write it, follow, or take it over.
  void go_on_with_base() {
    const VersionPtr published = workspace.publish();
    if (!coming_) {
      auto opened = open_base(in_memory(base_bytes(*published)), "test");
      if (!opened) RC_LOG() << opened.error().message;
      RC_ASSERT(opened.has_value());
      coming_.emplace(opened->version.base(), *published);
      return;
    }
    coming_->follow(*published);
    if (*rc::gen::inRange(0, 2) == 0) return;
    workspace.stand_upon(coming_->take());
    coming_.reset();
  }

  // False if it was refused.
  bool take_one(const domain::Input& input) {
    const std::size_t before = rows.size();
    take(input);
    return rows.size() > before;
  }

  bool has_bases = true;  // false: nothing of it lies in one
  Workspace workspace;
  std::vector<LoggedRow> rows;
  std::vector<domain::Input> inputs;  // of the rows

 private:
  // What may be refused (merging one lead with itself, taking back what may not be) leaves no row.
  void take(domain::Input input) {
    add_evidence(input, workspace.now(), rows);
    const auto changes = domain::decide(workspace.now(), input, now_);
    const bool may_refuse = std::holds_alternative<domain::MergeInput>(input) ||
                            std::holds_alternative<domain::DistinctInput>(input) ||
                            std::holds_alternative<domain::AdjustmentInput>(input) ||
                            std::holds_alternative<domain::EraseInput>(input) ||
                            std::holds_alternative<domain::VoidInput>(input);
    if (!changes && may_refuse) return;
    if (!changes) RC_LOG() << domain::input_text(input) << ": " << changes.error().message;
    RC_ASSERT(changes.has_value());
    rows.push_back(row_of(input, *changes));
    inputs.push_back(input);
    workspace.apply(*changes);
    if (!domain::accounts_are_as_found(workspace.now())) RC_LOG() << domain::input_text(input);
    RC_ASSERT(domain::accounts_are_as_found(workspace.now()));
  }

  Time now_ = domain::kTestTime;
  std::optional<Rebase> coming_;
};

inline std::string dump(const Workspace& workspace) {
  return canonical_dump(workspace.now());
}

}  // namespace galena::workspace
