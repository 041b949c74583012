#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "server/account_view.hpp"
#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/lead_filter.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/ranked_leads.hpp"
#include "server/retries.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

struct ListQuery {
  PageQuery page;
  std::string stage;
  std::string segment;
  std::string email;
  std::string account;
  std::string filter;  // a criterion
  bool visitors = false;
};

Result<ListQuery> read_query(const Call& call) {
  ListQuery query;
  const auto page = PageQuery::read(call);
  if (!page) return tl::unexpected(page.error());
  query.page = *page;
  query.stage = call.query("stage");
  query.segment = call.query("segment");
  query.email = call.query("email");
  query.account = call.query("account");
  query.filter = call.query("filter");
  const std::string include = call.query("include");
  if (!include.empty() && include != "visitors") {
    return tl::unexpected(wrong_parameter("include", "may be visitors"));
  }
  query.visitors = include == "visitors";
  return query;
}

// The leads that are known by this address: as a key, or as the address they told.
bool has_address(const Lead& lead, const std::string& key) {
  const FieldValue& told = (*lead.record)[Field::email];
  if (!told.known()) return false;
  const auto address = parse_email(told.value);
  return address && address->key == key;
}

bool is_in(const workspace::Version& state, const Lead& lead, AccountOrdinal whole) {
  return lead.account != kNoAccount && state.account(lead.account).whole == whole;
}

WantedLead filter_of(const ListQuery& query, const workspace::Version& state) {
  std::string key;
  std::optional<LeadOrdinal> owner_of_key;
  if (!query.email.empty()) {
    const auto address = parse_email(query.email);
    key = address ? address->key : comparison_form(query.email);
    if (const auto person = state.find_person({KeyKind::address, key})) {
      owner_of_key = survivor(state, state.person(*person).lead);
    }
  }
  const auto* segment = state.playbook()->segments.find(query.segment);
  const auto account = find_account(state, query.account);
  return
      [query, key, owner_of_key, segment, account, &state](const Lead& lead, LeadOrdinal ordinal) {
        if ((lead.visitor && !query.visitors) || !is_listed(state, ordinal)) return false;
        if (account && !is_in(state, lead, *account)) return false;
        if (segment != nullptr && !(lead.segments && lead.segments->contains(segment->code))) {
          return false;
        }
        if (!query.stage.empty() && lead.stage() != query.stage) return false;
        return key.empty() || owner_of_key == ordinal || has_address(lead, key);
      };
}

}  // namespace

Response list_leads(const Call& call) {
  const auto query = read_query(call);
  if (!query) return problem(query.error());
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  if (!query->segment.empty() && !state->playbook()->segments.find(query->segment)) {
    return problem(wrong_parameter("segment", "there is no such segment"));
  }
  if (!query->account.empty() && !find_account(*state, query->account)) {
    return problem(wrong_parameter("account", "there is no such account"));
  }
  const Time now = call.services.engine.clock().now();
  const auto wanted = filter_of(*query, *state);
  std::optional<LeadFilter> filter;
  if (!query->filter.empty()) {
    auto read = LeadFilter::read(query->filter, *state, now);
    if (!read) return problem(read.error());
    filter = std::move(*read);
  }
  return ranked_leads(
      call, *state, query->page, now,
      [&](const Lead& lead, LeadOrdinal ordinal) {
        return wanted(lead, ordinal) && (!filter || filter->holds(lead));
      },
      [&](LeadOrdinal ordinal, const Standing& standing) {
        return lead_json(*state, ordinal, standing, now);
      });
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
