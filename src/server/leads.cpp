#include <fmt/format.h>

#include "base/json.hpp"
#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/lead_list.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/retries.hpp"

namespace galena::server {

namespace json = boost::json;
using namespace domain;

Response list_leads(const Call& call) {
  const auto look = call.services.engine.look(call.principal.workspace);
  if (!look) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const auto query = read_lead_query(call, look->state());
  if (!query) return problem(query.error());
  return lead_list(call, *look, *query);
}

Response get_lead(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const Time now = call.services.engine.clock().now();
  return {.body = json::serialize(
              lead_json(*state, *ordinal, standing_at(*state, state->lead(*ordinal), now), now))};
}

namespace {

// The ledger line of the adjustment at this position of the log. A retry gets the same; a key that
// came with another request before stands at a position that says something else.
Response adjustment_answer(const Call& call, const AdjustmentInput& wanted, Position position) {
  const auto rows = read_rows(call, std::span(&position, 1));
  const auto row = rows.find(position);
  const bool found = row != rows.end() && row->second.kind == InputKind::adjustment;
  const Result<Input> logged =
      found ? read_input(InputKind::adjustment, json::serialize(row->second.input))
            : Result<Input>(fail(ErrorCode::key_reused, ""));
  const auto* made = logged ? std::get_if<AdjustmentInput>(&*logged) : nullptr;
  const workspace::VersionPtr state = call.state();
  if (made == nullptr || made->points != wanted.points || made->reason != wanted.reason ||
      survivor(*state, made->lead) != survivor(*state, wanted.lead)) {
    return problem(key_reused());
  }
  return {.status = 201,
          .body = json::serialize(json::object{{"rule", "Manual adjustment"},
                                               {"group", "manual"},
                                               {"points", json_number(made->points.micro)},
                                               {"at", format_time(row->second.received_at)},
                                               {"event_id", event_id(position)},
                                               {"event", "Score Adjusted"},
                                               {"model_version", state->playbook()->version},
                                               {"note", made->reason},
                                               {"author", made->author},
                                               {"kind", "manual"}})};
}

}  // namespace

void adjust_lead_score(Call call, Reply reply) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? named_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return reply(no_such_lead(state, call.parameters.front()));
  Body body(call.request);
  const std::int64_t points = body.whole("points", -1000, 1000);
  const std::string reason = body.text("reason", 500);
  if (points == 0) body.wrong("points", "must not be 0");
  if (auto refused = body.refusal()) return reply(*refused);
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (auto other = answered_before(call, *once)) return reply(std::move(*other));
  AdjustmentInput input{*ordinal, Points::whole(points), reason, once->author,
                        once->idempotency_key()};
  engine::Engine& engine = call.services.engine;
  const auto own = std::make_shared<const Call>(std::move(call));
  engine.submit(own->principal.workspace, {input},
                [own, input, reply](Result<engine::Receipts> receipts) {
                  if (!receipts) return reply(problem(receipts.error()));
                  const Result<engine::Receipt>& receipt = receipts->front();
                  if (!receipt) return reply(problem(receipt.error()));
                  reply(adjustment_answer(*own, input, receipt->position));
                });
}

}  // namespace galena::server
