// Nordlicht IT, a made-up company: it sells managed services to mid-sized firms in Germany,
// Austria, Switzerland and the Nordics. From a seed come the people who look at it, read, ask and
// buy, as the messages that trackers, mail tools and a CRM would have sent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/time.hpp"

namespace galena::demo {

struct DemoOptions {
  static constexpr int kPeopleMax = 5'000'000;
  static constexpr int kDaysMax = 3650;

  std::uint64_t seed = 1;
  int people = 240;  // who come by; about one in five never says a name
  int days = 90;     // over which they come
  Time now{};        // nothing is later than this; 1971 or after
};

// One Segment message as JSON, with its type, messageId, ids and timestamp, but no sentAt: its time
// is the one it states, whenever it is sent.
struct DemoMessage {
  bool browser = false;  // would have come with the browser key
  std::uint64_t person = 0;
  Time at{};
  std::string json;
};

// Calls `each` for every message in the order in which they would have arrived. The same options
// give the same bytes everywhere. Holds 24 bytes for each of those who are under way, and nothing
// else.
void generate(const DemoOptions& options, const std::function<void(const DemoMessage&)>& each);

// The part of a playbook that says whom Nordlicht IT sells to: TOML for read_playbook upon the
// standard one.
std::string demo_playbook();

}  // namespace galena::demo
