// Puts workspaces to sleep that nobody has touched for a while (ADR 0017), in a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/actors.hpp"
#include "engine/erasing.hpp"
#include "engine/snapshots.hpp"
#include "store/store.hpp"

namespace galena::engine {

class Sleeping {
 public:
  struct Host {
    store::Store& store;
    Clock& clock;
    Actors& actors;
    Snapshots& snapshots;
    Erasing& erasing;
    std::function<void(const std::string& why)> stop_process;
  };

  Sleeping(const Host& host, const EngineOptions& options)
      : host_(host),
        idle_after_(options.idle_after),
        leads_max_(options.sleeping_leads_max),
        awake_max_(options.awake_max) {}

  void start();
  void stop();

  // Of all that are awake, whoever is idle; and of the rest those that were touched longest ago, as
  // long as too many are awake. Throws StoreError.
  void look();

 private:
  struct Candidate {
    std::chrono::nanoseconds touched_at{};
    WorkspaceId id = 0;
  };

  void work();
  std::vector<WorkspaceId> tired() const;
  bool is_small_and_settled(const Actor& actor) const;
  std::optional<store::SleeperRow> put_to_sleep(WorkspaceId id);

  Host host_;
  Duration idle_after_;
  domain::LeadOrdinal leads_max_;
  std::size_t awake_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace galena::engine
