// Bodies that come compressed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/http_wire.hpp"

namespace galena::server {

// Unpacks gzip (also several members in a row), zlib or bare deflate data; at most `limit` bytes.
// 413 beyond that, 400 when the data is broken or cut off.
Refusal inflate(std::string_view packed, std::uint64_t limit, std::string& plain);

// Undoes the Content-Encoding of a request. A body that is gzip data without saying so is unpacked
// too: some clients compress and label it by its Content-Type only.
Refusal decode_body(Request& request, std::uint64_t limit);

}  // namespace galena::server
