// A lead's events, newest first, with the message as the client sent it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/json.hpp"
#include "domain/decide.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/list_page.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

json::object object_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->as_object() : json::object{};
}

// The client's message within the row, and what the batch around it added.
void add_message(const ShownRow& row, json::object& entry) {
  const json::object message = object_in(row.input, "message");
  entry["message_id"] = text_or_null(text_in(message, "messageId"));
  entry["type"] = text_in(row.input, "type");
  entry["source"] = text_in(row.input, "source");
  const json::object traits = object_in(message, "traits");
  entry["properties"] = traits.empty() ? object_in(message, "properties") : traits;
  json::object context = object_in(message, "context");
  if (context.empty()) context = object_in(row.input, "context");
  for (const auto& [key, value] : object_in(row.input, "from")) {
    context[key == "ua" ? "userAgent" : std::string_view(key)] = value;
  }
  entry["context"] = std::move(context);
}

json::object entry_json(const Event& event, const workspace::Version& state,
                        const std::map<Position, ShownRow>& rows) {
  json::object entry{{"id", event_id(event.position)},
                     {"message_id", nullptr},
                     {"type", "track"},
                     {"event", state.kinds()->name(event.kind)},
                     {"at", format_time(event.at)},
                     {"received_at", format_time(event.known_at)},
                     {"source", "api"},
                     {"bot", false},
                     {"counted", event.counted && !event.voided},
                     {"voided", event.voided},
                     {"properties", json::object{}},
                     {"context", json::object{}},
                     {"note", nullptr}};
  if (!event.counted) entry["note"] = "a browser key may not tell this; it scores nothing";
  const auto row = rows.find(event.position);
  if (row == rows.end()) return entry;
  if (row->second.kind == InputKind::event) {
    add_message(row->second, entry);
  } else {
    entry["type"] = "adjustment";
    entry["note"] = text_or_null(text_in(row->second.input, "reason"));
    entry["properties"] = json::object{{"points", json_number(event.value)},
                                       {"author", text_in(row->second.input, "author")}};
  }
  return entry;
}

// With those that were taken back, which nobody else looks at.
std::vector<Event> events_shown(const workspace::Version& state, const Lead& lead) {
  std::vector<Event> events;
  std::vector<Event> own;
  for (const PersonOrdinal ordinal : lead.persons) {
    const Person& person = state.person(ordinal);
    own.clear();
    person.history.collect(own);
    std::ranges::copy_if(own, std::back_inserter(events),
                         [&](const Event& event) { return person.owns(event); });
  }
  std::ranges::sort(events, [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at > b.at : a.position > b.position;
  });
  return events;
}

struct Place {  // of the last entry of a page
  std::int64_t at_ms = 0;
  std::uint32_t position = 0;
};

std::optional<Place> read_cursor(std::string_view text) {
  Place place;
  const char* end = text.data() + text.size();
  const auto at = std::from_chars(text.data(), end, place.at_ms);
  if (at.ec != std::errc{} || at.ptr == end || *at.ptr != '.') return std::nullopt;
  const auto position = std::from_chars(at.ptr + 1, end, place.position);
  if (position.ec != std::errc{} || position.ptr != end) return std::nullopt;
  return place;
}

bool is_before(const Event& event, const Place& place) {
  const std::int64_t at = to_ms(event.at);
  return at != place.at_ms ? at < place.at_ms : event.position < place.position;
}

}  // namespace

Response get_lead_timeline(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const auto limit = page_limit(call);
  if (!limit) return problem(limit.error());
  std::vector<Event> events = events_shown(*state, state->lead(*ordinal));
  if (const std::string text = call.query("cursor"); !text.empty()) {
    const auto after = read_cursor(text);
    if (!after) {
      return problem({ErrorCode::invalid, "is not one that a list has given", "?cursor"});
    }
    std::erase_if(events, [&](const Event& event) { return !is_before(event, *after); });
  }
  const bool more = events.size() > *limit;
  if (more) events.resize(*limit);
  std::vector<Position> positions;
  for (const Event& event : events) positions.push_back(event.position);
  const auto rows = read_rows(call, positions);
  json::array data;
  for (const Event& event : events) data.push_back(entry_json(event, *state, rows));
  return list_page(
      call, std::move(data),
      more ? fmt::format("{}.{}", to_ms(events.back().at), events.back().position) : "");
}

}  // namespace galena::server
