// What a person may ask for: everything that is known of them, and that it goes.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "domain/email_address.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"
#include "server/retries.hpp"
#include "server/secret.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;
using engine::ErasureProgress;

// What another operation answers, as a part of this one.
json::value part(const Response& response) {
  auto value = parse_json(response.body);
  return response.status == 200 && value ? std::move(*value) : json::value(nullptr);
}

json::object fact_json(const Person& person, const Fact& fact, const Lead& lead) {
  const FieldValue& value = (*lead.record)[fact.field];
  const bool holds = value.position == fact.position && value.implied == fact.implied;
  return {{"field", field_name(fact.field)},
          {"value", fact.value},
          {"source", to_string(fact.source)},
          {"at", format_time(fact.at)},
          {"known_at", format_time(fact.known_at)},
          {"event_id", event_id(fact.position)},
          {"told_by", person.key.text},
          {"account", nullptr},
          {"holds", holds}};
}

// Every value that was told, of whom, and by which input.
json::array facts_json(const workspace::Version& state, const Lead& lead) {
  json::array facts;
  for (const PersonOrdinal ordinal : lead.persons) {
    const Person& person = state.person(ordinal);
    for (const Fact& fact : person.facts) facts.push_back(fact_json(person, fact, lead));
    if (person.told_of == nullptr) continue;
    for (const ToldOf& told : *person.told_of) {
      for (const Fact& fact : told.facts) {
        facts.push_back(fact_json(person, fact, lead));
        facts.back().as_object()["account"] = told.account.text;
      }
    }
  }
  return facts;
}

// The rows of the log as they came in, in log order: events and adjustments of the persons.
json::array inputs_json(const Call& call, const workspace::Version& state, const Lead& lead) {
  std::vector<Event> events;
  for (const PersonOrdinal person : lead.persons) state.person(person).history.collect(events);
  std::ranges::sort(events, {}, &Event::position);
  std::vector<Position> positions;
  for (const Event& event : events) positions.push_back(event.position);
  auto rows = read_rows(call, positions);
  json::array inputs;
  for (const Event& event : events) {
    const auto row = rows.find(event.position);
    if (row == rows.end()) continue;
    const bool is_event = row->second.kind == InputKind::event;
    inputs.push_back(json::object{{"event_id", event_id(event.position)},
                                  {"kind", is_event ? "event" : "adjustment"},
                                  {"event", state.kinds()->name(event.kind)},
                                  {"at", format_time(event.at)},
                                  {"received_at", format_time(row->second.received_at)},
                                  {"voided", event.voided},
                                  {"input", std::move(row->second.input)}});
  }
  return inputs;
}

json::object erasure_json(const ErasureProgress& progress) {
  return {{"id", event_id(progress.position)},
          {"lead", lead_id(progress.lead)},
          {"asked_at", format_time(progress.asked_at)},
          {"state", progress.done ? "done" : "running"},
          {"rows", progress.position},
          {"rows_seen", progress.rows_seen}};
}

std::optional<ErasureProgress> erasure_at(const Call& call, Position position) {
  const auto all = call.services.engine.erasures(call.principal.workspace);
  const auto found = std::ranges::find(all, position, &ErasureProgress::position);
  if (found == all.end()) return std::nullopt;
  return *found;
}

Response accepted(const Call& call, Position position) {
  const auto progress = erasure_at(call, position);
  if (!progress) return problem(key_reused());
  return {.status = 202, .body = json::serialize(erasure_json(*progress))};
}

// Where the log has the erasure of this lead.
std::optional<Position> erasure_of(const workspace::Version& state, LeadOrdinal lead) {
  for (const Suppressions::Erasure& erasure : state.suppressions()->erasures) {
    if (survivor(state, erasure.lead) == survivor(state, lead)) return erasure.position;
  }
  return std::nullopt;
}

// The kinds of key that a text may be, as far as they are suppressed.
std::vector<Fingerprint> suppressions_of(const Suppressions& known, const std::string& text) {
  std::vector<IdentityKey> keys{{KeyKind::user, text}, {KeyKind::anonymous, text}};
  if (const auto address = parse_email(text)) keys.push_back({KeyKind::address, address->key});
  std::vector<Fingerprint> found;
  for (const IdentityKey& key : keys) {
    if (known.holds(key)) found.push_back(suppression_of(known.secret, key));
  }
  return found;
}

}  // namespace

