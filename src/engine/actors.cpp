#include "engine/actors.hpp"

#include <mutex>

#include "engine/erasure_list.hpp"
#include "engine/recovery.hpp"

namespace galena::engine {

// With the columns that lie beside the state, so that the first list does not wait for them.
ActorPtr Actors::made(WorkspaceId id, Time now, const std::optional<LogClock>& log_clock) const {
  Recovered recovered = recover_with_columns(store_, id, now);
  auto actor =
      std::make_shared<Actor>(id, std::move(recovered.workspace), store_, clock_, log_clock);
  if (recovered.base == nullptr) return actor;
  actor->snapshot_position = recovered.base->last_position();
  if (auto columns = columns_of(*recovered.base)) {
    actor->begin_leads(recovered.base, std::move(columns));
  }
  return actor;
}

ActorPtr Actors::add(WorkspaceId id) {
  ActorPtr actor = made(id, clock_.now(), std::nullopt);
  const std::unique_lock lock(mutex_);
  const auto [entry, is_new] = entries_.try_emplace(id);
  GALENA_ASSERT(is_new);
  entry->second.actor = actor;
  ++awake_count_;
  return actor;
}

void Actors::add_asleep(const store::SleeperRow& row) {
  const std::unique_lock lock(mutex_);
  const auto [entry, is_new] = entries_.try_emplace(row.workspace);
  GALENA_ASSERT(is_new);
  entry->second.position = row.position;
  entry->second.wakes_at = row.wakes_at;
  entry->second.log_clock.emplace(clock_, row.log_time);
}

ActorPtr Actors::recovered(WorkspaceId id, domain::Position position, LogClock log_clock) const {
  ActorPtr actor = made(id, log_clock.believed(clock_.now()), log_clock);
  if (actor->snapshot_position == position) actor->saved_position = position;
  woken_(*actor);
  return actor;
}

ActorPtr Actors::rouse(WorkspaceId id) {
  if (ActorPtr actor = find_awake(id)) return actor;
  std::unique_lock lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return nullptr;
  Entry& entry = found->second;
  recovered_.wait(lock, [&] { return !entry.is_being_woken; });
  if (entry.actor) return entry.actor;
  entry.is_being_woken = true;
  const LogClock log_clock = *entry.log_clock;
  const domain::Position position = entry.position;
  lock.unlock();
  ActorPtr actor;
  const auto finish = [&] {
    lock.lock();
    entry.is_being_woken = false;
    if (actor) {
      entry.actor = actor;
      ++awake_count_;
    }
    recovered_.notify_all();
  };
  try {
    actor = recovered(id, position, log_clock);
  } catch (...) {
    finish();
    throw;
  }
  finish();
  return actor;
}

ActorPtr Actors::find(WorkspaceId id) {
  ActorPtr actor = rouse(id);
  if (actor) actor->touch();
  return actor;
}

ActorPtr Actors::find_awake(WorkspaceId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.actor;
}

void Actors::each_awake(const std::function<void(const ActorPtr& actor)>& visit) const {
  for (const WorkspaceId id : awake()) {
    if (const ActorPtr actor = find_awake(id)) visit(actor);
  }
}

std::vector<WorkspaceId> Actors::awake() const {
  std::vector<WorkspaceId> ids;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (entry.actor) ids.push_back(id);
  }
  return ids;
}

// While the clock is not believed, timers wait in those that sleep as in those that are awake.
std::vector<WorkspaceId> Actors::asleep_and_due(std::size_t count_max) {
  std::vector<WorkspaceId> ids;
  const Time now = clock_.now();
  const std::unique_lock lock(mutex_);
  for (auto& [id, entry] : entries_) {
    if (ids.size() == count_max) break;
    if (entry.actor || entry.is_being_woken || entry.wakes_at > now) continue;
    entry.log_clock->believed(now);
    if (!entry.log_clock->held()) ids.push_back(id);
  }
  return ids;
}

void Actors::put_off(WorkspaceId id, Time until) {
  const std::unique_lock lock(mutex_);
  entries_.at(id).wakes_at = until;
}

std::optional<domain::Position> Actors::last_position(WorkspaceId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  const Entry& entry = found->second;
  return entry.actor ? entry.actor->published()->last_position() : entry.position;
}

std::optional<store::SleeperRow> Actors::put_to_sleep(ActorPtr actor, domain::Position position) {
  const std::unique_lock lock(mutex_);
  Entry& entry = entries_.at(actor->id());
  // Another one holds it only if they got it from here, or from somebody who holds it.
  constexpr long kThisTableAndTheCaller = 2;
  if (actor.use_count() != kThisTableAndTheCaller || !actor->may_sleep()) return std::nullopt;
  const workspace::VersionPtr state = actor->published();
  if (state->last_position() != position) return std::nullopt;
  entry.position = position;
  entry.wakes_at = actor->next_timer();
  entry.log_clock.emplace(actor->log_clock());
  entry.actor.reset();
  --awake_count_;
  return store::SleeperRow{.workspace = actor->id(),
                           .position = position,
                           .wakes_at = entry.wakes_at,
                           .erased = print_of(*state->suppressions()),
                           .log_time = state->log_time()};
}

}  // namespace galena::engine
