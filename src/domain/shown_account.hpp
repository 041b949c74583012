// What is shown of an account, wherever it is shown: as shown_lead.hpp does for leads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "domain/score.hpp"
#include "domain/state.hpp"

namespace galena::domain {

// Calls `visit` with each lead of the account and its parts.
template <class Visit>
void each_lead_of(const State& state, const Account& whole, Visit visit) {
  const auto one = [&](const Account& account) {
    account.leads.each([&](LeadOrdinal lead) {
      visit(lead);
      return true;
    });
  };
  one(whole);
  for (const AccountOrdinal part : whole.parts) one(state.account(part));
}

// What the leads of an account come to.
struct AccountFigures {
  std::uint32_t people = 0;
  std::uint32_t visitors = 0;
  std::optional<LeadOrdinal> best;  // of the people, the one with the highest score
  Points score{};                   // that one's
  Temperature temperature = Temperature::cold;
  std::optional<Time> last_seen;
};
AccountFigures figures_of(const State& state, const Account& whole, Time now);

// An account that has nobody and of which nothing is known is not shown.
bool is_shown(const Account& whole, const AccountFigures& figures);

// What most of its people say, where nothing was told of the organisation itself.
struct Said {
  std::string value;
  std::uint32_t people = 0;
};
std::map<Field, Said> said_by_people(const State& state, const Account& whole);

// Each as it was told of the organisation, else as most of its people say; empty: unknown.
struct ShownAccount {
  std::string name;    // or its id
  std::string domain;  // if it is known by one
  std::optional<std::int64_t> employees;
  std::string industry;
  std::string country;  // code
};
ShownAccount shown_account(const State& state, const Account& whole);

}  // namespace galena::domain
