// What the doors of the event API have in common.
#pragma once

#include <vector>

#include "domain/message.hpp"
#include "server/routes.hpp"

namespace galena::server {

// What a request says that its messages may not say. Of a server key's request nothing but the key
// and when it came: whoever sent it is not the person.
domain::RequestFacts facts_of(const Call& call, const Principal& principal);

// Taken in and durable; and what was not, of several messages.
Response accepted(const std::vector<domain::RefusedMessage>& refused);

}  // namespace galena::server
