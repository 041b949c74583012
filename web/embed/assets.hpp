// The files of the admin UI and the OpenAPI document, as they lie in the binary.
#pragma once

#include <span>
#include <string_view>

namespace galena::web {

struct Asset {
  std::string_view path;          // as requested: "/index.html", "/assets/index-C23k9vie.js"
  std::string_view content_type;
  std::string_view bytes;         // lives as long as the program
  std::string_view gzip;          // the same compressed; empty if that does not pay
  bool immutable = false;         // the name holds a hash of the content: may be cached for ever
};

// All files, sorted by path. "/index.html" is always there and contains `__CSP_NONCE__` where each
// response puts its nonce; "/openapi.json" is there if the build found Node.
std::span<const Asset> assets();

}  // namespace galena::web
