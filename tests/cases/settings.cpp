#include "settings.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/text.hpp"
#include "case_file.hpp"

namespace galena::cases {
namespace {

using namespace domain;

[[noreturn]] void unknown(std::string_view what, std::string_view name) {
  throw std::runtime_error(std::string(what).append(" \"").append(name).append("\" is not known"));
}

Points points_of(const std::string& text) {
  return {std::llround(std::stod(text) * 1e6)};
}

std::optional<Duration> duration_of(const std::string& text) {
  if (text == "none") return std::nullopt;
  const auto duration = parse_duration(text);
  if (!duration) throw std::runtime_error(duration.error().message);
  return *duration;
}

void change_setting(std::string_view text, Playbook& playbook) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) throw std::runtime_error("expected KEY = VALUE");
  const std::string_view key = trimmed(text.substr(0, equals));
  const std::string value(trimmed(text.substr(equals + 1)));
  if (key == "target_industries") {
    playbook.icp.target_industries = split(value, ',');
  } else if (key == "adjacent_industries") {
    playbook.icp.adjacent_industries = split(value, ',');
  } else if (key == "target_regions") {
    playbook.icp.target_regions = split(value, ',');
  } else if (key == "market") {
    playbook.market = value;
  } else if (key == "event_properties") {
    playbook.event_properties = split(value, ',');
  } else if (key == "threshold") {
    playbook.threshold = points_of(value);
  } else {
    unknown("setting", key);
  }
}

void change_rule(const std::string& key, const std::string& value, Rule& rule) {
  if (key == "points") {
    rule.points = points_of(value);
  } else if (key == "cap") {
    rule.cap = value == "none" ? std::nullopt : std::optional(points_of(value));
  } else if (key == "on") {
    rule.on = value;
  } else if (key == "where") {
    rule.where = value;
  } else if (key == "when") {
    rule.when = value;
  } else if (key == "window") {
    rule.window = duration_of(value);
  } else if (key == "half_life") {
    rule.half_life = duration_of(value);
  } else if (key == "once_per") {
    rule.once_per_message = value == "message";
    rule.once_per = rule.once_per_message ? std::nullopt : duration_of(value);
  } else if (key == "sessions") {
    rule.sessions = static_cast<std::uint32_t>(std::stoul(value));
  } else if (key == "within") {
    rule.within = duration_of(value);
  } else if (key == "group") {
    rule.group = value;
  } else {
    unknown("part of a rule", key);
  }
}

void change_rules(std::string_view name, const Details& details, Playbook& playbook) {
  auto rule = std::ranges::find(playbook.rules, name, &Rule::name);
  if (rule == playbook.rules.end()) {
    playbook.rules.push_back({.name = std::string(name)});
    rule = playbook.rules.end() - 1;
  }
  for (const auto& [key, value] : details) change_rule(key, value, *rule);
}

void add_stage(std::string_view name, const Details& details, Playbook& playbook) {
  StageRule stage{.name = std::string(name)};
  for (const auto& [key, value] : details) {
    if (key == "on") {
      stage.on = value;
    } else if (key == "when") {
      stage.when = value;
    } else if (key == "by_person") {
      stage.by_person = value == "true";
    } else {
      unknown("part of a stage", key);
    }
  }
  playbook.stages.insert(std::ranges::find(playbook.stages, "sal", &StageRule::name), stage);
}

}  // namespace

void change_playbook(std::string_view head, std::string_view body, Playbook& playbook) {
  if (head == "playbook") return change_setting(body, playbook);
  if (head.starts_with("segment ")) {
    playbook.segments.push_back({std::string(trimmed(head.substr(8))), std::string(body)});
    return;
  }
  const Details details = read_details(body);
  if (head.starts_with("rule ")) return change_rules(trimmed(head.substr(5)), details, playbook);
  if (head.starts_with("stage ")) return add_stage(trimmed(head.substr(6)), details, playbook);
  if (!head.starts_with("group ")) unknown("given", head);
  if (details.size() != 1 || details.front().first != "cap") unknown("part of a group", body);
  playbook.groups.push_back(
      {std::string(trimmed(head.substr(6))), points_of(details.front().second)});
}

}  // namespace galena::cases
