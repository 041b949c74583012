#include "workspace/lead_rows.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace galena::workspace {

void on_all_cores(std::uint32_t blocks, const std::function<void(std::uint32_t)>& work) {
  constexpr std::uint32_t kBlocksAlone = 8;  // beneath that a thread costs more than it brings
  std::atomic<std::uint32_t> next{0};
  const auto work_on = [&] {
    for (std::uint32_t block; (block = next.fetch_add(1)) < blocks;) work(block);
  };
  const unsigned cores = blocks > kBlocksAlone ? std::thread::hardware_concurrency() : 1;
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < cores; ++i) others.emplace_back(work_on);
  work_on();
}

}  // namespace galena::workspace
