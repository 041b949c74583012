// The web UI and /openapi.json, as the server wants them.
#pragma once

#include <span>

#include "server/app.hpp"

namespace galena::cli {

std::span<const server::Asset> assets();

}  // namespace galena::cli
