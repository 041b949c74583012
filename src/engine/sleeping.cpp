#include "engine/sleeping.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace galena::engine {
namespace {

using namespace std::chrono_literals;

// Between two of those the others come to their turn at the disk and at the snapshots.
constexpr std::size_t kInOneGo = 250;
constexpr Duration kLook = 1s;
constexpr Duration kSoon = 1min;

}  // namespace

void Sleeping::start() {
  if (idle_after_ > Duration{0}) thread_ = std::thread([this] { work(); });
}

void Sleeping::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Rests as long as it worked, at least.
void Sleeping::work() {
  using Steady = std::chrono::steady_clock;
  Steady::duration rest = kLook;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, rest, [&] { return stopping_; })) {
    lock.unlock();
    const auto begun = Steady::now();
    try {
      look();
    } catch (const store::StoreError& error) {
      if (error.kind() == store::StoreError::Kind::io) return host_.stop_process(error.what());
      spdlog::warn("nobody can be put to sleep now: {}", error.what());
    }
    rest = std::max<Steady::duration>(kLook, Steady::now() - begun);
    lock.lock();
  }
}

void Sleeping::look() {
  if (idle_after_ <= Duration{0}) return;
  std::vector<store::SleeperRow> rows;
  for (const WorkspaceId id : tired()) {
    if (auto row = put_to_sleep(id)) rows.push_back(std::move(*row));
    if (rows.size() == kInOneGo) break;
  }
  host_.store.keep_sleepers(rows);
}

// Those that were touched longest ago come first.
std::vector<WorkspaceId> Sleeping::tired() const {
  std::vector<Candidate> candidates;
  host_.actors.each_awake([&](const ActorPtr& actor) {
    if (!actor->may_sleep() || !is_small_and_settled(*actor)) return;
    candidates.push_back({actor->touched_at(), actor->id()});
  });
  std::ranges::sort(candidates, {}, &Candidate::touched_at);
  const std::size_t awake = host_.actors.awake_count();
  const std::size_t too_many = awake > awake_max_ ? awake - awake_max_ : 0;
  const auto now = host_.clock.monotonic();
  std::vector<WorkspaceId> ids;
  for (const Candidate& each : candidates) {
    if (each.touched_at + idle_after_ > now && ids.size() >= too_many) break;
    ids.push_back(each.id);
  }
  return ids;
}

// To wake a large one takes long, and for a moment it is not worth it.
bool Sleeping::is_small_and_settled(const Actor& actor) const {
  const workspace::VersionPtr state = actor.published();
  return state->lead_count() <= leads_max_ && actor.next_timer() > host_.clock.now() + kSoon &&
         host_.erasing.is_done(actor.id(), *state);
}

std::optional<store::SleeperRow> Sleeping::put_to_sleep(WorkspaceId id) {
  ActorPtr actor = host_.actors.find_awake(id);
  if (!actor || !is_small_and_settled(*actor)) return std::nullopt;
  const domain::Position position = actor->published()->last_position();
  if (actor->saved_position != position) host_.snapshots.save_for_sleep(*actor);
  if (actor->saved_position != position) return std::nullopt;  // something came meanwhile
  return host_.actors.put_to_sleep(std::move(actor), position);
}

}  // namespace galena::engine
