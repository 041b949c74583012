// Imports files into workspaces, one at a time (ADR 0018): dry runs, the rows themselves as events
// of the log, and taking them back. Whatever stops it, it goes on where it was; what had been sent
// twice is in the log once.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "domain/import_job.hpp"
#include "engine/engine.hpp"
#include "store/store.hpp"

namespace galena::worker {

class Imports {
 public:
  Imports(engine::Engine& engine, store::Store& store) : engine_(engine), store_(store) {}
  // Stops within a few hundred rows; the next start goes on.
  ~Imports();
  Imports(const Imports&) = delete;
  Imports& operator=(const Imports&) = delete;

  // Looks for work a few times a second, on a thread of its own.
  void start();
  // Does what there is to do now, the oldest first, and returns when there is nothing left: for
  // who has no thread.
  void work();

 private:
  void run();
  bool work_at(store::ImportRow row);

  engine::Engine& engine_;
  store::Store& store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace galena::worker
