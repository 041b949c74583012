#include "domain/event_index.hpp"

#include <algorithm>

#include "domain/event_kinds.hpp"

namespace galena::domain {
namespace {

using List = EventIndex::List;

bool earlier(const Event& a, const Event& b) {
  return a.at != b.at ? a.at < b.at : a.position < b.position;
}

bool begins_session(const List& list, std::size_t place) {
  return place == 0 || list.events[place].at - list.events[place - 1].at >= kSessionGap;
}

void note_session_start(List& list, std::size_t place) {
  if (begins_session(list, place)) {
    list.session_starts.push_back(static_cast<std::uint32_t>(place));
  }
}

// After a change at `place`, which moved what lies behind.
void renew_session_starts(List& list, std::size_t place) {
  auto& starts = list.session_starts;
  starts.erase(std::ranges::lower_bound(starts, place), starts.end());
  for (; place < list.events.size(); ++place) note_session_start(list, place);
}

void insert(List& list, const Event& event) {
  if (list.events.empty() || earlier(list.events.back(), event)) return list.append(event);
  const auto at = std::ranges::upper_bound(list.events, event, earlier);
  const auto place = static_cast<std::size_t>(at - list.events.begin());
  list.events.insert(at, event);
  renew_session_starts(list, place);
}

void erase(List& list, const Event& event) {
  const auto at = std::ranges::lower_bound(list.events, event, earlier);
  GALENA_ASSERT(at != list.events.end() && at->position == event.position);
  const auto place = static_cast<std::size_t>(at - list.events.begin());
  list.events.erase(at);
  renew_session_starts(list, place);
}

}  // namespace

void List::append(const Event& event) {
  events.push_back(event);
  note_session_start(*this, events.size() - 1);
}

void List::clear() {
  events.clear();
  session_starts.clear();
}

std::size_t List::first_from(Time time) const {
  const auto first = std::ranges::lower_bound(events, time, {}, &Event::at);
  return static_cast<std::size_t>(first - events.begin());
}

List List::picked(const std::function<bool(const Event&)>& holds) const {
  List list{.kind = kind, .events = {}, .session_starts = {}};
  for (const Event& event : events) {
    if (holds(event)) insert(list, event);
  }
  return list;
}

void EventIndex::assign(std::span<const Event> events) {
  constexpr std::size_t kListsKept = 64;
  if (lists_.size() > kListsKept) lists_.clear();
  for (List& list : lists_) list.clear();
  visits_.clear();
  uncounted_.clear();
  size_ = 0;
  for (const Event& event : events) add(event);
}

EventIndex::List& EventIndex::list(KindCode kind) {
  const auto found = std::ranges::lower_bound(lists_, kind, {}, &List::kind);
  if (found != lists_.end() && found->kind == kind) return *found;
  return *lists_.insert(found, List{.kind = kind, .events = {}, .session_starts = {}});
}

const EventIndex::List& EventIndex::of(KindCode kind) const {
  static const List kNone;
  const auto found = std::ranges::lower_bound(lists_, kind, {}, &List::kind);
  return found != lists_.end() && found->kind == kind ? *found : kNone;
}

void EventIndex::add(const Event& event) {
  ++size_;
  if (!event.counted) return insert(uncounted_, event);
  insert(list(event.kind), event);
  if (kind_traits(event.kind).visit) insert(visits_, event);
}

void EventIndex::take_back(const Event& event) {
  --size_;
  if (!event.counted) return erase(uncounted_, event);
  erase(list(event.kind), event);
  if (kind_traits(event.kind).visit) erase(visits_, event);
}

Activity EventIndex::activity() const {
  Activity activity{.events = static_cast<std::uint32_t>(size_)};
  const auto see = [&](const List& list) {
    const Time first = list.events.front().at;
    const Time last = list.events.back().at;
    activity.first_seen = std::min(activity.first_seen.value_or(first), first);
    activity.last_seen = std::max(activity.last_seen.value_or(last), last);
  };
  const auto latest = [](std::optional<Time>& known, Time at) {
    known = known ? std::max(*known, at) : at;
  };
  if (!uncounted_.events.empty()) see(uncounted_);
  for (const List& list : lists_) {
    if (list.events.empty()) continue;
    const KindTraits traits = kind_traits(list.kind);
    if (traits.seen) see(list);
    if (traits.own_action) latest(activity.last_own_action, list.events.back().at);
    if (traits.hot) latest(activity.last_hot_request, list.events.back().at);
    if (traits.own_action && traits.shows_interest) activity.shown_interest = true;
    if (list.kind == kUnsubscribed) activity.unsubscribed = true;
  }
  activity.sessions = static_cast<std::uint32_t>(visits_.session_starts.size());
  // Repeated visits are interest too (REQUIREMENTS "Words", lead).
  if (activity.sessions >= 2) activity.shown_interest = true;
  return activity;
}

}  // namespace galena::domain
