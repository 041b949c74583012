#include "domain/erased_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "domain/erasure.hpp"
#include "domain/identity.hpp"
#include "domain/properties.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// In lower case, and what is written as in an URL (%40) as it is meant.
std::string lowered(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_value(lower(text[i + 1])) : -1;
    const int low = escape ? hex_value(lower(text[i + 2])) : -1;
    if (high >= 0 && low >= 0) {
      result += lower(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      result += lower(text[i]);
    }
  }
  return result;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Whether the address stands there, and not as a part of another: "ann@x.de" is not in
// "joann@x.de". Both in lower case.
bool has_address(std::string_view text, std::string_view address) {
  constexpr std::string_view kLocal = "._%+-";
  for (std::size_t at = text.find(address); at != std::string_view::npos;
       at = text.find(address, at + 1)) {
    const std::string_view after = text.substr(at + address.size());
    const bool begins = at == 0 || !(is_word(text[at - 1]) || kLocal.contains(text[at - 1]));
    const bool goes_on =
        !after.empty() && (is_word(after[0]) || after[0] == '-' ||
                           (after[0] == '.' && after.size() > 1 && is_word(after[1])));
    if (begins && !goes_on) return true;
  }
  return false;
}

// Which kind of key a member of this name is; nothing if it is none.
std::optional<KeyKind> kind_of_member(std::string_view name) {
  if (name == "userId" || name == "user_id") return KeyKind::user;
  if (name == "anonymousId" || name == "anonymous_id") return KeyKind::anonymous;
  return std::nullopt;
}

// Whether what is looked for stands in the text as it is spelled: no escapes, nothing beyond ASCII.
bool is_plain(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return c == '\\' || static_cast<unsigned char>(c) >= 0x80; });
}

json::object gone_json(const EventInput& told) {
  json::object gone;
  for (const KeyRole role : kKeyRoles) {
    if (told.gone.of(role) == kNobody) continue;
    const bool user = role == KeyRole::previous && told.gone_previous_is_user;
    const char letter = user ? 'P' : static_cast<char>(role);
    gone[std::string_view(&letter, 1)] = told.gone.of(role);
  }
  return gone;
}

// What an event was, without who, where and when exactly. Who was seen with them and is not erased
// is known from here.
json::object erased_message(const EventInput& told, const json::object& message, const Event& event,
                            const MessageKeys& others) {
  json::object left{{"timestamp", format_time(start_of_day(event.at))}};
  json::object properties;
  if (told.message.type == MessageType::track) left["event"] = told.message.event;
  if (told.message.type == MessageType::page && told.message.path.starts_with("/pricing")) {
    properties["path"] = "/pricing";
  }
  const json::value* given = message.if_contains("properties");
  if (given != nullptr && given->is_object()) {
    for (const std::string_view name : kAmounts) {
      const json::value* amount = given->as_object().if_contains(name);
      if (amount != nullptr && amount->is_number()) properties[name] = *amount;
    }
    const json::value* currency = given->as_object().if_contains("currency");
    const bool is_code =
        currency != nullptr && currency->is_string() && currency->as_string().size() == 3;
    if (is_code) properties["currency"] = *currency;
  }
  if (!properties.empty()) left["properties"] = std::move(properties);
  if (others.user) left["userId"] = others.user->text;
  if (others.anonymous) left["anonymousId"] = others.anonymous->text;
  if (others.previous) left["previousId"] = others.previous->text;

  return left;
}

// Takes out every member, at any depth, for whose name and text `is_out` holds.
template <class IsOut>
void take_out(json::value& value, const IsOut& is_out) {
  if (value.is_array()) {
    json::array& list = value.as_array();
    for (std::size_t i = list.size(); i-- > 0;) {
      if (list[i].is_primitive() && is_out("", list[i])) {
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        take_out(list[i], is_out);
      }
    }
  }
  if (!value.is_object()) return;
  std::vector<std::string> out;
  for (auto& [name, member] : value.as_object()) {
    if (member.is_primitive() && is_out(name, member)) {
      out.emplace_back(name);
    } else {
      take_out(member, is_out);
    }
  }
  for (const std::string& name : out) value.as_object().stable_erase(name);
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

}  // namespace

bool mentions_address(std::string_view text, std::span<const std::string> addresses) {
  if (text.find('@') == std::string_view::npos && text.find("%40") == std::string_view::npos) {
    return false;
  }
  const auto whole = parse_email(text);
  const std::string low = lowered(text);
  return std::ranges::any_of(addresses, [&](const std::string& address) {
    return (whole && whole->key == address) || has_address(low, address);
  });
}

