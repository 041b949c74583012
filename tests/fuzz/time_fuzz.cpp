// Times and durations as clients send them: whatever is read is written in a form that reads back
// as the same.
#include "base/time.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto time = parse_time(text)) {
    const auto again = parse_time(format_time(*time));
    GALENA_ASSERT(again && *again == *time);
  }
  if (const auto duration = parse_duration(text)) {
    const auto again = parse_duration(format_duration(*duration));
    GALENA_ASSERT(again && *again == *duration);
  }
  return 0;
}
