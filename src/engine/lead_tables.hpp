// Keeps the columns over leads (workspace/lead_table.hpp) up with what is published, in a thread of
// its own, so that whoever looks finds little left to do.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/actor.hpp"

namespace galena::engine {

class LeadTables {
 public:
  LeadTables(Clock& clock, std::function<std::vector<Actor*>()> actors)
      : clock_(clock), actors_(std::move(actors)) {}

  void start();
  void stop();

 private:
  void work();

  Clock& clock_;
  std::function<std::vector<Actor*>()> actors_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace galena::engine
