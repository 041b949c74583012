// Parts of a criterion that look at events.
#include <algorithm>

#include "workspace/column_part.hpp"

namespace galena::workspace {

using namespace domain;
using Node = Criterion::Node;

namespace {

// Whose events are meant: those of the name, or all page views.
std::vector<KindCode> kinds_of(const Node::Events& events) {
  if (!events.any_visit) return {events.kind};
  std::vector<KindCode> visits;
  for (KindCode kind = 0; kind < kFirstFreeKind; ++kind) {
    if (kind_traits(kind).visit) visits.push_back(kind);
  }
  return visits;
}

EventSpan span_asked(const Node& node, Time now) {
  EventSpan span{.kinds = kinds_of(node.events)};
  const Node::Span time = span_of(node, now);
  if (time.from != Time::min()) span.from_ms = to_ms(time.from);
  if (time.to != Time::max()) span.to_ms = to_ms(time.to);
  return span;
}

// Events of one lead that are in the span. They are in the order of time, so those that are too
// late are at the end, and behind one that is too early, looked at from there, all are.
std::span<const PackedEvent> within(const EventSpan& span, std::span<const PackedEvent> events) {
  std::size_t end = events.size();
  while (end > 0 && events[end - 1].ms() >= span.to_ms) --end;
  std::size_t begin = span.from_ms <= 0 ? 0 : end;
  while (begin > 0 && events[begin - 1].ms() >= span.from_ms) --begin;
  return events.subspan(begin, end - begin);
}

bool is_one(const EventSpan& span, const PackedEvent& event) {
  return event.counted() && std::ranges::find(span.kinds, event.kind) != span.kinds.end();
}

// Of a span, asked without a branch.
class Names {
 public:
  explicit Names(const EventSpan& span) : one_(span.kinds.front()) {
    for (const KindCode kind : span.kinds) {
      if (kind < 64) low_ |= std::uint64_t{1} << kind;
    }
  }
  bool contain(KindCode kind) const {
    const bool is_low = (low_ >> kind % 64 & static_cast<std::uint64_t>(kind < 64)) != 0;
    return static_cast<bool>(static_cast<int>(kind == one_) | static_cast<int>(is_low));
  }

 private:
  KindCode one_;           // of several all are below 64: page views
  std::uint64_t low_ = 0;  // a bit for each of those
};
static_assert(kFirstFreeKind <= 64);

// How many events of a name there are in a span of time.
class CountOfEvents final : public ColumnPart {
 public:
  CountOfEvents(const Node& node, const ColumnSubject& subject, EventCounts* counts)
      : ColumnPart(counts == nullptr ? Cost::events : Cost::column),
        node_(node),
        events_(subject.columns.events),
        now_(subject.now),
        span_(span_asked(node, subject.now)) {
    if (counts != nullptr) place_ = counts->add(span_);
    for (std::size_t count = 0; count < holds_.size(); ++count) {
      holds_[count] = holds_for(node, static_cast<double>(count), now_);
    }
  }

  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    if (block.counts == nullptr) {
      return keep_each(block, rows, [&](std::uint32_t row) {
        events_.prefetch_after(row);
        return holds(count(events_.run(row).events));
      });
    }
    const auto& counts = (*block.counts)[place_];
    keep_all(block, rows, [&](std::uint32_t row) { return holds(counts[row - block.first()]); });
  }

 private:
  bool holds(std::size_t count) const {
    if (count < holds_.size()) return holds_[count];
    return holds_for(node_, static_cast<double>(count), now_);
  }

  // From the newest on: behind one that is too early are only such. In one loop with nothing to
  // guess but its end, as that is what it takes time for.
  std::size_t count(std::span<const PackedEvent> events) const {
    std::size_t count = 0;
    for (std::size_t i = events.size(); i > 0; --i) {
      const PackedEvent& event = events[i - 1];
      const std::int64_t at_ms = event.ms();
      if (at_ms < span_.from_ms) break;
      count += static_cast<std::size_t>(names_.contain(event.kind)) &
               static_cast<std::size_t>(event.counted()) &
               static_cast<std::size_t>(at_ms < span_.to_ms);
    }
    return count;
  }

