#include "engine/lead_tables.hpp"

#include <chrono>

namespace galena::engine {

void LeadTables::start() {
  thread_ = std::thread([this] { work(); });
}

void LeadTables::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Rests nine times as long as it worked.
void LeadTables::work() {
  using Steady = std::chrono::steady_clock;
  Steady::duration rest = std::chrono::milliseconds{200};
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, rest, [&] { return stopping_; })) {
    lock.unlock();
    const auto begun = Steady::now();
    actors_.each_awake([&](const ActorPtr& actor) { actor->tend_leads(clock_.now()); });
    rest = std::max<Steady::duration>(std::chrono::milliseconds{200}, (Steady::now() - begun) * 9);
    lock.lock();
  }
}

}  // namespace galena::engine
