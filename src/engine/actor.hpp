// A workspace at work: its mailbox, its writer state, its published version. At most one batch of
// it is on its way to the disk (ADR 0001).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "domain/timers.hpp"
#include "engine/engine.hpp"
#include "engine/log_clock.hpp"
#include "engine/mailbox.hpp"
#include "engine/upkeep_time.hpp"
#include "workspace/lead_table.hpp"
#include "workspace/published.hpp"
#include "workspace/rebase.hpp"

namespace galena::engine {

struct RowText {
  domain::Position position = 0;
  Time at{};
  int kind = 0;
  std::string input;
  std::string outcome;
};

class Actor;
using ActorPtr = std::shared_ptr<Actor>;  // see engine/actors.hpp

// What one step of an actor produced: rows to be made durable, then a version to be published and
// answers to be given.
struct Batch {
  ActorPtr actor;  // whose it is, put there by who made the step
  std::vector<RowText> rows;
  workspace::VersionPtr version;
  std::vector<std::pair<Done, Receipts>> answers;
};

class Actor {
 public:
  // `log_clock`: as it was before it slept; otherwise the clock is believed as it stands.
  Actor(WorkspaceId id, workspace::Workspace workspace, store::Store& store, Clock& clock,
        const std::optional<LogClock>& log_clock = std::nullopt);

  WorkspaceId id() const { return id_; }

  // --- any thread ---
  // False when the mailbox is full.
  bool post(Submission submission, std::size_t inputs_max);
  // True if the caller shall put the actor into the ready queue.
  bool claim();
  workspace::VersionPtr published() const { return published_.load(); }
  void when_settled(std::function<void()> settled);
  bool timers_due(Time now) const;
  Time next_timer() const { return from_ms(next_timer_ms_); }
  // Somebody wants something of it: it stays awake for a while.
  void touch() { touched_at_ = clock_.monotonic(); }
  std::chrono::nanoseconds touched_at() const { return touched_at_; }
  // Whether nothing is at work in it and nobody waits for it.
  bool may_sleep() const;
  // Only while nothing is at work in it.
  const LogClock& log_clock() const { return log_clock_; }
  // All leads as of what is published, or later, and with scores of `now`.
  workspace::LeadTable::Look look(Time now);
  // Keeps their columns up with what is published if that spares somebody a wait, and gives back
  // the room if nobody has looked for long.
  void tend_leads(Time now);
  std::size_t leads_memory() const { return leads_.memory(); }
  // What the columns hold beside a version of the workspace, if anybody keeps them.
  std::optional<workspace::LeadTable::Look> look_if_any(Time now);
  void begin_leads(const workspace::VersionPtr& version,
                   std::unique_ptr<workspace::LeadColumns> columns);
  // A new base, to be taken over before the next batch.
  void offer(std::unique_ptr<workspace::Rebase> rebase);
  bool has_offer() const;

  // --- the thread that claimed it ---
  Batch step(const EngineOptions& options, EngineFigures& figures);
  void commit_done(Batch& batch);    // publishes and answers
  void commit_failed(Batch& batch);  // goes back and answers unavailable
  // Ends the claim; true if there is more to do and it stays claimed. When stopping, a playbook's
  // continuation is left to the next start.
  bool release(bool stopping);

  domain::Position snapshot_position = 0;           // of the newest snapshot (engine/snapshots.hpp)
  std::atomic<domain::Position> saved_position{0};  // the same if it is known to be there
  std::atomic<bool> suspect{false};                 // a commit failed: compare with the store first

 private:
  Result<Receipt> take(domain::Input& input, Batch& batch, EngineFigures& figures);
  void read_again(domain::VoidInput& input, const Batch& batch) const;
  void read_again(domain::PlaybookInput& input, const Batch& batch) const;
  void take_over();
  void append(const domain::Input& input, const domain::Changes& changes, Batch& batch);
  void run_timers(Time reached, Batch& batch, EngineFigures& figures);
  void run_due(const domain::TimeInput& due, Time now, Batch& batch);
  void continue_rescore(Batch& batch);
  void rescore_some(Batch& batch);
  bool somebody_waits() const;
  void note_timers(const domain::Changes& changes);
  void note_next_timer();
  void find_timers();  // those of all leads anew
  void spread_the_word();
  void notify_settled();

  const WorkspaceId id_;
  store::Store& store_;
  Clock& clock_;
  workspace::Workspace workspace_;
  LogClock log_clock_;
  domain::Timers timers_;
  std::size_t timers_left_ = 0;  // that this step may still run
  UpkeepTime upkeep_time_;
  bool answers_wait_ = false;                 // for the end of this step
  std::set<domain::AccountOrdinal> unheard_;  // of which not all of their leads have heard
  std::atomic<std::int64_t> next_timer_ms_{INT64_MAX};
  workspace::Published published_;
  workspace::LeadTable leads_;
  std::atomic<std::int64_t> looked_at_ms_{0};
  std::atomic<std::chrono::nanoseconds> touched_at_{std::chrono::nanoseconds::min() / 2};

  mutable std::mutex mutex_;  // of what follows
  Mailbox mailbox_;
  bool claimed_ = false;
  std::unique_ptr<workspace::Rebase> offer_;
  std::vector<std::function<void()>> settled_;
};

}  // namespace galena::engine
