#include "domain/run_score.hpp"

#include <algorithm>
#include <cstdlib>

namespace galena::domain {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kNeverMs = std::numeric_limits<std::int64_t>::max();

bool counts_by_itself(const CompiledRule& rule) {
  return rule.rule.sessions == 0 && !rule.rule.once_per && !rule.rule.once_per_message &&
         !rule.where;
}

}  // namespace

RunScorer::RunScorer(const ScoreModel& model, PropertyView told, Time now)
    : model_(model), told_(told), now_(now), now_ms_(to_ms(now)), kinds_(1) {
  for (const CompiledRule& rule : model.event_rules) {
    if (rule.kind == kNoKind) continue;
    const bool simple = counts_by_itself(rule);
    const auto place = static_cast<std::uint16_t>(simple ? simple_.size() : limited_.size());
    for (const KindCode kind : kinds_of(rule)) {
      Kind& known = kind_at(kind);
      (simple ? known.simple : known.limited).push_back(place);
    }
    if (!simple) {
      limited_.push_back({.rule = &rule});
      continue;
    }
    const Rule& source = rule.rule;
    simple_.push_back({.rule = &rule,
                       .decay = rule.decay.get(),
                       .points = source.points,
                       .from_ms = source.window ? now_ms_ - source.window->count() + 1 : 0,
                       .cap = source.cap ? std::abs(source.cap->micro)
                                         : std::numeric_limits<std::int64_t>::max()});
  }
}

// Whose events it counts: those of its name, or all page views.
std::vector<KindCode> RunScorer::kinds_of(const CompiledRule& rule) const {
  if (!rule.any_visit) return {rule.kind};
  std::vector<KindCode> visits;
  for (KindCode kind = 0; kind < kFirstFreeKind; ++kind) {
    if (kind_traits(kind).visit) visits.push_back(kind);
  }
  return visits;
}

RunScorer::Kind& RunScorer::kind_at(KindCode kind) {
  if (kind >= by_kind_.size()) by_kind_.resize(kind + 1u);
  if (by_kind_[kind] == 0) {
    by_kind_[kind] = static_cast<std::uint16_t>(kinds_.size());
    kinds_.emplace_back();
  }
  return kinds_[by_kind_[kind]];
}

// The newest come first: behind one that has faded away, or fills the cap, no other makes a
// difference.
void RunScorer::meet(Simple& simple, std::int64_t at_ms) {
  if (at_ms < simple.from_ms) {
    simple.full = true;
    return;
  }
  Points points = simple.points;
  if (simple.decay != nullptr) {
    const std::int64_t hours = (now_ms_ - at_ms) / kHourMs;
    points = simple.decay->apply(points, std::chrono::hours{hours});
    if (points.micro == 0) {
      simple.full = true;
    } else {
      simple.turns_ms = std::min(simple.turns_ms, at_ms + (hours + 1) * kHourMs);
    }
  }
  simple.sum += points;
  simple.oldest_ms = at_ms;
  simple.full |= std::abs(simple.sum.micro) > simple.cap;
}

void RunScorer::add_simple(Tally& tally) {
  for (const std::uint16_t place : met_) {
    Simple& simple = simple_[place];
    const CompiledRule& rule = *simple.rule;
    if (rule.rule.window && simple.oldest_ms >= simple.from_ms) {
      simple.turns_ms = std::min(simple.turns_ms, simple.oldest_ms + rule.rule.window->count());
    }
    if (simple.turns_ms != kNeverMs) {
      tally.valid_until = std::min(tally.valid_until, from_ms(simple.turns_ms));
    }
    if (rule.rule.cap) simple.sum += beyond(simple.sum, *rule.rule.cap);
    tally.interest += simple.sum;
    if (rule.group >= 0) tally.group_sums[static_cast<std::size_t>(rule.group)] += simple.sum;
    simple.met = false;
  }
  met_.clear();
}

void RunScorer::add_limited(const EventRun& run, Tally& tally) {
  for (Limited& limited : limited_) {
    if (!limited.met) continue;
    limited.met = false;
    list_.clear();
    for (std::size_t place = 0; place < run.events.size(); ++place) {
      const PackedEvent& packed = run.events[place];
      const bool named = limited.rule->any_visit ? kind_traits(packed.kind).visit
                                                 : packed.kind == limited.rule->kind;
      if (named && packed.counted() && packed.ms() <= now_ms_) list_.append(run.event(place));
    }
    add_event_list(*limited.rule, list_, told_, tally);
  }
}

void RunScorer::add(const EventRun& run, Tally& tally) {
  bool limited_met = false;
  for (std::size_t place = run.events.size(); place > 0; --place) {
    const PackedEvent& event = run.events[place - 1];
    if (event.kind == kScoreAdjusted && event.counted() && event.ms() <= now_ms_) {
      tally.interest += Points{static_cast<std::int64_t>(run.extra(place - 1))};
    }
    if (event.kind >= by_kind_.size() || by_kind_[event.kind] == 0 || !event.counted()) continue;
    const std::int64_t at_ms = event.ms();
    if (at_ms > now_ms_) {
      tally.valid_until = std::min(tally.valid_until, event.at());
      continue;
    }
    const Kind& kind = kinds_[by_kind_[event.kind]];
    for (const std::uint16_t at : kind.simple) {
      Simple& simple = simple_[at];
      if (!simple.met) {
        simple.met = true;
        simple.full = false;
        simple.sum = {};
        simple.oldest_ms = -1;
        simple.turns_ms = kNeverMs;
        met_.push_back(at);
      }
      if (!simple.full) meet(simple, at_ms);
    }
    for (const std::uint16_t at : kind.limited) limited_[at].met = limited_met = true;
  }
  add_simple(tally);
  if (limited_met) add_limited(run, tally);
  add_group_caps(model_, tally);
}

}  // namespace galena::domain
