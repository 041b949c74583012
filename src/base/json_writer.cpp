#include "base/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <utility>

#include "base/result.hpp"

namespace galena {

void JsonWriter::text(std::string_view key, std::string_view value) {
  member(key);
  quoted(value);
}

void JsonWriter::number(std::string_view key, std::int64_t value) {
  member(key);
  fmt::format_to(std::back_inserter(out_), "{}", value);
}

void JsonWriter::number(std::string_view key, double value) {
  GALENA_ASSERT(std::isfinite(value));
  member(key);
  fmt::format_to(std::back_inserter(out_), "{}", value);
}

void JsonWriter::truth(std::string_view key, bool value) {
  member(key);
  out_.append(value ? "true" : "false");
}

void JsonWriter::begin(std::string_view key) {
  const std::size_t before = out_.size();
  member(key);
  out_.push_back('{');
  open_.push_back({before, out_.size()});
}

void JsonWriter::end() {
  GALENA_ASSERT(!open_.empty());
  const Open open = open_.back();
  open_.pop_back();
  if (out_.size() == open.content) {
    out_.resize(open.before);
  } else {
    out_.push_back('}');
  }
}

std::string JsonWriter::take() {
  GALENA_ASSERT(open_.empty());
  out_.push_back('}');
  return std::move(out_);
}

void JsonWriter::member(std::string_view key) {
  if (out_.back() != '{') out_.push_back(',');
  quoted(key);
  out_.push_back(':');
}

void JsonWriter::quoted(std::string_view text) {
  out_.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out_.push_back(c);
    }
  }
  out_.push_back('"');
}

}  // namespace galena
