// What an attribute is for one lead, and in which form its texts are compared.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "domain/criteria.hpp"

namespace galena::domain {

// monostate: missing.
using Value = std::variant<std::monostate, std::string_view, double, bool, Time>;

inline bool is_missing(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

Value value_of(Attribute attribute, const Subject& subject);

// Countries compare by their code, everything else by its comparison form.
std::string constant_form(Attribute attribute, std::string_view text);
std::string value_form(Attribute attribute, std::string_view text);

}  // namespace galena::domain
