#include "base/cores.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace galena {
namespace {

struct Job {
  const std::function<void(std::uint32_t)>& work;
  std::uint32_t count = 0;
  std::atomic<std::uint32_t> next{0};
  int helpers = 0;  // at it now; guarded by the mutex of the helpers

  void do_some() {
    for (std::uint32_t number; (number = next.fetch_add(1)) < count;) work(number);
  }
};

// Threads that wait for work, one for each core but that of whoever asks. They are kept, as one
// that is begun for each job is there too late where cores are busy; and nobody waits for a helper
// that has not come yet.
class Helpers {
 public:
  Helpers() {
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { help(stop); });
    }
  }

  void run(Job& job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(&job);
    }
    job_came_.notify_all();
    const Presence presence{*this, job};
    job.do_some();
  }

 private:
  // Whoever asks stays, even if the work throws, until no helper is at it.
  struct Presence {
    Helpers& helpers;
    Job& job;

    ~Presence() {
      std::unique_lock lock(helpers.mutex_);
      job.next = job.count;
      std::erase(helpers.jobs_, &job);
      helpers.helper_left_.wait(lock, [&] { return job.helpers == 0; });
    }
  };

  void help(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (job_came_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
      Job& job = *jobs_.front();
      ++job.helpers;
      lock.unlock();
      job.do_some();
      lock.lock();
      // All of it is begun, so that no other helper is needed.
      std::erase(jobs_, &job);
      if (--job.helpers == 0) helper_left_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any job_came_;
  std::condition_variable helper_left_;
  std::vector<Job*> jobs_;  // the oldest first
  std::vector<std::jthread> threads_;
};

}  // namespace

void on_all_cores(std::uint32_t count, const std::function<void(std::uint32_t)>& work) {
  constexpr std::uint32_t kAlone = 8;  // beneath that a helper costs more than it brings
  Job job{.work = work, .count = count};
  if (count <= kAlone) return job.do_some();
  static Helpers helpers;
  helpers.run(job);
}

}  // namespace galena
