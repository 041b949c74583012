// Work that may be done by several cores at once.
#pragma once

#include <cstdint>
#include <functional>

namespace galena {

// Calls `work` with every number below `count`, on all cores if there are many. Which of them comes
// when, and in which thread, is open.
void on_all_cores(std::uint32_t count, const std::function<void(std::uint32_t)>& work);

}  // namespace galena
