#include "workspace/event_counts.hpp"

#include <algorithm>

namespace galena::workspace {

using namespace domain;

std::size_t EventCounts::add(const EventSpan& span) {
  const auto known = std::ranges::find(spans_, span);
  const auto place = static_cast<std::size_t>(known - spans_.begin());
  if (known != spans_.end()) return place;
  spans_.push_back(span);
  for (const KindCode kind : span.kinds) {
    if (kind >= by_kind_.size()) by_kind_.resize(kind + 1u);
    if (by_kind_[kind] == 0) {
      by_kind_[kind] = static_cast<std::uint16_t>(terms_.size());
      terms_.emplace_back();
    }
    terms_[by_kind_[kind]].push_back({span.from_ms, span.to_ms, place});
  }
  return place;
}

void EventCounts::count_run(std::span<const PackedEvent> events, std::uint32_t* counts) const {
  const std::size_t kinds = by_kind_.size();
  for (const PackedEvent& event : events) {
    if (event.kind >= kinds || !event.counted()) continue;
    const std::int64_t at_ms = event.ms();
    for (const Term& term : terms_[by_kind_[event.kind]]) {
      counts[term.place] += static_cast<std::uint32_t>(at_ms >= term.from_ms) &
                            static_cast<std::uint32_t>(at_ms < term.to_ms);
    }
  }
}

void EventCounts::count(const EventColumns& events, std::uint32_t block, const BlockRows& rows,
                        OfBlock& counts) const {
  counts.resize(spans_.size());
  std::vector<std::uint32_t> of_lead(spans_.size());
  each_row(rows, [&](std::uint32_t row) {
    std::ranges::fill(of_lead, 0);
    const std::uint32_t lead = block * kBlockRows + row;
    events.prefetch_after(lead);
    count_run(events.run(lead).events, of_lead.data());
    for (std::size_t place = 0; place < of_lead.size(); ++place) {
      counts[place][row] = of_lead[place];
    }
  });
}

}  // namespace galena::workspace
