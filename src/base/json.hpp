// JSON where Boost.JSON is used: parsing that refuses what two readers could read differently.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace simdjson::dom {
class element;
}

namespace galena {

// Parses a whole text. Errors (invalid): no JSON, broken UTF-8, a key twice in one object. simdjson
// and Boost.JSON both have to accept it.
Result<boost::json::value> parse_json(std::string_view text);

// A key that stands twice makes two readers see two different things, so it is refused.
bool has_duplicate_keys(const simdjson::dom::element& element);

// Micro-units as a JSON number: whole numbers without a fraction.
boost::json::value json_number(std::int64_t micro);

}  // namespace galena
