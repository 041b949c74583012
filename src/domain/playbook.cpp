#include "domain/playbook.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/criteria_text.hpp"

namespace galena::domain {
namespace {

Error within(Error error, const std::string& path) {
  error.message = fmt::format("{} ({}): {}", path, error.field, error.message);
  error.field = path;
  return error;
}

Result<CompiledRule> compile_rule(const Rule& rule, const CriteriaNames& names,
                                  const std::vector<CapGroup>& groups, const KindTable& kinds) {
  CompiledRule compiled{.rule = rule};
  const std::string path = fmt::format("scoring.rule \"{}\"", rule.name);
  if (!rule.when.empty()) {
    auto criterion = Criterion::parse(rule.when, names, kinds);
    if (!criterion) return tl::unexpected(within(criterion.error(), path));
    if (criterion->reads_standing()) {
      return fail(ErrorCode::invalid,
                  path +
                      ": a scoring rule cannot read the score, the stage, a segment or what follows"
                      " from events; give points to the event itself with on",
                  path);
    }
    compiled.criterion = std::move(*criterion);
  } else {
    compiled.kind = kinds.find(rule.on);
    compiled.any_visit = compiled.kind == kPageViewed;
    if (!rule.where.empty()) {
      auto where = EventCondition::parse(rule.where, names);
      if (!where) return tl::unexpected(within(where.error(), path));
      compiled.where = std::move(*where);
    }
  }
  if (rule.half_life) compiled.decay = std::make_shared<Decay>(*rule.half_life);
  if (!rule.group.empty()) {
    const auto group = std::ranges::find(groups, rule.group, &CapGroup::name);
    if (group == groups.end()) {
      return fail(ErrorCode::invalid,
                  fmt::format("{}: there is no [[scoring.group]] \"{}\"", path, rule.group), path);
    }
    compiled.group = static_cast<int>(group - groups.begin());
  }
  return compiled;
}

// A segment that reads the stage is known only behind the stages.
Result<> check_order(const StageRule& rule, const Criterion& when, const Segments& segments) {
  for (const std::string& name : when.segments()) {
    if (!segments.find(name)->reads_stage) continue;
    const std::string path = fmt::format("lifecycle.stage \"{}\"", rule.name);
    return fail(
        ErrorCode::invalid,
        fmt::format("{}: segment \"{}\" reads the stage, so no stage can ask for it", path, name),
        path);
  }
  return {};
}

Result<> compile_lifecycle(const Playbook& playbook, const CriteriaNames& names,
                           const KindTable& kinds, const Segments& segments, Lifecycle& lifecycle) {
  for (const StageRule& rule : playbook.stages) {
    Lifecycle::Stage stage{.rule = rule, .when = std::nullopt, .on = kinds.find(rule.on)};
    if (!rule.when.empty()) {
      auto criterion = Criterion::parse(rule.when, names, kinds);
      if (!criterion) {
        return tl::unexpected(
            within(criterion.error(), fmt::format("lifecycle.stage \"{}\"", rule.name)));
      }
      if (auto fine = check_order(rule, *criterion, segments); !fine) return fine;
      stage.when = std::move(*criterion);
    }
    if (rule.name == "mql") lifecycle.mql = lifecycle.stages.size();
    lifecycle.stages.push_back(std::move(stage));
  }
  return {};
}

std::unordered_set<std::string> awaited_names(const CompiledPlaybook& playbook,
                                              const KindTable& kinds) {
  std::unordered_set<std::string> awaited;
  const auto note = [&](KindCode code, const std::string& name) {
    if (code == kNoKind && !name.empty()) awaited.insert(event_name_form(name));
  };
  for (const CompiledRule& rule : playbook.model.event_rules) note(rule.kind, rule.rule.on);
  const auto note_criterion = [&](const Criterion& criterion) {
    for (const std::string& name : criterion.events()) note(kinds.find(name), name);
  };
  for (const Lifecycle::Stage& stage : playbook.lifecycle.stages) {
    note(stage.on, stage.rule.on);
    if (stage.when) note_criterion(*stage.when);
  }
  for (const Segments::Segment& segment : playbook.segments.all) note_criterion(segment.when);
  return awaited;
}

CriteriaNames names_in(const Playbook& playbook) {
  return {playbook.icp.target_industries, playbook.icp.adjacent_industries,
          playbook.icp.target_regions, playbook.threshold.value(), playbook.market == "b2b"};
}

}  // namespace

CriteriaNames names_of(const CompiledPlaybook& playbook) {
  CriteriaNames names = names_in(playbook.source);
  names.segments = playbook.segments.codes;
  names.properties = playbook.properties;
  return names;
}

std::vector<std::string> properties_asked(const Playbook& playbook) {
  std::vector<std::string> asked = playbook.event_properties;
  const auto note = [&](const Result<Expression>& read) {
    if (read) collect_properties(*read, asked);
  };
  for (const Rule& rule : playbook.rules) {
    if (!rule.where.empty()) note(parse_condition(rule.where));
  }
  for (const StageRule& stage : playbook.stages) note(parse_criterion(stage.when));
  for (const SegmentRule& segment : playbook.segments) note(parse_criterion(segment.when));
  std::ranges::sort(asked);
  asked.erase(std::ranges::unique(asked).begin(), asked.end());
  return asked;
}

Result<std::shared_ptr<const CompiledPlaybook>> compile_playbook(
    const Playbook& playbook, std::uint32_t version, const KindTable& kinds,
    const std::vector<std::string>& segment_names) {
  auto compiled = std::make_shared<CompiledPlaybook>();
  compiled->version = version;
  compiled->source = playbook;
  ScoreModel& model = compiled->model;
  model.version = version;
  model.groups = playbook.groups;
  CriteriaNames names = names_in(playbook);
  for (const std::string& name : properties_asked(playbook)) {
    names.properties.emplace(name, static_cast<PropertySlot>(names.properties.size()));
  }
  if (names.properties.size() > PropertyLimits::kAsked) {
    return fail(ErrorCode::invalid,
                fmt::format("a playbook may ask for {} properties of events, these are {}",
                            PropertyLimits::kAsked, names.properties.size()),
                "events.properties");
  }
  compiled->properties = names.properties;
  auto segments = compile_segments(playbook.segments, names, kinds, segment_names);
  if (!segments) return tl::unexpected(segments.error());
  compiled->segments = std::move(*segments);
  names.segments = compiled->segments.codes;
  for (const Rule& rule : playbook.rules) {
    auto made = compile_rule(rule, names, playbook.groups, kinds);
    if (!made) return tl::unexpected(made.error());
    const bool fades = rule.window || rule.half_life;
    model.time_dependent |= fades;
    // A repeat limit behind a window can let a younger, less decayed event in; a session that loses
    // its first visits to the window begins later, and so nearer to the next.
    model.can_rise_by_time |=
        fades && (rule.points.micro < 0 || (rule.window && (rule.half_life || rule.sessions > 0)));
    (made->criterion ? model.attribute_rules : model.event_rules).push_back(std::move(*made));
  }
  auto done = compile_lifecycle(playbook, names, kinds, compiled->segments, compiled->lifecycle);
  if (!done) return tl::unexpected(done.error());
  compiled->awaited = awaited_names(*compiled, kinds);
  return compiled;
}

bool awaits(const CompiledPlaybook& playbook, std::string_view name) {
  return !playbook.awaited.empty() && playbook.awaited.contains(event_name_form(name));
}

}  // namespace galena::domain
