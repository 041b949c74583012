// The work behind an erasure (ADR 0010): once it is committed, the log is rewritten, copies go, and
// the database is written anew. A start takes up what a stop interrupted: a row of the log holds
// the erased keys until all of that is done.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "domain/erased_rows.hpp"
#include "store/store.hpp"
#include "workspace/workspace.hpp"

namespace galena::engine {

using store::WorkspaceId;

// How far an erasure is.
struct ErasureProgress {
  domain::Position position = 0;  // of its row in the log: names it
  domain::LeadOrdinal lead = 0;
  Time asked_at{};
  bool done = false;
  domain::Position rows_seen = 0;  // of those that may name the person
};

// What it needs of the engine.
struct ErasingHost {
  std::function<std::vector<WorkspaceId>()> workspaces;  // that are awake; no other has work to do
  std::function<workspace::VersionPtr(WorkspaceId)> published;  // of one that is awake, else null
  std::function<void(WorkspaceId)> snapshot;  // writes one now, of what is published
  std::function<void(const std::string& why)> stop_process;
};

class Erasing {
 public:
  Erasing(store::Store& store, ErasingHost host) : store_(store), host_(std::move(host)) {}
  ~Erasing() { stop(); }

  // Looks what is done already, once the workspaces are there. Throws StoreError.
  void look();
  // Begins with the rest, in a thread of its own.
  void start();
  // Without that thread: does what there is to do. Throws StoreError.
  void run_if_woken();
  // After an erasure has been committed and published.
  void wake();
  // Waits for a slice at most; the next start goes on.
  void stop();

  std::vector<ErasureProgress> progress(WorkspaceId workspace, const workspace::Version& state);
  // Whether nothing is left to be done for it.
  bool is_done(WorkspaceId workspace, const workspace::Version& state);
  // It slept, so nothing was left.
  void note_done(WorkspaceId workspace, const workspace::Version& state);

 private:
  struct Job {
    domain::Position position = 0;
    domain::EraseInput input;
  };

  void work();
  void run_all();
  void run(WorkspaceId workspace, const workspace::Version& state, const std::vector<Job>& jobs);
  bool rewrite_rows(WorkspaceId workspace, const workspace::Version& state,
                    const std::vector<Job>& jobs);
  std::vector<Job> unfinished(WorkspaceId workspace, const workspace::Version& state);
  void keep_list();
  bool is_stopping();

  store::Store& store_;
  ErasingHost host_;
  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  bool awake_ = false;
  bool stopping_ = false;
  std::map<WorkspaceId, domain::Position> finished_;  // erasures up to there are done
  std::map<WorkspaceId, domain::Position> rows_seen_;
  std::thread thread_;
};

}  // namespace galena::engine
