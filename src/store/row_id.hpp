// How a row of the log is numbered in SQLite: workspace << 40 | position.
#pragma once

#include <cstdint>

#include "store/store.hpp"

namespace galena::store {

inline constexpr int kPositionBits = 40;
inline constexpr std::int64_t kPositionMask = (std::int64_t{1} << kPositionBits) - 1;

inline std::int64_t row_id(WorkspaceId workspace, std::int64_t position) {
  return (std::int64_t{workspace} << kPositionBits) | position;
}

}  // namespace galena::store
