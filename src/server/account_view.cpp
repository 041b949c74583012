#include "server/account_view.hpp"

#include "base/json.hpp"
#include "server/lead_view.hpp"

namespace galena::server {

namespace json = boost::json;
using namespace domain;

namespace {

json::array facts_json(const Account& whole) {
  json::array facts;
  for (const auto& [field, value] : whole.known) {
    facts.push_back(json::object{{"field", field_name(field)},
                                 {"value", value.value},
                                 {"source", to_string(value.source)},
                                 {"known_at", format_time(value.known_at)},
                                 {"event_id", event_id(value.position)}});
  }
  return facts;
}

}  // namespace

std::optional<AccountOrdinal> find_account(const workspace::Version& state, std::string_view id) {
  if (id.empty()) return std::nullopt;
  auto found = state.find_account({AccountKind::group, std::string(id)});
  if (const auto domain = account_of_domain(id); !found && domain) {
    found = state.find_account(*domain);
  }
  if (!found) return std::nullopt;
  return state.account(*found).whole;
}

json::object account_json(const workspace::Version& state, AccountOrdinal ordinal,
                          const AccountFigures& figures) {
  const Account& whole = state.account(ordinal);
  json::array groups;
  if (whole.key.kind == AccountKind::group) groups.push_back(json::string(whole.key.text));
  for (const AccountOrdinal part : whole.parts) {
    groups.push_back(json::string(state.account(part).key.text));
  }
  const ShownAccount shown = shown_account(state, whole);
  return {{"id", whole.key.text},
          {"name", shown.name},
          {"domain", text_or_null(shown.domain)},
          {"groups", std::move(groups)},
          {"employees", shown.employees ? json::value(*shown.employees) : json::value(nullptr)},
          {"industry", text_or_null(shown.industry)},
          {"country", text_or_null(shown.country)},
          {"people", figures.people},
          {"visitors", figures.visitors},
          {"score", figures.best ? json_number(figures.score.micro) : json::value(nullptr)},
          {"best_lead",
           figures.best ? json::value(lead_name_json(state, *figures.best)) : json::value(nullptr)},
          {"temperature", to_string(figures.temperature)},
          {"last_seen_at", optional_time(figures.last_seen)}};
}

json::object account_details_json(const workspace::Version& state, AccountOrdinal ordinal,
                                  Time now) {
  const Account& whole = state.account(ordinal);
  json::object account = account_json(state, ordinal, figures_of(state, whole, now));
  account["facts"] = facts_json(whole);
  json::array people_say;
  for (const auto& [field, said] : said_by_people(state, whole)) {
    people_say.push_back(
        json::object{{"field", field_name(field)}, {"value", said.value}, {"people", said.people}});
  }
  account["people_say"] = std::move(people_say);
  return account;
}

json::value account_of_lead_json(const workspace::Version& state, const Lead& lead) {
  const auto account = account_of_lead(state, lead);
  if (!account) return nullptr;
  return json::object{{"id", account->id}, {"name", account->name}};
}

}  // namespace galena::server
