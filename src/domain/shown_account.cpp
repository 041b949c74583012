#include "domain/shown_account.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "domain/shown_lead.hpp"

namespace galena::domain {
namespace {

constexpr std::array kCompanyFields{Field::company_name, Field::company_domain, Field::employees,
                                    Field::industry,     Field::country,        Field::region,
                                    Field::city};

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || text.empty()) return std::nullopt;
  return number;
}

}  // namespace

AccountFigures figures_of(const State& state, const Account& whole, Time now) {
  AccountFigures figures;
  each_lead_of(state, whole, [&](LeadOrdinal ordinal) {
    const Glance glance = state.glance(ordinal);
    if (glance.visitor) {
      ++figures.visitors;
      return;
    }
    ++figures.people;
    const bool holds = stands_at(state, glance.standing, now);
    const Standing standing =
        holds ? glance.standing : standing_at(state, state.lead(ordinal), now);
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

std::map<Field, Said> said_by_people(const State& state, const Account& whole) {
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

ShownAccount shown_account(const State& state, const Account& whole) {
  const auto said = said_by_people(state, whole);
  const auto value = [&](Field field) -> std::string_view {
    const std::string_view known = known_value(whole, field);
    const auto by_people = said.find(field);
    return known.empty() && by_people != said.end() ? std::string_view(by_people->second.value)
                                                    : known;
  };
  const std::string_view name = value(Field::company_name);
  const bool has_domain = whole.key.kind == AccountKind::domain;
  return {.name = name.empty() ? whole.key.text : std::string(name),
          .domain = has_domain ? whole.key.text : std::string(),
          .employees = number_in(value(Field::employees)),
          .industry = std::string(value(Field::industry)),
          .country = std::string(country_code(value(Field::country)))};
}

}  // namespace galena::domain
