// How a score is put together: for score.cpp, one lead at a time, and run_score.cpp, many.
#pragma once

#include <vector>

#include "domain/score.hpp"

namespace galena::domain {

// Collects points and, if wanted, the lines that explain them.
struct Tally {
  Time now;
  std::vector<LedgerLine>* ledger = nullptr;
  Points fit{};
  Points interest{};
  Time valid_until = Time::max();
  std::vector<Points> group_sums;  // as in ScoreModel::groups
  std::vector<bool> group_fit;

  Tally(const ScoreModel& model, Time at, std::vector<LedgerLine>* lines = nullptr)
      : now(at),
        ledger(lines),
        group_sums(model.groups.size()),
        group_fit(model.groups.size(), false) {}

  void add(LedgerLine line) {
    (line.is_fit ? fit : interest) += line.points;
    if (ledger != nullptr) ledger->push_back(std::move(line));
  }
};

// What is beyond the cap, as the points to take back: sum 60, cap 45 gives -15; sum -60 gives +15.
Points beyond(Points sum, Points cap);

// What the rules about who somebody is say.
void add_attribute_rules(const ScoreModel& model, const Record& record, Tally& tally);

// What an event rule says of the events of its name, none of which is later than now.
void add_event_list(const CompiledRule& compiled, const EventIndex::List& list,
                    const PropertyView& told, Tally& tally);

// What the groups take back, once all rules have been added.
void add_group_caps(const ScoreModel& model, Tally& tally);

}  // namespace galena::domain
