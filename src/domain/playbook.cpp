#include "domain/playbook.hpp"

#include <fmt/format.h>

#include <algorithm>

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
    auto criterion = Criterion::parse(rule.when, names);
    if (!criterion) return tl::unexpected(within(criterion.error(), path));
    if (criterion->reads_standing()) {
      return fail(ErrorCode::invalid,
                  path +
                      ": a scoring rule cannot read the score, the stage or what follows from"
                      " events; give points to the event itself with on",
                  path);
    }
    compiled.criterion = std::move(*criterion);
  } else {
    compiled.kind = kinds.find(rule.on);
    compiled.any_visit = compiled.kind == kPageViewed;
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

Result<> compile_lifecycle(const Playbook& playbook, const CriteriaNames& names,
                           const KindTable& kinds, Lifecycle& lifecycle) {
  for (const StageRule& rule : playbook.stages) {
    Lifecycle::Stage stage{
        .rule = rule, .when = std::nullopt, .on = kinds.find(rule.on), .asked = {}};
    if (!rule.when.empty()) {
      auto criterion = Criterion::parse(rule.when, names, kinds);
      if (!criterion) {
        return tl::unexpected(
            within(criterion.error(), fmt::format("lifecycle.stage \"{}\"", rule.name)));
      }
      if (!criterion->events().empty()) {
        const std::string path = fmt::format("lifecycle.stage \"{}\"", rule.name);
        return fail(ErrorCode::invalid,
                    path + ": a stage cannot count events; name the event that leads to it with on",
                    path);
      }
      stage.asked = points_asked(criterion->expression(), playbook.threshold);
      stage.when = std::move(*criterion);
    }
    if (rule.name == "mql") lifecycle.mql = lifecycle.stages.size();
    lifecycle.stages.push_back(std::move(stage));
  }
  return {};
}

std::unordered_set<std::string> awaited_names(const CompiledPlaybook& playbook) {
  std::unordered_set<std::string> awaited;
  const auto note = [&](KindCode code, const std::string& name) {
    if (code == kNoKind && !name.empty()) awaited.insert(event_name_form(name));
  };
  for (const CompiledRule& rule : playbook.model.event_rules) note(rule.kind, rule.rule.on);
  for (const Lifecycle::Stage& stage : playbook.lifecycle.stages) note(stage.on, stage.rule.on);
  return awaited;
}

}  // namespace

CriteriaNames names_of(const Playbook& playbook) {
  return {playbook.icp.target_industries, playbook.icp.adjacent_industries,
          playbook.icp.target_regions, playbook.threshold.value(), playbook.market == "b2b"};
}

Result<std::shared_ptr<const CompiledPlaybook>> compile_playbook(const Playbook& playbook,
                                                                 std::uint32_t version,
                                                                 const KindTable& kinds) {
  auto compiled = std::make_shared<CompiledPlaybook>();
  compiled->version = version;
  compiled->source = playbook;
  ScoreModel& model = compiled->model;
  model.version = version;
  model.groups = playbook.groups;
  const CriteriaNames names = names_of(playbook);
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
  if (auto done = compile_lifecycle(playbook, names, kinds, compiled->lifecycle); !done) {
    return tl::unexpected(done.error());
  }
  compiled->awaited = awaited_names(*compiled);
  return compiled;
}

bool awaits(const CompiledPlaybook& playbook, std::string_view name) {
  return !playbook.awaited.empty() && playbook.awaited.contains(event_name_form(name));
}

}  // namespace galena::domain
