#include "domain/json_text.hpp"

#include <simdjson.h>

#include <algorithm>

#include "base/result.hpp"

namespace galena::domain {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The place behind a text in quotes that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// Nineteen digits may be too many for 64 bits.
constexpr std::size_t kDigitsAlwaysRead = 18;

}  // namespace

std::string_view JsonItems::next() {
  while (!rest_.empty() && (rest_.front() == ',' || is_blank(rest_.front()))) {
    rest_.remove_prefix(1);
  }
  int depth = 0;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const char c = rest_[i];
    if (c == '"') {
      i = end_of_string(rest_, i) - 1;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    const bool closes = c == '}' || c == ']';
    if (depth == 0 && (c == ',' || closes)) return take(i);
    if (closes && --depth == 0) return take(i + 1);
  }
  return take(rest_.size());
}

std::string_view JsonItems::take(std::size_t size) {
  const std::string_view item = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return item;
}

std::string_view list_text(std::string_view object, std::string_view key) {
  const std::string quoted = '"' + std::string(key) + '"';
  object.remove_prefix(object.find('{') + 1);
  JsonItems members(object);
  for (std::string_view entry = members.next(); !entry.empty(); entry = members.next()) {
    if (!entry.starts_with(quoted)) continue;
    std::size_t at = quoted.size();
    while (at < entry.size() && (is_blank(entry[at]) || entry[at] == ':')) ++at;
    if (at == entry.size() || entry[at] != '[') return {};
    // To the end of the text, not of the entry: what is behind the list is asked for, too.
    const auto begin = static_cast<std::size_t>(entry.data() - object.data()) + at + 1;
    return object.substr(begin);
  }
  return {};
}

std::string minified_json(std::string_view text) {
  std::string out(text.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t size = 0;
  const auto error = simdjson::minify(text.data(), text.size(), out.data(), size);
  GALENA_ASSERT(error == simdjson::SUCCESS);
  out.resize(size);
  return out;
}

std::string without_member(std::string object, std::string_view key) {
  const std::string quoted = '"' + std::string(key) + "\":";
  JsonItems members(std::string_view(object).substr(1));
  for (std::string_view entry = members.next(); !entry.empty(); entry = members.next()) {
    if (!entry.starts_with(quoted)) continue;
    auto begin = static_cast<std::size_t>(entry.data() - object.data());
    std::size_t end = begin + entry.size();
    if (object[end] == ',') {
      ++end;
    } else if (object[begin - 1] == ',') {
      --begin;
    }
    return object.erase(begin, end - begin);
  }
  return object;
}

std::string with_readable_numbers(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '"') {
      end = end_of_string(text, at);
    } else if (is_digit(text[at])) {
      while (end < text.size() && is_digit(text[end])) ++end;
    }
    out.append(text.substr(at, end - at));
    const bool whole =
        is_digit(text[at]) && end - at > kDigitsAlwaysRead &&
        (end == text.size() || std::string_view(".eE").find(text[end]) == std::string_view::npos) &&
        (at == 0 || std::string_view(".eE+").find(text[at - 1]) == std::string_view::npos);
    if (whole) out += "e0";
    at = end;
  }
  return out;
}

}  // namespace galena::domain
