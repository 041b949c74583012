#include "base/json.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <ranges>

namespace galena {
namespace {

namespace dom = simdjson::dom;

bool object_has_duplicate_keys(dom::object object) {
  thread_local std::vector<std::string_view> scratch;
  const std::size_t begin = scratch.size();
  bool found = false;
  for (const auto field : object) {
    const auto known = std::ranges::subrange(scratch.begin() + std::ptrdiff_t(begin), scratch.end());
    // Quadratic, which is fastest for the few keys of a real object; many keys are sorted below.
    if (scratch.size() - begin < 32 && std::ranges::find(known, field.key) != known.end()) {
      found = true;
      break;
    }
    scratch.push_back(field.key);
  }
  if (!found && scratch.size() - begin >= 32) {
    std::sort(scratch.begin() + std::ptrdiff_t(begin), scratch.end());
    found = std::adjacent_find(scratch.begin() + std::ptrdiff_t(begin), scratch.end()) !=
            scratch.end();
  }
  scratch.resize(begin);
  if (found) return true;
  for (const auto field : object) {
    if (has_duplicate_keys(field.value)) return true;
  }
  return false;
}

}  // namespace

bool has_duplicate_keys(const dom::element& element) {
  if (element.is_object()) return object_has_duplicate_keys(element.get_object().value_unsafe());
  if (element.is_array()) {
    const dom::array array = element.get_array().value_unsafe();  // a copy: the result is gone soon
    for (const dom::element item : array) {
      if (has_duplicate_keys(item)) return true;
    }
  }
  return false;
}

Result<boost::json::value> parse_json(std::string_view text) {
  thread_local dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(text.data(), text.size()).get(root)) {
    return fail(ErrorCode::invalid,
                fmt::format("this is not valid JSON: {}", simdjson::error_message(error)));
  }
  if (has_duplicate_keys(root)) {
    return fail(ErrorCode::invalid, "a key stands twice in one JSON object");
  }
  // Twice as deep as what is taken in (MessageLimits::kDepth): all that is in the log can be shown.
  static constexpr boost::json::parse_options kOptions{.max_depth = 256};
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error, {}, kOptions);
  if (error) return fail(ErrorCode::invalid, "this is not valid JSON: " + error.message());
  return value;
}

boost::json::value json_number(std::int64_t micro) {
  if (micro % 1'000'000 == 0) return micro / 1'000'000;
  return static_cast<double>(micro) / 1e6;
}

}  // namespace galena
