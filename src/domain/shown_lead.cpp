#include "domain/shown_lead.hpp"

#include <algorithm>

#include "domain/decide.hpp"
#include "domain/mail_domain.hpp"

namespace galena::domain {

bool is_listed(const State& state, LeadOrdinal ordinal) {
  const Lead& lead = state.lead(ordinal);
  if (lead.merged_into || (lead.visitor && is_taken_back(state, ordinal))) return false;
  return !is_erased(state, ordinal) && !is_organisation(state, ordinal);
}

bool stands_at(const State& state, const Standing& standing, Time now) {
  return standing.model_version == state.playbook()->version && now < standing.valid_until;
}

Standing standing_at(const State& state, const Lead& lead, Time now) {
  return stands_at(state, lead.standing, now) ? lead.standing : standing_of(state, lead, now);
}

std::string full_name(const Record& record) {
  const std::string& first = record[Field::first_name].value;
  const std::string& last = record[Field::last_name].value;
  return first.empty() || last.empty() ? first + last : first + " " + last;
}

std::string shown_company_domain(const Record& record) {
  const std::string& told = record[Field::company_domain].value;
  return told.empty() ? company_domain(record.email_domain) : told;
}

std::string_view known_value(const Account& whole, Field field) {
  const auto found = std::ranges::find(whole.known, field, &CompanyFacts::value_type::first);
  return found == whole.known.end() ? std::string_view() : found->second.value;
}

std::optional<AccountName> account_of_lead(const State& state, const Lead& lead) {
  if (lead.account == kNoAccount) return std::nullopt;
  const Account& whole = state.account(state.account(lead.account).whole);
  std::string name(known_value(whole, Field::company_name));
  if (name.empty()) name = (*lead.record)[Field::company_name].value;
  if (name.empty()) name = whole.key.text;
  return AccountName{whole.key.text, std::move(name)};
}

}  // namespace galena::domain
