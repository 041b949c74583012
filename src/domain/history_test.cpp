#include "domain/history.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace galena::domain {
namespace {

History of_events(std::uint32_t count) {
  History history;
  for (std::uint32_t i = 1; i <= count; ++i) history.append(Event{.position = i});
  return history;
}

bool holds(const History& history, std::uint32_t count) {
  std::vector<Event> events;
  history.collect(events);
  if (history.size() != count || events.size() != count) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (events[i].position != i + 1) return false;
  }
  return true;
}

TEST(History, keeps_its_events_in_order_at_every_size) {
  for (std::uint32_t count = 0; count < 5 * History::kChunk; ++count) {
    ASSERT_TRUE(holds(of_events(count), count)) << count;
  }
}

TEST(History, a_copy_stays_as_it_was) {
  History history = of_events(70);
  const History copy = history;
  History other = copy;
  for (std::uint32_t i = 71; i <= 200; ++i) history.append(Event{.position = i});
  other.append(Event{.position = 71});
  EXPECT_TRUE(holds(copy, 70));
  EXPECT_TRUE(holds(other, 71));
  EXPECT_TRUE(holds(history, 200));
}

// The chain of a million events would overrun the stack if each link freed the next.
TEST(History, a_long_one_is_freed_and_replaced) {
  History history = of_events(5'000'000);
  history = of_events(1);
  EXPECT_TRUE(holds(history, 1));
}

// A reader lets go of an old version while the writer lets go of another.
TEST(History, two_threads_may_let_go_of_one_at_once) {
  for (int round = 0; round < 50; ++round) {
    std::optional<History> one = of_events(1000);
    std::optional<History> other = one;
    bool held = false;
    std::thread reader([&] {
      held = holds(*other, 1000);
      other.reset();
    });
    one.reset();
    reader.join();
    ASSERT_TRUE(held);
  }
}

}  // namespace
}  // namespace galena::domain
