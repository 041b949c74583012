#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/lead_filter.hpp"
#include "server/lead_view.hpp"
#include "server/list_page.hpp"
#include "server/log_rows.hpp"
#include "server/retries.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

constexpr std::size_t kLimitDefault = 50;
constexpr std::size_t kLimitMax = 200;

struct Ranked {
  std::int64_t score = 0;
  LeadOrdinal ordinal = 0;

  // Highest score first; of equals the younger lead first.
  bool operator<(const Ranked& other) const {
    return score != other.score ? score > other.score : ordinal > other.ordinal;
  }
};

struct ListQuery {
  std::size_t limit = kLimitDefault;
  std::optional<Ranked> after;
  std::string stage;
  std::string email;
  std::string filter;  // a criterion
  bool visitors = false;
};

Error wrong_parameter(std::string_view name, std::string problem) {
  return {ErrorCode::invalid, std::move(problem), "?" + std::string(name)};
}

std::string cursor_of(const Ranked& ranked) {
  return fmt::format("{}.{}", ranked.score, ranked.ordinal);
}

std::optional<Ranked> read_cursor(std::string_view text) {
  Ranked ranked;
  const char* end = text.data() + text.size();
  const auto score = std::from_chars(text.data(), end, ranked.score);
  if (score.ec != std::errc{} || score.ptr == end || *score.ptr != '.') return std::nullopt;
  const auto ordinal = std::from_chars(score.ptr + 1, end, ranked.ordinal);
  if (ordinal.ec != std::errc{} || ordinal.ptr != end) return std::nullopt;
  return ranked;
}

Result<std::size_t> read_limit(const Call& call, std::size_t limit_max) {
  const std::string text = call.query("limit");
  if (text.empty()) return kLimitDefault;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > limit_max) {
    return tl::unexpected(
        wrong_parameter("limit", fmt::format("must be a whole number from 1 to {}", limit_max)));
  }
  return limit;
}

Result<ListQuery> read_query(const Call& call) {
  ListQuery query;
  const auto limit = read_limit(call, kLimitMax);
  if (!limit) return tl::unexpected(limit.error());
  query.limit = *limit;
  query.stage = call.query("stage");
  query.email = call.query("email");
  query.filter = call.query("filter");
  const std::string include = call.query("include");
  if (!include.empty() && include != "visitors") {
    return tl::unexpected(wrong_parameter("include", "may be visitors"));
  }
  query.visitors = include == "visitors";
  if (const std::string cursor = call.query("cursor"); !cursor.empty()) {
    query.after = read_cursor(cursor);
    if (!query.after) {
      return tl::unexpected(wrong_parameter("cursor", "is not one that a list has given"));
    }
  }
  return query;
}

// The leads that are known by this address: as a key, or as the address they told.
bool has_address(const Lead& lead, const std::string& key) {
  const FieldValue& told = (*lead.record)[Field::email];
  if (!told.known()) return false;
  const auto address = parse_email(told.value);
  return address && address->key == key;
}

std::function<bool(const Lead&, LeadOrdinal)> filter_of(const ListQuery& query,
                                                        const workspace::Version& state) {
  std::string key;
  std::optional<LeadOrdinal> owner_of_key;
  if (!query.email.empty()) {
    const auto address = parse_email(query.email);
    key = address ? address->key : comparison_form(query.email);
    if (const auto person = state.find_person({KeyKind::address, key})) {
      owner_of_key = survivor(state, state.person(*person).lead);
    }
  }
  return [query, key, owner_of_key, &state](const Lead& lead, LeadOrdinal ordinal) {
    if (lead.merged_into || (lead.visitor && !query.visitors)) return false;
    if (lead.visitor && is_taken_back(state, ordinal)) return false;
    if (is_erased(state, ordinal)) return false;
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
  const Time now = call.services.engine.clock().now();
  const auto wanted = filter_of(*query, *state);
  std::optional<LeadFilter> filter;
  if (!query->filter.empty()) {
    auto read = LeadFilter::read(query->filter, *state, now);
    if (!read) return problem(read.error());
    filter = std::move(*read);
  }
  std::vector<Ranked> ranked;
  for (LeadOrdinal ordinal = 0; ordinal < state->lead_count(); ++ordinal) {
    const Lead& lead = state->lead(ordinal);
    if (!wanted(lead, ordinal) || (filter && !filter->holds(lead))) continue;
    ranked.push_back({standing_at(*state, lead, now).score().micro, ordinal});
  }
  const std::size_t total = ranked.size();
  if (query->after) {
    std::erase_if(ranked, [&](const Ranked& entry) { return !(*query->after < entry); });
  }
  const std::size_t count = std::min(query->limit, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + std::ptrdiff_t(count), ranked.end());
  json::array data;
  for (std::size_t i = 0; i < count; ++i) {
    const LeadOrdinal ordinal = ranked[i].ordinal;
    data.push_back(lead_json(*state, ordinal, standing_at(*state, state->lead(ordinal), now), now));
  }
  const bool more = count < ranked.size();
  return list_page(call, std::move(data), more ? cursor_of(ranked[count - 1]) : "", total);
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
