// Accounts: companies with their people, and what is told of them.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "server/account_view.hpp"
#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/list_page.hpp"
#include "server/log_rows.hpp"
#include "server/page_query.hpp"
#include "server/retries.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

// Of equals the order is that of a hash: accounts have other numbers after a start.
struct RankedAccount {
  std::int64_t score = 0;
  std::uint32_t hash = 0;
  AccountOrdinal account = 0;
  AccountFigures figures;

  bool stands_before(std::int64_t other_score, std::uint32_t other_hash) const {
    return score != other_score ? score > other_score : hash < other_hash;
  }
};

std::uint32_t hash_of(const AccountKey& key) {
  return static_cast<std::uint32_t>(AccountKeyHash()(key) >> 32);
}

// Nobody's score stands behind the lowest there may be.
std::int64_t rank_of(const AccountFigures& figures) {
  return figures.best ? figures.score.micro : std::numeric_limits<std::int64_t>::min();
}

Response no_such_account() {
  return problem({ErrorCode::not_found, "there is no such account", ""});
}

constexpr std::size_t kTextBytesMax = 1000;

// What the body tells of an organisation, as the message that comes into the log.
json::object message_of(Body& body) {
  const std::string id = body.optional_text("id", MessageLimits::kIdBytes);
  const std::string domain = body.optional_text("domain", kTextBytesMax);
  if (id.empty() && domain.empty()) body.wrong("id", "an id or a domain is needed");
  if (id.contains('@') || id.contains("%40")) {
    body.wrong("id", "is an address: that names a person, not a company");
  }
  const auto account = account_of_domain(domain);
  if (!domain.empty() && !account) {
    body.wrong("domain", "must be a company's own domain, as acme.com (no free mail)");
  }
  json::object traits;
  if (account) traits["domain"] = account->text;
  for (const std::string_view name : {"name", "industry"}) {
    const std::string value = body.optional_text(name, kTextBytesMax);
    if (!value.empty()) traits[name] = value;
  }
  if (const auto employees = body.optional_whole("employees", 0, 9'999'999'999)) {
    traits["employees"] = *employees;
  }
  json::object address;
  for (const std::string_view name : {"country", "region", "city"}) {
    const std::string value = body.optional_text(name, kTextBytesMax);
    if (!value.empty()) address[name] = value;
  }
  if (!address.empty()) traits["address"] = std::move(address);
  json::object message{{"type", "group"}};
  if (!id.empty()) message["groupId"] = id;
  message["traits"] = std::move(traits);
  return message;
}

Result<EventInput> input_of(const Call& call, json::object message, const WriteName& once) {
  if (once.given()) message["messageId"] = once.idempotency_key();
  auto batch =
      read_request(json::serialize(message), MessageType::group,
                   {.source = Source::api,
                    .key = call.principal.kind == Principal::Kind::api_key ? call.principal.id : 0,
                    .arrived = call.services.engine.clock().now(),
                    .ip = {},
                    .user_agent = {},
                    .author = once.author});
  if (!batch) return tl::unexpected(batch.error());
  if (!batch->refused.empty()) return tl::unexpected(batch->refused.front().error);
  return std::move(batch->inputs.front());
}

// True if the row at the position says just this.
bool says_this(const Call& call, Position position, const EventInput& input) {
  const auto rows = read_rows(call, std::span(&position, 1));
  const auto wanted = parse_json(input.text);
  if (rows.empty() || !wanted || rows.begin()->second.kind != InputKind::event) return false;
  const auto* said = rows.begin()->second.input.if_contains("message");
  return said != nullptr && *said == wanted->at("message");
}

}  // namespace

Response list_accounts(const Call& call) {
  const auto page = PageQuery::read(call);
  if (!page) return problem(page.error());
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const Time now = call.services.engine.clock().now();
  std::vector<RankedAccount> ranked;
  std::size_t total = 0;
  for (AccountOrdinal i = 0; i < state->account_count(); ++i) {
    const Account& account = state->account(i);
    if (account.whole != i) continue;
    const workspace::Version own(*state);  // with which goes what it reads from the base
    const AccountFigures figures = figures_of(own, account, now);
    if (!is_shown(account, figures)) continue;
    ++total;
    const RankedAccount entry{rank_of(figures), hash_of(account.key), i, figures};
    const bool was_shown =
        page->after && (entry.stands_before(page->after->first, page->after->second) ||
                        (entry.score == page->after->first && entry.hash == page->after->second));
    if (!was_shown) ranked.push_back(entry);
  }
  const std::size_t count = std::min(page->limit, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + std::ptrdiff_t(count), ranked.end(),
                    [](const auto& a, const auto& b) { return a.stands_before(b.score, b.hash); });
  json::array data;
  for (std::size_t i = 0; i < count; ++i) {
    data.push_back(account_json(*state, ranked[i].account, ranked[i].figures));
  }
  const bool more = count < ranked.size();
  return list_page(call, std::move(data),
                   more ? page_cursor(ranked[count - 1].score, ranked[count - 1].hash) : "", total);
}

Response get_account(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto account = state ? find_account(*state, call.parameters.front()) : std::nullopt;
  if (!account) return no_such_account();
  const Time now = call.services.engine.clock().now();
  const Account& whole = state->account(*account);
  if (!is_shown(whole, figures_of(*state, whole, now))) return no_such_account();
  return {.body = json::serialize(account_details_json(*state, *account, now))};
}

void tell_of_account(Call call, Reply reply) {
  Body body(call.request);
  json::object message = message_of(body);
  if (auto refused = body.refusal()) return reply(*refused);
  const auto once = write_name(call);
  if (!once) return reply(problem(once.error()));
  if (auto answered = answered_before(call, *once)) return reply(std::move(*answered));
  const auto input = input_of(call, std::move(message), *once);
  if (!input) return reply(problem(input.error()));
  const std::string id = organisation_told(input->message, Source::api)->text;
  engine::Engine& engine = call.services.engine;
  const auto own = std::make_shared<const Call>(std::move(call));
  engine.submit(own->principal.workspace, {*input},
                [own, input = *input, id, reply](Result<engine::Receipts> receipts) {
                  if (!receipts) return reply(problem(receipts.error()));
                  const Result<engine::Receipt>& receipt = receipts->front();
                  if (!receipt) return reply(problem(receipt.error()));
                  if (receipt->duplicate && !says_this(*own, receipt->position, input)) {
                    return reply(problem(key_reused()));
                  }
                  const workspace::VersionPtr state = own->state();
                  const auto account = find_account(*state, id);
                  if (!account) return reply(no_such_account());  // taken back since
                  const Time now = own->services.engine.clock().now();
                  json::object told = account_details_json(*state, *account, now);
                  told["event_id"] = event_id(receipt->position);
                  reply({.body = json::serialize(told)});
                });
}

}  // namespace galena::server
