// A small world of people with devices, addresses and user ids, who share and confuse them, and of
// marketers who change their minds: what comes in, drawn from a seed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "demo/random.hpp"
#include "domain/input.hpp"
#include "domain/playbook.hpp"
#include "store/store.hpp"

namespace galena::sim {

using demo::Random;
using store::WorkspaceId;

// A client's message, the same however often it is sent.
struct Message {
  std::string text;  // JSON without blanks
  domain::Source source{};
  std::string message_id;  // may be empty
};

// What every key of the workspace begins with and no other workspace's holds.
std::string tag_of(WorkspaceId workspace);
// What stands in the log once for each thing that was sent: "#17#".
std::string mark_of(std::size_t number);
// What only that message says of somebody, their last name for one.
std::string words_of(WorkspaceId workspace, std::size_t number);

// The keys and words of people that stand in a text or file, each in a form that a piece of a
// longer one does not have.
std::set<std::string> names_in(std::string_view bytes);

// A new message with the mark of that number, told at about `now`. With the numbers new people
// come.
Message random_message(Random& random, WorkspaceId workspace, std::size_t number, Time now);

// The input as the server makes it of a request that arrived at that moment.
domain::Input input_of(const Message& message, Time arrived);

// Any playbook that compiles, most with segments.
domain::Playbook random_playbook(Random& random);

// A criterion as a marketer writes it.
std::string random_criterion(Random& random, bool asks_properties);

// The longest time after an event in which it may move a lead, for playbooks of random_playbook.
inline constexpr Duration kFadeMax = std::chrono::hours{24 * 9};

}  // namespace galena::sim
