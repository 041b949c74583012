#include "base/json.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <ranges>

#include "base/text.hpp"

namespace galena {
namespace {

namespace dom = simdjson::dom;

// The key that stands twice among an object's own, if one does.
std::optional<std::string_view> own_duplicate(dom::object object) {
  thread_local std::vector<std::string_view> keys;
  keys.clear();
  for (const auto field : object) {
    // Quadratic, which is fastest for the few keys of a real object; many keys are sorted below.
    if (keys.size() < 32 && std::ranges::find(keys, field.key) != keys.end()) return field.key;
    keys.push_back(field.key);
  }
  if (keys.size() <= 32) return std::nullopt;
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  return twice == keys.end() ? std::nullopt : std::optional(*twice);
}

void prepend(std::string_view key, std::string& pointer) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  pointer.insert(0, step);
}

// True if a key stands twice somewhere; its place is then put together on the way back.
bool find_duplicate(const dom::element& element, std::string_view except, std::string& pointer) {
  if (element.is_object()) {
    const dom::object object = element.get_object().value_unsafe();
    if (const auto key = own_duplicate(object)) {
      prepend(*key, pointer);
      return true;
    }
    for (const auto field : object) {
      if (!except.empty() && field.key == except) continue;
      if (!find_duplicate(field.value, {}, pointer)) continue;
      prepend(field.key, pointer);
      return true;
    }
  } else if (element.is_array()) {
    const dom::array array = element.get_array().value_unsafe();
    std::size_t index = 0;
    for (const dom::element item : array) {
      if (find_duplicate(item, {}, pointer)) {
        prepend(fmt::format("{}", index), pointer);
        return true;
      }
      ++index;
    }
  }
  return false;
}

// Boost.JSON reads some numbers with an error in their last bit; simdjson does not. What is read
// and written again is to stay the same.
void take_numbers(const dom::element& from, boost::json::value& to) {
  if (from.is_double() && to.is_double()) {
    to = from.get_double().value_unsafe();
  } else if (from.is_object() && to.is_object()) {
    const dom::object object = from.get_object().value_unsafe();
    auto place = to.get_object().begin();
    for (const auto field : object) {
      GALENA_ASSERT(place != to.get_object().end());
      take_numbers(field.value, place->value());
      ++place;
    }
  } else if (from.is_array() && to.is_array()) {
    const dom::array array = from.get_array().value_unsafe();
    auto place = to.get_array().begin();
    for (const dom::element item : array) {
      take_numbers(item, *place++);
    }
  }
}

}  // namespace

std::optional<Error> duplicate_key(const dom::element& element, std::string_view except) {
  std::string pointer;
  if (!find_duplicate(element, except, pointer)) return std::nullopt;
  if (pointer.size() > 200) pointer = cut_utf8(pointer, 200);
  const std::string key = pointer.substr(pointer.rfind('/') + 1);
  return Error{ErrorCode::invalid,
               fmt::format("the key \"{}\" stands twice in its JSON object", key), pointer};
}

Result<boost::json::value> parse_json(std::string_view text) {
  thread_local dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(text.data(), text.size()).get(root)) {
    return fail(ErrorCode::invalid,
                fmt::format("this is not valid JSON: {}", simdjson::error_message(error)));
  }
  if (auto twice = duplicate_key(root)) return tl::unexpected(std::move(*twice));
  // Twice as deep as what is taken in (MessageLimits::kDepth): all that is in the log can be shown.
  static constexpr boost::json::parse_options kOptions{.max_depth = 256};
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error, {}, kOptions);
  if (error) return fail(ErrorCode::invalid, "this is not valid JSON: " + error.message());
  take_numbers(root, value);
  return value;
}

boost::json::value json_number(std::int64_t micro) {
  if (micro % 1'000'000 == 0) return micro / 1'000'000;
  return static_cast<double>(micro) / 1e6;
}

}  // namespace galena
