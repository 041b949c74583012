// Pages of lists that are ranked by a number, and of equals by another.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
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

}  // namespace galena::server
