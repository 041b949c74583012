// One page of a list, and where the next one is.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "server/routes.hpp"

namespace galena::server {

// How many entries a page has, as the query parameter `limit` says: 1 to 200, else 50. Error
// invalid.
Result<std::size_t> page_limit(const Call& call);

// An Error (invalid) for a query parameter.
Error wrong_parameter(std::string_view name, std::string problem);

// The answer with these entries. `next_cursor` is empty on the last page; else the answer says it
// in its body and as a Link (RFC 8288). `total`: how many entries there are in all, if that is
// told.
Response list_page(const Call& call, boost::json::array entries, const std::string& next_cursor,
                   std::optional<std::size_t> total = std::nullopt);

}  // namespace galena::server
