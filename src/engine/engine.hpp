// Where it all meets: inputs are queued per workspace, decided, committed in groups, published and
// acknowledged (ADR 0001). Everything here is safe to call from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/input.hpp"
#include "engine/erasing.hpp"
#include "store/store.hpp"
#include "workspace/lead_table.hpp"
#include "workspace/workspace.hpp"

namespace galena::engine {

using store::WorkspaceId;

// Proof that an input is durable: its place in the log.
struct Receipt {
  domain::Position position = 0;
  bool duplicate = false;  // had been taken in before, at `position`
  domain::LeadOrdinal lead = 0;
  bool suppressed = false;          // of somebody who was erased: not kept (ADR 0010)
  domain::PersonOrdinal under = 0;  // whose event it is; 0 if it is nobody's, or a duplicate
  bool merged = false;              // two leads were found to be one by it
};

// The answer to one submission: a receipt or an Error for each input in order; or an Error for the
// whole (unavailable: nothing was taken, it may be sent again with the same ids).
using Receipts = std::vector<Result<Receipt>>;
using Done = std::function<void(Result<Receipts>)>;

struct EngineOptions {
  // That decide; one more commits, one looks after timers, one writes snapshots. 0: none at all,
  // the caller does it by hand (below).
  int threads = 1;
  std::size_t mailbox_inputs_max = 20'000;    // per workspace; beyond it: unavailable
  std::size_t batch_inputs_max = 1'000;       // decided between two commits
  domain::Position snapshot_every = 200'000;  // rows between snapshots; 0 = only at the end
  // A workspace that nobody has touched for so long sleeps (ADR 0017); 0: none does. One with more
  // leads stays awake, because to wake it would take long. Of the others those that were touched
  // longest ago sleep earlier, if more than so many workspaces are awake.
  Duration idle_after = std::chrono::minutes{10};
  domain::LeadOrdinal sleeping_leads_max = 1'000;
  std::size_t awake_max = 1'000;
};

struct EngineFigures {  // counted since the start
  std::atomic<std::uint64_t> inputs{0};
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> suppressed{0};
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> failed_commits{0};
  std::atomic<bool> clock_held{false};
};

class Engine {
 public:
  // Recovers every workspace of the store that does not sleep before it returns. Throws StoreError,
  // and std::runtime_error when a log cannot be replayed.
  Engine(store::Store& store, Clock& clock, EngineOptions options = {});
  // Finishes what is queued, writes snapshots, stops; by hand it leaves off as if killed.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // A new workspace with the standard playbook as the first row of its log.
  Result<WorkspaceId> create_workspace(std::string_view name);

  // Takes the inputs as one unit: all of them in one transaction. `done` is called once, after the
  // commit, from the commit thread; it must not block.
  void submit(WorkspaceId workspace, std::vector<domain::Input> inputs, Done done);

  // Calls `settled` as soon as no lead waits for the newest playbook.
  void when_settled(WorkspaceId workspace, std::function<void()> settled);

  // The published state; null for an unknown workspace. Here and below, one that sleeps is woken,
  // which takes some milliseconds, and throws what the constructor throws.
  workspace::VersionPtr read(WorkspaceId workspace) const;
  // For jobs that look at one workspace after the other. Null also while it sleeps.
  workspace::VersionPtr read_if_awake(WorkspaceId workspace) const;
  // It sleeps again as soon as it can.
  workspace::VersionPtr read_in_passing(WorkspaceId workspace) const;
  // The last position of what is published, whether it sleeps or not; 0 for an unknown workspace.
  domain::Position last_position(WorkspaceId workspace) const;
  std::size_t awake_count() const;

  // All leads in columns, as of what is published or later, with scores of now; nothing for an
  // unknown workspace.
  std::optional<workspace::LeadTable::Look> look(WorkspaceId workspace) const;

  // How much memory its columns take just now; 0 if nobody looks at it.
  std::size_t columns_memory(WorkspaceId workspace) const;

  // Reads the log for what a playbook asks for and nobody asked for before, as of a state that
  // read() gave. Takes as long as the log is; handed over with the playbook, it spares the
  // workspace the wait.
  std::vector<domain::PropertyEvidence> read_again(WorkspaceId workspace,
                                                   const workspace::Version& state,
                                                   const domain::Playbook& playbook) const;

  // Writes a snapshot of every workspace that has changed since its last one.
  void snapshot_all();

  // Erasures in log order, and how far each is.
  std::vector<ErasureProgress> erasures(WorkspaceId workspace) const;

  Clock& clock() const { return clock_; }
  const EngineFigures& figures() const;

  // --- by hand: with threads = 0 the engine does nothing of itself, so what it does can be
  // repeated exactly. One thread calls it then. --- Decides all that is waiting and commits it in
  // one transaction. False if nothing was waiting. Throws StoreError where the process would be
  // stopped; the engine is of no use afterwards.
  bool step();
  // What is done every second otherwise: wakes those whose time has come, writes the snapshots that
  // are due, puts to sleep who is idle.
  void look_after();
  // An orderly stop: what is queued, then snapshots.
  void finish();

 private:
  Result<> give_standard_playbook(WorkspaceId workspace);
  Result<Receipts> submit_and_wait(WorkspaceId workspace, std::vector<domain::Input> inputs);
  void recover_all();
  void honour_erasure_list();

  struct Impl;
  Clock& clock_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace galena::engine
