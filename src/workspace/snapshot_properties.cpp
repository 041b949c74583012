#include "workspace/snapshot_properties.hpp"

#include <bit>
#include <cmath>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "workspace/property_columns.hpp"

namespace galena::workspace {

using namespace domain;

namespace {

enum class ValueKind : std::uint8_t { text, number, truth };

void write_value(ByteWriter& out, const PropertyValue& value) {
  out.number(value.index());
  if (const auto* text = std::get_if<std::string>(&value)) {
    out.text(*text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    out.fixed(number, sizeof(*number));
  } else {
    out.number(std::get<bool>(value) ? 1 : 0);
  }
}

PropertyValue read_value(ByteReader& in) {
  switch (in.choice(ValueKind::truth)) {
    case ValueKind::text: {
      std::string text = in.text();
      if (text.empty() || text.size() > PropertyLimits::kTextBytes) in.refuse();
      return text;
    }
    case ValueKind::number: {
      double number = 0;
      in.fixed(&number, sizeof(number));
      const bool negative_nothing = number == 0 && std::signbit(number);
      if (!std::isfinite(number) || negative_nothing) in.refuse();
      return number;
    }
    case ValueKind::truth:
      break;
  }
  return in.flag();
}

}  // namespace

void write_column(ByteWriter& out, const domain::PropertyColumn& column) {
  std::unordered_map<const PropertyValue*, ValueCode> codes;
  std::vector<const PropertyValue*> dictionary;
  std::vector<std::pair<Position, ValueCode>> told;
  column.each([&](Position position, const PropertyValue& value) {
    const auto code = static_cast<ValueCode>(dictionary.size());
    const auto [known, is_new] = codes.emplace(&value, code);
    if (is_new) dictionary.push_back(&value);
    told.emplace_back(position, known->second);
  });
  out.number(dictionary.size());
  for (const PropertyValue* value : dictionary) write_value(out, *value);
  out.number(told.size());
  Position before = 0;
  for (const auto& [position, code] : told) {
    out.number(position - before);
    out.number(code);
    before = position;
  }
}

PropertyColumnPtr read_column(ByteReader& in, std::uint32_t position_max) {
  auto column = std::make_shared<PropertyColumn>();
  std::unordered_set<PropertyValue> known;
  for (std::uint64_t left = in.count(2); left > 0 && !in.failed(); --left) {
    PropertyValue value = read_value(in);
    if (!known.insert(value).second) in.refuse();
    column->add(std::move(value));
  }
  std::uint32_t position = 0;
  ValueCode used = 0;  // so many, in their order
  for (std::uint64_t left = in.count(2); left > 0 && !in.failed(); --left) {
    position += in.between<std::uint32_t>(1, position_max - position);
    const auto code = in.as<ValueCode>();
    if (code > used || code >= column->dictionary_size()) in.refuse();
    if (in.failed()) break;
    if (code == used) ++used;
    column->put(position, code);
  }
  if (used != column->dictionary_size()) in.refuse();
  return column;
}

}  // namespace galena::workspace
