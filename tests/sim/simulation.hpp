// The real engine on the real SQLite store, on a disk that loses power, with a clock that is set
// wrong, by one thread and from one seed: the same seed lives through the same, to the byte.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "../store/crash_vfs.hpp"
#include "book.hpp"
#include "due.hpp"
#include "plant.hpp"
#include "state_checks.hpp"
#include "store/sqlite_store.hpp"
#include "store/test_directory.hpp"

namespace galena::sim {

struct SimulationOptions {
  std::uint64_t seed = 1;
  int steps = 600;
  Plant plant = Plant::nothing;
};

// What happened, so that one sees that it was something.
struct SimulationFigures {
  std::uint64_t acknowledged = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t crashes = 0;
  std::uint64_t refused_commits = 0;
  std::uint64_t restarts = 0;
  std::uint64_t checks = 0;
  std::uint64_t moved_by_time = 0;  // leads that entered a stage at the moment foretold
  std::uint64_t held = 0;           // looks while the clock was not believed
  std::uint64_t merges = 0;         // by hand, and tellings apart
  std::uint64_t voids = 0;
  std::uint64_t undone = 0;    // merges that were taken back at once, and left no trace
  std::uint64_t erasures = 0;  // that were asked for and are done
  std::uint64_t held_back = 0;
  std::uint64_t asleep = 0;  // workspaces that slept after a look
};

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options);
  ~Simulation();

  // Throws Complaint.
  void run();

  const SimulationFigures& figures() const { return figures_; }
  // A hash of all logs at the end: equal runs have equal ones.
  std::uint64_t digest() const { return digest_; }

 private:
  struct Workspace {
    Replica replica;
    Deeds deeds;
    std::size_t erasures_done = 0;
    std::vector<std::pair<std::size_t, Message>> messages;  // that were sent before
    // What was published when the program died: it must be found again.
    Position published = 0;
    std::string dump;
  };
  using Moved = std::map<WorkspaceId, std::vector<std::size_t>>;  // stages entered, by lead

  void hash_logs();

  // --- what happens ---
  void step();
  void some_traffic();
  void some_upkeep();
  void some_trouble();
  void send_messages();
  void send_adjustment();
  void send_playbook();
  void send_by_hand();  // simulation_people.cpp
  void send_merge();
  void send_void();
  void send_erasure();
  void allow_again();
  void merge_and_undo();
  void submit(WorkspaceId workspace, std::vector<domain::Input> inputs,
              std::vector<std::size_t> numbers);
  void make_workspace();
  void set_clock();
  std::size_t note(Sent sent) { return book_.add(std::move(sent)); }
  Message message_for(WorkspaceId workspace, std::size_t& number);
  WorkspaceId some_workspace();

  // --- the program's life (simulation_life.cpp) ---
  void start();
  bool try_to_start();
  void adopt(WorkspaceId id);
  void note_what_is_published();
  // A plant is to be found by the checks, not by whoever is woken.
  bool sleeps() const { return options_.plant == Plant::nothing; }
  void die(store::Survivors survivors);
  void die_by_bad_luck();
  bool stop_orderly();
  void spoil_snapshots();
  void checkpoint();
  // Runs `body`; if the disk fails in it, the program dies and starts again, and this is false.
  bool survives(const std::function<void()>& body);
  bool decide_all();
  bool look_after();
  void clear_faults() {
    vfs_.disk().inject(store::Fault::crash, UINT64_MAX / 2);
    if (store_) store_->kill_at(0);
  }
  // Of who is about to be erased the log tells for the last time.
  void read_before_erasing();
  void disturb_erasing();
  bool is_erasing(WorkspaceId id) const;

  // --- what must hold (simulation_checks.cpp) ---
  void check_all();
  void check(WorkspaceId workspace);
  void check_recovery(WorkspaceId workspace);
  void check_erasures(WorkspaceId workspace);
  std::vector<std::string> all_files();
  std::multiset<std::string> portraits(WorkspaceId workspace, Time now) const;
  bool told(WorkspaceId workspace, domain::Input input, std::size_t number);
  void check_what_was_published(WorkspaceId workspace);
  void let_time_pass();
  // As it is, or would be if it were woken.
  workspace::VersionPtr state_of(WorkspaceId workspace) const;
  std::vector<Due> due_until(Time target, WorkspaceId workspace);
  void look_at(Time moment, std::map<WorkspaceId, std::vector<Due>>& due);
  void expect_moved(const Moved& before, const std::map<WorkspaceId, std::vector<Due>>& due);
  Moved moved() const;
  Time log_now(WorkspaceId workspace) { return book_.time(workspace).note(clock_.now()); }
  bool has_begun(WorkspaceId workspace) const;

  SimulationOptions options_;
  Random random_;
  mutable VirtualClock clock_;  // to be read
  Book book_;
  store::TestDirectory directory_;
  store::CrashVfs vfs_;
  std::unique_ptr<store::SqliteStore> sqlite_;
  std::unique_ptr<PlantedStore> store_;
  std::unique_ptr<engine::Engine> engine_;
  std::map<WorkspaceId, Workspace> workspaces_;
  SimulationFigures figures_;
  std::string refusal_;  // of what was told last
  std::uint64_t digest_ = 0;
};

}  // namespace galena::sim
