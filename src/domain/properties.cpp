#include "domain/properties.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace galena::domain {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 7> kIds{
    "userId", "user_id", "anonymousId", "anonymous_id", "previousId", "messageId", "writeKey"};

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0
}

// False if the text surely does not tell the property. A key may be spelled with escapes.
bool may_tell(std::string_view row, std::string_view name) {
  return row.find(last_part(name)) != std::string_view::npos;
}

std::optional<PropertyValue> scalar(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING: {
      const std::string_view text = element.get_string().value_unsafe();
      if (text.contains('@') || text.contains("%40")) return std::nullopt;
      const std::string form = comparison_form(text);
      if (form.contains('@')) return std::nullopt;
      const std::string_view kept = cut_utf8(form, PropertyLimits::kTextBytes);
      if (kept.empty()) return std::nullopt;
      return PropertyValue(std::string(kept));
    }
    case dom::element_type::INT64:
      return PropertyValue(static_cast<double>(element.get_int64().value_unsafe()));
    case dom::element_type::UINT64:
      return PropertyValue(static_cast<double>(element.get_uint64().value_unsafe()));
    case dom::element_type::DOUBLE: {
      const double number = element.get_double().value_unsafe();
      if (!std::isfinite(number)) return std::nullopt;
      return PropertyValue(number == 0 ? 0.0 : number);  // one spelling of nothing
    }
    case dom::element_type::BOOL:
      return PropertyValue(element.get_bool().value_unsafe());
    default:
      return std::nullopt;
  }
}

std::optional<dom::element> member(dom::object object, std::string_view key) {
  dom::element found;
  if (object[key].get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<PropertyValue> told(dom::object properties, std::string_view name) {
  if (const auto whole = member(properties, name)) return scalar(*whole);
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto outer = member(properties, name.substr(0, dot));
  if (!outer || !outer->is_object()) return std::nullopt;
  return told(outer->get_object().value_unsafe(), name.substr(dot + 1));
}

}  // namespace

std::string property_fault(std::string_view name) {
  if (name.empty()) return "a property needs a name";
  if (name.size() > PropertyLimits::kNameBytes) {
    return fmt::format("the name of a property may have {} bytes", PropertyLimits::kNameBytes);
  }
  if (!is_utf8(name)) return "the name of a property is no text";
  if (std::ranges::find(kIds, last_part(name)) != kIds.end()) {
    return fmt::format("\"{}\" says who somebody is, it is no property", name);
  }
  return {};
}

std::vector<ToldProperty> properties_told(std::string_view row, const PropertySlots& slots) {
  std::vector<ToldProperty> found;
  const bool may = row.contains('\\') || std::ranges::any_of(slots, [&](const auto& slot) {
                     return may_tell(row, slot.first);
                   });
  if (slots.empty() || !may) return found;
  thread_local dom::parser parser;
  dom::object properties;
  if (parser.parse(row.data(), row.size())["message"]["properties"].get(properties) !=
      simdjson::SUCCESS) {
    return found;
  }
  for (const auto& [name, slot] : slots) {
    if (auto value = told(properties, name)) found.push_back({slot, std::move(*value)});
  }
  return found;
}

std::optional<double> number_in(const PropertyValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool whole = error == std::errc{} && end == text->data() + text->size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<bool> truth_in(const PropertyValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && (*text == "true" || *text == "false")) return *text == "true";
  return std::nullopt;
}

std::string text_in(const PropertyValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return std::get<bool>(value) ? "true" : "false";
}

void ExactSum::add(double number) {
  constexpr double kNumberMax = 1e21;
  micro_ +=
      static_cast<decltype(micro_)>(std::round(std::clamp(number, -kNumberMax, kNumberMax) * 1e6));
}

double ExactSum::value() const {
  return static_cast<double>(micro_) / 1e6;
}

bool outlives_erasure(std::string_view name, const PropertyValue& value) {
  return std::holds_alternative<double>(value) &&
         std::ranges::find(kAmounts, name) != kAmounts.end();
}

const PropertyValue* PropertyView::find(PropertySlot slot, Position position) const {
  if (position == position_) {
    const auto found = std::ranges::find_if(
        told_, [&](const auto& change) { return change.slot == slot && change.value; });
    return found == told_.end() ? nullptr : &*found->value;
  }
  return slot < columns_.size() ? columns_[slot]->at(position) : nullptr;
}

}  // namespace galena::domain
