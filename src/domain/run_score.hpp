// The event rules of a model over many leads, one after the other: the same points as score()
// (score.hpp) to the bit, found in one pass over a lead's events.
#pragma once

#include <span>
#include <vector>

#include "domain/event_run.hpp"
#include "domain/score_tally.hpp"

namespace galena::domain {

class RunScorer {
 public:
  // As of `now`. The model, and the columns of what the events told, have to outlive it.
  RunScorer(const ScoreModel& model, PropertyView told, Time now);

  // Adds what the events of a lead are worth, and the caps of groups, to what its attributes are
  // worth (`tally`, which has this `now` and no ledger).
  void add(const EventRun& run, Tally& tally);

 private:
  // A rule under which each event counts by itself, and what it comes to for one lead.
  struct Simple {
    const CompiledRule* rule = nullptr;
    std::int64_t from_ms = 0;  // older events are out of its window
    std::int64_t cap = 0;      // of the sum's size
    Points sum{};
    std::int64_t oldest_ms = 0;  // that counts
    std::int64_t turns_ms = 0;   // when the points of one of them are others
    bool met = false;
    bool full = false;  // nothing older makes a difference
  };
  // A rule for which events count by what was before them, and whether one of its name came.
  struct Limited {
    const CompiledRule* rule = nullptr;
    std::vector<KindCode> kinds;
    std::int64_t from_ms = 0;
    bool met = false;
  };
  // Which messages have come; none is 0.
  class Messages {
   public:
    void make_room(std::size_t count);
    bool insert(std::uint64_t message);  // false: it had come

   private:
    std::vector<std::uint64_t> slots_;
  };
  // Rules of one name of events: places in `simple_` and `limited_`.
  struct Kind {
    std::vector<std::uint16_t> simple;
    std::vector<std::uint16_t> limited;
  };

  std::vector<KindCode> kinds_of(const CompiledRule& rule) const;
  Kind& kind_at(KindCode kind);
  void meet(Simple& simple, std::int64_t at_ms);
  void add_simple(Tally& tally);
  void add_limited(const EventRun& run, Tally& tally);
  void add_repeats(const Limited& limited, const EventRun& run, Tally& tally);
  void add_list(const Limited& limited, const EventRun& run, Tally& tally);
  Points points_now(const CompiledRule& rule, std::int64_t at_ms, std::int64_t& turns_ms) const;
  bool is_one(const Limited& limited, const PackedEvent& event) const;
  void add_sum(const CompiledRule& rule, Points sum, std::int64_t turns_ms, Tally& tally) const;

  const ScoreModel& model_;
  PropertyView told_;
  Time now_;
  std::int64_t now_ms_;
  std::vector<Simple> simple_;
  std::vector<Limited> limited_;
  std::vector<std::uint16_t> met_;      // places in `simple_` that the lead's events have met
  std::vector<Kind> kinds_;             // that rules ask for
  std::vector<std::uint16_t> by_kind_;  // place in `kinds_`, by code; 0: no rule asks for it
  EventIndex::List list_;
  Messages messages_;
};

}  // namespace galena::domain
