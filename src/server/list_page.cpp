#include "server/list_page.hpp"

#include <fmt/format.h>

#include <charconv>

namespace galena::server {
namespace {

namespace json = boost::json;

// The address of this request with another cursor.
std::string next_target(const Request& request, const std::string& cursor) {
  std::string target = request.path + "?";
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    if (!pair.empty() && !pair.starts_with("cursor=")) target.append(pair).append("&");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  target += "cursor=" + cursor;
  // Within <…> nothing may end it early.
  for (std::size_t at; (at = target.find_first_of("<> ")) != std::string::npos;) {
    target.replace(at, 1, fmt::format("%{:02X}", static_cast<unsigned char>(target[at])));
  }
  return target;
}

}  // namespace

Error wrong_parameter(std::string_view name, std::string problem) {
  return {ErrorCode::invalid, std::move(problem), "?" + std::string(name)};
}

Result<std::size_t> page_limit(const Call& call) {
  constexpr std::size_t kDefault = 50, kMax = 200;
  const std::string text = call.query("limit");
  if (text.empty()) return kDefault;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > kMax) {
    return tl::unexpected(
        wrong_parameter("limit", fmt::format("must be a whole number from 1 to {}", kMax)));
  }
  return limit;
}

Response list_page(const Call& call, json::array entries, const std::string& next_cursor,
                   std::optional<std::size_t> total) {
  const bool more = !next_cursor.empty();
  json::object body{{"data", std::move(entries)},
                    {"next_cursor", more ? json::value(next_cursor) : json::value(nullptr)},
                    {"has_more", more}};
  if (total) body["total"] = *total;
  Response response{.body = json::serialize(body)};
  if (more) {
    response.headers.push_back(
        {"Link", fmt::format("<{}>; rel=\"next\"", next_target(call.request, next_cursor))});
  }
  return response;
}

}  // namespace galena::server
