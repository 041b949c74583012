#include "domain/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "domain/score_tally.hpp"

namespace galena::domain {

Decay::Decay(Duration half_life) {
  const auto hours =
      std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::hours>(half_life).count());
  fractions_.reserve(static_cast<std::size_t>(hours));
  for (std::int64_t r = 0; r < hours; ++r) {
    const double fraction = std::exp2(-static_cast<double>(r) / static_cast<double>(hours));
    const double scaled = std::floor(fraction * 4294967296.0);
    fractions_.push_back(static_cast<std::uint32_t>(std::min(scaled, 4294967295.0)));
  }
}

Points Decay::apply(Points points, Duration age) const {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(age).count();
  if (hours <= 0) return points;
  const auto half = static_cast<std::int64_t>(fractions_.size());
  const std::int64_t halvings = hours / half;
  if (halvings >= 63) return {};
  const std::uint64_t size = static_cast<std::uint64_t>(std::abs(points.micro));
  // 2^0 is exact although the table cannot hold 2^32.
  const std::int64_t rest = hours % half;
  const auto scaled =
      rest == 0 ? size
                : static_cast<std::uint64_t>((static_cast<unsigned __int128>(size) *
                                              fractions_[static_cast<std::size_t>(rest)]) >>
                                             32);
  const auto decayed = static_cast<std::int64_t>(scaled >> halvings);
  return {points.micro < 0 ? -decayed : decayed};
}

std::span<const Event> events_in_order(std::span<const Person* const> persons,
                                       std::vector<Event>& events) {
  events.clear();
  for (const Person* person : persons) {
    const std::size_t begin = events.size();
    person->history.collect(events);
    const auto not_theirs = std::ranges::remove_if(
        events.begin() + std::ptrdiff_t(begin), events.end(),
        [&](const Event& event) { return event.voided || !person->owns(event); });
    events.erase(not_theirs.begin(), not_theirs.end());
  }
  const auto earlier = [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.position < b.position;
  };
  if (!std::ranges::is_sorted(events, earlier)) std::ranges::sort(events, earlier);
  return events;
}

Points beyond(Points sum, Points cap) {
  const std::int64_t limit = std::abs(cap.micro);
  if (sum.micro > limit) return {limit - sum.micro};
  if (sum.micro < -limit) return {-limit - sum.micro};
  return {};
}

namespace {

bool is_beyond(Points sum, const std::optional<Points>& cap) {
  return cap && beyond(sum, *cap).micro != 0;
}

}  // namespace

void add_attribute_rules(const ScoreModel& model, const Record& record, Tally& tally) {
  for (const CompiledRule& rule : model.attribute_rules) {
    if (!rule.criterion->holds(Subject{record, nullptr, {}})) continue;
    Points points = rule.rule.points;
    if (rule.rule.cap) points += beyond(points, *rule.rule.cap);
    LedgerLine line{.rule = {}, .is_fit = true, .points = points, .points_full = points};
    if (tally.ledger != nullptr) {
      line.rule = rule.rule.name;
      // The newest of the facts that the criterion rests on.
      for (const Attribute attribute : rule.criterion->attributes()) {
        const auto field = field_behind(attribute);
        if (!field || record[*field].position < line.position) continue;
        line.position = record[*field].position;
        line.at = record[*field].known_at;
      }
    }
    if (rule.group >= 0) {
      tally.group_sums[static_cast<std::size_t>(rule.group)] += points;
      tally.group_fit[static_cast<std::size_t>(rule.group)] = true;
    }
    tally.add(std::move(line));
  }
}

namespace {

// Decides, event by event in time order, whether the repeat limit lets it count.
class RepeatLimit {
 public:
  explicit RepeatLimit(const Rule& rule) : rule_(rule) {}

  bool passes(const Event& event) {
    if (event.at < next_) return false;
    if (rule_.once_per_message && event.object != 0 && !messages_.insert(event.object).second) {
      return false;
    }
    if (rule_.once_per) next_ = event.at + *rule_.once_per;
    return true;
  }

  // Nothing before that moment passes.
  Time next() const { return next_; }

