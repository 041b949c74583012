// The workspaces of an engine (ADR 0017). Those that are awake have an actor. Those that sleep have
// a few words: where their log ends, when they wake by themselves, and how far they believe the
// clock. Safe to use from any thread.
//
// There is one actor of a workspace at most. Whoever works with it holds it by an ActorPtr; it is
// dropped only while nobody does. So nobody may keep one for longer than a question takes, and a
// weak pointer to it must not exist.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "engine/actor.hpp"
#include "store/store.hpp"

namespace galena::engine {

class Actors {
 public:
  // Called with whoever was asleep and has been recovered, before anybody else gets to see them.
  using Woken = std::function<void(const Actor& actor)>;

  Actors(store::Store& store, Clock& clock, Woken woken)
      : store_(store), clock_(clock), woken_(std::move(woken)) {}

  // Of a workspace that is not here yet. Recovers it: throws StoreError, and std::runtime_error
  // when its log cannot be replayed.
  ActorPtr add(WorkspaceId id);
  void add_asleep(const store::SleeperRow& row);

  // Null for an unknown workspace. One that sleeps is recovered, once, whoever else asks for it
  // waits; throws as `add` does.
  ActorPtr rouse(WorkspaceId id);
  // The same, and it shall stay awake for a while.
  ActorPtr find(WorkspaceId id);
  // Null also while it sleeps.
  ActorPtr find_awake(WorkspaceId id) const;

  // One after the other, each for the time of the visit.
  void each_awake(const std::function<void(const ActorPtr& actor)>& visit) const;
  std::vector<WorkspaceId> awake() const;
  std::size_t awake_count() const { return awake_count_; }
  // Those that sleep and whose time has come, so many at most.
  std::vector<WorkspaceId> asleep_and_due(std::size_t count_max);
  // One that could not be recovered is not tried again by itself before that moment.
  void put_off(WorkspaceId id, Time until);
  // Where its log ends as far as it is published; nothing for an unknown workspace.
  std::optional<domain::Position> last_position(WorkspaceId id) const;

  // Drops the actor if nobody else holds it, nothing has come since that position, and it may
  // sleep. What it says then is to be kept (Store::keep_sleepers). The actor is gone on return.
  std::optional<store::SleeperRow> put_to_sleep(ActorPtr actor, domain::Position position);

 private:
  struct Entry {
    ActorPtr actor;  // null while it sleeps
    bool is_being_woken = false;
    // While it sleeps.
    domain::Position position = 0;
    Time wakes_at = Time::max();
    std::optional<LogClock> log_clock;
  };

  ActorPtr made(WorkspaceId id, Time now, const std::optional<LogClock>& log_clock) const;
  ActorPtr recovered(WorkspaceId id, domain::Position position, LogClock log_clock) const;

  store::Store& store_;
  Clock& clock_;
  Woken woken_;
  mutable std::shared_mutex mutex_;  // of what follows
  std::condition_variable_any recovered_;
  std::map<WorkspaceId, Entry> entries_;  // never removed
  std::atomic<std::size_t> awake_count_{0};
};

}  // namespace galena::engine