RowEraser::RowEraser(const State& state, std::vector<Erasure> erasures)
    : state_(state), erasures_(std::move(erasures)) {
  std::ranges::sort(erasures_, {}, &Erasure::position);
  std::vector<Event> events;
  for (const Erasure& erasure : erasures_) {
    for (const auto& [ordinal, key] : erasure.keys) {
      const Person& person = state.person(ordinal);
      GALENA_ASSERT(person.erased);
      persons_.insert(ordinal);
      leads_.insert(person.lead);
      if (person.began != kBeganNone) leads_.insert(person.began);
      person.history.collect(events);
    }
  }
  for (const Event& event : events) events_.emplace(event.position, event);
}

// Whose the key was when the row came: of whom it was taken away next.
std::optional<PersonOrdinal> RowEraser::erased_person(const IdentityKey& key, Position at) const {
  for (const Erasure& erasure : erasures_) {
    if (erasure.position < at) continue;
    const auto found = std::ranges::find(erasure.keys, key, &EraseInput::Key::key);
    if (found != erasure.keys.end()) return found->person;
  }
  return std::nullopt;
}

// An id of somebody else that happens to read the same stays: without it the row would be nobody's.
bool RowEraser::is_out(std::string_view name, std::string_view text, const EventInput& told,
                       Position at) const {
  const auto kind = kind_of_member(name);
  if (kind) return erased_person({*kind, std::string(trimmed(text))}, at).has_value();
  if (name == "previousId") {
    const Message& message = told.message;
    const bool is_device = message.previous_id == message.anonymous_id;
    const bool is_user = message.previous_id == message.user_id;
    return trimmed(text) == message.previous_id &&
           (told.gone.of(KeyRole::previous) != kNobody ||
            (is_device && told.gone.of(KeyRole::anonymous) != kNobody) ||
            (is_user && told.gone.of(KeyRole::user) != kNobody));
  }
  return names_address(text, at);
}

