#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "base/json.hpp"
#include "domain/decide.hpp"
#include "domain/playbook_columns.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"
#include "server/retries.hpp"
#include "workspace/playbook_effect.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;
using workspace::PlaybookEffect;

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

// What the change would do to the leads as they stand now. What the log says of properties that
// only the next playbook asks for is known up to `state`: what came while it was read tells nothing
// yet.
PlaybookEffect effect_of(const workspace::LeadTable::Look& look, const workspace::Version& state,
                         const CompiledPlaybook& next, std::span<const PropertyEvidence> evidence) {
  const auto columns = columns_for(next, state, evidence);
  GALENA_ASSERT(columns.has_value());
  return workspace::effect_of(look, next, PropertyView(*columns));
}

std::vector<PropertyEvidence> evidence_of(const Call& call, const workspace::Version& state,
                                          const CompiledPlaybook& next) {
  return call.services.engine.read_again(call.principal.workspace, state, next.source);
}

json::array names_of(const workspace::Version& state, const std::vector<LeadOrdinal>& leads) {
  json::array list;
  for (const LeadOrdinal lead : leads) list.push_back(lead_name_json(state, lead));
  return list;
}

json::array stage_changes(const PlaybookEffect& effect) {
  json::array list;
  for (const auto& [move, moved] : effect.stages) {
    list.push_back(json::object{{"from", move.first}, {"to", move.second}, {"count", moved.count}});
  }
  return list;
}

// With some of those who move.
json::array stage_moves(const workspace::Version& state, const PlaybookEffect& effect) {
  json::array list = stage_changes(effect);
  auto entry = list.begin();
  for (const auto& [move, moved] : effect.stages) {
    (entry++)->as_object()["leads"] = names_of(state, moved.sample);
  }
  return list;
}

json::array segment_changes(const workspace::Version& state, const PlaybookEffect& effect) {
  json::array list;
  for (const auto& [name, moves] : effect.segments) {
    const auto& [in, out] = moves;
    list.push_back(json::object{{"name", name},
                                {"enter", in.count},
                                {"leave", out.count},
                                {"entering", names_of(state, in.sample)},
                                {"leaving", names_of(state, out.sample)}});
  }
  return list;
}

json::array sample_json(const workspace::Version& state, const PlaybookEffect& effect) {
  json::array list;
  for (const PlaybookEffect::Change& change : effect.sample) {
    list.push_back(json::object{{"lead", lead_name_json(state, change.lead)},
                                {"score_before", json_number(change.before.micro)},
                                {"score_after", json_number(change.after.micro)},
                                {"stage_before", change.stage_before},
                                {"stage_after", change.stage_after}});
  }
  return list;
}

// From the lowest up; the first has no lower end, the last no upper one.
json::array distribution_json(const PlaybookEffect& effect) {
  json::array list;
  const std::size_t last = effect.before.size() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const auto from = static_cast<std::int64_t>(i) * 10 - 10;
    list.push_back(json::object{{"from", i == 0 ? json::value(nullptr) : json::value(from)},
                                {"to", i == last ? json::value(nullptr) : json::value(from + 10)},
                                {"before", effect.before[i]},
                                {"after", effect.after[i]}});
  }
  return list;
}

json::object told_of(std::uint32_t version, const PlaybookEffect& effect) {
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
  const workspace::VersionPtr read = call.state();
  if (!read) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const auto next = wanted_playbook(call, *read);
  if (!next) return problem(next.error());
  json::array changes;
  for (const PlaybookChange& change : diff_playbooks(read->playbook()->source, (*next)->source)) {
    changes.push_back(json::object{{"path", change.path},
                                   {"before", text_or_null(change.before)},
                                   {"after", text_or_null(change.after)}});
  }
  const auto evidence = evidence_of(call, *read, **next);
  const auto look = call.services.engine.look(call.principal.workspace);
  const PlaybookEffect effect = effect_of(*look, *read, **next, evidence);
  const workspace::Version& state = look->state();
  return {.body = json::serialize(json::object{{"changes", std::move(changes)},
                                               {"leads_scored", effect.scored},
                                               {"leads_changed", effect.changed},
                                               {"distribution", distribution_json(effect)},
                                               {"stage_changes", stage_moves(state, effect)},
                                               {"segment_changes", segment_changes(state, effect)},
                                               {"sample", sample_json(state, effect)}})};
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
  const PlaybookEffect effect =
      effect_of(*call.services.engine.look(call.principal.workspace), *state, **next, evidence);
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
