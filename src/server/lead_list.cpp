#include "server/lead_list.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "server/account_view.hpp"
#include "server/lead_view.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;
using workspace::LeadOrder;
using workspace::LeadPlace;
using workspace::LeadQuery;

constexpr std::size_t kSearchBytesMax = 200;

// Where a page goes on is in the order of the list that it is of.
Result<> read_order(const Call& call, LeadQuery& query) {
  if (const std::string sort = call.query("sort"); !sort.empty()) {
    const auto order = LeadOrder::read(sort);
    if (!order) return tl::unexpected(wrong_parameter("sort", order.error().message));
    query.order = *order;
  }
  const auto limit = page_limit(call);
  if (!limit) return tl::unexpected(limit.error());
  query.limit = *limit;
  const std::string cursor = call.query("cursor");
  if (cursor.empty()) return {};
  query.after = LeadPlace::read(cursor);
  if (query.after) return {};
  return tl::unexpected(wrong_parameter("cursor", "is not one that a list has given"));
}

Result<> read_filter(const std::string& text, const workspace::Version& state, LeadQuery& query) {
  if (text.empty()) return {};
  auto criterion = Criterion::parse(text, names_of(*state.playbook()), *state.kinds());
  if (!criterion) {
    const Error& error = criterion.error();
    return tl::unexpected(
        wrong_parameter("filter", fmt::format("{}: {}", error.field, error.message)));
  }
  query.filter = std::move(*criterion);
  return {};
}

Result<> read_account(const std::string& name, const workspace::Version& state, LeadQuery& query) {
  if (name.empty()) return {};
  const auto account = find_account(state, name);
  if (!account) return tl::unexpected(wrong_parameter("account", "there is no such account"));
  std::vector<AccountOrdinal> all = state.account(*account).parts;
  all.push_back(*account);
  std::ranges::sort(all);
  query.accounts = std::move(all);
  return {};
}

}  // namespace

Result<LeadQuery> read_lead_query(const Call& call, const workspace::Version& state) {
  LeadQuery query;
  if (auto read = read_order(call, query); !read) return tl::unexpected(read.error());
  if (auto read = read_filter(call.query("filter"), state, query); !read) {
    return tl::unexpected(read.error());
  }
  if (auto read = read_account(call.query("account"), state, query); !read) {
    return tl::unexpected(read.error());
  }
  if (const std::string segment = call.query("segment"); !segment.empty()) {
    const auto* found = state.playbook()->segments.find(segment);
    if (found == nullptr) {
      return tl::unexpected(wrong_parameter("segment", "there is no such segment"));
    }
    query.segment = found->code;
  }
  if (std::string stage = call.query("stage"); !stage.empty()) query.stage = std::move(stage);
  if (const std::string email = call.query("email"); !email.empty()) {
    const auto address = parse_email(email);
    query.address = address ? address->key : comparison_form(email);
  }
  query.search = trimmed(call.query("search"));
  if (query.search.size() > kSearchBytesMax) {
    return tl::unexpected(wrong_parameter("search", "is longer than 200 bytes"));
  }
  const std::string include = call.query("include");
  if (!include.empty() && include != "visitors") {
    return tl::unexpected(wrong_parameter("include", "may be visitors"));
  }
  query.visitors = include == "visitors";
  return query;
}

Response lead_list(const Call& call, const workspace::LeadTable::Look& look,
                   const LeadQuery& query) {
  const auto page = find_leads(look, query);
  const workspace::Version& state = look.state();
  json::array data;
  for (const LeadOrdinal lead : page.leads) {
    const Standing standing = standing_at(state, state.lead(lead), look.now());
    data.push_back(lead_json(state, lead, standing, look.now()));
  }
  return list_page(call, std::move(data), page.next ? page.next->print() : "", page.total);
}

}  // namespace galena::server