Response export_lead(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const Lead& lead = state->lead(*ordinal);
  const json::object identities = part(get_lead_identities(call)).as_object();
  json::object whole{
      {"exported_at", format_time(call.services.engine.clock().now())},
      {"lead", part(get_lead(call))},
      {"identities", identities.at("data")},
      {"by_hand", identities.at("by_hand")},
      {"facts", facts_json(*state, lead)},
      {"score", part(get_lead_score(call))},
      {"stages", part(get_lead_stages(call)).as_object().at("data")},
      {"inputs", inputs_json(call, *state, lead)},
  };
  Response response{.body = json::serialize(whole)};
  response.headers.push_back(
      {"Content-Disposition", fmt::format("attachment; filename=\"{}.json\"", lead_id(*ordinal))});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

void erase_lead(Call call, Reply reply) {
  const workspace::VersionPtr state = call.state();
  const auto named = state ? read_lead_id(*state, call.parameters.front()) : std::nullopt;
  if (!named) return reply(no_such_lead(state, call.parameters.front()));
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (auto answered = answered_before(call, *once)) return reply(std::move(*answered));
  // Asked again it goes on, and says how far it is.
  if (const auto position = erasure_of(*state, *named)) return reply(accepted(call, *position));
  EraseInput input{.lead = *named,
                   .author = once->author,
                   .idempotency_key = once->idempotency_key(),
                   .secret = random_bytes(),
                   .suppress = {},
                   .lift = {},
                   .keys = {}};
  engine::Engine& engine = call.services.engine;
  const auto own = std::make_shared<const Call>(std::move(call));
  engine.submit(own->principal.workspace, {std::move(input)},
                [own, reply](Result<engine::Receipts> receipts) {
                  if (!receipts) return reply(problem(receipts.error()));
                  const Result<engine::Receipt>& receipt = receipts->front();
                  if (!receipt) return reply(problem(receipt.error()));
                  reply(accepted(*own, receipt->position));
                });
}

Response list_erasures(const Call& call) {
  json::array data;
  for (const ErasureProgress& progress : call.services.engine.erasures(call.principal.workspace)) {
    data.push_back(erasure_json(progress));
  }
  std::ranges::reverse(data);
  return {.body = json::serialize(json::object{{"data", std::move(data)}})};
}

Response get_erasure(const Call& call) {
  const auto position = read_event_id(call.parameters.front());
  const auto progress = position ? erasure_at(call, *position) : std::nullopt;
  if (!progress) return problem({ErrorCode::not_found, "there is no such erasure", ""});
  return {.body = json::serialize(erasure_json(*progress))};
}

void lift_suppression(Call call, Reply reply) {
  if (call.principal.kind == Principal::Kind::api_key) {
    return reply(problem({ErrorCode::forbidden,
                          "only somebody signed in can say that consent was given again", ""}));
  }
  const workspace::VersionPtr state = call.state();
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (logged_before(call, *once)) return reply({.status = 204});
  const auto lifted = state ? suppressions_of(*state->suppressions(), call.parameters.front())
                            : std::vector<Fingerprint>{};
  const auto erasures = call.services.engine.erasures(call.principal.workspace);
  if (!std::ranges::all_of(erasures, &ErasureProgress::done)) {
    return reply(
        problem({ErrorCode::conflict, "an erasure is still running; try again later", ""}));
  }
  if (lifted.empty()) {
    return reply(problem({ErrorCode::not_found, "nobody was erased under this key", ""}));
  }
  EraseInput input{.lead = std::nullopt,
                   .author = once->author,
                   .idempotency_key = once->idempotency_key(),
                   .secret = {},
                   .suppress = {},
                   .lift = lifted,
                   .keys = {}};
  call.services.engine.submit(call.principal.workspace, {std::move(input)},
                              [reply](Result<engine::Receipts> receipts) {
                                if (!receipts) return reply(problem(receipts.error()));
                                if (!receipts->front()) {
                                  return reply(problem(receipts->front().error()));
                                }
                                reply({.status = 204});
                              });
}

}  // namespace galena::server