 private:
  const Rule& rule_;
  Time next_ = Time::min();
  std::unordered_set<std::uint64_t> messages_;
};

// What counts under a rule at a moment: the events of its name within its window.
struct Inside {
  const EventIndex::List& list;
  std::size_t from;
};

// "Several visits": the visits that begin a session when `sessions` of them, this one included,
// began within `within`. Where the window cuts into a session, that one begins with what is left.
template <class Visit>
void each_full_session(const Rule& rule, const Inside& inside, Visit visit) {
  const auto& [list, from] = inside;
  const auto rest = std::ranges::upper_bound(list.session_starts, from);
  const auto count = 1 + static_cast<std::size_t>(list.session_starts.end() - rest);
  const auto begin = [&](std::size_t number) -> const Event& {
    return list.events[number == 0 ? from : *(rest + std::ptrdiff_t(number) - 1)];
  };
  for (std::size_t last = rule.sessions - 1; last < count; ++last) {
    const Event& event = begin(last);
    if (event.at - begin(last + 1 - rule.sessions).at < *rule.within && !visit(event)) return;
  }
}

// The events that count, in time order, until `visit` has had enough (gives false).
template <class Visit>
void each_counting(const Rule& rule, const Inside& inside, Visit visit) {
  RepeatLimit repeats(rule);
  if (rule.sessions > 0) {
    return each_full_session(
        rule, inside, [&](const Event& event) { return !repeats.passes(event) || visit(event); });
  }
  const auto& events = inside.list.events;
  for (std::size_t place = inside.from; place < events.size();) {
    if (repeats.passes(events[place]) && !visit(events[place])) return;
    ++place;
    if (rule.once_per && place < events.size() && events[place].at < repeats.next()) {
      place = inside.list.first_from(repeats.next());
    }
  }
}

// The points of one event now; notes when they change.
Points points_now(const CompiledRule& compiled, const Event& event, Tally& tally) {
  if (!compiled.decay) return compiled.rule.points;
  const auto hours = std::chrono::floor<std::chrono::hours>(tally.now - event.at);
  const Points points = compiled.decay->apply(compiled.rule.points, hours);
  if (points.micro != 0) {
    tally.valid_until = std::min(tally.valid_until, event.at + hours + std::chrono::hours{1});
  }
  return points;
}

// The sum where every event counts. The newest come first: behind one that has faded away no other
// counts.
Points sum_of_all(const CompiledRule& compiled, const Inside& inside, Tally& tally) {
  const Rule& rule = compiled.rule;
  const auto& events = inside.list.events;
  if (!compiled.decay) {
    return rule.points * (events.size() - inside.from);
  }
  Points sum{};
  for (std::size_t place = events.size(); place > inside.from; --place) {
    const Points points = points_now(compiled, events[place - 1], tally);
    sum += points;
    if (points.micro == 0 || is_beyond(sum, rule.cap)) break;
  }
  return sum;
}

// The sum where a limit chooses. Without a ledger it ends at the cap: all points of a rule have one
// sign, so what is left after the cap stays the same.
Points sum_of_counting(const CompiledRule& compiled, const Inside& inside, Tally& tally) {
  const Rule& rule = compiled.rule;
  Points sum{};
  each_counting(rule, inside, [&](const Event& event) {
    const Points points = points_now(compiled, event, tally);
    sum += points;
    if (tally.ledger == nullptr) return !is_beyond(sum, rule.cap);
    tally.ledger->push_back({.rule = rule.name,
                             .points = points,
                             .points_full = rule.points,
                             .at = event.at,
                             .position = event.position});
    return true;
  });
  return sum;
}

void add_events(const CompiledRule& compiled, const EventIndex::List& list, Tally& tally) {
  const Rule& rule = compiled.rule;
  const std::size_t from =
      rule.window ? list.first_from(tally.now - *rule.window + Duration{1}) : 0;
  if (from == list.events.size()) return;
  const Inside inside{list, from};
  if (rule.window) {
    tally.valid_until = std::min(tally.valid_until, list.events[from].at + *rule.window);
  }
  const bool all_count = rule.sessions == 0 && !rule.once_per && !rule.once_per_message;
  Points sum = all_count && tally.ledger == nullptr ? sum_of_all(compiled, inside, tally)
                                                    : sum_of_counting(compiled, inside, tally);
  tally.interest += sum;
  if (rule.cap) {
    if (const Points excess = beyond(sum, *rule.cap); excess.micro != 0) {
      sum += excess;
      tally.add({.kind = LedgerLine::Kind::cap,
                 .rule = rule.name,
                 .points = excess,
                 .points_full = excess,
                 .at = tally.now});
    }
  }
  if (compiled.group >= 0) tally.group_sums[static_cast<std::size_t>(compiled.group)] += sum;
}

}  // namespace

