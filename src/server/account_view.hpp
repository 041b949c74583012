// Accounts as the API shows them.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "domain/shown_account.hpp"
#include "server/routes.hpp"

namespace galena::server {

// The account of this id: a company's domain, or the id of one of its groups.
std::optional<domain::AccountOrdinal> find_account(const workspace::Version& state,
                                                   std::string_view id);

boost::json::object account_json(const workspace::Version& state, domain::AccountOrdinal whole,
                                 const domain::AccountFigures& figures);
// With what is known of it, by whom and since when, and what its people say beside.
boost::json::object account_details_json(const workspace::Version& state,
                                         domain::AccountOrdinal whole, Time now);

// Id and name of the account that the lead is in; null if it is in none.
boost::json::value account_of_lead_json(const workspace::Version& state, const domain::Lead& lead);

}  // namespace galena::server
