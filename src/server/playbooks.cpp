#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "base/json.hpp"
#include "domain/decide.hpp"
#include "domain/playbook_columns.hpp"
#include "domain/standpoint.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"
#include "server/retries.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

std::string etag_of(std::uint32_t version) {
  return fmt::format("\"playbook-{}\"", version);
}

// The playbook that the body asks for, on top of the live one; nullopt and a refusal if it is
// wrong.
Result<std::shared_ptr<const CompiledPlaybook>> wanted_playbook(const Call& call,
                                                                const workspace::Version& state) {
  const std::string_view type = call.request.header("Content-Type");
  if (!type.starts_with("application/toml")) {
    return fail(ErrorCode::unsupported, "send TOML: Content-Type: application/toml");
  }
  auto read = read_playbook(call.request.body, state.playbook()->source);
  if (!read) return tl::unexpected(read.error());
  return compile_playbook(*read, state.playbook()->version + 1, *state.kinds(),
                          state.playbook()->segments.names);
}

// What the change would do to the leads there are.
struct Effect {
  static constexpr std::size_t kSampleMax = 20;
  std::size_t scored = 0;
  std::size_t changed = 0;
  std::map<std::pair<std::string, std::string>, std::size_t> stages;
  std::map<std::string, std::pair<std::size_t, std::size_t>> segments;  // come in, go out
  json::array sample;
};

void note_segments(const CompiledPlaybook& next, const Lead& lead,
                   const std::vector<SegmentCode>& members, Effect& effect) {
  static const SegmentStory kNone;
  const SegmentStory& story = lead.segments ? *lead.segments : kNone;
  for (const SegmentCode code : members) {
    if (!story.contains(code)) ++effect.segments[next.segments.names[code]].first;
  }
  for (const SegmentChange& entry : story.current) {
    if (!std::ranges::binary_search(members, entry.segment)) {
      ++effect.segments[next.segments.names[entry.segment]].second;
    }
  }
}

void note_lead(const workspace::Version& state, const CompiledPlaybook& next,
               const PropertyView& told, LeadOrdinal ordinal, Time now, Effect& effect) {
  const Lead& lead = state.lead(ordinal);
  if (lead.merged_into || lead.visitor || is_erased(state, ordinal)) return;
  ++effect.scored;
  const Points before = standing_at(state, lead, now).score();
  const EventIndex events(events_of(state, lead));
  const Standing after = score(next.model, *lead.record, events, now, nullptr, told);
  const Standpoint then = standpoint_of(
      next, {*lead.record, &after, lead.stage(), &events, now, lead.created_at, {}, &told},
      kNoKind);
  const auto& entered = then.stages;
  note_segments(next, lead, then.segments, effect);
  const std::string stage_after(entered.empty() ? std::string_view(lead.stage()) : entered.back());
  if (before == after.score() && entered.empty()) return;
  ++effect.changed;
  if (!entered.empty()) ++effect.stages[{lead.stage(), stage_after}];
  if (effect.sample.size() >= Effect::kSampleMax) return;
  const json::object shown = lead_json(state, ordinal, after, now);
  effect.sample.push_back(json::object{
      {"lead", {{"id", shown.at("id")}, {"name", shown.at("name")}, {"email", shown.at("email")}}},
      {"score_before", json_number(before.micro)},
      {"score_after", json_number(after.score().micro)},
      {"stage_before", lead.stage()},
      {"stage_after", stage_after}});
}

// `evidence`: what the log says of the properties that only the next one asks for.
Effect effect_of(const workspace::Version& state, const CompiledPlaybook& next,
                 std::span<const PropertyEvidence> evidence, Time now) {
  Effect effect;
  const auto columns = columns_for(next, state, evidence);
  GALENA_ASSERT(columns.has_value());
  const PropertyView told(*columns);
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) note_lead(state, next, told, i, now, effect);
  return effect;
}

std::vector<PropertyEvidence> evidence_of(const Call& call, const workspace::Version& state,
                                          const CompiledPlaybook& next) {
  return call.services.engine.read_again(call.principal.workspace, state, next.source);
}

json::array stage_changes(const Effect& effect) {
  json::array list;
  for (const auto& [move, count] : effect.stages) {
    list.push_back(json::object{{"from", move.first}, {"to", move.second}, {"count", count}});
  }
  return list;
}

json::array segment_changes(const Effect& effect) {
  json::array list;
  for (const auto& [name, moves] : effect.segments) {
    list.push_back(json::object{{"name", name}, {"enter", moves.first}, {"leave", moves.second}});
  }
  return list;
}

json::object told_of(std::uint32_t version, const Effect& effect) {
  return {{"version", version},
          {"leads_changed", effect.changed},
          {"stage_changes", stage_changes(effect)}};
}

Response applied(const json::value& told) {
  Response response{.body = json::serialize(told)};
  response.headers.push_back({"ETag", etag_of(told.at("version").to_number<std::uint32_t>())});
  return response;
}

