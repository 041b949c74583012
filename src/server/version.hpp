// The version of this program.
#pragma once

#include <string_view>

namespace galena::server {

inline constexpr std::string_view kVersion = GALENA_VERSION;

}  // namespace galena::server
