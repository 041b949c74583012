// The Snowplow tracker protocol in our words: what a tracker tells of one event becomes the message
// that a client of the event API would have sent, and goes the same road (docs/tracking.md).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/message.hpp"

namespace galena::domain {

// One event as a tracker tells it: its fields by name ("e", "uid", "ue_pr" …), all of them texts.
using SnowplowFields = std::map<std::string, std::string, std::less<>>;

// What a field says; empty if it is not told.
std::string_view told(const SnowplowFields& fields, std::string_view name);

// The events of a POST body ("payload_data"). An Error: nothing of it can be used.
Result<std::vector<SnowplowFields>> read_snowplow_payload(std::string_view body);

struct SnowplowMessage {
  MessageType type = MessageType::track;
  std::string text;  // for read_request
};

// Errors (invalid) name the field: "/uid" if nothing says who it was.
Result<SnowplowMessage> snowplow_message(const SnowplowFields& fields);

// Whether the person's own browser sent it, so that address and agent of the request are theirs. An
// app or a server says itself whose they are, or nobody does.
bool is_of_browser(const SnowplowFields& fields);

}  // namespace galena::domain
