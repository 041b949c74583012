#include "domain/event_bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/history.hpp"

namespace galena::domain {
namespace {

std::vector<Event> random_events(int count) {
  std::vector<Event> events;
  std::uint32_t position = 0;
  for (; count > 0; --count) {
    Event event;
    event.at = from_ms(*rc::gen::inRange<std::int64_t>(0, 253'402'300'799'999));
    event.known_at = event.at + Duration{*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)};
    event.position = position += *rc::gen::inRange<std::uint32_t>(1, 100'000);
    event.kind = *rc::gen::arbitrary<KindCode>();
    event.counted = *rc::gen::arbitrary<bool>();
    event.voided = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) event.object = *rc::gen::arbitrary<std::uint64_t>();
    if (*rc::gen::arbitrary<bool>()) event.value = *rc::gen::arbitrary<std::int64_t>();
    events.push_back(event);
  }
  return events;
}

RC_GTEST_PROP(EventBytesProperty, what_is_packed_comes_back, ()) {
  const std::vector<Event> events = random_events(*rc::gen::inRange(0, 50));
  ByteWriter out;
  pack_events(events, out);
  const std::string bytes = out.take();
  std::vector<Event> again;
  unpack_events(bytes, static_cast<std::uint32_t>(events.size()), again);
  RC_ASSERT(again == events);
}

// A history that begins in a run, and goes on; and is put upon another run, as it is or with one
// of its first events taken back.
RC_GTEST_PROP(EventBytesProperty, a_history_says_the_same_wherever_it_begins, ()) {
  const std::vector<Event> events = random_events(*rc::gen::inRange(1, 120));
  const auto run_of = [&](std::size_t count) {
    ByteWriter out;
    pack_events(std::span(events).first(count), out);
    auto holder = std::make_shared<const std::string>(out.take());
    return History::Run{holder, *holder, static_cast<std::uint32_t>(count)};
  };
  const auto all_of = [](const History& history) {
    std::vector<Event> all;
    history.collect(all);
    return all;
  };
  const auto in_run = *rc::gen::inRange<std::size_t>(0, events.size() + 1);
  History history(run_of(in_run));
  for (std::size_t at = in_run; at < events.size(); ++at) history.append(events[at]);
  RC_ASSERT(all_of(history) == events && history.size() == events.size());
  const auto in_other = *rc::gen::inRange<std::size_t>(0, events.size() + 1);
  RC_ASSERT(all_of(history.upon(run_of(in_other))) == events);
  const auto gone = *rc::gen::inRange<std::size_t>(0, events.size());
  history.take_back(events[gone].position);
  std::vector<Event> left = events;
  left[gone].voided = true;
  RC_ASSERT(all_of(history) == left);
  RC_ASSERT(all_of(history.upon(run_of(in_other))) == left);
}

}  // namespace
}  // namespace galena::domain
