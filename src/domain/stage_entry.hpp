// A lead's stage as it is kept and logged.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "domain/points.hpp"

namespace galena::domain {

// A stage that the lead entered: a promise, recorded with the score and model it was made upon.
struct StageEntry {
  std::string stage;
  Time at{};
  Points score{};
  std::uint32_t model_version = 0;
  std::uint32_t position = 0;  // the input that caused it

  bool operator==(const StageEntry&) const = default;
};

}  // namespace galena::domain
