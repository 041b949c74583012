// Whatever a Snowplow tracker sends: it is refused, or becomes a message that the event API reads.
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "domain/snowplow.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto events = domain::read_snowplow_payload(body);
  if (!events) return 0;
  for (const domain::SnowplowFields& event : *events) {
    const auto message = domain::snowplow_message(event);
    if (!message) continue;
    const auto read = domain::read_request(message->text, message->type, {});
    GALENA_ASSERT(read.has_value() || read.error().code == ErrorCode::too_large ||
                  read.error().code == ErrorCode::invalid);
  }
  return 0;
}
