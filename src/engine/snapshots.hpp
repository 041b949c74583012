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
  // `taken` returns when an actor to which a base was offered has taken it over, or will at the
  // next step.
  Snapshots(store::Store& store, Clock& clock, domain::Position every, const Actors& actors,
            std::function<void(Actor&)> taken)
      : store_(store), clock_(clock), every_(every), actors_(actors), taken_(std::move(taken)) {}

  // The thread looks now and then who is due. It works a fifth of the time and rests the other
  // four: at full speed, also at the lowest priority, it would hold up the intake by what it
  // locks and by the memory that it moves.
  void start();
  void stop();
  // From here on actors go on as they are: they are about to stop.
  void end();

  // Of everybody who is due, at full speed.
  void look();
  // Now, whoever waits for it; one under way is brought to an end at full speed first. Throws
  // StoreError.
  void save(Actor& actor);
  // For an actor that is about to be dropped, by somebody who has time: one under way keeps its
  // pace.
  void save_for_sleep(Actor& actor);
  // The same as `save` if anything came since the last one. Says why it failed in the log of the
  // process.
  void save_if_changed(Actor& actor);

 private:
  enum class Due { something_came, enough_came };

  void work();
  bool is_due(Due due, const Actor& actor) const;
  workspace::VersionPtr write(Actor& actor, const std::function<void()>& after_piece);
  void hand_over(Actor& actor, const workspace::Version& written);
  void write_if(Due due, Actor& actor, const std::function<void()>& after_piece);
  void look(const std::function<void()>& after_piece);

  store::Store& store_;
  Clock& clock_;
  domain::Position every_;
  const Actors& actors_;
  std::function<void(Actor&)> taken_;
  std::atomic<bool> ended_{false};
  std::mutex writing_;           // one at a time
  std::atomic<int> waiting_{0};  // for the one under way
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace galena::engine
