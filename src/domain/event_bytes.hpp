// The events of one person as bytes: eleven each instead of 48, one after the other in log order.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "domain/event.hpp"

namespace galena::domain {

// Their number is the caller's to keep.
void pack_events(std::span<const Event> events, ByteWriter& out);

// Adds so many events to `events`. The bytes must be what pack_events wrote: whoever reads them
// from outside has checked that they are whole.
void unpack_events(std::string_view bytes, std::uint32_t count, std::vector<Event>& events);

}  // namespace galena::domain
