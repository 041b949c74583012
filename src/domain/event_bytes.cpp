#include "domain/event_bytes.hpp"

namespace galena::domain {
namespace {

constexpr unsigned kCounted = 1, kVoided = 2, kHasObject = 4, kHasValue = 8;

}  // namespace

// Times and positions by how far they are from the event before, which takes two or three bytes
// where they would take eight.
void pack_events(std::span<const Event> events, ByteWriter& out) {
  Event before;
  for (const Event& event : events) {
    const unsigned marks = (event.counted ? kCounted : 0) | (event.voided ? kVoided : 0) |
                           (event.object != 0 ? kHasObject : 0) |
                           (event.value != 0 ? kHasValue : 0);
    out.number(marks + (std::uint64_t{event.kind} << 4));
    out.signed_number((event.at - before.at).count());
    out.signed_number((event.known_at - event.at).count());
    out.number(event.position - before.position);
    if (event.object != 0) out.fixed(&event.object, sizeof(event.object));
    if (event.value != 0) out.signed_number(event.value);
    before = event;
  }
}

void unpack_events(std::string_view bytes, std::uint32_t count, std::vector<Event>& events) {
  ByteReader in(bytes);
  Event before;
  events.reserve(events.size() + count);
  for (; count > 0; --count) {
    const std::uint64_t marks_and_kind = in.number();
    Event event;
    event.counted = (marks_and_kind & kCounted) != 0;
    event.voided = (marks_and_kind & kVoided) != 0;
    event.kind = static_cast<KindCode>(marks_and_kind >> 4);
    event.at = before.at + Duration{in.signed_number()};
    event.known_at = event.at + Duration{in.signed_number()};
    event.position = before.position + static_cast<std::uint32_t>(in.number());
    if ((marks_and_kind & kHasObject) != 0) in.fixed(&event.object, sizeof(event.object));
    if ((marks_and_kind & kHasValue) != 0) event.value = in.signed_number();
    events.push_back(event);
    before = event;
  }
  GALENA_ASSERT(!in.failed());
}

}  // namespace galena::domain
