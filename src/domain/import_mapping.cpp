#include "domain/import_mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/fields.hpp"
#include "domain/latin_form.hpp"
#include "domain/message.hpp"
#include "domain/properties.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;
using Target = ImportTarget;

constexpr std::size_t kColumnsMax = 10'000;
constexpr std::size_t kSystemBytesMax = 50;

tl::unexpected<Error> wrong(std::string place, std::string message) {
  return fail(ErrorCode::invalid, std::move(message), std::move(place));
}

// Which target says what a property of that name would say, to us or to the core that reads the
// message. None: none does.
bool says_what_a_target_says(ImportKind kind, std::string_view name) {
  for (std::size_t i = 1; i < kImportTargetCount; ++i) {
    const auto target = static_cast<Target>(i);
    const std::string_view trait = trait_of(kind, target);
    if (has_target(kind, target) && name == trait.substr(0, trait.find('.'))) return true;
  }
  if (kind == ImportKind::people) return name == "name" || field_of_trait("", name).has_value();
  if (kind == ImportKind::accounts) return field_of_trait("company", name).has_value();
  return false;
}

Result<> check_property(const ImportMapping& mapping, const ImportColumn& column,
                        std::string place) {
  const std::string& name = column.property;
  if (column.target != Target::none) {
    return wrong(std::move(place), "a column has a target or a property, not both");
  }
  if (name.size() > PropertyLimits::kNameBytes || !is_utf8(name) || name != trimmed(name)) {
    return wrong(std::move(place),
                 fmt::format("must be a name of {} bytes at most", PropertyLimits::kNameBytes));
  }
  const bool has_id = std::ranges::any_of(mapping.columns, [](const ImportColumn& other) {
    return other.target == Target::external_id;
  });
  if (says_what_a_target_says(mapping.kind, name) || name == "imported_from" ||
      (has_id && name == id_trait(mapping))) {
    return wrong(
        std::move(place),
        fmt::format("\"{}\" has a meaning of its own: choose the target, or another name", name));
  }
  return {};
}

Result<> check_columns(const ImportMapping& mapping) {
  if (mapping.columns.size() > kColumnsMax) return wrong("/columns", "may have 10,000 columns");
  std::map<Target, std::size_t> by_target;
  std::map<std::string_view, std::size_t> by_property;
  for (std::size_t i = 0; i < mapping.columns.size(); ++i) {
    const ImportColumn& column = mapping.columns[i];
    const std::string place = fmt::format("/columns/{}", i);
    const auto taken = [&](std::size_t by) {
      return fmt::format("is column {} (\"{}\") already", by + 1, mapping.columns[by].header);
    };
    if (column.target != Target::none) {
      if (!has_target(mapping.kind, column.target)) {
        return wrong(place + "/target",
                     fmt::format("\"{}\" is nothing that {} have", to_string(column.target),
                                 to_string(mapping.kind)));
      }
      const auto [other, is_new] = by_target.emplace(column.target, i);
      if (!is_new) return wrong(place + "/target", taken(other->second));
    }
    if (!column.property.empty()) {
      auto checked = check_property(mapping, column, place + "/property");
      if (!checked) return checked;
      const auto [other, is_new] = by_property.emplace(column.property, i);
      if (!is_new) return wrong(place + "/property", taken(other->second));
    }
  }
  return {};
}

// A system stands before ids ("hubspot:17") and in a trait's name ("hubspot_id").
bool is_system(std::string_view system) {
  return system.size() <= kSystemBytesMax && std::ranges::all_of(system, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

// --- reading -----------------------------------------------------------------------------------

Result<std::string> text_at(const json::object& object, std::string_view key,
                            std::string_view place, std::string otherwise) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) return wrong(fmt::format("{}/{}", place, key), "must be a text");
  return std::string(value->get_string());
}

Result<> only_known(const json::object& object, std::string_view place,
                    const std::set<std::string_view>& known) {
  for (const auto& member : object) {
    if (known.contains(std::string_view(member.key()))) continue;
    return wrong(fmt::format("{}/{}", place, std::string_view(member.key())), "is not known here");
  }
  return {};
}

// A member that is one of some words.
template <class Read>
auto word_at(const json::object& object, std::string_view key, std::string_view place,
             std::string_view otherwise, Read read)
    -> Result<typename std::invoke_result_t<Read, std::string_view>::value_type> {
  const auto word = text_at(object, key, place, std::string(otherwise));
  if (!word) return tl::unexpected(word.error());
  const auto value = read(*word);
  if (!value) return wrong(fmt::format("{}/{}", place, key), "is no word that is known here");
  return *value;
}

Result<ImportColumn> read_column(const json::value& value, const std::string& place) {
  if (!value.is_object()) return wrong(place, "must be an object");
  const json::object& object = value.get_object();
  if (auto known = only_known(object, place, {"header", "target", "property"}); !known) {
    return tl::unexpected(known.error());
  }
  const auto header = text_at(object, "header", place, "");
  if (!header) return tl::unexpected(header.error());
  const auto target = word_at(object, "target", place, "none", import_target);
  if (!target) return tl::unexpected(target.error());
  const auto property = text_at(object, "property", place, "");
  if (!property) return tl::unexpected(property.error());
  return ImportColumn{*header, *target, *property};
}

