// A version as bytes and back: raw facts and promises, no derived value. Equal states give equal
// bytes, so the snapshot is also the canonical dump by which states are compared.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

std::string encode_snapshot(const Version& version);
// The same in pieces of about 64 KB, so that a large state needs no second place in memory and
// whoever takes the pieces says how fast it goes.
void encode_snapshot(const Version& version, const std::function<void(std::string_view)>& sink);

// Records are folded and the playbook compiled again by today's code; standings are left
// uncomputed. An Error (internal) for bytes of another format or reader version, and for bytes that
// are no sound state (whatever they are): rebuild from the log then.
Result<Version> decode_snapshot(std::string_view bytes);

}  // namespace galena::workspace
