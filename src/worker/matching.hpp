// Merges leads that are surely one person, in workspaces whose owner wants that unasked (ADR 0013).
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "engine/engine.hpp"
#include "store/store.hpp"

namespace galena::worker {

class Matching {
 public:
  Matching(engine::Engine& engine, store::Store& store) : engine_(engine), store_(store) {}
  // Ends what it does.
  ~Matching();
  Matching(const Matching&) = delete;
  Matching& operator=(const Matching&) = delete;

  // Looks every few seconds, a tenth of the time at most, on a thread of its own.
  void start();

  // Looks at every workspace where something has happened since (so at none that sleeps); gives how
  // many merges were made. It returns when they are in the log.
  std::size_t look();

  static constexpr std::size_t kMergesMax = 1000;  // of one workspace and look

 private:
  std::size_t look_at(store::WorkspaceId workspace);
  void run();

  engine::Engine& engine_;
  store::Store& store_;
  std::map<store::WorkspaceId, domain::Position> seen_;  // up to which nothing is left to be found
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace galena::worker
