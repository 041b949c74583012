// Lists of leads, the best first, page by page.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>

#include "base/result.hpp"
#include "server/list_page.hpp"
#include "server/routes.hpp"

namespace galena::server {

// Which page of a list, as the query parameters `limit` and `cursor` say.
struct PageQuery {
  std::size_t limit = 0;
  std::optional<std::pair<std::int64_t, std::uint32_t>> after;  // the last of the page before

  static Result<PageQuery> read(const Call& call);
};

// Where a page ends: a rank, and of equals the ordinal.
std::string page_cursor(std::int64_t rank, std::uint32_t ordinal);

using WantedLead = std::function<bool(const domain::Lead&, domain::LeadOrdinal)>;
using ShownLead = std::function<boost::json::object(domain::LeadOrdinal, const domain::Standing&)>;

// The page of those leads that are wanted: highest score first, of equals the younger.
Response ranked_leads(const Call& call, const workspace::Version& state, const PageQuery& page,
                      Time now, const WantedLead& wanted, const ShownLead& shown);

}  // namespace galena::server
