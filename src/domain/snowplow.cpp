#include "domain/snowplow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/snowplow_event.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

constexpr std::int64_t kLastMs = 253'402'300'799'999;  // of the year 9999

// Entities that say who the person is: their data are traits.
constexpr std::array<std::string_view, 6> kPersonEntities{"contact", "customer", "lead",
                                                          "person",  "profile",  "user"};

void put(json::object& object, std::string_view name, std::string_view text) {
  if (!text.empty()) object[name] = text;
}

void put(json::object& object, std::string_view name, json::object members) {
  if (!members.empty()) object[name] = std::move(members);
}

// A moment in milliseconds; one that cannot be is as if it had not been told.
std::string moment(std::string_view ms) {
  std::int64_t number = 0;
  const char* const end = ms.data() + ms.size();
  const auto [rest, error] = std::from_chars(ms.data(), end, number);
  const bool is_one = error == std::errc{} && rest == end && number >= 0 && number <= kLastMs;
  return is_one ? format_time(from_ms(number)) : std::string();
}

// By its own clock, which the time of sending corrects; or by one that is known to be right.
void put_times(const SnowplowFields& fields, json::object& message) {
  const std::string true_time = moment(told(fields, "ttm"));
  if (!true_time.empty()) return put(message, "timestamp", true_time);
  const std::string created = moment(told(fields, "dtm"));
  if (created.empty()) return;
  put(message, "timestamp", created);
  put(message, "sentAt", moment(told(fields, "stm")));
}

// Without a cookie of the site's, an app's installation, the collector's cookie, or the visit.
std::string device_of(const SnowplowFields& fields, const std::vector<Described>& entities) {
  if (const auto domain_user = trimmed(told(fields, "duid")); !domain_user.empty()) {
    return std::string(domain_user);
  }
  for (const Described& entity : entities) {
    if (entity.name != "client_session") continue;
    const json::value* user = entity.data.if_contains("userId");
    if (user != nullptr && user->is_string() && !user->as_string().empty()) {
      return std::string(user->as_string());
    }
  }
  for (const std::string_view name : {"tnuid", "nuid", "sid"}) {
    if (const auto id = trimmed(told(fields, name)); !id.empty()) return std::string(id);
  }
  return {};
}

json::object traits_of(const std::vector<Described>& entities) {
  json::object traits;
  for (const Described& entity : entities) {
    if (std::ranges::find(kPersonEntities, entity.name) == kPersonEntities.end()) continue;
    for (const auto& [name, value] : entity.data) traits.emplace(name, value);
  }
  return traits;
}

// What the address says of the campaign that led there, as analytics.js tells it.
json::object campaign_in(std::string_view url) {
  constexpr std::string_view kPrefix = "utm_";
  json::object campaign;
  url = url.substr(0, url.find('#'));
  url.remove_prefix(std::min(url.find('?'), url.size()));
  while (!url.empty()) {
    url.remove_prefix(1);  // the "?" or "&" before it
    const std::string_view pair = url.substr(0, url.find('&'));
    url.remove_prefix(pair.size());
    const std::size_t equals = pair.find('=');
    if (!pair.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(kPrefix.size(), equals - kPrefix.size());
    std::string spaced(pair.substr(equals + 1)), value;
    for (char& c : spaced) c = c == '+' ? ' ' : c;
    if (name.empty() || !percent_decode(spaced, value) || !is_utf8(value)) continue;
    put(campaign, name == "campaign" ? "name" : name, value);
  }
  return campaign;
}

// "1440x900"
json::object screen_of(std::string_view size) {
  const std::size_t times = size.find('x');
  std::array<int, 2> sides{};
  if (times == std::string_view::npos) return {};
  const std::array parts{size.substr(0, times), size.substr(times + 1)};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const char* const end = parts[i].data() + parts[i].size();
    const auto [rest, error] = std::from_chars(parts[i].data(), end, sides[i]);
    if (error != std::errc{} || rest != end) return {};
  }
  return {{"width", sides[0]}, {"height", sides[1]}};
}

