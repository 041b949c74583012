#include "domain/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

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
    if (person->shared_since == 0) continue;
    const auto own = std::partition_point(
        events.begin() + std::ptrdiff_t(begin), events.end(),
        [&](const Event& event) { return event.position <= person->shared_since; });
    events.erase(own, events.end());
  }
  const auto earlier = [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.position < b.position;
  };
  if (!std::ranges::is_sorted(events, earlier)) std::ranges::sort(events, earlier);
  return events;
}

namespace {

constexpr Time kNever = Time::max();

// Collects points and, if wanted, the lines that explain them.
struct Tally {
  Time now;
  std::vector<LedgerLine>* ledger;
  Points fit{};
  Points interest{};
  Time valid_until = kNever;
  std::vector<Points> group_sums;
  std::vector<bool> group_fit;

  void add(LedgerLine line) {
    (line.is_fit ? fit : interest) += line.points;
    if (ledger != nullptr) ledger->push_back(std::move(line));
  }
};

// What is beyond the cap, as the points to take back: sum 60, cap 45 gives -15; sum -60 gives +15.
Points beyond(Points sum, Points cap) {
  const std::int64_t limit = std::abs(cap.micro);
  if (sum.micro > limit) return {limit - sum.micro};
  if (sum.micro < -limit) return {-limit - sum.micro};
  return {};
}

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

// Decides, event by event in time order, whether the repeat limit lets it count.
class RepeatLimit {
 public:
  explicit RepeatLimit(const Rule& rule) : rule_(rule) {}

  bool passes(const Event& event) {
    if (rule_.once_per && last_ && event.at - *last_ < *rule_.once_per) return false;
    if (rule_.once_per_message && event.object != 0 && !messages_.insert(event.object).second) {
      return false;
    }
    last_ = event.at;
    return true;
  }

 private:
  const Rule& rule_;
  std::optional<Time> last_;
  std::unordered_set<std::uint64_t> messages_;
};

// "Several visits": passes the visit that begins a session when `sessions` of them, this one
// included, began within `within`.
class SessionCount {
 public:
  explicit SessionCount(const Rule& rule) : rule_(rule) {}

  bool passes(const Event& visit) {
    const bool begins = !last_visit_ || visit.at - *last_visit_ >= kSessionGap;
    last_visit_ = visit.at;
    if (!begins) return false;
    starts_.push_back(visit.at);
    if (starts_.size() < rule_.sessions) return false;
    const Time first = starts_[starts_.size() - rule_.sessions];
    return visit.at - first < *rule_.within;
  }

 private:
  const Rule& rule_;
  std::optional<Time> last_visit_;
  std::vector<Time> starts_;
};

// The next hour step of a decaying event, or the edge of its window.
void note_change(const Rule& rule, const Event& event, Time now, Time& valid_until) {
  if (rule.half_life) {
    const auto hours = std::chrono::floor<std::chrono::hours>(now - event.at);
    valid_until = std::min(valid_until, event.at + hours + std::chrono::hours{1});
  }
  if (rule.window) valid_until = std::min(valid_until, event.at + *rule.window);
}

void add_event_rule(const CompiledRule& compiled, std::span<const Event> events, Tally& tally) {
  const Rule& rule = compiled.rule;
  RepeatLimit repeats(rule);
  SessionCount sessions(rule);
  Points sum{};
  bool any = false;
  for (const Event& event : events) {
    if (!event.counted || !compiled.matches(event.kind)) continue;
    if (rule.window && event.at + *rule.window <= tally.now) continue;
    if (rule.window || rule.half_life) note_change(rule, event, tally.now, tally.valid_until);
    if (rule.sessions > 0 && !sessions.passes(event)) continue;
    if (!repeats.passes(event)) continue;
    const Points points =
        compiled.decay ? compiled.decay->apply(rule.points, tally.now - event.at) : rule.points;
    sum += points;
    any = true;
    LedgerLine line{.rule = {},
                    .points = points,
                    .points_full = rule.points,
                    .at = event.at,
                    .position = event.position};
    if (tally.ledger != nullptr) line.rule = rule.name;
    tally.add(std::move(line));
  }
  if (!any) return;
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

void add_manual(std::span<const Event> events, Tally& tally) {
  for (const Event& event : events) {
    if (event.kind != kScoreAdjusted || !event.counted) continue;
    tally.add({.kind = LedgerLine::Kind::manual,
               .rule = "Manual adjustment",
               .points = {event.value},
               .points_full = {event.value},
               .at = event.at,
               .position = event.position});
  }
}

Activity activity_of(std::span<const Event> events) {
  Activity activity;
  std::optional<Time> last_visit;
  for (const Event& event : events) {
    const KindTraits traits = kind_traits(event.kind);
    if (activity.events++ == 0) activity.first_seen = event.at;
    activity.last_seen = event.at;
    if (!event.counted) continue;
    if (traits.own_action) activity.last_own_action = event.at;
    if (traits.hot) activity.last_hot_request = event.at;
    if (traits.own_action && traits.shows_interest) activity.shown_interest = true;
    if (event.kind == kUnsubscribed) activity.unsubscribed = true;
    if (traits.visit) {
      if (!last_visit || event.at - *last_visit >= kSessionGap) ++activity.sessions;
      last_visit = event.at;
    }
  }
  // Repeated visits are interest too (REQUIREMENTS "Words", lead).
  if (activity.sessions >= 2) activity.shown_interest = true;
  return activity;
}

}  // namespace

Standing score(const ScoreModel& model, const Record& record, std::span<const Event> events,
               Time now, std::vector<LedgerLine>* ledger) {
  while (!events.empty() && events.back().at > now) events = events.first(events.size() - 1);
  Tally tally{.now = now, .ledger = ledger};
  tally.group_sums.resize(model.groups.size());
  tally.group_fit.resize(model.groups.size());
  add_attribute_rules(model, record, tally);
  if (!events.empty()) {
    for (const CompiledRule& rule : model.event_rules) add_event_rule(rule, events, tally);
    add_manual(events, tally);
  }
  add_group_caps(model, tally);
  return Standing{.fit = tally.fit,
                  .interest = tally.interest,
                  .model_version = model.version,
                  .computed_at = now,
                  .valid_until = tally.valid_until,
                  .activity = activity_of(events)};
}

std::optional<Time> next_rise(const ScoreModel& model, const Standing& standing,
                              std::span<const Event> events, Points threshold) {
  if (!model.can_rise_by_time || standing.score() >= threshold) return std::nullopt;
  // The most that time alone could give: every negative event forgotten, nothing else faded.
  Points ceiling = standing.score();
  for (const CompiledRule& rule : model.event_rules) {
    if (!rule.rule.window && !rule.rule.half_life) continue;
    for (const Event& event : events) {
      if (rule.matches(event.kind)) ceiling += {std::abs(rule.rule.points.micro)};
    }
  }
  if (ceiling < threshold || standing.valid_until == kNever) return std::nullopt;
  return standing.valid_until;
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
