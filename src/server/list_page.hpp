// One page of a list, and where the next one is.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "server/routes.hpp"

namespace galena::server {

// The answer with these entries. `next_cursor` is empty on the last page; else the answer says it
// in its body and as a Link (RFC 8288). `total`: how many entries there are in all, if that is
// told.
Response list_page(const Call& call, boost::json::array entries, const std::string& next_cursor,
                   std::optional<std::size_t> total = std::nullopt);

}  // namespace galena::server
