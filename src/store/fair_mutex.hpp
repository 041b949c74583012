// A mutex that is taken in turns. The commit thread holds the write turn nearly all the time under
// load and would win a plain mutex again and again, while the checkpoint thread starves.
#pragma once

#include <mutex>

namespace galena::store {

class FairMutex {
 public:
  // Who waits holds `next_`, so whoever had the turn queues up behind it.
  void lock() {
    const std::scoped_lock waiting(next_);
    held_.lock();
  }
  void unlock() { held_.unlock(); }

 private:
  std::mutex next_;
  std::mutex held_;
};

}  // namespace galena::store
