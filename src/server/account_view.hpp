// Accounts as the API shows them.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "domain/account.hpp"
#include "domain/score.hpp"
#include "server/routes.hpp"

namespace galena::server {

// The account of this id: a company's domain, or the id of one of its groups.
std::optional<domain::AccountOrdinal> find_account(const workspace::Version& state,
                                                   std::string_view id);

// Calls `visit` with each lead of the account and its parts.
template <class Visit>
void each_lead_of(const workspace::Version& state, const domain::Account& whole, Visit visit) {
  const auto one = [&](const domain::Account& account) {
    account.leads.each([&](domain::LeadOrdinal lead) {
      visit(lead);
      return true;
    });
  };
  one(whole);
  for (const domain::AccountOrdinal part : whole.parts) one(state.account(part));
}

// What the leads of an account come to.
struct AccountFigures {
  std::uint32_t people = 0;
  std::uint32_t visitors = 0;
  std::optional<domain::LeadOrdinal> best;  // of the people, the one with the highest score
  domain::Points score{};                   // that one's
  domain::Temperature temperature = domain::Temperature::cold;
  std::optional<Time> last_seen;
};
AccountFigures figures_of(const workspace::Version& state, const domain::Account& whole, Time now);

// An account that has nobody and of which nothing is known is not shown.
bool is_shown(const domain::Account& whole, const AccountFigures& figures);

boost::json::object account_json(const workspace::Version& state, domain::AccountOrdinal whole,
                                 const AccountFigures& figures);
// With what is known of it, by whom and since when, and what its people say beside.
boost::json::object account_details_json(const workspace::Version& state,
                                         domain::AccountOrdinal whole, Time now);

// Id and name of the account that the lead is in; null if it is in none.
boost::json::value account_of_lead_json(const workspace::Version& state, const domain::Lead& lead);

}  // namespace galena::server