void add_event_list(const CompiledRule& compiled, const EventIndex::List& list,
                    const PropertyView& told, Tally& tally) {
  if (!compiled.where) return add_events(compiled, list, tally);
  const auto picked =
      list.picked([&](const Event& event) { return compiled.where->holds(event, told); });
  add_events(compiled, picked, tally);
}

namespace {

void add_event_rule(const CompiledRule& compiled, const EventIndex& events,
                    const PropertyView& told, Tally& tally) {
  if (compiled.kind == kNoKind) return;
  const EventIndex::List& list = compiled.any_visit ? events.visits() : events.of(compiled.kind);
  add_event_list(compiled, list, told, tally);
}

}  // namespace

void add_group_caps(const ScoreModel& model, Tally& tally) {
  for (std::size_t i = 0; i < model.groups.size(); ++i) {
    const Points excess = beyond(tally.group_sums[i], model.groups[i].cap);
    if (excess.micro == 0) continue;
    tally.add({.kind = LedgerLine::Kind::group_cap,
               .rule = model.groups[i].name,
               .is_fit = tally.group_fit[i],
               .points = excess,
               .points_full = excess,
               .at = tally.now});
  }
}

namespace {

void add_manual(const EventIndex& events, Tally& tally) {
  for (const Event& event : events.of(kScoreAdjusted).events) {
    tally.add({.kind = LedgerLine::Kind::manual,
               .rule = "Manual adjustment",
               .points = {event.value},
               .points_full = {event.value},
               .at = event.at,
               .position = event.position});
  }
}

// The most that time alone could give: every negative event forgotten, nothing else faded.
Points ceiling_of(const ScoreModel& model, const EventIndex& events, Points score) {
  if (!model.can_rise_by_time) return score;
  for (const CompiledRule& rule : model.event_rules) {
    if ((!rule.rule.window && !rule.rule.half_life) || rule.kind == kNoKind) continue;
    const auto& list = rule.any_visit ? events.visits() : events.of(rule.kind);
    score += Points{std::abs(rule.rule.points.micro)} * list.events.size();
  }
  return score;
}

}  // namespace

Standing score(const ScoreModel& model, const Record& record, const EventIndex& events, Time now,
               std::vector<LedgerLine>* ledger, const PropertyView& told) {
  Tally tally(model, now, ledger);
  add_attribute_rules(model, record, tally);
  if (events.size() > 0) {
    for (const CompiledRule& rule : model.event_rules) add_event_rule(rule, events, told, tally);
    add_manual(events, tally);
  }
  add_group_caps(model, tally);
  return Standing{.fit = tally.fit,
                  .interest = tally.interest,
                  .model_version = model.version,
                  .computed_at = now,
                  .valid_until = tally.valid_until,
                  .ceiling = ceiling_of(model, events, tally.fit + tally.interest),
                  .activity = events.activity()};
}

Standing score(const ScoreModel& model, const Record& record, std::span<const Event> events,
               Time now, std::vector<LedgerLine>* ledger, const PropertyView& told) {
  thread_local EventIndex index;
  while (!events.empty() && events.back().at > now) events = events.first(events.size() - 1);
  index.assign(events);
  return score(model, record, index, now, ledger, told);
}

Temperature temperature(const Activity& activity, Time now) {
  const auto within = [&](const std::optional<Time>& at, std::chrono::days days) {
    return at && now - *at < days;
  };
  if (within(activity.last_hot_request, std::chrono::days{30})) return Temperature::hot;
  if (within(activity.last_own_action, std::chrono::days{90})) return Temperature::warm;
  return Temperature::cold;
}

std::string_view to_string(Temperature temperature) {
  switch (temperature) {
    case Temperature::cold:
      return "cold";
    case Temperature::warm:
      return "warm";
    case Temperature::hot:
      return "hot";
  }
  return {};
}

char fit_grade(Points fit) {
  if (fit >= Points::whole(40)) return 'A';
  if (fit >= Points::whole(25)) return 'B';
  return fit >= Points::whole(10) ? 'C' : 'D';
}

int interest_level(Points interest) {
  if (interest >= Points::whole(40)) return 1;
  if (interest >= Points::whole(20)) return 2;
  return interest >= Points::whole(5) ? 3 : 4;
}

}  // namespace galena::domain
