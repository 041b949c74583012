#include "domain/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace galena::domain {
namespace {

// Events as they would be after one more of the rule's kind. "Several visits" needs a visit that
// begins a session of its own, which one more visit now does if the last is 30 minutes old.
std::vector<Event> with_one_more(std::span<const Event> events, const CompiledRule& rule,
                                 Time now) {
  std::vector<Event> more(events.begin(), events.end());
  more.push_back({.at = now, .known_at = now, .kind = rule.kind});
  return more;
}

void add_event_advice(const CompiledPlaybook& playbook, const Record& record,
                      std::span<const Event> events, Time now, Points score_now,
                      std::vector<Advice>& advice) {
  std::vector<KindCode> tried;
  for (const CompiledRule& rule : playbook.model.event_rules) {
    if (rule.rule.points.micro <= 0 || rule.kind == kNoKind) continue;
    if (std::ranges::find(tried, rule.kind) != tried.end()) continue;
    tried.push_back(rule.kind);
    const auto more = with_one_more(events, rule, now);
    const Points after = score(playbook.model, record, more, now).score();
    if (after <= score_now) continue;
    advice.push_back({rule.rule.on, rule.rule.name, after - score_now, after,
                      after >= playbook.source.threshold});
  }
}

// The fields behind the criterion that nobody has told, in words.
std::string missing_fields(const Criterion& criterion, const Record& record) {
  std::vector<std::string_view> missing;
  for (const Attribute attribute : criterion.attributes()) {
    const auto field = field_behind(attribute);
    if (!field || record[*field].known()) continue;
    if (std::ranges::find(missing, field_name(*field)) == missing.end()) {
      missing.push_back(field_name(*field));
    }
  }
  return fmt::format("{}", fmt::join(missing, ", "));
}

void add_attribute_advice(const CompiledPlaybook& playbook, const Record& record, Points score_now,
                          std::vector<Advice>& advice) {
  for (const CompiledRule& rule : playbook.model.attribute_rules) {
    if (rule.rule.points.micro <= 0 || rule.criterion->holds({record, nullptr, {}})) continue;
    const std::string missing = missing_fields(*rule.criterion, record);
    if (missing.empty()) continue;  // told, and it is not so
    const Points after = score_now + rule.rule.points;
    advice.push_back({fmt::format("learn {}", missing), rule.rule.name, rule.rule.points, after,
                      after >= playbook.source.threshold});
  }
}

}  // namespace

std::vector<Advice> advise(const CompiledPlaybook& playbook, const Record& record,
                           std::span<const Event> events, Time now) {
  std::vector<Advice> advice;
  const Points score_now = score(playbook.model, record, events, now).score();
  if (score_now >= playbook.source.threshold) return advice;
  add_event_advice(playbook, record, events, now, score_now, advice);
  add_attribute_advice(playbook, record, score_now, advice);
  std::ranges::stable_sort(advice, std::ranges::greater{}, &Advice::points);
  return advice;
}

}  // namespace galena::domain
