// Every number is worked on once, whoever asks at the same time.
#include "base/cores.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace galena {
namespace {

// How often each number was worked on.
std::vector<int> times_worked_on(std::uint32_t count) {
  std::vector<std::atomic<int>> times(count);
  on_all_cores(count, [&](std::uint32_t number) { ++times[number]; });
  return {times.begin(), times.end()};
}

TEST(AllCores, do_everything_once) {
  for (const std::uint32_t count : {0u, 1u, 8u, 9u, 1000u}) {
    EXPECT_EQ(times_worked_on(count), std::vector<int>(count, 1)) << count;
  }
}

TEST(AllCores, serve_several_who_ask_at_once) {
  std::vector<std::jthread> askers;
  std::atomic<int> wrong{0};
  for (int asker = 0; asker < 4; ++asker) {
    askers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        if (times_worked_on(50) != std::vector<int>(50, 1)) ++wrong;
      }
    });
  }
  askers.clear();
  EXPECT_EQ(wrong, 0);
}

// Who helps may ask in turn.
TEST(AllCores, may_be_asked_by_what_they_do) {
  std::atomic<int> done{0};
  on_all_cores(20, [&](std::uint32_t) { on_all_cores(20, [&](std::uint32_t) { ++done; }); });
  EXPECT_EQ(done, 400);
}

// What throws for whoever asks is thrown to him, and what is asked next is done.
TEST(AllCores, go_on_after_a_failure) {
  const auto asker = std::this_thread::get_id();
  std::atomic<bool> failed{false};
  const auto work = [&](std::uint32_t) {
    if (std::this_thread::get_id() == asker) {
      failed = true;
      throw std::runtime_error("no room");
    }
    while (!failed) std::this_thread::yield();
  };
  EXPECT_THROW(on_all_cores(1000, work), std::runtime_error);
  EXPECT_EQ(times_worked_on(1000), std::vector<int>(1000, 1));
}

}  // namespace
}  // namespace galena
