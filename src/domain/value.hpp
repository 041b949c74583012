// A value in a criterion: missing, text, number or truth.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace galena::domain {

using Value = std::variant<std::monostate, std::string_view, double, bool>;

inline bool is_missing(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

}  // namespace galena::domain
