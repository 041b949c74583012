#include "server/page_query.hpp"

#include <fmt/format.h>

#include <charconv>

#include "server/list_page.hpp"

namespace galena::server {
namespace {

std::optional<std::pair<std::int64_t, std::uint32_t>> read_cursor(std::string_view text) {
  std::pair<std::int64_t, std::uint32_t> cursor;
  const char* end = text.data() + text.size();
  const auto rank = std::from_chars(text.data(), end, cursor.first);
  if (rank.ec != std::errc{} || rank.ptr == end || *rank.ptr != '.') return std::nullopt;
  const auto ordinal = std::from_chars(rank.ptr + 1, end, cursor.second);
  if (ordinal.ec != std::errc{} || ordinal.ptr != end) return std::nullopt;
  return cursor;
}

}  // namespace

std::string page_cursor(std::int64_t rank, std::uint32_t ordinal) {
  return fmt::format("{}.{}", rank, ordinal);
}

Result<PageQuery> PageQuery::read(const Call& call) {
  PageQuery page;
  const auto limit = page_limit(call);
  if (!limit) return tl::unexpected(limit.error());
  page.limit = *limit;
  if (const std::string cursor = call.query("cursor"); !cursor.empty()) {
    page.after = read_cursor(cursor);
    if (!page.after) {
      return tl::unexpected(wrong_parameter("cursor", "is not one that a list has given"));
    }
  }
  return page;
}

}  // namespace galena::server
