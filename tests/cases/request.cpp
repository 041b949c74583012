#include "request.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "base/text.hpp"
#include "case_file.hpp"

namespace galena::cases {
namespace {

namespace json = boost::json;
using domain::MessageType;

json::value json_of(const std::string& text) {
  const bool digits = !text.empty() && text.size() < 18 &&
                      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? json::value(std::stoll(text)) : json::value(text);
}

// Puts "company.employees" into the object "company".
void put(json::object& object, std::string_view key, const std::string& value) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) {
    object[key] = json_of(value);
    return;
  }
  json::value& inner = object[key.substr(0, dot)];
  if (!inner.is_object()) inner = json::object();
  put(inner.as_object(), key.substr(dot + 1), value);
}

// What stands in the brackets: how the message came, else `told`.
void read_brackets(std::string_view text, Request& request, json::object& body,
                   json::object& told) {
  for (const auto& [key, value] : read_details(text)) {
    if (key == "source") {
      const std::string_view words[] = {"browser", "import", "server", "api"};
      const auto found = std::ranges::find(words, value);
      if (found == std::end(words)) throw std::runtime_error("no source is called " + value);
      request.source = static_cast<domain::Source>(found - std::begin(words));
    } else if (key == "stated") {
      body["timestamp"] = format_time(read_time(value));
    } else if (key == "sent") {
      body["sentAt"] = format_time(read_time(value));
    } else if (key == "id") {
      body["messageId"] = value;
    } else if (key == "previous") {
      body["previousId"] = value;
    } else {
      put(told, key, value);
    }
  }
}

// The deed's first word, if it is a kind of call with words of its own.
MessageType type_of(std::string_view deed, std::string_view& rest) {
  const std::size_t blank = std::min(deed.find(' '), deed.size());
  const auto type = domain::message_type(deed.substr(0, blank));
  if (!type || *type == MessageType::track) return MessageType::track;
  rest = trimmed(deed.substr(blank));
  return *type;
}

}  // namespace

Time read_time(std::string_view text) {
  const auto time = parse_time(text);
  if (!time) throw std::runtime_error(time.error().message);
  return *time;
}

Actor read_actor(std::string_view text) {
  Actor actor;
  if (text == "nobody") return actor;
  if (text.starts_with("device ")) {
    actor.device = trimmed(text.substr(7));
    return actor;
  }
  const std::size_t on = text.find(" on ");
  if (on != std::string_view::npos) actor.device = trimmed(text.substr(on + 4));
  std::string name(trimmed(text.substr(0, on)));
  if (name.starts_with("user ")) {
    actor.user = trimmed(std::string_view(name).substr(5));
    return actor;
  }
  (name.find('@') == std::string::npos ? actor.user : actor.address) = name;
  return actor;
}

Request request_of(const Actor& actor, std::string_view deed) {
  Request request;
  json::object body, told;
  if (!actor.user.empty()) body["userId"] = actor.user;
  if (!actor.device.empty()) body["anonymousId"] = actor.device;
  if (!actor.address.empty()) {
    body["context"] = json::object{{"traits", json::object{{"email", actor.address}}}};
  }
  const std::size_t bracket = std::min(deed.find('('), deed.size());
  if (bracket < deed.size()) {
    if (deed.back() != ')') throw std::runtime_error("a closing bracket is missing");
    read_brackets(deed.substr(bracket + 1, deed.size() - bracket - 2), request, body, told);
  }
  std::string_view name = trimmed(deed.substr(0, bracket));
  request.type = type_of(name, name);
  switch (request.type) {
    case MessageType::track:
      body["event"] = name;
      break;
    case MessageType::page:
      told[name.find("://") == std::string_view::npos ? "path" : "url"] = name;
      break;
    case MessageType::screen:
      body["name"] = name;
      break;
    default:
      break;
  }
  const bool traits = request.type == MessageType::identify || request.type == MessageType::group;
  if (!told.empty()) body[traits ? "traits" : "properties"] = std::move(told);
  request.body = json::serialize(body);
  return request;
}

}  // namespace galena::cases
