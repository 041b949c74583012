#include "server/ranked_leads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "server/lead_view.hpp"
#include "server/list_page.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

struct Ranked {
  std::int64_t score = 0;
  LeadOrdinal ordinal = 0;

  bool operator<(const Ranked& other) const {
    return score != other.score ? score > other.score : ordinal > other.ordinal;
  }
};

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

Response ranked_leads(const Call& call, const workspace::Version& state, const PageQuery& page,
                      Time now, const WantedLead& wanted, const ShownLead& shown) {
  std::vector<Ranked> ranked;
  for (LeadOrdinal ordinal = 0; ordinal < state.lead_count(); ++ordinal) {
    const Lead& lead = state.lead(ordinal);
    if (!wanted(lead, ordinal)) continue;
    ranked.push_back({standing_at(state, lead, now).score().micro, ordinal});
  }
  const std::size_t total = ranked.size();
  if (page.after) {
    const Ranked after{page.after->first, page.after->second};
    std::erase_if(ranked, [&](const Ranked& entry) { return !(after < entry); });
  }
  const std::size_t count = std::min(page.limit, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + std::ptrdiff_t(count), ranked.end());
  json::array data;
  for (std::size_t i = 0; i < count; ++i) {
    const LeadOrdinal ordinal = ranked[i].ordinal;
    data.push_back(shown(ordinal, standing_at(state, state.lead(ordinal), now)));
  }
  const bool more = count < ranked.size();
  return list_page(call, std::move(data),
                   more ? page_cursor(ranked[count - 1].score, ranked[count - 1].ordinal) : "",
                   total);
}

}  // namespace galena::server
