// Why this score, line by line, and what would bring it to the threshold.
#include <fmt/format.h>

#include <map>

#include "base/json.hpp"
#include "domain/advice.hpp"
#include "domain/decide.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

std::map<Position, ShownRow> rows_of_manual_lines(const Call& call,
                                                  const std::vector<LedgerLine>& ledger) {
  std::vector<Position> positions;
  for (const LedgerLine& line : ledger) {
    if (line.kind == LedgerLine::Kind::manual) positions.push_back(line.position);
  }
  return read_rows(call, positions);
}

std::string_view group_of(const LedgerLine& line) {
  if (line.kind == LedgerLine::Kind::manual) return "manual";
  return line.is_fit ? "fit" : "interest";
}

std::string note_of(const LedgerLine& line) {
  switch (line.kind) {
    case LedgerLine::Kind::cap:
      return "beyond the rule's cap";
    case LedgerLine::Kind::group_cap:
      return "beyond the group's cap";
    default:
      break;
  }
  if (line.points == line.points_full) return {};
  return fmt::format("{} points, faded by its half-life", line.points_full.value());
}

json::object line_json(const LedgerLine& line, const std::map<std::uint32_t, KindCode>& kinds,
                       const workspace::Version& state, const std::map<Position, ShownRow>& rows) {
  const bool is_cap =
      line.kind == LedgerLine::Kind::cap || line.kind == LedgerLine::Kind::group_cap;
  const auto kind = kinds.find(line.position);
  json::object entry{
      {"rule", line.rule},
      {"group", group_of(line)},
      {"points", json_number(line.points.micro)},
      {"at", format_time(line.at)},
      {"event_id",
       line.position == 0 ? json::value(nullptr) : json::value(event_id(line.position))},
      {"event", kind == kinds.end() ? json::value(nullptr)
                                    : text_or_null(state.kinds()->name(kind->second))},
      {"model_version", state.playbook()->version},
      {"note", text_or_null(note_of(line))},
      {"kind", is_cap                                  ? "cap"
               : line.kind == LedgerLine::Kind::manual ? "manual"
                                                       : "rule"}};
  if (const auto row = rows.find(line.position); row != rows.end()) {
    entry["note"] = text_or_null(text_in(row->second.input, "reason"));
    entry["author"] = text_or_null(text_in(row->second.input, "author"));
  }
  return entry;
}

// What else the hand-off needs besides points.
json::value also_needed(const Standing& standing) {
  if (standing.activity.last_own_action) return nullptr;
  return "an action of their own; points for who they are never hand a lead over";
}

json::array advice_json(const workspace::Version& state, const Lead& lead,
                        std::span<const Event> events, const Standing& standing, Time now) {
  json::array steps;
  for (const Advice& advice : advise(*state.playbook(), *lead.record, events, now)) {
    const bool is_event = !advice.action.starts_with("learn ");
    steps.push_back(
        json::object{{"action", advice.action},
                     {"rule", advice.rule},
                     {"points", json_number(advice.points.micro)},
                     {"reaches_threshold", advice.reaches_threshold},
                     {"score_after", json_number(advice.score_after.micro)},
                     {"also_needed", is_event ? json::value(nullptr) : also_needed(standing)}});
  }
  return steps;
}

}  // namespace

Response get_lead_score(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const Time now = call.services.engine.clock().now();
  const Lead& lead = state->lead(*ordinal);
  std::vector<LedgerLine> ledger;
  const Standing standing = standing_of(*state, lead, now, &ledger);
  const std::vector<Event> events = events_of(*state, lead);
  std::map<std::uint32_t, KindCode> kinds;
  for (const Event& event : events) kinds.emplace(event.position, event.kind);
  const auto rows = rows_of_manual_lines(call, ledger);

  json::array lines;
  for (const LedgerLine& line : ledger) lines.push_back(line_json(line, kinds, *state, rows));
  const Points threshold = state->playbook()->source.threshold;
  const Points missing = std::max(threshold - standing.score(), Points{});
  return {.body = json::serialize(json::object{
              {"score", json_number(standing.score().micro)},
              {"fit", json_number(standing.fit.micro)},
              {"interest", json_number(standing.interest.micro)},
              {"grade",
               fmt::format("{}{}", fit_grade(standing.fit), interest_level(standing.interest))},
              {"threshold", json_number(threshold.micro)},
              {"missing", json_number(missing.micro)},
              {"ledger", std::move(lines)},
              {"to_threshold", advice_json(*state, lead, events, standing, now)}})};
}

}  // namespace galena::server