// What else the tracker tells: kept as it is, for whoever looks at the event.
json::object tracker_of(const SnowplowFields& fields, const std::vector<Described>& entities) {
  json::object tracker;
  put(tracker, "app_id", told(fields, "aid"));
  put(tracker, "platform", told(fields, "p"));
  put(tracker, "namespace", told(fields, "tna"));
  put(tracker, "session_id", told(fields, "sid"));
  put(tracker, "visit", told(fields, "vid"));
  json::array list;
  for (const Described& entity : entities) {
    list.push_back(json::object{{"name", entity.name}, {"data", entity.data}});
  }
  if (!list.empty()) tracker["entities"] = std::move(list);
  return tracker;
}

json::object context_of(const SnowplowFields& fields, const std::vector<Described>& entities) {
  json::object context;
  put(context, "page", snowplow_page(fields));
  put(context, "campaign", campaign_in(told(fields, "url")));
  put(context, "userAgent", told(fields, "ua"));
  put(context, "ip", told(fields, "ip"));
  put(context, "locale", told(fields, "lang"));
  put(context, "timezone", told(fields, "tz"));
  put(context, "screen", screen_of(told(fields, "res")));
  put(context, "traits", traits_of(entities));
  json::object library{{"name", "snowplow"}};
  put(library, "version", told(fields, "tv"));
  put(context, "library", std::move(library));
  put(context, "snowplow", tracker_of(fields, entities));
  return context;
}

SnowplowFields fields_in(const json::object& event) {
  SnowplowFields fields;
  for (const auto& [name, value] : event) {
    if (value.is_null() || !value.is_primitive()) continue;
    fields.emplace(name,
                   value.is_string() ? std::string(value.as_string()) : json::serialize(value));
  }
  return fields;
}

}  // namespace

std::string_view told(const SnowplowFields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

bool is_of_browser(const SnowplowFields& fields) {
  const std::string_view platform = told(fields, "p");
  return platform.empty() || platform == "web";
}

Result<std::vector<SnowplowFields>> read_snowplow_payload(std::string_view body) {
  if (body.size() > MessageLimits::kBatchBytes) {
    return fail(ErrorCode::too_large, "a request may have 500 KB");
  }
  const auto value = parse_json(body);
  if (!value) return tl::unexpected(value.error());
  const json::value* data = value->is_object() ? value->as_object().if_contains("data") : nullptr;
  if (data == nullptr || !data->is_array()) {
    return fail(ErrorCode::invalid, "must be a list of events, as payload_data has it", "/data");
  }
  const json::array& list = data->as_array();
  if (list.size() > MessageLimits::kBatchMessages) {
    return fail(ErrorCode::too_large, "a request may have 2,500 events", "/data");
  }
  std::vector<SnowplowFields> events;
  for (const json::value& event : list) {
    // What is no event has no field that says what happened, and is refused for that.
    events.push_back(event.is_object() ? fields_in(event.as_object()) : SnowplowFields());
  }
  return events;
}

Result<SnowplowMessage> snowplow_message(const SnowplowFields& fields) {
  for (const auto& [name, value] : fields) {
    if (is_utf8(name) && is_utf8(value)) continue;
    return fail(ErrorCode::invalid, "must be UTF-8", is_utf8(name) ? "/" + name : "");
  }
  auto happened = what_happened(fields);
  if (!happened) return tl::unexpected(happened.error());
  const auto entities = snowplow_entities(fields);
  if (!entities) return tl::unexpected(entities.error());
  const std::string_view user = trimmed(told(fields, "uid"));
  const std::string device = device_of(fields, *entities);
  if (user.empty() && device.empty()) {
    return fail(ErrorCode::invalid,
                "nothing says who it was: set a user id (uid), or let the tracker keep its domain "
                "user id (duid)",
                "/uid");
  }
  json::object message;
  put(message, "messageId", told(fields, "eid"));
  put(message, "userId", user);
  put(message, "anonymousId", device);
  put_times(fields, message);
  put(message, happened->type == MessageType::track ? "event" : "name", happened->name);
  put(message, "properties", std::move(happened->properties));
  put(message, "traits", std::move(happened->traits));
  put(message, "context", context_of(fields, *entities));
  return SnowplowMessage{happened->type, json::serialize(message)};
}

}  // namespace galena::domain
