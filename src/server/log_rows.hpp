// Log rows read back for showing: the input's JSON by position.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <span>

#include "server/routes.hpp"

namespace galena::server {

struct ShownRow {
  Time received_at{};
  domain::InputKind kind{};
  boost::json::object input;
  std::string outcome;
};

// The rows at these positions; one that is gone (erased) is left out.
std::map<domain::Position, ShownRow> read_rows(const Call& call,
                                               std::span<const domain::Position> positions);

// The error of an idempotency key that stands in the log with another request.
Error key_reused();

// A text member of an object, or empty.
std::string_view text_in(const boost::json::object& object, std::string_view key);

}  // namespace galena::server
