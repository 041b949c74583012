// Whatever a client sends: it is refused, or what the log keeps of it reads back as the same
// message.
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "domain/message.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const domain::RequestFacts facts{.source = domain::Source::browser,
                                   .key = 7,
                                   .arrived = from_ms(1'800'000'000'000),
                                   .ip = "192.0.2.1",
                                   .user_agent = "agent \"quoted\" \\ \x01",
                                   .opted_out = true};
  for (const auto type :
       {std::optional(domain::MessageType::track), std::optional(domain::MessageType::identify),
        std::optional<domain::MessageType>()}) {
    const auto batch = domain::read_request(body, type, facts);
    if (!batch) continue;
    for (const domain::EventInput& input : batch->inputs) {
      const auto again = domain::read_logged_event(input.text);
      GALENA_ASSERT(again.has_value());
      GALENA_ASSERT(again->message.user_id == input.message.user_id);
      GALENA_ASSERT(again->message.event == input.message.event);
      GALENA_ASSERT(again->message.traits == input.message.traits);
      GALENA_ASSERT(again->message.event_time(facts.arrived) ==
                    input.message.event_time(facts.arrived));
    }
  }
  return 0;
}
