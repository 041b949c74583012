// When to look at which lead again: one moment for each lead at most, the earliest first.
//
// A lead that gets another moment moves within the queue, so nothing stale is ever in it: what is
// taken out is due, and a lead that is busy costs no more room than one that sleeps. Finding out
// that nothing is due is one look at the first entry.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.hpp"
#include "domain/event.hpp"

namespace galena::domain {

class Timers {
 public:
  // From now on the lead is due at `due`; Time::max(): never.
  void set(LeadOrdinal lead, Time due);

  // Or earlier, if it is due earlier already.
  void set_at_latest(LeadOrdinal lead, Time due);

  // The earliest moment; Time::max() if there is none.
  Time next() const { return heap_.empty() ? Time::max() : heap_.front().due; }
  // Takes out the lead that is due then, of several the oldest. Only if next() is a moment.
  LeadOrdinal take();

  std::size_t size() const { return heap_.size(); }
  void clear();

 private:
  struct Entry {
    Time due{};
    LeadOrdinal lead = 0;

    bool before(const Entry& other) const {
      return due != other.due ? due < other.due : lead < other.lead;
    }
  };
  static constexpr std::uint32_t kNowhere = UINT32_MAX;

  void put(std::size_t place, const Entry& entry);
  void rise(std::size_t place, const Entry& entry);
  void sink(std::size_t place, const Entry& entry);
  void remove(std::size_t place);

  std::vector<Entry> heap_;            // four children each: half as deep as with two
  std::vector<std::uint32_t> places_;  // by lead: where in the heap it is
};

}  // namespace galena::domain
