// A deed as the Segment message that a tracker, a mail tool or a CRM would have sent.
#pragma once

#include <string>

#include "journey.hpp"

namespace galena::scale {

// Adds the message of the deed to `json`.
void append_message(const Crowd& crowd, const Deed& deed, std::string& json);

}  // namespace galena::scale