// What the log says that the author of this change was told; key_reused if another request.
Response applied_before(const Call& call, Position position, const WriteName& once) {
  const auto rows = read_rows(call, std::span(&position, 1));
  const auto row = rows.find(position);
  if (row == rows.end() || row->second.kind != InputKind::playbook) return problem(key_reused());
  const auto told = parse_json(text_in(row->second.input, "told"));
  if (!told || !told->is_object() || text_in(told->as_object(), "request") != once.request) {
    return problem(key_reused());
  }
  return applied(told->at("answer"));
}

Response version_mismatch() {
  Response changed =
      problem({ErrorCode::conflict, "the playbook has changed since you read it", ""});
  changed.status = 412;
  return changed;
}

// Nothing to change, and nothing for the log. Under a key that is remembered all the same: sent
// again, it may not undo what somebody changed since.
Response applied_nothing(const Call& call, const json::object& told, const WriteName& once) {
  const Response answer = applied(told);
  if (once.given()) {
    const auto turn = call.services.auth.take_turn();
    if (auto before = answered_before(call, once)) return *before;
    const Time now = call.services.engine.clock().now();
    call.services.store.keep_answer(once.answer(answer.status, answer.body, now));
  }
  return answer;
}

// Hands the change to the engine; answers when every lead stands where the new playbook puts it.
void submit_playbook(Call call, PlaybookInput input, const WriteName& once,
                     const json::object& told, const Reply& reply) {
  engine::Engine& engine = call.services.engine;
  const auto workspace = call.principal.workspace;
  const auto own = std::make_shared<const Call>(std::move(call));
  engine.submit(workspace, {std::move(input)},
                [own, once, told, reply, &engine, workspace](Result<engine::Receipts> receipts) {
                  if (!receipts) return reply(problem(receipts.error()));
                  const Result<engine::Receipt>& receipt = receipts->front();
                  if (!receipt) {
                    const bool stale = receipt.error().code == ErrorCode::conflict &&
                                       !own->request.header("If-Match").empty();
                    return reply(stale ? version_mismatch() : problem(receipt.error()));
                  }
                  const Response answer = receipt->duplicate
                                              ? applied_before(*own, receipt->position, once)
                                              : applied(told);
                  engine.when_settled(workspace, [reply, answer] { reply(answer); });
                });
}

}  // namespace

Response get_playbook(const Call& call) {
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  Response response{.content_type = "application/toml",
                    .body = write_playbook(state->playbook()->source)};
  response.headers.push_back({"ETag", etag_of(state->playbook()->version)});
  return response;
}

Response diff_playbook(const Call& call) {
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const auto next = wanted_playbook(call, *state);
  if (!next) return problem(next.error());
  Effect effect = effect_of(*state, **next, evidence_of(call, *state, **next),
                            call.services.engine.clock().now());
  json::array changes;
  for (const PlaybookChange& change : diff_playbooks(state->playbook()->source, (*next)->source)) {
    changes.push_back(json::object{{"path", change.path},
                                   {"before", text_or_null(change.before)},
                                   {"after", text_or_null(change.after)}});
  }
  return {.body = json::serialize(json::object{{"changes", std::move(changes)},
                                               {"leads_scored", effect.scored},
                                               {"leads_changed", effect.changed},
                                               {"stage_changes", stage_changes(effect)},
                                               {"segment_changes", segment_changes(effect)},
                                               {"sample", std::move(effect.sample)}})};
}

void apply_playbook(Call call, Reply reply) {
  const workspace::VersionPtr state = call.state();
  if (!state) return reply(problem({ErrorCode::not_found, "there is no such workspace", ""}));
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (auto before = answered_before(call, *once)) {
    if (before->status == 200) before = applied(json::parse(before->body));
    return reply(std::move(*before));
  }
  if (const auto position = logged_before(call, *once)) {
    return call.services.engine.when_settled(
        call.principal.workspace,
        [reply, answer = applied_before(call, *position, *once)] { reply(answer); });
  }
  const std::string_view expected = call.request.header("If-Match");
  if (!expected.empty() && expected != etag_of(state->playbook()->version)) {
    return reply(version_mismatch());
  }
  const auto next = wanted_playbook(call, *state);
  if (!next) return reply(problem(next.error()));
  auto evidence = evidence_of(call, *state, **next);
  const Effect effect = effect_of(*state, **next, evidence, call.services.engine.clock().now());
  if (diff_playbooks(state->playbook()->source, (*next)->source).empty()) {
    return reply(applied_nothing(call, told_of(state->playbook()->version, effect), *once));
  }
  const json::object told = told_of((*next)->version, effect);
  PlaybookInput input{write_playbook((*next)->source), once->author,  once->idempotency_key(),
                      state->playbook()->version,      std::string(), std::move(evidence)};
  if (once->given()) {
    input.told = json::serialize(json::object{{"request", once->request}, {"answer", told}});
  }
  submit_playbook(std::move(call), std::move(input), *once, told, reply);
}

}  // namespace galena::server
