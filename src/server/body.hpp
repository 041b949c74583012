// Reads a JSON object of a request: typed members by name, every wrong field remembered with its
// JSON Pointer, unknown members refused.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "server/http.hpp"
#include "server/problem.hpp"

namespace galena::server {

class Body {
 public:
  explicit Body(const Request& request) {
    const std::string_view type = request.header("Content-Type");
    if (!request.local && !type.starts_with("application/json")) {
      errors_.push_back({ErrorCode::unsupported, "send JSON: Content-Type: application/json", ""});
      broken_ = true;
      return;
    }
    auto parsed = parse_json(request.body);
    if (!parsed) {
      errors_.push_back(parsed.error());
      broken_ = true;
    } else if (!parsed->is_object()) {
      errors_.push_back({ErrorCode::invalid, "the body must be a JSON object", ""});
      broken_ = true;
    } else {
      object_ = std::move(parsed->as_object());
    }
  }

  // A text that must be there, of 1 to `bytes_max` bytes.
  std::string text(std::string_view name, std::size_t bytes_max) {
    const boost::json::value* value = member(name);
    if (value == nullptr || !value->is_string() || value->as_string().empty()) {
      wrong(name, "must be a text");
      return {};
    }
    if (value->as_string().size() > bytes_max) {
      wrong(name, "may have " + std::to_string(bytes_max) + " bytes");
    }
    return std::string(value->as_string());
  }

  std::string optional_text(std::string_view name, std::size_t bytes_max) {
    const boost::json::value* value = member(name);
    if (value == nullptr || value->is_null()) return {};
    return text(name, bytes_max);
  }

  std::int64_t whole(std::string_view name, std::int64_t low, std::int64_t high) {
    const boost::json::value* value = member(name);
    if (value == nullptr || !value->is_int64() || value->as_int64() < low ||
        value->as_int64() > high) {
      wrong(name,
            "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
      return 0;
    }
    return value->as_int64();
  }

  std::optional<std::int64_t> optional_whole(std::string_view name, std::int64_t low,
                                             std::int64_t high) {
    const boost::json::value* value = member(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return whole(name, low, high);
  }

  // Of several things wrong with a member the first is told.
  void wrong(std::string_view name, std::string problem) {
    std::string pointer = "/" + std::string(name);
    const bool told = std::ranges::find(errors_, pointer, &Error::field) != errors_.end();
    if (!broken_ && !told) {
      errors_.push_back({ErrorCode::invalid, std::move(problem), std::move(pointer)});
    }
  }

  // The answer that says all that is wrong; nothing if all is right. Call it after reading.
  std::optional<Response> refusal() {
    if (!broken_) {
      for (const auto& [name, value] : object_) {
        bool known = false;
        for (const std::string& asked : asked_) known |= asked == name;
        if (!known)
          errors_.push_back({ErrorCode::invalid, "is not known here", "/" + std::string(name)});
      }
    }
    if (errors_.empty()) return std::nullopt;
    return problem(errors_);
  }

 private:
  const boost::json::value* member(std::string_view name) {
    asked_.emplace_back(name);
    return object_.if_contains(name);
  }

  boost::json::object object_;
  std::vector<std::string> asked_;
  std::vector<Error> errors_;
  bool broken_ = false;  // as a whole, so its members say nothing
};

}  // namespace galena::server
