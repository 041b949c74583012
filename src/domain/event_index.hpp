// A lead's events by name in event-time order: what scoring asks, without a look at each event.
//
// Derived from the histories of the lead's persons. For most leads it is made anew whenever it is
// needed; for those with long histories the writer keeps it and adds what comes
// (workspace/heavy_leads.hpp).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "domain/event_kinds.hpp"
#include "domain/lead.hpp"

namespace galena::domain {

// Sessions of visits: a new one begins with the first visit and after each gap of 30 minutes or
// more.
inline constexpr Duration kSessionGap = std::chrono::minutes{30};

class EventIndex {
 public:
  // Events of one name (or all visits) that count, in event-time order, ties in log order.
  struct List {
    KindCode kind = kNoKind;
    std::vector<Event> events;
    std::vector<std::uint32_t> session_starts;  // places of events that begin a session

    // The place of the first event at or after `time`.
    std::size_t first_from(Time time) const;
    // Adds one that is later than all others.
    void append(const Event& event);
    void clear();
    // Only those for which `holds` is true, as if there had been no others.
    List picked(const std::function<bool(const Event&)>& holds) const;
  };

  EventIndex() = default;
  explicit EventIndex(std::span<const Event> events) { assign(events); }

  // Holds these events instead of what it held; keeps its room.
  void assign(std::span<const Event> events);
  void add(const Event& event);
  // Undoes the latest add(event) that was not taken back.
  void take_back(const Event& event);

  // Those of one name; an empty list if there are none.
  const List& of(KindCode kind) const;
  const List& visits() const { return visits_; }  // page views of all kinds
  std::size_t size() const { return size_; }      // all, counted or not
  Activity activity() const;

 private:
  List& list(KindCode kind);

  std::vector<List> lists_;  // by kind
  List visits_;
  List uncounted_;  // of any name
  std::size_t size_ = 0;
};

}  // namespace galena::domain