Result<std::vector<ImportColumn>> read_columns(const json::object& object) {
  const json::value* list = object.if_contains("columns");
  if (list == nullptr || !list->is_array()) return wrong("/columns", "must be a list");
  std::vector<ImportColumn> columns;
  for (const json::value& one : list->get_array()) {
    auto column = read_column(one, fmt::format("/columns/{}", columns.size()));
    if (!column) return tl::unexpected(column.error());
    columns.push_back(std::move(*column));
  }
  return columns;
}

}  // namespace

ImportMapping suggested_mapping(const ImportLayout& layout,
                                std::span<const std::string_view> header) {
  ImportMapping mapping{
      .layout = layout.name, .kind = layout.kind, .system = layout.system, .event = layout.event};
  std::set<std::string_view> properties;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const ColumnGuess& guess = layout.columns[i];
    ImportColumn column{.header = i < header.size() ? std::string(header[i]) : std::string(),
                        .target = guess.target};
    if (properties.insert(guess.property).second) column.property = guess.property;
    mapping.columns.push_back(std::move(column));
  }
  return mapping;
}

DateOrder guess_date_order(const ImportMapping& mapping,
                           std::span<const std::vector<std::string>> rows) {
  constexpr std::array kDates{Target::created_at, Target::converted_at, Target::bounced_at,
                              Target::event_at, Target::closed_at};
  DateOrderGuess guess;
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t i = 0; i < std::min(row.size(), mapping.columns.size()); ++i) {
      if (std::ranges::find(kDates, mapping.columns[i].target) != kDates.end()) {
        guess.look_at(row[i]);
      }
    }
  }
  return guess.order();
}

Result<> check_mapping(const ImportMapping& mapping) {
  if (!is_system(mapping.system)) {
    return wrong("/system", "must be small letters, digits and hyphens, 50 at most");
  }
  if (mapping.source.size() > MessageLimits::kNameBytes || !is_utf8(mapping.source)) {
    return wrong("/source", fmt::format("may have {} bytes", MessageLimits::kNameBytes));
  }
  if (mapping.event.size() > MessageLimits::kNameBytes || !is_utf8(mapping.event)) {
    return wrong("/event", fmt::format("may have {} bytes", MessageLimits::kNameBytes));
  }
  if (!mapping.event.empty() && mapping.kind != ImportKind::people) {
    return wrong("/event", "only people tell an event");
  }
  return check_columns(mapping);
}

std::string mapping_text(const ImportMapping& mapping) {
  json::array columns;
  for (const ImportColumn& column : mapping.columns) {
    json::object one{{"header", column.header}};
    if (column.target != Target::none) one["target"] = to_string(column.target);
    if (!column.property.empty()) one["property"] = column.property;
    columns.push_back(std::move(one));
  }
  return json::serialize(json::object{{"layout", mapping.layout},
                                      {"kind", to_string(mapping.kind)},
                                      {"system", mapping.system},
                                      {"source", mapping.source},
                                      {"event", mapping.event},
                                      {"dates", to_string(mapping.dates)},
                                      {"columns", std::move(columns)}});
}

Result<ImportMapping> read_mapping(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->is_object()) return wrong("", "a mapping is a JSON object");
  const json::object& object = parsed->get_object();
  if (auto known = only_known(object, "",
                              {"layout", "kind", "system", "source", "event", "dates", "columns"});
      !known) {
    return tl::unexpected(known.error());
  }
  ImportMapping mapping;
  for (const auto& [key, member] : {std::pair{"layout", &mapping.layout},
                                    {"system", &mapping.system},
                                    {"source", &mapping.source},
                                    {"event", &mapping.event}}) {
    auto value = text_at(object, key, "", *member);
    if (!value) return tl::unexpected(value.error());
    *member = std::move(*value);
  }
  const auto kind = word_at(object, "kind", "", to_string(mapping.kind), import_kind);
  if (!kind) return tl::unexpected(kind.error());
  const auto dates = word_at(object, "dates", "", to_string(mapping.dates), date_order);
  if (!dates) return tl::unexpected(dates.error());
  auto columns = read_columns(object);
  if (!columns) return tl::unexpected(columns.error());
  mapping.kind = *kind;
  mapping.dates = *dates;
  mapping.columns = std::move(*columns);
  if (auto checked = check_mapping(mapping); !checked) return tl::unexpected(checked.error());
  return mapping;
}

std::string id_trait(const ImportMapping& mapping) {
  return mapping.system.empty() ? "external_id" : mapping.system + "_id";
}

std::string property_name(std::string_view header) {
  std::string name;
  for (const char c : latin_form(header)) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_letter) {
      name.push_back(c);
    } else if (!name.empty() && name.back() != '_') {
      name.push_back('_');
    }
  }
  while (name.ends_with('_')) name.pop_back();
  return name.substr(0, PropertyLimits::kNameBytes);
}

}  // namespace galena::domain
