// What an event of the Snowplow protocol says that happened: the part of the translation that knows
// kinds of events and schemas.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "domain/snowplow.hpp"

namespace galena::domain {

// Data with the schema that describes them: "iglu:com.acme/demo_requested/jsonschema/1-0-0".
struct Described {
  std::string vendor;
  std::string name;
  boost::json::object data;
};

// The entities that the event carries ("contexts").
Result<std::vector<Described>> snowplow_entities(const SnowplowFields& fields);

struct Happening {
  MessageType type = MessageType::track;
  std::string name;  // of the event, page or screen
  boost::json::object properties;
  boost::json::object traits;  // identify
};
Result<Happening> what_happened(const SnowplowFields& fields);

// The page on which it happened: path, url, title, referrer, search, as far as they are told.
boost::json::object snowplow_page(const SnowplowFields& fields);

// "demo_requested", "demoRequested" -> "Demo Requested".
std::string in_words(std::string_view name);

}  // namespace galena::domain
