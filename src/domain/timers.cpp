#include "domain/timers.hpp"

#include <algorithm>

#include "base/result.hpp"

namespace galena::domain {
namespace {

constexpr std::size_t kChildren = 4;

}  // namespace

void Timers::put(std::size_t place, const Entry& entry) {
  heap_[place] = entry;
  places_[entry.lead] = static_cast<std::uint32_t>(place);
}

void Timers::rise(std::size_t place, const Entry& entry) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / kChildren;
    if (!entry.before(heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, entry);
}

void Timers::sink(std::size_t place, const Entry& entry) {
  for (;;) {
    const std::size_t first = place * kChildren + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + kChildren, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    put(place, heap_[least]);
    place = least;
  }
  put(place, entry);
}

void Timers::remove(std::size_t place) {
  places_[heap_[place].lead] = kNowhere;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place == heap_.size()) return;
  if (place > 0 && last.before(heap_[(place - 1) / kChildren])) return rise(place, last);
  sink(place, last);
}

void Timers::set_at_latest(LeadOrdinal lead, Time due) {
  const std::uint32_t place = lead < places_.size() ? places_[lead] : kNowhere;
  if (place == kNowhere || due < heap_[place].due) set(lead, due);
}

void Timers::set(LeadOrdinal lead, Time due) {
  if (lead >= places_.size()) {
    if (due == Time::max()) return;
    places_.resize(lead + std::size_t{1}, kNowhere);
  }
  const std::uint32_t place = places_[lead];
  const Entry entry{due, lead};
  if (place == kNowhere) {
    if (due == Time::max()) return;
    heap_.emplace_back();
    return rise(heap_.size() - 1, entry);
  }
  if (due == heap_[place].due) return;
  if (due == Time::max()) return remove(place);
  if (due < heap_[place].due) return rise(place, entry);
  sink(place, entry);
}

LeadOrdinal Timers::take() {
  GALENA_ASSERT(!heap_.empty());
  const LeadOrdinal lead = heap_.front().lead;
  remove(0);
  return lead;
}

void Timers::clear() {
  heap_.clear();
  places_.clear();
}

}  // namespace galena::domain
