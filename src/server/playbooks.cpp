#include <fmt/format.h>

#include <map>

#include "base/json.hpp"
#include "domain/decide.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

std::string etag_of(const CompiledPlaybook& playbook) {
  return fmt::format("\"playbook-{}\"", playbook.version);
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
  return compile_playbook(*read, state.playbook()->version + 1, *state.kinds());
}

// What the change would do to the leads there are.
struct Effect {
  static constexpr std::size_t kSampleMax = 20;
  std::size_t scored = 0;
  std::size_t changed = 0;
  std::map<std::pair<std::string, std::string>, std::size_t> stages;
  json::array sample;
};

void note_lead(const workspace::Version& state, const CompiledPlaybook& next, LeadOrdinal ordinal,
               Time now, Effect& effect) {
  const Lead& lead = state.lead(ordinal);
  if (lead.merged_into || lead.visitor) return;
  ++effect.scored;
  const Points before = standing_at(state, lead, now).score();
  const Standing after = score(next.model, *lead.record, events_of(state, lead), now);
  const auto entered =
      stages_entered(next.lifecycle, {*lead.record, &after, lead.stage()}, kNoKind);
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

Effect effect_of(const workspace::Version& state, const CompiledPlaybook& next, Time now) {
  Effect effect;
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) note_lead(state, next, i, now, effect);
  return effect;
}

json::array stage_changes(const Effect& effect) {
  json::array list;
  for (const auto& [move, count] : effect.stages) {
    list.push_back(json::object{{"from", move.first}, {"to", move.second}, {"count", count}});
  }
  return list;
}

Response applied(const CompiledPlaybook& live, const Effect& effect) {
  Response response{.body =
                        json::serialize(json::object{{"version", live.version},
                                                     {"leads_changed", effect.changed},
                                                     {"stage_changes", stage_changes(effect)}})};
  response.headers.push_back({"ETag", etag_of(live)});
  return response;
}

}  // namespace

namespace {

// Whether the log has this playbook at this position.
bool says(const Call& call, Position position, std::string_view toml) {
  const auto rows = read_rows(call, std::span(&position, 1));
  const auto row = rows.find(position);
  return row != rows.end() && row->second.kind == InputKind::playbook &&
         text_in(row->second.input, "toml") == toml;
}

}  // namespace

Response get_playbook(const Call& call) {
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  Response response{.content_type = "application/toml",
                    .body = write_playbook(state->playbook()->source)};
  response.headers.push_back({"ETag", etag_of(*state->playbook())});
  return response;
}

Response diff_playbook(const Call& call) {
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const auto next = wanted_playbook(call, *state);
  if (!next) return problem(next.error());
  Effect effect = effect_of(*state, **next, call.services.engine.clock().now());
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
                                               {"sample", std::move(effect.sample)}})};
}

void apply_playbook(Call call, Reply reply) {
  const workspace::VersionPtr state = call.state();
  if (!state) return reply(problem({ErrorCode::not_found, "there is no such workspace", ""}));
  const std::string_view expected = call.request.header("If-Match");
  if (!expected.empty() && expected != etag_of(*state->playbook())) {
    Response changed =
        problem({ErrorCode::conflict, "the playbook has changed since you read it", ""});
    changed.status = 412;
    return reply(std::move(changed));
  }
  const auto next = wanted_playbook(call, *state);
  if (!next) return reply(problem(next.error()));
  const Effect effect = effect_of(*state, **next, call.services.engine.clock().now());
  if (diff_playbooks(state->playbook()->source, (*next)->source).empty()) {
    return reply(applied(*state->playbook(), effect));
  }
  const std::string_view key = call.request.header("Idempotency-Key");
  if (key.size() > 255) {
    return reply(problem({ErrorCode::invalid, "an Idempotency-Key may have 255 bytes", ""}));
  }
  PlaybookInput input{
      write_playbook((*next)->source), call.principal.author(),
      key.empty() ? std::string() : call.principal.author() + ":" + std::string(key)};
  engine::Engine& engine = call.services.engine;
  const auto workspace = call.principal.workspace;
  const auto own = std::make_shared<const Call>(std::move(call));
  engine.submit(workspace, {input},
                [own, input, reply, &engine, workspace, effect](Result<engine::Receipts> receipts) {
                  if (!receipts) return reply(problem(receipts.error()));
                  const Result<engine::Receipt>& receipt = receipts->front();
                  if (!receipt) return reply(problem(receipt.error()));
                  if (receipt->duplicate && !says(*own, receipt->position, input.toml)) {
                    return reply(problem(key_reused()));
                  }
                  // Answered when every lead stands where the new playbook puts it.
                  engine.when_settled(workspace, [reply, &engine, workspace, effect] {
                    reply(applied(*engine.read(workspace)->playbook(), effect));
                  });
                });
}

}  // namespace galena::server