std::vector<std::string> addresses_in(std::string_view text) {
  constexpr std::string_view kLocal = "abcdefghijklmnopqrstuvwxyz0123456789._%+-";
  constexpr std::string_view kDomain = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  std::vector<std::string> addresses;
  const std::string low = lowered(text);
  for (std::size_t at = low.find('@'); at != std::string::npos; at = low.find('@', at + 1)) {
    const std::size_t before = at == 0 ? std::string::npos : low.find_last_not_of(kLocal, at - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    std::size_t end = std::min(low.find_first_not_of(kDomain, at + 1), low.size());
    while (end > at && low[end - 1] == '.') --end;
    addresses.push_back(low.substr(begin, end - begin));
  }
  return addresses;
}

bool RowEraser::names_address(std::string_view text, Position at) const {
  const bool may = text.contains('@') || text.contains("%40");
  std::vector<std::string> addresses;
  for (const Erasure& erasure : erasures_) {
    if (!may || erasure.position < at) continue;
    for (const EraseInput::Key& key : erasure.keys) {
      if (key.key.kind == KeyKind::address) addresses.push_back(key.key.text);
    }
  }
  return mentions_address(text, addresses);
}

// A quick look at the text: false means that it surely names nobody.
bool RowEraser::may_mention(std::string_view text) const {
  if (!is_plain(text)) return true;
  const std::string low = lowered(text);
  return std::ranges::any_of(erasures_, [&](const Erasure& erasure) {
    return std::ranges::any_of(erasure.keys, [&](const EraseInput::Key& key) {
      return low.find(lowered(key.key.text)) != std::string::npos;
    });
  });
}

bool RowEraser::concerns_erased(const Outcome& outcome) const {
  if (outcome.under && persons_.contains(*outcome.under)) return true;
  const auto erased_lead = [&](const auto& pair) {
    return leads_.contains(pair.first) || leads_.contains(pair.second);
  };
  return std::ranges::any_of(outcome.merged, erased_lead) ||
         std::ranges::any_of(outcome.gone, erased_lead) ||
         std::ranges::any_of(outcome.groups, [&](const auto& group) {
           return std::ranges::any_of(
               group.second, [&](PersonOrdinal person) { return persons_.contains(person); });
         });
}

bool RowEraser::was_there(PersonOrdinal person, Position at) const {
  std::vector<Event> events;
  state_.person(person).history.collect(events);
  return !events.empty() && events.front().position < at;
}

// Whose keys are to go from the message.
void RowEraser::find_roles(EventInput& told, const Outcome& outcome, Position at) const {
  const auto put = [&](KeyRole role, PersonOrdinal person) {
    if (persons_.contains(person)) told.gone.of(role) = person;
  };
  const auto find = [&](const IdentityKey& key) {
    const auto erased = erased_person(key, at);
    return erased ? erased : state_.find_person(key);
  };
  std::set<KeyRole> landed;  // where it was decided, that holds
  for (const Landing& landing : outcome.landings) {
    landed.insert(landing.role);
    put(landing.role, landing.person);
  }
  const MessageKeys keys = keys_of(told, state_);
  for (const KeyRole role : {KeyRole::user, KeyRole::address, KeyRole::anonymous}) {
    if (landed.contains(role)) continue;
    if (const auto& key = keys.of(role)) {
      if (const auto person = find(*key)) put(role, *person);
    }
  }
  if (keys.previous && !landed.contains(KeyRole::previous)) {
    const auto user = find({KeyKind::user, keys.previous->text});
    const auto device = find({KeyKind::anonymous, keys.previous->text});
    // It was a user's if there was such a user by then: one begins with an event of theirs.
    const bool is_user = user && (!device || was_there(*user, at));
    if (is_user || device) put(KeyRole::previous, is_user ? *user : *device);
  }
  const PersonOrdinal previous = told.gone.of(KeyRole::previous);
  if (previous != kNobody) {
    told.gone_previous_is_user = state_.person(previous).key.kind == KeyKind::user;
  }
}

std::optional<std::string> RowEraser::own_event(const RowOfLog& row, const Event& event) const {
  auto told = read_logged_event(row.input);
  const auto whole = parse_json(row.input);
  const auto outcome = read_outcome(row.outcome);
  if (!told || !whole || !outcome) return std::nullopt;
  find_roles(*told, *outcome, row.position);
  const MessageKeys others = keys_of(*told, state_);
  json::object left{{"gone", gone_json(*told)}};
  const std::string identity = identity_without_text(identity_of(*told));
  if (!identity.empty()) left["identity"] = identity;
  if (others.address) left["address"] = others.address->text;
  left["source"] = to_string(told->source);
  left["key"] = told->key;
  left["type"] = to_string(told->message.type);
  left["message"] =
      erased_message(*told, whole->as_object().at("message").as_object(), event, others);

  return json::serialize(left);
}

std::optional<std::string> RowEraser::other_event(const RowOfLog& row) const {
  auto told = read_logged_event(row.input);
  auto whole = parse_json(row.input);
  const auto outcome = read_outcome(row.outcome);
  if (!told || !whole || !outcome) return std::nullopt;
  const std::string identity = identity_of(*told);
  find_roles(*told, *outcome, row.position);
  bool found = false;
  take_out(*whole, [&](std::string_view name, const json::value& value) {
    const bool out = is_out(name, text_of(value), *told, row.position);
    found |= out;
    return out;
  });
  const json::object gone = gone_json(*told);
  if (!found && gone.empty()) return std::nullopt;
  whole->as_object()["gone"] = gone;
  if (!identity.empty()) whole->as_object()["identity"] = identity_without_text(identity);
  return json::serialize(*whole);
}

// An adjustment, a merge, an undo: the words go, who did it and how much it was stays.
std::optional<std::string> RowEraser::said_by_hand(const RowOfLog& row) const {
  auto input = read_input(row.kind, row.input);
  const auto outcome = read_outcome(row.outcome);
  if (!input || !outcome) return std::nullopt;
  const bool own = concerns_erased(*outcome);
  const std::string identity = identity_of(*input);
  const auto wipe = [&](auto& said) {
    if (own || names_address(said.reason, row.position)) said.reason.clear();
    if (own || names_address(said.idempotency_key, row.position)) {
      said.idempotency_key = identity_without_text(identity);
    }
  };
  if (auto* adjustment = std::get_if<AdjustmentInput>(&*input)) wipe(*adjustment);
  if (auto* merge = std::get_if<MergeInput>(&*input)) wipe(*merge);
  if (auto* undo = std::get_if<VoidInput>(&*input)) wipe(*undo);
  if (auto* distinct = std::get_if<DistinctInput>(&*input)) wipe(*distinct);
  return input_text(*input);
}

std::optional<std::string> RowEraser::rewritten(const RowOfLog& row) const {
  std::optional<std::string> result;
  switch (row.kind) {
    case InputKind::event: {
      const auto own = events_.find(static_cast<std::uint32_t>(row.position));
      if (own != events_.end()) {
        result = own_event(row, own->second);
      } else if (may_mention(row.input)) {
        result = other_event(row);
      }
      break;
    }
    case InputKind::adjustment:
    case InputKind::merge:
    case InputKind::voiding:
    case InputKind::distinct:
      result = said_by_hand(row);
      break;
    case InputKind::playbook:  // the author's own texts
    case InputKind::rescore:
    case InputKind::time:
    case InputKind::erasure:
      break;
  }
  if (result && *result == row.input) return std::nullopt;
  return result;
}

std::string finished_erasure(EraseInput input) {
  input.keys.clear();
  const std::string identity = identity_of(input);
  input.idempotency_key = identity_without_text(identity);
  return input_text(input);
}

}  // namespace galena::domain
