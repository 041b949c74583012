// A person's step as the Segment message that a tracker, a mail tool or the CRM would have sent.
#pragma once

#include <cstdint>
#include <span>

#include "demo/company.hpp"
#include "demo/journey.hpp"

namespace galena::demo {

// The message of `steps[index]`.
DemoMessage message_of(std::uint64_t seed, const Person& person, std::span<const Step> steps,
                       std::size_t index);

}  // namespace galena::demo
