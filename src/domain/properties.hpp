// Properties of events that a playbook asks for: what a message says of them, and where the values
// are found by log position (ADR 0012). Everything else that a message says stays in the log.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/event.hpp"

namespace galena::domain {

// A text in its comparison form, a number, or true and false. Never empty, never not a number.
using PropertyValue = std::variant<std::string, double, bool>;

struct PropertyLimits {
  static constexpr std::size_t kNameBytes = 100;
  static constexpr std::size_t kTextBytes = 200;  // of a text; the rest is cut off
  static constexpr std::size_t kNamed = 50;       // that a playbook names to be kept
  static constexpr std::size_t kAsked = 100;      // that it asks for in all
};

// The place of a property among those that a playbook asks for, which are in alphabetical order.
using PropertySlot = std::uint16_t;
using PropertySlots = std::map<std::string, PropertySlot, std::less<>>;

// What is wrong with the name of a property; empty: nothing. Ids of people are no properties.
std::string property_fault(std::string_view name);

// What a log row's event says of the properties, slot by slot. A dotted name is first looked for as
// it is, then as a member of an object. Lists, objects, empty texts, and texts with an @ (which may
// be somebody's address) are as if nothing had been said.
struct ToldProperty {
  PropertySlot slot = 0;
  PropertyValue value;
};
std::vector<ToldProperty> properties_told(std::string_view row, const PropertySlots& slots);

// The value as a number: a text may be one in quotes.
std::optional<double> number_in(const PropertyValue& value);
// As true or false.
std::optional<bool> truth_in(const PropertyValue& value);
// As a text in its comparison form.
std::string text_in(const PropertyValue& value);

// Adds numbers up in millionths, so that the order makes no difference. Each counts to the
// millionth up to four billion, beyond that as exactly as 64-bit floating point tells it, and
// as 10^21 at most (either sign); a sum never overflows.
class ExactSum {
 public:
  void add(double number);
  double value() const;

 private:
  __extension__ __int128 micro_ = 0;
};

// Amounts of an event: numbers, and what they are of.
inline constexpr std::array<std::string_view, 5> kAmounts{"amount", "revenue", "value", "total",
                                                          "quantity"};

// Whether an erasure leaves the value in the log (erased_rows.hpp): amounts only.
bool outlives_erasure(std::string_view name, const PropertyValue& value);

// The values of one property, by the log position of the event. A published one never changes.
class PropertyColumn {
 public:
  virtual ~PropertyColumn() = default;

  // Null if the event there told nothing. Lasts as long as the column.
  virtual const PropertyValue* at(Position position) const = 0;
  // All, in log order.
  using Visit = std::function<void(Position, const PropertyValue&)>;
  virtual void each(const Visit& visit) const = 0;
};
using PropertyColumnPtr = std::shared_ptr<const PropertyColumn>;

// A value that comes, or (none) goes.
struct PropertyChange {
  PropertySlot slot = 0;
  std::uint32_t position = 0;
  std::optional<PropertyValue> value;
};

// What criteria look at: the columns, and what the input under way tells.
class PropertyView {
 public:
  PropertyView() = default;
  explicit PropertyView(std::span<const PropertyColumnPtr> columns, Position position = 0,
                        std::span<const PropertyChange> told = {})
      : columns_(columns), position_(position), told_(told) {}

  const PropertyValue* find(PropertySlot slot, Position position) const;

 private:
  std::span<const PropertyColumnPtr> columns_;  // by slot
  Position position_ = 0;                       // of the input under way
  std::span<const PropertyChange> told_;        // by it
};

// What the log says of a property up to a position: what a playbook needs that is the first to ask
// for it.
struct PropertyEvidence {
  std::string name;
  PropertyColumnPtr column;
  Position until = 0;
};

}  // namespace galena::domain
