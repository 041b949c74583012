// What a million timers cost: while none is due, when a busy lead's moment moves, and when all come
// due; against a queue that keeps an entry for every moment there ever was.
#include <fmt/format.h>

#include <chrono>
#include <queue>
#include <random>
#include <vector>

#include "domain/timers.hpp"

namespace {

using namespace galena;
using namespace galena::domain;

using Clock = std::chrono::steady_clock;
constexpr LeadOrdinal kLeads = 1'000'000;
constexpr int kMoves = 5'000'000;

template <class Work>
double nanoseconds(std::size_t times, Work work) {
  const auto start = Clock::now();
  work();
  const auto spent = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  return spent / static_cast<double>(times);
}

Time moment(std::mt19937_64& random) {
  return from_ms(static_cast<std::int64_t>(random() % (30ull * 86'400'000)));
}

// One entry a moment, as many as were ever set.
struct EntryForEach {
  using Entry = std::pair<Time, LeadOrdinal>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;

  void set(LeadOrdinal lead, Time due) { queue.emplace(due, lead); }
  Time next() const { return queue.top().first; }
  void take() { queue.pop(); }
  std::size_t size() const { return queue.size(); }
};

template <class Queue>
void measure(const char* name) {
  Queue queue;
  std::mt19937_64 random(7);
  const double fill = nanoseconds(kLeads, [&] {
    for (LeadOrdinal lead = 0; lead < kLeads; ++lead) queue.set(lead, moment(random));
  });
  std::size_t due = 0;
  const double look = nanoseconds(kMoves, [&] {
    for (int i = 0; i < kMoves; ++i) due += queue.next() < from_ms(-i) ? 1u : 0u;
  });
  // A thousand leads are busy.
  const double move = nanoseconds(kMoves, [&] {
    for (int i = 0; i < kMoves; ++i) {
      queue.set(static_cast<LeadOrdinal>(random() % 1000), moment(random));
    }
  });
  const std::size_t entries = queue.size();
  const double take = nanoseconds(entries, [&] {
    while (queue.size() > 0) queue.take();
  });
  fmt::print(
      "{:<22} fill {:4.0f} ns, look {:4.2f} ns ({} due), move {:4.0f} ns, then {:>9} entries; take"
      " {:4.0f} ns each, {:5.0f} ms in all\n",
      name, fill, look, due, move, entries, take, take * static_cast<double>(entries) / 1e6);
}

}  // namespace

int main() {
  measure<Timers>("one entry a lead");
  measure<EntryForEach>("one entry a moment");
  return 0;
}
