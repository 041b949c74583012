// What the clients know: what they sent, what they were told about it, and what may therefore stand
// in the log. Knows the engine's promises and none of its code.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "deeds.hpp"
#include "engine/engine.hpp"
#include "virtual_clock.hpp"

namespace galena::sim {

using store::Position;
using store::WorkspaceId;

// One thing that was sent, however often.
struct Sent {
  WorkspaceId workspace = 0;
  std::string mark;      // stands in its log row and in no other
  std::string text;      // so does this, token for token
  std::string identity;  // by which it is known again; empty: by nothing
  bool may_be_refused = false;
  bool keeps_arrival = false;  // log time is of its arrival, not of its turn
};

// Log time as ADR 0001 has it: the clock at arrival, never running back; more than an hour ahead of
// the monotonic clock it is not believed.
class BelievedTime {
 public:
  BelievedTime(VirtualClock& clock, Time last)
      : clock_(&clock),
        anchor_(std::max(last, clock.now())),
        monotonic_(clock.monotonic()),
        highest_(last) {}

  Time of(Time arrived) const {
    const auto elapsed = std::chrono::floor<Duration>(clock_->monotonic() - monotonic_);
    const Time expected = anchor_ + elapsed;
    return arrived > expected + std::chrono::hours{1} ? expected : arrived;
  }
  bool is_held() const { return of(clock_->now()) != clock_->now(); }
  // The log time that something of now gets at the most.
  Time note(Time arrived) { return highest_ = std::max(highest_, of(arrived)); }
  Time highest() const { return highest_; }

 private:
  VirtualClock* clock_;
  Time anchor_;
  std::chrono::nanoseconds monotonic_;
  Time highest_;  // log time never runs back
};

class Book {
 public:
  explicit Book(VirtualClock& clock) : clock_(clock) {}

  // The program has started and found the log ending at that time.
  void begin(WorkspaceId workspace, Time last) {
    time_.insert_or_assign(workspace, BelievedTime(clock_, last));
  }
  // Who was erased there: of them less is in the log than was sent.
  void heed(WorkspaceId workspace, const Deeds& deeds) { deeds_[workspace] = &deeds; }
  BelievedTime& time(WorkspaceId workspace) { return time_.at(workspace); }

  std::size_t add(Sent sent);
  std::size_t size() const { return sent_.size(); }
  const Sent& sent(std::size_t number) const { return sent_[number].sent; }

  // A submission: all of it or nothing. Gives its number, for the answer.
  std::size_t submit(WorkspaceId workspace, std::vector<std::size_t> numbers);
  // Complains about answers that cannot be right. True if it may be sent again: nothing was taken.
  bool answer(std::size_t submission, const Result<engine::Receipts>& receipts);
  std::vector<std::size_t> parts_of(std::size_t submission) const;

  // The program died: what of the unanswered submissions stands in the log is durable from now on;
  // of each there is all or nothing.
  void settle(store::Store& store);

  // Everything that was acknowledged stands in the log, once, where it was said to, as it was sent
  // and with a log time that can be. Nothing else does. Nobody may be waiting for an answer.
  void check(store::Store& store, WorkspaceId workspace);

  std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  struct Entry {
    Sent sent;
    std::optional<Position> position;
    Time earliest{}, latest{};  // the log time lies between them, if it is known
  };
  struct Submission {
    WorkspaceId workspace = 0;
    std::vector<std::size_t> numbers;
    std::vector<Time> arrived;
  };
  using Places = std::map<std::size_t, Position>;  // number of what was sent -> row

  void take_receipt(std::size_t number, const engine::Receipt& receipt, Time arrived);
  Places places_in(store::Store& store, WorkspaceId workspace) const;
  void settle(const Submission& submission, const Places& places);
  void check_row(const store::LogRow& row, Time before,
                 const std::map<Position, std::size_t>& known) const;
  void check_text(const store::LogRow& row, const Sent& sent) const;
  void check_held_back(WorkspaceId workspace);
  bool names_erased(const Sent& sent) const;
  bool may_be_rewritten(WorkspaceId workspace, Position position) const;
  std::optional<std::size_t> number_in(std::string_view input) const;

  VirtualClock& clock_;
  std::map<WorkspaceId, BelievedTime> time_;
  std::deque<Entry> sent_;
  std::map<std::pair<WorkspaceId, std::string>, Position> known_;  // by identity
  std::map<std::size_t, Submission> waiting_;
  std::map<WorkspaceId, const Deeds*> deeds_;
  std::vector<std::size_t> held_back_;  // answered so since the last check
  std::size_t submissions_ = 0;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace galena::sim