  const Node& node_;
  const EventColumns& events_;
  Time now_;
  EventSpan span_;
  Names names_{span_};
  std::size_t place_ = 0;
  std::array<bool, 64> holds_{};  // of so many
};

// When the first or last event of a name was in a span of time.
class MomentOfEvent final : public ColumnPart {
 public:
  MomentOfEvent(const Node& node, const ColumnSubject& subject)
      : ColumnPart(Cost::events),
        node_(node),
        events_(subject.columns.events),
        now_(subject.now),
        span_(span_asked(node, subject.now)) {}

  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_each(block, rows, [&](std::uint32_t row) {
      events_.prefetch_after(row);
      return holds_for(node_, moment(within(span_, events_.run(row).events)), now_);
    });
  }

 private:
  Value moment(std::span<const PackedEvent> events) const {
    const auto is_meant = [&](const PackedEvent& event) { return is_one(span_, event); };
    if (node_.source->operand.kind == Operand::Kind::first) {
      const auto first = std::ranges::find_if(events, is_meant);
      return first == events.end() ? Value{} : Value{first->at()};
    }
    const auto last = std::find_if(events.rbegin(), events.rend(), is_meant);
    return last == events.rend() ? Value{} : Value{last->at()};
  }

  const Node& node_;
  const EventColumns& events_;
  Time now_;
  EventSpan span_;
};

// What looks at events in ways of its own: the evaluator is asked, lead by lead, of the events by
// the names that it looks at. What it says of those who have none of them is asked once.
class Asked final : public ColumnPart {
 public:
  Asked(const Node& node, const ColumnSubject& subject)
      : ColumnPart(Cost::record), node_(node), subject_(subject) {
    need(node.events);
    need(node.of);
    for (const Node::CompiledStep& step : node.steps) need(step.events);
    holds_for_none_ = holds(EventIndex());
  }

  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    EventIndex index;
    std::vector<Event> events;
    keep_each(block, rows, [&](std::uint32_t row) {
      const EventRun run = subject_.columns.events.run(row);
      events.clear();
      for (std::size_t i = 0; i < run.events.size(); ++i) {
        const KindCode kind = run.events[i].kind;
        if (kind < needed_.size() && needed_[kind]) events.push_back(run.event(i));
      }
      if (events.empty()) return holds_for_none_;
      index.assign(events);
      return holds(index);
    });
  }

 private:
  void need(const Node::Events& events) {
    if (events.kind == kNoKind) return;
    for (const KindCode kind : kinds_of(events)) {
      if (kind >= needed_.size()) needed_.resize(kind + 1u);
      needed_[kind] = true;
    }
  }

  bool holds(const EventIndex& events) const {
    static const Record kNoRecord;  // attributes have columns
    return domain::holds(
        node_, {kNoRecord, nullptr, {}, &events, subject_.now, std::nullopt, {}, &subject_.told});
  }

  const Node& node_;
  const ColumnSubject& subject_;
  std::vector<std::uint8_t> needed_;  // by name of the event
  bool holds_for_none_ = false;
};

}  // namespace

ColumnPartPtr event_part(const Node& node, const ColumnSubject& subject, EventCounts* counts) {
  const Operand::Kind kind = node.source->operand.kind;
  const bool named = node.source->kind != Expression::Kind::sequence &&
                     node.events.kind != kNoKind && node.events.where == nullptr;
  if (named && kind == Operand::Kind::count) {
    return std::make_unique<CountOfEvents>(node, subject, counts);
  }
  if (named && (kind == Operand::Kind::first || kind == Operand::Kind::last)) {
    return std::make_unique<MomentOfEvent>(node, subject);
  }
  return std::make_unique<Asked>(node, subject);
}

}  // namespace galena::workspace
