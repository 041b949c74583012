#include "domain/event_index.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace galena::domain {
namespace {

using std::chrono::minutes;

const Time kBegin = *parse_time("2026-01-01T00:00:00Z");

Event random_event(std::uint32_t position) {
  Event event{.at = kBegin + minutes{10} * *rc::gen::inRange(0, 40), .position = position};
  event.kind = *rc::gen::element<KindCode>(kPageViewed, kPricingViewed, kScreenViewed, kEmailOpened,
                                           kDemoRequested, kScoreAdjusted, kUnsubscribed,
                                           kFirstFreeKind, kNoKind);
  event.counted = *rc::gen::inRange(0, 6) != 0;
  return event;
}

std::vector<Event> random_events() {
  std::vector<Event> events;
  const auto count = *rc::gen::inRange(0u, 30u);
  for (std::uint32_t position = 1; position <= count; ++position) {
    events.push_back(random_event(position));
  }
  return events;
}

std::vector<std::uint32_t> positions(const EventIndex::List& list) {
  std::vector<std::uint32_t> found;
  for (const Event& event : list.events) found.push_back(event.position);
  return found;
}

// Everything an index can be asked, in words.
std::string description(const EventIndex& index) {
  std::string text = std::to_string(index.size());
  const auto describe = [&](const EventIndex::List& list) {
    text += " |";
    for (const Event& event : list.events) text += " " + std::to_string(event.position);
    text += " /";
    for (const auto start : list.session_starts) text += " " + std::to_string(start);
  };
  for (KindCode kind = 0; kind <= kFirstFreeKind; ++kind) describe(index.of(kind));
  describe(index.visits());
  const Activity activity = index.activity();
  const auto moment = [&](std::optional<Time> at) { text += " " + (at ? format_time(*at) : "-"); };
  moment(activity.first_seen);
  moment(activity.last_seen);
  moment(activity.last_own_action);
  moment(activity.last_hot_request);
  return text + " " + std::to_string(activity.sessions) + (activity.shown_interest ? "i" : "") +
         (activity.unsubscribed ? "u" : "");
}

RC_GTEST_PROP(EventIndexProperty, holds_what_counts_in_time_order, ()) {
  std::vector<Event> events = random_events();
  const EventIndex index(events);
  std::ranges::stable_sort(events, {}, &Event::at);
  for (KindCode kind = 0; kind <= kFirstFreeKind; ++kind) {
    std::vector<std::uint32_t> expected;
    for (const Event& event : events) {
      if (event.counted && event.kind == kind) expected.push_back(event.position);
    }
    RC_ASSERT(positions(index.of(kind)) == expected);
  }
  std::vector<std::uint32_t> starts;
  const Event* last = nullptr;
  std::uint32_t place = 0;
  for (const Event& event : events) {
    if (!event.counted || !kind_traits(event.kind).visit) continue;
    if (last == nullptr || event.at - last->at >= minutes{30}) starts.push_back(place);
    last = &event;
    ++place;
  }
  RC_ASSERT(index.visits().session_starts == starts);
  RC_ASSERT(index.activity().sessions == starts.size());
}

RC_GTEST_PROP(EventIndexProperty, what_was_added_and_taken_back_was_never_there, ()) {
  const std::vector<Event> events = random_events();
  EventIndex index(events);
  const std::string before = description(index);
  const Event guest = random_event(1000);
  index.add(guest);
  std::vector<Event> with_guest = events;
  with_guest.push_back(guest);
  RC_ASSERT(description(index) == description(EventIndex(with_guest)));
  index.take_back(guest);
  RC_ASSERT(description(index) == before);
}

RC_GTEST_PROP(EventIndexProperty, an_index_used_again_forgets, ()) {
  const std::vector<Event> events = random_events();
  EventIndex index(random_events());
  index.assign(events);
  RC_ASSERT(description(index) == description(EventIndex(events)));
}

TEST(EventIndex, tells_what_somebody_did) {
  std::vector<Event> events;
  for (int i = 0; i < 4; ++i) {
    events.push_back({.at = kBegin + minutes{20} * i, .position = 1u + unsigned(i)});
    events.back().kind = kPageViewed;
  }
  events[2].kind = kDemoRequested;
  events.push_back({.at = kBegin - minutes{1}, .position = 9, .kind = kEmailSent});
  const Activity activity = EventIndex(events).activity();
  EXPECT_EQ(activity.events, 5u);
  EXPECT_EQ(activity.first_seen, kBegin) << "a mail that was sent shows nobody";
  EXPECT_EQ(activity.last_seen, kBegin + minutes{60});
  EXPECT_EQ(activity.last_hot_request, kBegin + minutes{40});
  EXPECT_EQ(activity.last_own_action, kBegin + minutes{60});
  EXPECT_EQ(activity.sessions, 2u);  // 40 minutes passed between the second visit and the third
  EXPECT_TRUE(activity.shown_interest);
  EXPECT_FALSE(activity.unsubscribed);
}

}  // namespace
}  // namespace galena::domain
