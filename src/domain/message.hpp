// A client's message (Segment HTTP API: track, identify, page, screen, group, alias) as the core
// reads it. The client's own JSON is what the log keeps; this is what today's code takes from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/event.hpp"
#include "domain/fields.hpp"
#include "domain/sighting.hpp"

namespace galena::domain {

enum class MessageType : std::uint8_t { track, identify, page, screen, group, alias };
std::string_view to_string(MessageType type);
std::optional<MessageType> message_type(std::string_view word);

struct Message {
  MessageType type = MessageType::track;
  std::string message_id;
  std::string user_id;
  std::string anonymous_id;
  std::string previous_id;  // alias
  std::string group_id;     // group
  std::string event;        // track: the event's name
  std::string path;         // page: the path, with its leading "/"
  std::string email_id;     // mail events
  std::optional<Time> timestamp;
  std::optional<Time> sent_at;
  std::vector<std::pair<Field, std::string>> traits;  // normalised, never empty values

  // Event time: the stated time corrected by the client's clock skew (receivedAt - (sentAt -
  // timestamp), as the Segment specification has it), but never later than `received`.
  Time event_time(Time received) const;
  // The value of a trait, or empty.
  std::string_view trait(Field field) const;
};

// One message on its way into the log.
struct EventInput {
  Source source = Source::server;
  std::int64_t key = 0;  // the key it came with
  Message message;
  std::optional<Time> arrived;  // the clock at arrival, where it differs from log time
  std::string text;             // the log row's `input` (ADR 0001)

  // Of a row that an erasure rewrote (ADR 0010): whose keys are gone from the message, and what
  // kind the previous id was; what makes the input one and the same, as identity_of has it.
  SeenPersons gone = SeenPersons::none();
  bool gone_previous_is_user = false;
  std::string other_address;  // told beside them, of somebody who was not erased
  std::string identity;
};

// A message that was not taken, and why: `error.field` is a JSON Pointer within the request.
struct RefusedMessage {
  std::size_t index = 0;  // in the batch; 0 for a single call
  Error error;
};

// What the request said that its messages may not say, kept with them.
struct RequestFacts {
  Source source = Source::server;
  std::int64_t key = 0;
  Time arrived{};
  std::string ip;           // of the browser; empty for server keys
  std::string user_agent;   // of the browser; empty for server keys
  bool opted_out = false;   // Sec-GPC or DNT
  std::string author = {};  // who told it by hand; empty: a client did
};

struct MessageBatch {
  std::vector<EventInput> inputs;
  std::vector<RefusedMessage> refused;
};

struct MessageLimits {
  static constexpr std::size_t kCallBytes = 32 * 1024;
  static constexpr std::size_t kBatchBytes = 500 * 1024;
  static constexpr std::size_t kBatchMessages = 2500;
  static constexpr std::size_t kIdBytes = 500;
  static constexpr std::size_t kNameBytes = 500;
  static constexpr std::size_t kDepth =
      128;  // objects in objects; the log's readers take twice that
};

// Reads a request body: one message of `type`, or a batch if `type` is nothing. An Error means that
// nothing of the body can be used (no JSON, a key given twice, no object, too large).
Result<MessageBatch> read_request(std::string_view body, std::optional<MessageType> type,
                                  const RequestFacts& facts);

// The log text of an event whose log time is not the clock at arrival: says the clock too.
std::string with_clock(std::string_view text, Time arrived);

// The path of an URL, "/" where it has none; empty if it is no URL.
std::string path_of_url(std::string_view url);

// Reads what read_request wrote into EventInput::text, for recovery and the timeline.
Result<EventInput> read_logged_event(std::string_view text);

std::string_view to_string(Source source);

}  // namespace galena::domain
