// Keeps the reports database (store/reports.hpp, ADR 0016) as the published versions are: a few
// seconds after something changed it writes what changed since the version that it wrote last.
//
// Where it does not know what is in the file (it is new, or from before the start), and once in
// some hours because scores fade with time, it goes round: through all leads and accounts in order,
// a slice at a time, between the changes. A row that says the same already is not written again.
//
// A workspace that sleeps (ADR 0017) is left alone as long as its rows are known to be as of the
// end of its log, and woken in passing for its round.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "engine/engine.hpp"
#include "store/reports.hpp"
#include "store/store.hpp"

namespace galena::worker {

class Projections {
 public:
  Projections(engine::Engine& engine, store::Store& store)
      : engine_(engine), store_(store), reports_(store.reports()) {}
  // Ends what it does; the next start goes on.
  ~Projections();
  Projections(const Projections&) = delete;
  Projections& operator=(const Projections&) = delete;

  // Looks every few seconds, on a thread of its own, and works a fifth of the time at most, so that
  // intake does not feel it.
  void start();

  // Brings the tables of all workspaces up to date, at full speed. Gives how many leads it looked
  // at. Throws StoreError.
  std::size_t look();

  static constexpr std::size_t kSlice = 1000;               // leads in one transaction
  static constexpr std::chrono::hours kRound{6};            // in which all are looked at again
  static constexpr std::chrono::milliseconds kPause{2000};  // between two looks

 private:
  // What is known of the rows of one workspace.
  struct Tables {
    workspace::VersionPtr written;  // what has changed since is written by the next look
    bool is_whole = false;   // all rows are as of `written`; else the file may hold older ones
    bool is_filling = true;  // the first round, or the first under this playbook, is under way
    // The round: leads before, then accounts before are done.
    domain::LeadOrdinal next_lead = 0;
    domain::AccountOrdinal next_account = 0;
    std::chrono::nanoseconds looked_at{};
    double owed = 0;            // so many more should have been looked at by now
    domain::Position told = 0;  // in the table `projection`

    // What it would be compared with is as large as the workspace itself.
    void forget_if_done() {
      if (written && is_whole && !is_filling && told == written->last_position()) written = nullptr;
    }
    void begin_round() {
      is_filling = true;
      next_lead = 0;
      next_account = 0;
    }
  };
  struct Look;

  bool look_at(const store::ReportedLog& log);
  void begin_with_what_is_told();
  bool may_sleep(const store::ReportedLog& log);
  bool write_changes(Look& look);
  bool go_round(Look& look);
  bool end_round(Look& look);
  bool tell(Look& look);
  template <class Slots>
  bool put(Look& look, const Slots& slots);
  bool put_leads(Look& look, std::span<const domain::LeadOrdinal> leads);
  bool put_accounts(Look& look, std::span<const std::string> ids);
  void rest();
  void run();
  bool try_to_look();
  bool is_stopping();

  engine::Engine& engine_;
  store::Store& store_;
  store::Reports& reports_;
  store::Reports::Opened file_;
  std::map<store::WorkspaceId, Tables> tables_;  // in it
  std::size_t looked_at_ = 0;                    // leads, in this look
  std::string complaint_;                        // what was wrong last
  bool rests_ = false;                           // a fifth of the time
  std::chrono::steady_clock::time_point begun_;  // to work since the last rest
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace galena::worker
