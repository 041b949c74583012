#include "domain/snowplow_event.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/event_kinds.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

constexpr std::string_view kSnowplow = "com.snowplowanalytics.";  // whose own schemas those are

tl::unexpected<Error> refuse(std::string_view field, std::string problem) {
  return fail(ErrorCode::invalid, std::move(problem), "/" + std::string(field));
}

const json::value* member(const json::value& value, std::string_view name) {
  return value.is_object() ? value.as_object().if_contains(name) : nullptr;
}

// JSON comes as it is in one field, or in the base64 of URLs in another. Null: in neither.
Result<json::value> json_told(const SnowplowFields& fields, std::string_view plain,
                              std::string_view packed) {
  std::string text(told(fields, plain));
  std::string_view field = plain;
  if (text.empty()) {
    field = packed;
    std::string base64(told(fields, packed));
    if (base64.empty()) return json::value();
    std::ranges::replace(base64, '-', '+');
    std::ranges::replace(base64, '_', '/');
    if (!from_base64(base64, text)) return refuse(field, "must be base64");
  }
  auto value = parse_json(text);
  if (!value) return refuse(field, value.error().message);
  return value;
}

std::optional<Described> described(const json::value& value) {
  constexpr std::string_view kScheme = "iglu:";
  const json::value* schema = member(value, "schema");
  if (schema == nullptr || !schema->is_string()) return std::nullopt;
  std::string_view rest(schema->as_string());
  if (!rest.starts_with(kScheme)) return std::nullopt;
  rest.remove_prefix(kScheme.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Described found{.vendor = std::string(rest.substr(0, slash)), .name = {}, .data = {}};
  rest.remove_prefix(slash + 1);
  found.name = rest.substr(0, rest.find('/'));
  const json::value* data = member(value, "data");
  if (data != nullptr && data->is_object()) found.data = data->as_object();
  if (found.name.empty()) return std::nullopt;
  return found;
}

void put(json::object& object, std::string_view name, std::string_view text) {
  if (!text.empty()) object[name] = text;
}

void put_number(json::object& object, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  double number = 0;
  const auto read_whole = std::from_chars(text.data(), end, whole);
  if (read_whole.ec == std::errc{} && read_whole.ptr == end) {
    object[name] = whole;
    return;
  }
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end && std::isfinite(number)) {
    object[name] = number;
  } else {
    object[name] = text;
  }
}

// Fields by what they are called among our properties.
struct Column {
  std::string_view field, name;
  bool is_number = false;
};

json::object properties_of(const SnowplowFields& fields, std::span<const Column> columns) {
  json::object properties;
  for (const Column& column : columns) {
    const std::string_view text = told(fields, column.field);
    column.is_number ? put_number(properties, column.name, text)
                     : put(properties, column.name, text);
  }
  return properties;
}

// Under the name that has a meaning, where it is one but for its ending: a "Demo Request", told by
// category and action, is a demo requested.
std::string known_name(std::string name) {
  static const KindTable kStandard;
  if (name.empty()) return name;
  const std::array<std::string, 4> endings{"", "d", "ed", std::string(1, name.back()) + "ed"};
  for (const std::string& ending : endings) {
    const KindCode kind = kStandard.find(name + ending);
    if (kind != kNoKind) return std::string(kStandard.name(kind));
  }
  return name;
}

Result<Happening> structured(const SnowplowFields& fields) {
  constexpr std::array<Column, 5> kColumns{{{"se_ca", "category"},
                                            {"se_ac", "action"},
                                            {"se_la", "label"},
                                            {"se_pr", "property"},
                                            {"se_va", "value", true}}};
  const std::string name =
      in_words(std::string(told(fields, "se_ca")).append(" ").append(told(fields, "se_ac")));
  if (name.empty()) return refuse("se_ac", "a structured event needs a category and an action");
  return Happening{MessageType::track, known_name(name), properties_of(fields, kColumns), {}};
}

// Of a form that was sent what was filled in, by the names of its fields.
json::object filled_in(const json::object& data) {
  json::object properties;
  const json::value* id = data.if_contains("formId");
  if (id != nullptr && id->is_string()) put(properties, "form_id", id->as_string());
  const json::value* elements = data.if_contains("elements");
  if (elements == nullptr || !elements->is_array()) return properties;
  for (const json::value& element : elements->as_array()) {
    const json::value* name = member(element, "name");
    const json::value* value = member(element, "value");
    const bool is_told = name != nullptr && name->is_string() && !name->as_string().empty() &&
                         value != nullptr && value->is_primitive() && !value->is_null();
    if (is_told) properties.emplace(name->as_string(), *value);
  }
  return properties;
}

