#include "domain/run_score.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>

namespace galena::domain {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kNeverMs = std::numeric_limits<std::int64_t>::max();

bool counts_by_itself(const CompiledRule& rule) {
  return rule.rule.sessions == 0 && !rule.rule.once_per && !rule.rule.once_per_message &&
         !rule.where;
}

}  // namespace

void RunScorer::Messages::make_room(std::size_t count) {
  slots_.assign(std::bit_ceil(count * 2 + 1), 0);
}

bool RunScorer::Messages::insert(std::uint64_t message) {
  std::size_t at = message & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at] == message) return false;
  }
  slots_[at] = message;
  return true;
}

RunScorer::RunScorer(const ScoreModel& model, PropertyView told, Time now)
    : model_(model), told_(told), now_(now), now_ms_(to_ms(now)), kinds_(1) {
  for (const CompiledRule& rule : model.event_rules) {
    if (rule.kind == kNoKind) continue;
    const bool simple = counts_by_itself(rule);
    const auto place = static_cast<std::uint16_t>(simple ? simple_.size() : limited_.size());
    const std::vector<KindCode> kinds = kinds_of(rule);
    for (const KindCode kind : kinds) {
      Kind& known = kind_at(kind);
      (simple ? known.simple : known.limited).push_back(place);
    }
    const Rule& source = rule.rule;
    const std::int64_t from_ms = source.window ? now_ms_ - source.window->count() + 1 : 0;
    if (!simple) {
      limited_.push_back({.rule = &rule, .kinds = kinds, .from_ms = from_ms});
      continue;
    }
    constexpr std::int64_t kNoCap = std::numeric_limits<std::int64_t>::max();
    simple_.push_back({.rule = &rule,
                       .from_ms = from_ms,
                       .cap = source.cap ? std::abs(source.cap->micro) : kNoCap});
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

// What an event is worth now; notes when that changes.
Points RunScorer::points_now(const CompiledRule& rule, std::int64_t at_ms,
                             std::int64_t& turns_ms) const {
  if (!rule.decay) return rule.rule.points;
  const std::int64_t hours = (now_ms_ - at_ms) / kHourMs;
  const Points points = rule.decay->apply(rule.rule.points, std::chrono::hours{hours});
  if (points.micro != 0) turns_ms = std::min(turns_ms, at_ms + (hours + 1) * kHourMs);
  return points;
}

// The newest come first: behind one that has faded away, or fills the cap, no other makes a
// difference.
void RunScorer::meet(Simple& simple, std::int64_t at_ms) {
  if (at_ms < simple.from_ms) {
    simple.full = true;
    return;
  }
  const Points points = points_now(*simple.rule, at_ms, simple.turns_ms);
  simple.sum += points;
  simple.oldest_ms = at_ms;
  simple.full = points.micro == 0 || std::abs(simple.sum.micro) > simple.cap;
}

void RunScorer::add_sum(const CompiledRule& rule, Points sum, std::int64_t turns_ms,
                        Tally& tally) const {
  if (turns_ms != kNeverMs) tally.valid_until = std::min(tally.valid_until, from_ms(turns_ms));
  if (rule.rule.cap) sum += beyond(sum, *rule.rule.cap);
  tally.interest += sum;
  if (rule.group >= 0) tally.group_sums[static_cast<std::size_t>(rule.group)] += sum;
}

void RunScorer::add_simple(Tally& tally) {
  for (const std::uint16_t place : met_) {
    Simple& simple = simple_[place];
    const CompiledRule& rule = *simple.rule;
    if (rule.rule.window && simple.oldest_ms >= simple.from_ms) {
      simple.turns_ms = std::min(simple.turns_ms, simple.oldest_ms + rule.rule.window->count());
    }
    add_sum(rule, simple.sum, simple.turns_ms, tally);
    simple.met = false;
  }
  met_.clear();
}

bool RunScorer::is_one(const Limited& limited, const PackedEvent& event) const {
  return event.counted() && std::ranges::find(limited.kinds, event.kind) != limited.kinds.end() &&
         event.ms() <= now_ms_;
}

void RunScorer::add_limited(const EventRun& run, Tally& tally) {
  for (Limited& limited : limited_) {
    if (!limited.met) continue;
    limited.met = false;
    const bool by_list = limited.rule->rule.sessions > 0 || limited.rule->where;
    by_list ? add_list(limited, run, tally) : add_repeats(limited, run, tally);
  }
}

// One event in some time, or one of a message, the oldest within the window.
void RunScorer::add_repeats(const Limited& limited, const EventRun& run, Tally& tally) {
  const Rule& rule = limited.rule->rule;
  Points sum{};
  std::int64_t turns_ms = kNeverMs, next_ms = std::numeric_limits<std::int64_t>::min();
  bool is_first = true;
  auto extra = run.extras.begin();
  messages_.make_room(run.extras.size());
  for (std::size_t place = 0; place < run.events.size(); ++place) {
    const PackedEvent& event = run.events[place];
    const std::int64_t at_ms = event.ms();
    if (!is_one(limited, event) || at_ms < limited.from_ms) continue;
    if (is_first && rule.window) turns_ms = at_ms + rule.window->count();
    is_first = false;
    if (at_ms < next_ms) continue;
    if (rule.once_per_message) {
      while (extra != run.extras.end() && extra->place < place) ++extra;
      const bool has_message = extra != run.extras.end() && extra->place == place;
      if (has_message && !messages_.insert(extra->value())) continue;
    }
    if (rule.once_per) next_ms = at_ms + rule.once_per->count();
    sum += points_now(*limited.rule, at_ms, turns_ms);
    if (rule.cap && std::abs(sum.micro) > std::abs(rule.cap->micro)) break;
  }
  add_sum(*limited.rule, sum, turns_ms, tally);
}

// Sessions, and conditions on what events told: as score() does it.
void RunScorer::add_list(const Limited& limited, const EventRun& run, Tally& tally) {
  list_.clear();
  for (std::size_t place = 0; place < run.events.size(); ++place) {
    if (is_one(limited, run.events[place])) list_.append(run.event(place));
  }
  add_event_list(*limited.rule, list_, told_, tally);
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
