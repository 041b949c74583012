// Who is who: the identities of a lead, and what is said of them by hand.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/retries.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

constexpr std::size_t kReasonBytesMax = 500;

std::string_view name_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::anonymous:
      return "anonymous_id";
    case KeyKind::address:
      return "email";
    case KeyKind::user:
    case KeyKind::organisation:
      break;
  }
  return "user_id";
}

json::object identity_json(const Person& person) {
  std::vector<Event> events;
  person.history.collect(events);
  std::erase_if(events, &Event::voided);
  return {{"kind", name_of(person.key.kind)},
          {"value", person.key.text},
          {"shared_since", person.shared_since == 0 ? json::value(nullptr)
                                                    : json::value(event_id(person.shared_since))},
          {"events", events.size()}};
}

// What was said by hand of the persons of a lead, in log order.
json::array said_by_hand(const Call& call, const workspace::Version& state, const Lead& lead) {
  std::set<Position> positions;
  for (const PersonOrdinal ordinal : lead.persons) {
    for (const SightingNumber number : state.person(ordinal).sightings) {
      const Sighting& sighting = state.sighting(number);
      if (!sighting.is_message()) positions.insert(sighting.position);
    }
  }
  json::array said;
  const std::vector<Position> wanted(positions.begin(), positions.end());
  for (const auto& [position, row] : read_rows(call, wanted)) {
    json::array leads;
    if (const json::value* named = row.input.if_contains("leads")) {
      for (const json::value& ordinal : named->as_array()) {
        leads.push_back(json::string(lead_id(ordinal.to_number<LeadOrdinal>())));
      }
    }
    said.push_back({{"event_id", event_id(position)},
                    {"kind", row.kind == InputKind::merge ? "merge" : "distinct"},
                    {"leads", std::move(leads)},
                    {"at", format_time(row.received_at)},
                    {"author", text_in(row.input, "author")},
                    {"reason", text_or_null(text_in(row.input, "reason"))}});
  }
  return said;
}

// True if the log has this very input at the position; a retry under a used key may find another.
bool stands_at(const Call& call, Position position, const Input& input) {
  const auto rows = read_rows(call, std::span(&position, 1));
  const auto wanted = parse_json(input_text(input));
  return !rows.empty() && rows.begin()->second.kind == kind_of(input) && wanted &&
         rows.begin()->second.input == *wanted;
}

json::value lead_or_null(const Call& call, LeadOrdinal named) {
  const workspace::VersionPtr state = call.state();
  const LeadOrdinal lead = survivor(*state, named);
  if (is_taken_back(*state, lead) || is_erased(*state, lead) || is_organisation(*state, lead)) {
    return nullptr;
  }
  const Time now = call.services.engine.clock().now();
  return lead_json(*state, lead, standing_at(*state, state->lead(lead), now), now);
}

// Takes the inputs in and answers with the lead that the first of them left.
void say(Call call, std::vector<Input> inputs, LeadOrdinal named, const Reply& reply) {
  engine::Engine& engine = call.services.engine;
  const auto own = std::make_shared<const Call>(std::move(call));
  Input input = inputs.front();
  engine.submit(
      own->principal.workspace, std::move(inputs),
      [own, input = std::move(input), named, reply](Result<engine::Receipts> receipts) {
        if (!receipts) return reply(problem(receipts.error()));
        const Result<engine::Receipt>& receipt = receipts->front();
        if (!receipt) return reply(problem(receipt.error()));
        if (receipt->duplicate && !stands_at(*own, receipt->position, input)) {
          return reply(problem(key_reused()));
        }
        reply({.body = json::serialize(json::object{{"event_id", event_id(receipt->position)},
                                                    {"lead", lead_or_null(*own, named)}})});
      });
}

// Two leads of which something is said: the one of the path and `member` of the body.
template <class Said>
void say_of_two(Call call, std::string_view member, const Reply& reply) {
  const workspace::VersionPtr state = call.state();
  const auto lead = state ? named_lead(*state, call.parameters.front()) : std::nullopt;
  if (!lead) return reply(no_such_lead(state, call.parameters.front()));
  Body body(call.request);
  const std::string other_id = body.text(member, 100);
  const std::string reason = body.optional_text("reason", kReasonBytesMax);
  const auto other = named_lead(*state, other_id);
  if (!other) body.wrong(member, "must be the id of a lead, as lead_12");
  if (auto refused = body.refusal()) return reply(*refused);
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (auto answered = answered_before(call, *once)) return reply(std::move(*answered));
  say(std::move(call), {Said{{*lead, *other, reason, once->author, once->idempotency_key()}}},
      *lead, reply);
}

// Where Galena merges unasked, to undo a merge says that the two are two: else it would be made
// again (ADR 0013). Once, however often the undo is sent.
std::optional<Input> two_again(const workspace::Version& state, const VoidInput& undo,
                               const ShownRow& row) {
  if (row.kind != InputKind::merge) return std::nullopt;
  const bool was_unasked = row.input.contains("probability");
  if (!was_unasked && !state.playbook()->source.matching.merge_from) return std::nullopt;
  const auto merge = read_input(row.kind, json::serialize(row.input));
  if (!merge) return std::nullopt;
  const auto& two = std::get<MergeInput>(*merge);
  return DistinctInput{{two.lead, two.other, fmt::format("{} was taken back", event_id(undo.voids)),
                        undo.author, fmt::format("undone:{}", undo.voids)}};
}

}  // namespace

Response get_lead_identities(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const Lead& lead = state->lead(*ordinal);
  json::array data;
  for (const PersonOrdinal person : lead.persons) {
    if (!state->person(person).nobody) data.push_back(identity_json(state->person(person)));
  }
  return {.body = json::serialize(json::object{{"data", std::move(data)},
                                               {"by_hand", said_by_hand(call, *state, lead)}})};
}

void merge_leads(Call call, Reply reply) {
  say_of_two<MergeInput>(std::move(call), "with", reply);
}

void tell_leads_apart(Call call, Reply reply) {
  say_of_two<DistinctInput>(std::move(call), "from", reply);
}

void void_event(Call call, Reply reply) {
  const auto position = read_event_id(call.parameters.front());
  const workspace::VersionPtr state = call.state();
  if (!position || !state || *position > state->last_position()) {
    return reply(problem({ErrorCode::not_found, "there is no such event", ""}));
  }
  Body body(call.request);
  const std::string reason = body.optional_text("reason", kReasonBytesMax);
  if (auto refused = body.refusal()) return reply(*refused);
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (auto answered = answered_before(call, *once)) return reply(std::move(*answered));
  const auto rows = read_rows(call, std::span(&*position, 1));
  const auto outcome = rows.empty() ? Result<Outcome>(fail(ErrorCode::not_found, ""))
                                    : read_outcome(rows.begin()->second.outcome);
  const bool is_of_lead = outcome && outcome->under && *outcome->under < state->person_count();
  if (!is_of_lead) {
    return reply(
        problem({ErrorCode::invalid,
                 "only events and what was said by hand of a lead can be taken back", ""}));
  }
  VoidInput undo{.voids = *position,
                 .reason = reason,
                 .author = once->author,
                 .idempotency_key = once->idempotency_key()};
  std::vector<Input> inputs{undo};
  if (auto two = two_again(*state, undo, rows.begin()->second)) inputs.push_back(std::move(*two));
  say(std::move(call), std::move(inputs), state->person(*outcome->under).lead, reply);
}

}  // namespace galena::server
