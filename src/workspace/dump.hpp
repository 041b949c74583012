// The canonical dump of a version: raw facts and promises, no derived value, and nothing of where
// it lies. Equal states give equal bytes, so states are compared by it.
#pragma once

#include <string>

#include "workspace/workspace.hpp"

namespace galena::workspace {

std::string canonical_dump(const Version& version);

}  // namespace galena::workspace