Result<Happening> self_describing(const SnowplowFields& fields) {
  const auto whole = json_told(fields, "ue_pr", "ue_px");
  if (!whole) return tl::unexpected(whole.error());
  const json::value* inside = member(*whole, "data");
  auto event = inside == nullptr ? std::nullopt : described(*inside);
  if (!event) {
    return refuse("ue_pr",
                  "must be a self-describing event with a schema like "
                  "iglu:com.acme/demo_requested/jsonschema/1-0-0");
  }
  const bool is_snowplows = event->vendor.starts_with(kSnowplow);
  if (is_snowplows && event->name == "submit_form") {
    return Happening{MessageType::track, "Form Submitted", filled_in(event->data), {}};
  }
  if (is_snowplows && event->name == "screen_view") {
    const json::value* name = event->data.if_contains("name");
    std::string screen;
    if (name != nullptr && name->is_string()) screen = name->as_string();
    return Happening{MessageType::screen, std::move(screen), std::move(event->data), {}};
  }
  if (event->name == "identify" || event->name == "identified") {
    return Happening{MessageType::identify, {}, {}, std::move(event->data)};
  }
  return Happening{
      MessageType::track, known_name(in_words(event->name)), std::move(event->data), {}};
}

Happening page_ping(const SnowplowFields& fields) {
  constexpr std::array<Column, 4> kScrolled{{{"pp_mix", "scrolled_left_min", true},
                                             {"pp_max", "scrolled_left_max", true},
                                             {"pp_miy", "scrolled_down_min", true},
                                             {"pp_may", "scrolled_down_max", true}}};
  json::object properties = snowplow_page(fields);
  for (auto& [name, value] : properties_of(fields, kScrolled)) properties[name] = value;
  return {MessageType::track, "Page Pinged", std::move(properties), {}};
}

Happening order(const SnowplowFields& fields) {
  constexpr std::array<Column, 9> kColumns{{{"tr_id", "order_id"},
                                            {"tr_af", "affiliation"},
                                            {"tr_tt", "amount", true},
                                            {"tr_tx", "tax", true},
                                            {"tr_sh", "shipping", true},
                                            {"tr_cu", "currency"},
                                            {"tr_ci", "city"},
                                            {"tr_st", "state"},
                                            {"tr_co", "country"}}};
  return {MessageType::track, "Order Completed", properties_of(fields, kColumns), {}};
}

Happening order_item(const SnowplowFields& fields) {
  constexpr std::array<Column, 7> kColumns{{{"ti_id", "order_id"},
                                            {"ti_sk", "sku"},
                                            {"ti_nm", "name"},
                                            {"ti_ca", "category"},
                                            {"ti_pr", "price", true},
                                            {"ti_qu", "quantity", true},
                                            {"ti_cu", "currency"}}};
  return {MessageType::track, "Order Item", properties_of(fields, kColumns), {}};
}

bool is_letter_or_digit(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

std::string in_words(std::string_view name) {
  std::string words;
  char before = ' ';
  for (const char c : name) {
    if (!is_letter_or_digit(c)) {
      before = ' ';
      continue;
    }
    const bool begins = before == ' ' || (is_capital(c) && !is_capital(before));
    if (begins && !words.empty()) words += ' ';
    words += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    before = c;
  }
  return words;
}

json::object snowplow_page(const SnowplowFields& fields) {
  const std::string_view url = told(fields, "url");
  json::object page;
  put(page, "path", path_of_url(url));
  put(page, "url", url);
  put(page, "title", told(fields, "page"));
  put(page, "referrer", told(fields, "refr"));
  const std::string_view until_hash = url.substr(0, url.find('#'));
  const std::size_t mark = until_hash.find('?');
  if (mark != std::string_view::npos) put(page, "search", until_hash.substr(mark));
  return page;
}

Result<std::vector<Described>> snowplow_entities(const SnowplowFields& fields) {
  std::vector<Described> entities;
  const auto whole = json_told(fields, "co", "cx");
  if (!whole) return tl::unexpected(whole.error());
  const json::value* list = member(*whole, "data");
  if (list == nullptr || !list->is_array()) return entities;
  for (const json::value& item : list->as_array()) {
    if (auto entity = described(item)) entities.push_back(std::move(*entity));
  }
  return entities;
}

Result<Happening> what_happened(const SnowplowFields& fields) {
  const std::string_view kind = told(fields, "e");
  if (kind == "pv") {
    return Happening{
        MessageType::page, std::string(told(fields, "page")), snowplow_page(fields), {}};
  }
  if (kind == "pp") return page_ping(fields);
  if (kind == "se") return structured(fields);
  if (kind == "ue") return self_describing(fields);
  if (kind == "tr") return order(fields);
  if (kind == "ti") return order_item(fields);
  return refuse("e",
                "must be pv (page view), pp (page ping), se (structured event), "
                "ue (self-describing event), tr (transaction) or ti (its item)");
}

}  // namespace galena::domain
