#include "base/cores.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace galena {

void on_all_cores(std::uint32_t count, const std::function<void(std::uint32_t)>& work) {
  constexpr std::uint32_t kAlone = 8;  // beneath that a thread costs more than it brings
  std::atomic<std::uint32_t> next{0};
  const auto work_on = [&] {
    for (std::uint32_t number; (number = next.fetch_add(1)) < count;) work(number);
  };
  const unsigned cores = count > kAlone ? std::thread::hardware_concurrency() : 1;
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < cores; ++i) others.emplace_back(work_on);
  work_on();
}

}  // namespace galena
