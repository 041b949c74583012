// Lists of leads as the API gives them, page by page.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "server/list_page.hpp"
#include "server/routes.hpp"
#include "workspace/find_leads.hpp"

namespace galena::server {

// The query that the parameters limit, cursor, sort, search, filter, stage, segment, email, account
// and include ask for. An Error (invalid) names the parameter.
Result<workspace::LeadQuery> read_lead_query(const Call& call, const workspace::Version& state);

// The page of leads that a query finds.
Response lead_list(const Call& call, const workspace::LeadTable::Look& look,
                   const workspace::LeadQuery& query);

}  // namespace galena::server
