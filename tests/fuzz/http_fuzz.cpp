// The pieces of the HTTP edge that take bytes apart. The first byte picks the piece; what must hold
// beyond "no crash" is asserted.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"
#include "server/http_body.hpp"
#include "server/http_wire.hpp"

namespace {

using namespace galena::server;

constexpr std::uint64_t limit = 64 * 1024;

void percent(std::string_view text) {
  std::string decoded;
  if (!galena::percent_decode(text, decoded)) return;
  GALENA_ASSERT(decoded.size() <= text.size());
  if (text.find('%') == std::string_view::npos) GALENA_ASSERT(decoded == text);
}

void unpack(std::string_view packed) {
  std::string plain;
  const Refusal refusal = inflate(packed, limit, plain);
  GALENA_ASSERT(plain.size() <= limit);
  GALENA_ASSERT(!refusal || refusal.status == 400 || refusal.status == 413);
}

void head(std::string_view bytes) {
  // Found at the same place whether the bytes come at once or one by one.
  const HeadScan whole = scan_head(bytes, 0);
  HeadScan grown;
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    grown = scan_head(bytes.substr(0, size), grown.position);
    if (grown.state != HeadScan::State::incomplete) break;
  }
  if (bytes.empty()) return;
  GALENA_ASSERT(grown.state == whole.state);
  if (whole.state != HeadScan::State::complete) return;
  GALENA_ASSERT(grown.position == whole.position);
  Head read;
  if (parse_head(bytes.substr(0, whole.position), read)) return;
  GALENA_ASSERT(read.request.path.starts_with("/"));
  GALENA_ASSERT(!read.chunked || read.content_length == 0);
}

void chunks(std::string_view bytes) {
  ChunkedBody at_once(limit);
  Refusal refusal_at_once;
  const std::size_t used_at_once = at_once.put(bytes, refusal_at_once);
  ChunkedBody grown(limit);
  Refusal refusal;
  std::size_t used = 0;
  while (used < bytes.size() && !refusal && !grown.done()) {
    used += grown.put(bytes.substr(used, 1), refusal);
  }
  GALENA_ASSERT(used == used_at_once && refusal.status == refusal_at_once.status);
  GALENA_ASSERT(grown.done() == at_once.done() && grown.body() == at_once.body());
  GALENA_ASSERT(grown.body().size() <= limit);
}

void answer(std::string_view bytes) {
  Response response;
  response.headers.push_back({"X-Test", std::string(bytes)});
  std::string written;
  write_head(response, {}, written);
  const HeadScan scan = scan_head(written, 0);
  GALENA_ASSERT(scan.state == HeadScan::State::complete && scan.position == written.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      percent(bytes);
      break;
    case 1:
      unpack(bytes);
      break;
    case 2:
      head(bytes);
      break;
    case 3:
      chunks(bytes);
      break;
    default:
      answer(bytes);
      break;
  }
  return 0;
}
