#include "server/account_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/json.hpp"
#include "domain/mail_domain.hpp"
#include "server/lead_view.hpp"

namespace galena::server {

namespace json = boost::json;
using namespace domain;

namespace {

constexpr std::array kCompanyFields{Field::company_name, Field::company_domain, Field::employees,
                                    Field::industry,     Field::country,        Field::region,
                                    Field::city};

std::string_view known_value(const Account& whole, Field field) {
  const auto found = std::ranges::find(whole.known, field, &CompanyFacts::value_type::first);
  return found == whole.known.end() ? std::string_view() : found->second.value;
}

// What most of its people say, where nothing was told of the organisation itself.
struct Said {
  std::string value;
  std::uint32_t people = 0;
};

std::map<Field, Said> said_by_people(const workspace::Version& state, const Account& whole) {
  std::map<Field, std::map<std::string, std::uint32_t>> votes;
  each_lead_of(state, whole, [&](LeadOrdinal ordinal) {
    const Lead& lead = state.lead(ordinal);
    if (lead.visitor) return;
    for (const Field field : kCompanyFields) {
      const FieldValue& value = (*lead.record)[field];
      if (value.known() && !value.of_account) ++votes[field][value.value];
    }
  });
  std::map<Field, Said> said;
  for (const auto& [field, values] : votes) {
    if (!known_value(whole, field).empty()) continue;
    const auto most =
        std::ranges::max_element(values, {}, [](const auto& vote) { return vote.second; });
    said[field] = {most->first, most->second};
  }
  return said;
}

// As it was told of the organisation, else as most of its people say.
std::string_view best_value(const Account& whole, const std::map<Field, Said>& said, Field field) {
  const std::string_view known = known_value(whole, field);
  const auto by_people = said.find(field);
  return known.empty() && by_people != said.end() ? std::string_view(by_people->second.value)
                                                  : known;
}

json::value number_or_null(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} && !text.empty() ? json::value(number) : json::value(nullptr);
}

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

AccountFigures figures_of(const workspace::Version& state, const Account& whole, Time now) {
  AccountFigures figures;
  each_lead_of(state, whole, [&](LeadOrdinal ordinal) {
    const Lead& lead = state.lead(ordinal);
    if (lead.visitor) {
      ++figures.visitors;
      return;
    }
    ++figures.people;
    const Standing standing = standing_at(state, lead, now);
    figures.temperature = std::max(figures.temperature, temperature(standing.activity, now));
    figures.last_seen = std::max(figures.last_seen, standing.activity.last_seen);
    if (!figures.best || standing.score() > figures.score) {
      figures.best = ordinal;
      figures.score = standing.score();
    }
  });
  return figures;
}

bool is_shown(const Account& whole, const AccountFigures& figures) {
  return figures.people > 0 || !whole.known.empty();
}

json::object account_json(const workspace::Version& state, AccountOrdinal ordinal,
                          const AccountFigures& figures) {
  const Account& whole = state.account(ordinal);
  json::array groups;
  if (whole.key.kind == AccountKind::group) groups.push_back(json::string(whole.key.text));
  for (const AccountOrdinal part : whole.parts) {
    groups.push_back(json::string(state.account(part).key.text));
  }
  const bool has_domain = whole.key.kind == AccountKind::domain;
  const auto said = said_by_people(state, whole);
  const auto value = [&](Field field) { return best_value(whole, said, field); };
  const std::string_view name = value(Field::company_name);
  return {{"id", whole.key.text},
          {"name", name.empty() ? std::string_view(whole.key.text) : name},
          {"domain", has_domain ? json::value(whole.key.text) : json::value(nullptr)},
          {"groups", std::move(groups)},
          {"employees", number_or_null(value(Field::employees))},
          {"industry", text_or_null(value(Field::industry))},
          {"country", text_or_null(country_code(value(Field::country)))},
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
  if (lead.account == kNoAccount) return nullptr;
  const Account& whole = state.account(state.account(lead.account).whole);
  const std::string_view known = known_value(whole, Field::company_name);
  const std::string& told = (*lead.record)[Field::company_name].value;
  const std::string name = !known.empty() ? std::string(known) : told;
  return json::object{{"id", whole.key.text}, {"name", name.empty() ? whole.key.text : name}};
}

}  // namespace galena::server
