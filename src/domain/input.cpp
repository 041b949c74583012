#include "domain/input.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>

namespace galena::domain {
namespace {

namespace json = boost::json;

template <class... Each>
struct Overloaded : Each... {
  using Each::operator()...;
};

std::string text(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

std::uint32_t number(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? 0 : found->to_number<std::uint32_t>();
}

std::string serialized(json::object object, const std::string& idempotency_key) {
  if (!idempotency_key.empty()) object["idem"] = idempotency_key;
  return json::serialize(object);
}

Fingerprint read_print_of(const json::value& value) {
  const auto print = read_print(value.as_string());
  if (!print) throw std::runtime_error("a fingerprint is damaged");
  return *print;
}

std::vector<Fingerprint> read_prints(const json::object& object, std::string_view key) {
  std::vector<Fingerprint> prints;
  const json::value* found = object.if_contains(key);
  if (found == nullptr) return prints;
  for (const json::value& print : found->as_array()) prints.push_back(read_print_of(print));
  return prints;
}

json::array prints_json(const std::vector<Fingerprint>& prints) {
  json::array list;
  for (const Fingerprint& print : prints) list.push_back(json::string(print_text(print)));
  return list;
}

EraseInput read_erasure(const json::object& object) {
  EraseInput erase{.lead = std::nullopt,
                   .author = text(object, "author"),
                   .idempotency_key = text(object, "idem"),
                   .secret = {},
                   .suppress = read_prints(object, "suppress"),
                   .lift = read_prints(object, "lift"),
                   .keys = {}};
  if (const json::value* lead = object.if_contains("lead")) {
    erase.lead = lead->to_number<LeadOrdinal>();
  }
  for (const Fingerprint& half : read_prints(object, "secret")) {
    erase.secret.append(reinterpret_cast<const char*>(half.data()), sizeof(half));
  }
  const json::value* keys = object.if_contains("keys");
  for (const json::value& key : keys == nullptr ? json::array() : keys->as_array()) {
    const json::array& parts = key.as_array();
    const auto kind = parts.at(1).to_number<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(KeyKind::user)) throw std::runtime_error("a key's kind");
    erase.keys.push_back({parts.at(0).to_number<PersonOrdinal>(),
                          {static_cast<KeyKind>(kind), std::string(parts.at(2).as_string())}});
  }
  return erase;
}

std::string erasure_text(const EraseInput& erase) {
  json::object object{{"author", erase.author}};
  if (erase.lead) object["lead"] = *erase.lead;
  if (!erase.secret.empty()) {
    std::vector<Fingerprint> halves(erase.secret.size() / sizeof(Fingerprint));
    std::memcpy(halves.data(), erase.secret.data(), halves.size() * sizeof(Fingerprint));
    object["secret"] = prints_json(halves);
  }
  if (!erase.suppress.empty()) object["suppress"] = prints_json(erase.suppress);
  if (!erase.lift.empty()) object["lift"] = prints_json(erase.lift);
  json::array keys;
  for (const auto& [person, key] : erase.keys) {
    keys.push_back(json::array{person, static_cast<std::uint8_t>(key.kind), key.text});
  }
  if (!keys.empty()) object["keys"] = std::move(keys);
  return serialized(std::move(object), erase.idempotency_key);
}

SaidOfTwo read_said_of_two(const json::object& object) {
  const json::array& leads = object.at("leads").as_array();
  return {leads.at(0).to_number<LeadOrdinal>(), leads.at(1).to_number<LeadOrdinal>(),
          text(object, "reason"), text(object, "author"), text(object, "idem")};
}

json::object object_of_two(const SaidOfTwo& said) {
  return {{"leads", {said.lead, said.other}}, {"reason", said.reason}, {"author", said.author}};
}

std::string merge_text(const MergeInput& merge) {
  json::object object = object_of_two(merge);
  if (merge.unasked) {
    object["probability"] = merge.unasked->probability;
    object["as_of"] = merge.unasked->as_of;
  }
  return serialized(std::move(object), merge.idempotency_key);
}

Result<Input> read_object(InputKind kind, const json::object& object) {
  switch (kind) {
    case InputKind::playbook:
      return PlaybookInput{text(object, "toml"), text(object, "author"), text(object, "idem"),
                           number(object, "replaces"), text(object, "told")};
    case InputKind::adjustment:
      return AdjustmentInput{object.at("lead").to_number<LeadOrdinal>(),
                             {object.at("points").to_number<std::int64_t>()},
                             text(object, "reason"),
                             text(object, "author"),
                             text(object, "idem")};
    case InputKind::rescore:
      return RescoreInput{object.at("from").to_number<LeadOrdinal>(),
                          object.at("to").to_number<LeadOrdinal>(),
                          object.at("playbook").to_number<std::uint32_t>()};
    case InputKind::time: {
      TimeInput time;
      for (const json::value& lead : object.at("leads").as_array()) {
        time.leads.push_back(lead.to_number<LeadOrdinal>());
      }
      return time;
    }
    case InputKind::merge: {
      MergeInput merge{read_said_of_two(object)};
      if (const json::value* probability = object.if_contains("probability")) {
        merge.unasked = {probability->to_number<double>(),
                         object.at("as_of").to_number<Position>()};
      }
      return merge;
    }
    case InputKind::distinct:
      return DistinctInput{read_said_of_two(object)};
    case InputKind::voiding:
      return VoidInput{.voids = object.at("voids").to_number<Position>(),
                       .reason = text(object, "reason"),
                       .author = text(object, "author"),
                       .idempotency_key = text(object, "idem"),
                       .evidence = {}};
    case InputKind::erasure:
      return read_erasure(object);
    case InputKind::event:
      break;
  }
  return fail(ErrorCode::internal, "a log row of a kind that this version does not know");
}

}  // namespace

const LoggedInput* VoidInput::voided_input() const {
  const auto found = std::ranges::find(evidence, voids, &LoggedInput::position);
  return found == evidence.end() ? nullptr : &*found;
}

InputKind kind_of(const Input& input) {
  return static_cast<InputKind>(input.index() + 1);
}

std::string identity_of(const Input& input) {
  const auto of_class = [](std::string_view name, const std::string& id) {
    return id.empty() || id.front() == '#' ? id : std::string(name) + id;
  };
  return std::visit(
      Overloaded{
          [&](const EventInput& event) {
            if (!event.identity.empty()) return event.identity;
            const std::string& id = event.message.message_id;
            if (id.empty()) return std::string();
            return (event.source == Source::browser ? "b:" : "s:") + id;
          },
          [&](const PlaybookInput& playbook) { return of_class("i:", playbook.idempotency_key); },
          [&](const AdjustmentInput& adjustment) {
            return of_class("i:", adjustment.idempotency_key);
          },
          [&](const MergeInput& merge) { return of_class("i:", merge.idempotency_key); },
          [&](const VoidInput& undo) { return of_class("i:", undo.idempotency_key); },
          [&](const DistinctInput& said) { return of_class("i:", said.idempotency_key); },
          [&](const EraseInput& erase) { return of_class("i:", erase.idempotency_key); },
          [](const auto&) { return std::string(); },
      },
      input);
}

Fingerprint fingerprint_of_identity(std::string_view identity) {
  if (identity.starts_with('#')) {
    if (const auto print = read_print(identity.substr(1))) return *print;
  }
  return fingerprint(identity);
}

std::string identity_without_text(std::string_view identity) {
  if (identity.empty()) return {};
  return "#" + print_text(fingerprint_of_identity(identity));
}

std::string input_text(const Input& input) {
  return std::visit(
      Overloaded{
          [](const EventInput& event) { return event.text; },
          [](const PlaybookInput& playbook) {
            json::object object{{"author", playbook.author}, {"toml", playbook.toml}};
            if (playbook.replaces != 0) object["replaces"] = playbook.replaces;
            if (!playbook.told.empty()) object["told"] = playbook.told;
            return serialized(std::move(object), playbook.idempotency_key);
          },
          [](const AdjustmentInput& adjustment) {
            return serialized({{"lead", adjustment.lead},
                               {"points", adjustment.points.micro},
                               {"reason", adjustment.reason},
                               {"author", adjustment.author}},
                              adjustment.idempotency_key);
          },
          [](const RescoreInput& rescore) {
            return json::serialize(json::object{{"from", rescore.from},
                                                {"to", rescore.to},
                                                {"playbook", rescore.playbook_version}});
          },
          [](const TimeInput& time) {
            return json::serialize(
                json::object{{"leads", json::array(time.leads.begin(), time.leads.end())}});
          },
          [](const MergeInput& merge) { return merge_text(merge); },
          [](const DistinctInput& distinct) {
            return serialized(object_of_two(distinct), distinct.idempotency_key);
          },
          [](const EraseInput& erase) { return erasure_text(erase); },
          [](const VoidInput& undo) {
            return serialized(
                {{"voids", undo.voids}, {"reason", undo.reason}, {"author", undo.author}},
                undo.idempotency_key);
          },
      },
      input);
}

Result<Input> read_input(InputKind kind, std::string_view text) {
  if (kind == InputKind::event) {
    auto event = read_logged_event(text);
    if (!event) return tl::unexpected(event.error());
    return std::move(*event);
  }
  try {
    return read_object(kind, json::parse(text).as_object());
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, std::string("a damaged log row: ") + error.what());
  }
}

}  // namespace galena::domain
