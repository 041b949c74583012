// For tests: the score written down from the words of the requirements, rule by rule, in floating
// point and without any cleverness. Shares nothing with score.cpp but the criteria of attributes.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "domain/criteria_text.hpp"
#include "domain/naive_criteria.hpp"
#include "domain/playbook.hpp"

namespace galena::domain::naive {

struct Score {
  double fit = 0;
  double interest = 0;
  // How far off the real one may be: it counts in whole micro-points.
  double tolerance = 1e-9;
};

inline double limited(double sum, double cap) {
  const double limit = std::abs(cap);
  return std::clamp(sum, -limit, limit);
}

inline bool is_visit(KindCode kind) {
  return kind == kPageViewed || kind == kPricingViewed || kind == kScreenViewed;
}

// The events a rule is about: of its name (a page view of any kind for "Page Viewed"), of which its
// condition holds, told by somebody who may, and younger than the window.
inline std::vector<Event> candidates(const Rule& rule, const std::vector<Event>& events, Time now,
                                     const KindTable& kinds, const Told& told) {
  const CriteriaNames no_names;
  const World world{no_names, kinds, {}, told};
  const auto condition = rule.where.empty() ? Expression{} : parse_condition(rule.where).value();
  const KindCode wanted = kinds.find(rule.on);
  std::vector<Event> found;
  for (const Event& event : events) {
    const bool named = event.kind == wanted || (wanted == kPageViewed && is_visit(event.kind));
    const bool young = !rule.window || now - event.at < *rule.window;
    if (wanted != kNoKind && named && event.counted && event.at <= now && young &&
        (rule.where.empty() || is_meant(world, condition, event))) {
      found.push_back(event);
    }
  }
  return found;
}

// Of visits in time order, those that begin a session by which there are enough of them within the
// time asked for. A session ends where nothing happens for 30 minutes.
inline std::vector<Event> session_marks(const Rule& rule, const std::vector<Event>& visits) {
  std::vector<Event> begins, marks;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const bool new_session = i == 0 || visits[i].at - visits[i - 1].at >= std::chrono::minutes{30};
    if (new_session) begins.push_back(visits[i]);
  }
  for (std::size_t i = rule.sessions - 1; i < begins.size(); ++i) {
    if (begins[i].at - begins[i + 1 - rule.sessions].at < *rule.within) marks.push_back(begins[i]);
  }
  return marks;
}

// What the repeat limit lets through: once per message, or once in a time.
inline std::vector<Event> not_repeated(const Rule& rule, const std::vector<Event>& events) {
  std::vector<Event> kept;
  for (const Event& event : events) {
    const bool repeats = std::ranges::any_of(kept, [&](const Event& earlier) {
      const bool same_message =
          rule.once_per_message && event.object != 0 && earlier.object == event.object;
      return same_message || (rule.once_per && event.at - earlier.at < *rule.once_per);
    });
    if (!repeats) kept.push_back(event);
  }
  return kept;
}

inline double faded(const Rule& rule, Time at, Time now) {
  if (!rule.half_life) return rule.points.value();
  const auto whole_hours = std::chrono::floor<std::chrono::hours>(now - at).count();
  const auto half = std::chrono::floor<std::chrono::hours>(*rule.half_life).count();
  return rule.points.value() * std::exp2(-double(whole_hours) / double(half));
}

inline double event_points(const Rule& rule, const std::vector<Event>& events, Time now,
                           const KindTable& kinds, const Told& told, double& tolerance) {
  std::vector<Event> counted = candidates(rule, events, now, kinds, told);
  if (rule.sessions > 0) counted = session_marks(rule, counted);
  counted = not_repeated(rule, counted);
  double sum = 0;
  for (const Event& event : counted) sum += faded(rule, event.at, now);
  if (rule.half_life) tolerance += 5e-6 * double(counted.size());
  return rule.cap ? limited(sum, rule.cap->value()) : sum;
}

// `events` in any order.
inline Score score(const Playbook& playbook, const KindTable& kinds, const Record& record,
                   std::vector<Event> events, Time now, const Told& told = {}) {
  std::ranges::stable_sort(events, [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.position < b.position;
  });
  const CriteriaNames names{playbook.icp.target_industries, playbook.icp.adjacent_industries,
                            playbook.icp.target_regions, playbook.threshold.value(),
                            playbook.market == "b2b"};
  Score total;
  std::vector<double> group_sums(playbook.groups.size());
  std::vector<bool> group_has_fit(playbook.groups.size());
  for (const Rule& rule : playbook.rules) {
    double points = 0;
    const bool is_fit = !rule.when.empty();
    bool holds = true;
    if (is_fit) {
      holds = Criterion::parse(rule.when, names)->holds({record, nullptr, {}});
      points = holds ? rule.points.value() : 0;
      if (rule.cap) points = limited(points, rule.cap->value());
    } else {
      points = event_points(rule, events, now, kinds, told, total.tolerance);
    }
    (is_fit ? total.fit : total.interest) += points;
    for (std::size_t i = 0; i < playbook.groups.size(); ++i) {
      if (playbook.groups[i].name != rule.group) continue;
      group_sums[i] += points;
      if (is_fit && holds) group_has_fit[i] = true;
    }
  }
  for (std::size_t i = 0; i < playbook.groups.size(); ++i) {
    const double kept = limited(group_sums[i], playbook.groups[i].cap.value());
    (group_has_fit[i] ? total.fit : total.interest) += kept - group_sums[i];
  }
  for (const Event& event : events) {
    const bool manual = event.kind == kScoreAdjusted && event.counted && event.at <= now;
    if (manual) total.interest += double(event.value) / 1e6;
  }
  return total;
}

}  // namespace galena::domain::naive
