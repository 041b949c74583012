#include "domain/message.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/account.hpp"
#include "domain/json_text.hpp"

namespace galena::domain {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 6> kTypes{"track",  "identify", "page",
                                                 "screen", "group",    "alias"};
constexpr std::array<std::string_view, 4> kSources{"browser", "import", "server", "api"};

tl::unexpected<Error> refuse(std::string pointer, std::string message) {
  return fail(ErrorCode::invalid, std::move(message), std::move(pointer));
}

// A scalar as text: strings as they are, numbers and truth values written out; else nothing.
std::optional<std::string> scalar_text(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING:
      return std::string(element.get_string().value_unsafe());
    case dom::element_type::INT64:
      return fmt::format("{}", element.get_int64().value_unsafe());
    case dom::element_type::UINT64:
      return fmt::format("{}", element.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE:
      return fmt::format("{}", element.get_double().value_unsafe());
    case dom::element_type::BOOL:
      return element.get_bool().value_unsafe() ? "true" : "false";
    default:
      return std::nullopt;
  }
}

std::optional<dom::element> member(dom::object object, std::string_view key) {
  dom::element found;
  if (object[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

std::optional<dom::object> object_member(std::optional<dom::object> object, std::string_view key) {
  if (!object) return std::nullopt;
  const auto found = member(*object, key);
  if (!found || !found->is_object()) return std::nullopt;
  return found->get_object().value_unsafe();
}

std::string text_member(std::optional<dom::object> object, std::string_view key) {
  if (!object) return {};
  const auto found = member(*object, key);
  return found && found->is_string() ? std::string(found->get_string().value_unsafe())
                                     : std::string();
}

// Reads one message; remembers the first thing that is wrong with it.
class MessageReader {
 public:
  MessageReader(dom::object object, std::optional<dom::object> batch_context, std::string pointer)
      : object_(object), batch_context_(batch_context), pointer_(std::move(pointer)) {}

  // Of what was erased: the ids may be gone.
  void need_no_ids() { ids_needed_ = false; }
  // By Galena's own hand something is told of an organisation, and nobody is named with it.
  void may_be_of_organisation() { of_organisation_ = true; }

  Result<Message> read(MessageType type, std::optional<Time> batch_sent_at) {
    message_.type = type;
    message_.sent_at = batch_sent_at;
    read_ids();
    read_times();
    read_event();
    const auto context = object_of("context");
    const auto traits = object_of("traits");
    const auto properties = object_of("properties");
    if (error_) return tl::unexpected(*error_);
    read_page(properties, context);
    if (!message_.group_id.empty()) add_trait(Field::company_id, message_.group_id);
    read_traits(traits, type == MessageType::group ? "company" : "");
    if (type != MessageType::group) read_traits(object_member(context, "traits"), "");
    if (type == MessageType::track) read_track_properties(properties);
    const bool of_nobody = ids_needed_ && type == MessageType::group && message_.user_id.empty() &&
                           message_.anonymous_id.empty();
    if (of_nobody && !organisation_key(message_)) {
      wrong("groupId", "the organisation's id or its domain is needed");
      return tl::unexpected(*error_);
    }
    return std::move(message_);
  }

 private:
  void wrong(std::string_view key, std::string problem) {
    if (!error_) {
      error_ = Error{ErrorCode::invalid, std::move(problem), fmt::format("{}/{}", pointer_, key)};
    }
  }

  void id(std::string_view key, std::string& value) {
    const auto found = member(object_, key);
    if (!found) return;
    if (!found->is_string() && !found->is_number()) {
      return wrong(key, "must be a text");
    }
    value = std::string(trimmed(*scalar_text(*found)));
    if (value.size() > MessageLimits::kIdBytes) {
      wrong(key, fmt::format("may have {} bytes", MessageLimits::kIdBytes));
    }
  }

  void read_ids() {
    id("messageId", message_.message_id);
    id("userId", message_.user_id);
    id("anonymousId", message_.anonymous_id);
    if (message_.type == MessageType::group) read_group_id();
    if (message_.type == MessageType::alias) {
      id("previousId", message_.previous_id);
      if (!error_ && ids_needed_ && message_.previous_id.empty() && message_.anonymous_id.empty()) {
        wrong("previousId", "is missing: alias says which earlier id is now userId");
      }
    }
    const bool needed = ids_needed_ && !(of_organisation_ && message_.type == MessageType::group);
    if (!error_ && needed && message_.user_id.empty() && message_.anonymous_id.empty()) {
      wrong("userId", "userId or anonymousId is needed (no_user_anon_id)");
    }
  }

  // An address is the name of somebody, not of an organisation: it may have to be erased.
  void read_group_id() {
    id("groupId", message_.group_id);
    const std::string& text = message_.group_id;
    if (text.contains('@') || text.contains("%40")) message_.group_id.clear();
  }

  std::optional<Time> time(std::string_view key) {
    const auto found = member(object_, key);
    if (!found) return std::nullopt;
    if (!found->is_string()) {
      wrong(key, "must be a time like \"2026-01-15T10:00:00Z\"");
      return std::nullopt;
    }
    const auto parsed = parse_time(found->get_string().value_unsafe());
    if (!parsed) {
      wrong(key, parsed.error().message);
      return std::nullopt;
    }
    return *parsed;
  }

  void read_times() {
    message_.timestamp = time("timestamp");
    if (!message_.timestamp) message_.timestamp = time("originalTimestamp");
    if (const auto sent = time("sentAt")) message_.sent_at = sent;
  }

  void read_event() {
    if (message_.type != MessageType::track) return;
    const auto found = member(object_, "event");
    if (!found || !found->is_string()) return wrong("event", "must be the event's name");
    message_.event = std::string(trimmed(found->get_string().value_unsafe()));
    if (message_.event.empty()) return wrong("event", "must be the event's name");
    if (message_.event.size() > MessageLimits::kNameBytes) {
      wrong("event", fmt::format("may have {} bytes", MessageLimits::kNameBytes));
    }
  }

  // An object member; `context` falls back to the batch's.
  std::optional<dom::object> object_of(std::string_view key) {
    const auto found = member(object_, key);
    if (!found) return key == "context" ? batch_context_ : std::nullopt;
    if (!found->is_object()) {
      wrong(key, "must be an object");
      return std::nullopt;
    }
    return found->get_object().value_unsafe();
  }

  void read_page(std::optional<dom::object> properties, std::optional<dom::object> context) {
    if (message_.type != MessageType::page) return;
    for (const auto& place : {properties, object_member(context, "page")}) {
      if (message_.path.empty()) message_.path = text_member(place, "path");
      if (message_.path.empty()) message_.path = path_of_url(text_member(place, "url"));
    }
  }

  void add_trait(Field field, std::string_view value) {
    std::string kept = normalise_field(field, value);
    if (kept.empty()) return;
    for (const auto& [known, text] : message_.traits) {
      if (known == field) return;  // the first telling wins: traits before context.traits
    }
    message_.traits.emplace_back(field, std::move(kept));
  }

  void read_traits(std::optional<dom::object> traits, std::string_view object) {
    if (!traits) return;
    std::string full_name;
    for (const auto trait : *traits) {
      const bool is_address =
          trait.key == "address" && (object.empty() || message_.type == MessageType::group);
      if (trait.value.is_object() && (is_address || (object.empty() && trait.key == "company"))) {
        read_traits(trait.value.get_object().value_unsafe(), trait.key);
        continue;
      }
      const auto text = scalar_text(trait.value);
      if (!text) continue;
      if (object.empty() && trait.key == "name") full_name = *text;
      if (const auto field = field_of_trait(object, trait.key)) add_trait(*field, *text);
    }
    split_name(full_name);
  }

  void split_name(std::string_view name) {
    name = trimmed(name);
    if (name.empty() || !message_.trait(Field::first_name).empty() ||
        !message_.trait(Field::last_name).empty()) {
      return;
    }
    const std::size_t blank = name.rfind(' ');
    if (blank == std::string_view::npos) return add_trait(Field::first_name, name);
    add_trait(Field::first_name, name.substr(0, blank));
    add_trait(Field::last_name, name.substr(blank + 1));
  }

  // A form tells traits in its properties; mail events tell which mail.
  void read_track_properties(std::optional<dom::object> properties) {
    if (!properties) return;
    if (comparison_form(message_.event) == "form submitted") read_traits(properties, "");
    for (const std::string_view key : {"email_id", "emailId"}) {
      const auto found = member(*properties, key);
      if (found && message_.email_id.empty()) {
        if (auto text = scalar_text(*found)) message_.email_id = std::move(*text);
      }
    }
  }

  dom::object object_;
  std::optional<dom::object> batch_context_;
  std::string pointer_;
  Message message_;
  bool ids_needed_ = true;
  bool of_organisation_ = false;
  std::optional<Error> error_;
};

// What stands around the messages of a request and holds for each of them.
struct Envelope {
  const RequestFacts& facts;
  std::optional<Time> sent_at;
  std::optional<dom::object> context;
};

// A header's bytes as a JSON text: what is not UTF-8 would make the log row unreadable.
std::string escaped(std::string_view text) {
  text = cut_utf8(text, 500);
  const bool well_formed = is_utf8(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || (byte >= 0x80 && !well_formed)) continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// The device's address, agent and wish not to be tracked, where the message's context is silent.
void append_origin(const RequestFacts& facts, std::optional<dom::object> context,
                   std::string& text) {
  const bool needs_ip = !facts.ip.empty() && text_member(context, "ip").empty();
  const bool needs_agent = !facts.user_agent.empty() && text_member(context, "userAgent").empty();
  if (!needs_ip && !needs_agent && !facts.opted_out && facts.author.empty()) return;
  text += R"(,"from":{)";
  const auto append = [&](std::string_view name, std::string_view value) {
    if (text.back() != '{') text += ',';
    fmt::format_to(std::back_inserter(text), R"("{}":"{}")", name, value);
  };
  if (needs_ip) append("ip", escaped(facts.ip));
  if (needs_agent) append("ua", escaped(facts.user_agent));
  if (facts.opted_out) append("opt_out", "1");
  if (!facts.author.empty()) append("author", escaped(facts.author));
  text += '}';
}

std::string logged_text(const Envelope& envelope, MessageType type, dom::object message,
                        std::string_view raw) {
  std::string text;
  text.reserve(raw.size() + 96);
  fmt::format_to(std::back_inserter(text), R"({{"source":"{}","key":{},"type":"{}")",
                 to_string(envelope.facts.source), envelope.facts.key, to_string(type));
  if (envelope.sent_at && !member(message, "sentAt")) {
    fmt::format_to(std::back_inserter(text), R"(,"sent_at":"{}")", format_time(*envelope.sent_at));
  }
  auto context = object_member(message, "context");
  if (!context && envelope.context) {
    context = envelope.context;
    text.append(R"(,"context":)").append(simdjson::minify(*context));
  }
  append_origin(envelope.facts, context, text);
  return text.append(R"(,"message":)").append(raw).append("}");
}

// By hand or from a file something may be told of an organisation alone.
bool tells_of_organisations(Source source) {
  return source == Source::api || source == Source::import;
}

// What the log keeps of a message: its own tokens. Written anew where they are not at hand: a list
// whose key is spelled with escapes is not found in the text.
std::string kept_text(dom::object message, std::string_view raw) {
  std::string text = raw.empty() ? simdjson::minify(message) : minified_json(raw);
  // Some clients put their write key into it; no secret is kept.
  return member(message, "writeKey") ? without_member(std::move(text), "writeKey") : text;
}

Result<EventInput> read_item(dom::element item, std::string_view raw, const Envelope& envelope,
                             std::size_t index) {
  const std::string pointer = fmt::format("/batch/{}", index);
  if (!item.is_object()) return refuse(pointer, "must be an object");
  const dom::object object = item.get_object().value_unsafe();
  const auto type = message_type(text_member(object, "type"));
  if (!type) {
    return refuse(pointer + "/type", "must be track, identify, page, screen, group or alias");
  }
  const std::string kept = kept_text(object, raw);
  if (std::max(raw.size(), kept.size()) > MessageLimits::kCallBytes) {
    return fail(ErrorCode::too_large, "a message may have 32 KB", pointer);
  }
  MessageReader reader(object, envelope.context, pointer);
  if (tells_of_organisations(envelope.facts.source)) reader.may_be_of_organisation();
  auto message = reader.read(*type, envelope.sent_at);
  if (!message) return tl::unexpected(message.error());
  return EventInput{envelope.facts.source, envelope.facts.key, std::move(*message),
                    envelope.facts.arrived, logged_text(envelope, *type, object, kept)};
}

// A batch that is being read. Each message is taken or refused for itself.
class BatchReader {
 public:
  BatchReader(dom::object around, const RequestFacts& facts)
      : envelope_{facts, std::nullopt, object_member(around, "context")} {
    if (const auto sent = parse_time(text_member(around, "sentAt"))) envelope_.sent_at = *sent;
  }

  // False if the batch is full.
  bool add(const Result<dom::element>& item, std::string_view raw) {
    if (index_ >= MessageLimits::kBatchMessages) {
      refuse_next({ErrorCode::too_large,
                   "a batch may have 2,500 messages; this and all after it were not taken", ""});
      return false;
    }
    if (!item) {
      refuse_next(item.error());
    } else if (const auto twice = duplicate_key(*item)) {
      refuse_next(*twice);
    } else if (auto input = read_item(*item, raw, envelope_, index_)) {
      batch_.inputs.push_back(std::move(*input));
    } else {
      batch_.refused.push_back({index_, std::move(input.error())});
    }
    ++index_;
    return true;
  }

  MessageBatch take() { return std::move(batch_); }

 private:
  // `error.field` is a place within the message.
  void refuse_next(Error error) {
    error.field = fmt::format("/batch/{}{}", index_, error.field);
    batch_.refused.push_back({index_, std::move(error)});
  }

  Envelope envelope_;
  MessageBatch batch_;
  std::size_t index_ = 0;
};

Result<MessageBatch> read_batch(dom::element body, std::string_view raw,
                                const RequestFacts& facts) {
  if (auto twice = duplicate_key(body, "batch")) return tl::unexpected(std::move(*twice));
  const dom::object object = body.get_object().value_unsafe();
  const auto list = member(object, "batch");
  if (!list || !list->is_array()) return refuse("/batch", "must be a list of messages");
  BatchReader reader(object, facts);
  JsonItems items(list_text(raw, "batch"));
  const dom::array sent_items =
      list->get_array().value_unsafe();  // a copy: the result is gone soon
  for (const dom::element item : sent_items) {
    if (!reader.add(item, items.next())) break;
  }
  return reader.take();
}

Result<MessageBatch> read_single(dom::element body, std::string_view raw, MessageType type,
                                 const RequestFacts& facts) {
  if (auto twice = duplicate_key(body)) return tl::unexpected(std::move(*twice));
  const dom::object object = body.get_object().value_unsafe();
  MessageBatch batch;
  if (raw.size() > MessageLimits::kCallBytes) {
    return fail(ErrorCode::too_large, "a message may have 32 KB; send more in /v1/batch");
  }
  MessageReader reader(object, std::nullopt, "");
  if (tells_of_organisations(facts.source)) reader.may_be_of_organisation();
  auto message = reader.read(type, std::nullopt);
  if (!message) {
    batch.refused.push_back({0, std::move(message.error())});
    return batch;
  }
  const Envelope envelope{facts, std::nullopt, std::nullopt};
  batch.inputs.push_back({facts.source, facts.key, std::move(*message), facts.arrived,
                          logged_text(envelope, type, object, kept_text(object, raw))});
  return batch;
}

// The log row wraps a message once more, so what is taken must be less deep than what can be read.
dom::parser shallow_parser() {
  dom::parser parser;
  const auto error = parser.allocate(MessageLimits::kCallBytes, MessageLimits::kDepth);
  GALENA_ASSERT(error == simdjson::SUCCESS);
  return parser;
}

Result<dom::element> parse(dom::parser& parser, std::string_view text, simdjson::error_code& code) {
  dom::element root;
  code = parser.parse(text.data(), text.size()).get(root);
  if (code == simdjson::SUCCESS) return root;
  return fail(ErrorCode::invalid,
              fmt::format("this is not valid JSON: {}", simdjson::error_message(code)));
}

Result<dom::element> parse_object(dom::parser& parser, std::string_view text,
                                  simdjson::error_code& code) {
  auto root = parse(parser, text, code);
  if (root && !root->is_object()) {
    return fail(ErrorCode::invalid, "the body must be a JSON object");
  }
  return root;
}

// Whether one value is to blame and what stands around it may be sound.
bool blames_a_value(simdjson::error_code code) {
  return code == simdjson::UTF8_ERROR || code == simdjson::STRING_ERROR ||
         code == simdjson::NUMBER_ERROR || code == simdjson::DEPTH_ERROR;
}

// A batch that cannot be read as a whole because of a value in it: message by message, so that the
// good ones are not lost. Nothing if what stands around them cannot be read either.
std::optional<MessageBatch> read_batch_apart(std::string_view body, const RequestFacts& facts) {
  thread_local dom::parser around_parser = shallow_parser();
  thread_local dom::parser item_parser = shallow_parser();
  const std::string_view list = list_text(body, "batch");
  if (list.empty()) return std::nullopt;
  std::vector<std::string_view> items;
  JsonItems walk(list);
  for (auto item = walk.next(); !item.empty(); item = walk.next()) items.push_back(item);
  const auto begin = static_cast<std::size_t>(list.data() - body.data());
  const std::string around = std::string(body.substr(0, begin)).append(walk.rest());
  simdjson::error_code code;
  const auto root = parse_object(around_parser, around, code);
  if (!root || duplicate_key(*root)) return std::nullopt;
  BatchReader reader(root->get_object().value_unsafe(), facts);
  for (const std::string_view item : items) {
    if (!reader.add(parse(item_parser, item, code), item)) break;
  }
  return reader.take();
}

}  // namespace

std::string_view to_string(MessageType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

std::optional<MessageType> message_type(std::string_view word) {
  const auto found = std::ranges::find(kTypes, word);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<MessageType>(found - kTypes.begin());
}

std::string path_of_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));  // "https://acme.com?from=/pricing" has no path
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t begin = url.find('/', scheme + 3);
  return begin == std::string_view::npos ? "/" : std::string(url.substr(begin));
}

std::string_view to_string(Source source) {
  return kSources[static_cast<std::size_t>(source)];
}

Time Message::event_time(Time received) const {
  if (!timestamp) return received;
  const Time stated = sent_at ? received - (*sent_at - *timestamp) : *timestamp;
  return std::clamp(stated, from_ms(0), received);
}

std::string_view Message::trait(Field field) const {
  for (const auto& [known, value] : traits) {
    if (known == field) return value;
  }
  return {};
}

Result<MessageBatch> read_request(std::string_view body, std::optional<MessageType> type,
                                  const RequestFacts& facts) {
  if (body.size() > MessageLimits::kBatchBytes) {
    return fail(ErrorCode::too_large, "a request may have 500 KB");
  }
  thread_local dom::parser parser = shallow_parser();
  simdjson::error_code code;
  auto root = parse_object(parser, body, code);
  std::string readable;
  if (code == simdjson::NUMBER_ERROR) {
    readable = with_readable_numbers(body);
    body = readable;
    root = parse_object(parser, body, code);
  }
  if (!root && !type && blames_a_value(code)) {
    if (auto batch = read_batch_apart(body, facts)) return std::move(*batch);
  }
  if (!root) return tl::unexpected(root.error());
  return type ? read_single(*root, body, *type, facts) : read_batch(*root, body, facts);
}

std::string with_clock(std::string_view text, Time arrived) {
  GALENA_ASSERT(text.starts_with('{'));
  return fmt::format(R"({{"clock":{},{})", to_ms(arrived), text.substr(1));
}

namespace {

// Whose keys are gone from a row: "u", "e", "a", and of a previous id "p" (a device's) or "P".
bool read_gone(dom::object gone, EventInput& input) {
  for (const auto& [letter, person] : gone) {
    const bool known = letter.size() == 1 && std::string_view("ueapP").contains(letter[0]);
    std::uint64_t ordinal = 0;
    if (!known || person.get(ordinal) != simdjson::SUCCESS || ordinal >= kNobody) return false;
    if (letter == "P") input.gone_previous_is_user = true;
    const char role = letter == "P" ? 'p' : letter[0];
    input.gone.of(static_cast<KeyRole>(role)) = static_cast<PersonOrdinal>(ordinal);
  }
  return true;
}

}  // namespace

Result<EventInput> read_logged_event(std::string_view text) {
  thread_local dom::parser parser;
  simdjson::error_code code;
  const auto root = parse_object(parser, text, code);
  if (!root) return tl::unexpected(root.error());
  const dom::object object = root->get_object().value_unsafe();
  EventInput input;
  const auto source = std::ranges::find(kSources, text_member(object, "source"));
  const auto type = message_type(text_member(object, "type"));
  const auto message = object_member(object, "message");
  if (source == kSources.end() || !type || !message) {
    return fail(ErrorCode::internal, "this log row is not an event");
  }
  input.source = static_cast<Source>(source - kSources.begin());
  if (const auto key = member(object, "key"); key && key->is_int64()) {
    input.key = key->get_int64().value_unsafe();
  }
  if (const auto clock = member(object, "clock"); clock && clock->is_int64()) {
    input.arrived = from_ms(clock->get_int64().value_unsafe());
  }
  std::optional<Time> sent_at;
  if (const auto sent = parse_time(text_member(object, "sent_at"))) sent_at = *sent;
  MessageReader reader(*message, object_member(object, "context"), "");
  if (tells_of_organisations(input.source)) reader.may_be_of_organisation();
  if (const auto gone = object_member(object, "gone")) {
    reader.need_no_ids();
    input.identity = text_member(object, "identity");
    input.other_address = text_member(object, "address");
    if (!read_gone(*gone, input)) return fail(ErrorCode::internal, "this log row is damaged");
  }
  auto read = reader.read(*type, sent_at);
  if (!read) return tl::unexpected(read.error());
  input.message = std::move(*read);
  input.text = std::string(text);
  return input;
}

}  // namespace galena::domain
