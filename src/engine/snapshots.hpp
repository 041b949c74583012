// Snapshots of workspaces, one at a time, in a thread of their own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/actors.hpp"
#include "store/store.hpp"

namespace galena::engine {

class Snapshots {
 public:
  // `every`: rows between two of a workspace, while it is small; 0 = only when told to.
  Snapshots(store::Store& store, domain::Position every, const Actors& actors)
      : store_(store), every_(every), actors_(actors) {}

  // The thread looks now and then who is due. It works a fifth of the time and rests the other
  // four: at full speed, also at the lowest priority, it would hold up the intake by what it
  // locks and by the memory that it moves.
  void start();
  void stop();

  // Of everybody who is due, at full speed.
  void look();
  // Now, whoever waits for it; one under way is brought to an end at full speed first. Throws
  // StoreError.
  void save(Actor& actor);
  // The same for somebody who has time: one under way keeps its pace.
  void save_unhurried(Actor& actor);
  // The same as `save` if anything came since the last one. Says why it failed in the log of the
  // process.
  void save_if_changed(Actor& actor);

 private:
  enum class Due { something_came, enough_came };

  void work();
  void write(Actor& actor, const std::function<void()>& after_piece);
  void write_if(Due due, Actor& actor, const std::function<void()>& after_piece);
  void look(const std::function<void()>& after_piece);

  store::Store& store_;
  domain::Position every_;
  const Actors& actors_;
  std::mutex writing_;           // one at a time
  std::atomic<int> waiting_{0};  // for the one under way
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace galena::engine
