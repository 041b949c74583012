// Keeps the columns over leads (workspace/lead_table.hpp) up with what is published, in a thread of
// its own, so that whoever looks finds little left to do.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/actors.hpp"

namespace galena::engine {

class LeadTables {
 public:
  LeadTables(Clock& clock, const Actors& actors) : clock_(clock), actors_(actors) {}

  void start();
  void stop();

 private:
  void work();

  Clock& clock_;
  const Actors& actors_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace galena::engine
