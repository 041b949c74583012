#include "domain/input.hpp"

#include <algorithm>
#include <boost/json.hpp>

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

template <class Said>
Said read_said_of_two(const json::object& object) {
  const json::array& leads = object.at("leads").as_array();
  return Said{leads.at(0).to_number<LeadOrdinal>(), leads.at(1).to_number<LeadOrdinal>(),
              text(object, "reason"), text(object, "author"), text(object, "idem")};
}

template <class Said>
std::string text_of_two(const Said& said) {
  return serialized(
      {{"leads", {said.lead, said.other}}, {"reason", said.reason}, {"author", said.author}},
      said.idempotency_key);
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
    case InputKind::merge:
      return read_said_of_two<MergeInput>(object);
    case InputKind::distinct:
      return read_said_of_two<DistinctInput>(object);
    case InputKind::voiding:
      return VoidInput{.voids = object.at("voids").to_number<Position>(),
                       .reason = text(object, "reason"),
                       .author = text(object, "author"),
                       .idempotency_key = text(object, "idem"),
                       .evidence = {}};
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
    return id.empty() ? std::string() : std::string(name) + id;
  };
  return std::visit(
      Overloaded{
          [&](const EventInput& event) {
            return of_class(event.source == Source::browser ? "b:" : "s:",
                            event.message.message_id);
          },
          [&](const PlaybookInput& playbook) { return of_class("i:", playbook.idempotency_key); },
          [&](const AdjustmentInput& adjustment) {
            return of_class("i:", adjustment.idempotency_key);
          },
          [&](const MergeInput& merge) { return of_class("i:", merge.idempotency_key); },
          [&](const VoidInput& undo) { return of_class("i:", undo.idempotency_key); },
          [&](const DistinctInput& said) { return of_class("i:", said.idempotency_key); },
          [](const auto&) { return std::string(); },
      },
      input);
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
          [](const MergeInput& merge) { return text_of_two(merge); },
          [](const DistinctInput& distinct) { return text_of_two(distinct); },
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
