// What is shown of a lead, wherever it is shown: read here, so that lists of the API and the
// reports database say the same.
#pragma once

#include <optional>
#include <string>

#include "domain/state.hpp"

namespace galena::domain {

// True if lists of leads show it, or would if they were asked for visitors. Not: who has become
// part of another, who was erased or taken back, and organisations.
bool is_listed(const State& state, LeadOrdinal lead);

// The standing at `now`: the cached one where it still holds, else computed.
Standing standing_at(const State& state, const Lead& lead, Time now);
// True if what was computed before holds at that moment.
bool stands_at(const State& state, const Standing& standing, Time now);

// First and last name, as far as they are known.
std::string full_name(const Record& record);

// The company's domain: as told, else the address's, never free mail.
std::string shown_company_domain(const Record& record);

// By what an account is known, and its name: as told of it, else as its lead says, else its id.
struct AccountName {
  std::string id;
  std::string name;

  bool operator==(const AccountName&) const = default;
};
// Nothing if the lead is in no account.
std::optional<AccountName> account_of_lead(const State& state, const Lead& lead);

// What is known of an account as a whole; empty if nothing is.
std::string_view known_value(const Account& whole, Field field);

}  // namespace galena::domain
