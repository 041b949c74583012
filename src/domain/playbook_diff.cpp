// What differs between two playbooks, member by member.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "domain/playbook.hpp"

namespace galena::domain {
namespace {

// A playbook as pairs of path and value, in the order of the document; what is not set is not
// there.
using Lines = std::vector<std::pair<std::string, std::string>>;

std::string number_of(Points points) {
  if (points.micro % 1'000'000 == 0) return fmt::format("{}", points.micro / 1'000'000);
  return fmt::format("{}", points.value());
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += list.empty() ? "\"" : ", \"";
    for (const char c : text) {
      if (c == '"' || c == '\\') list += '\\';
      list += c;
    }
    list += '"';
  }
  return "[" + list + "]";
}

// The members of one section, below "scoring.rule "VP"".
class Section {
 public:
  Section(Lines& lines, std::string_view kind, const std::string& name)
      : lines_(lines), path_(fmt::format("{} \"{}\"", kind, name)) {
    lines_.emplace_back(path_, name);
  }

  void text(std::string_view member, const std::string& value) {
    if (!value.empty()) lines_.emplace_back(fmt::format("{} {}", path_, member), value);
  }
  void points(std::string_view member, const std::optional<Points>& value) {
    if (value) text(member, number_of(*value));
  }
  void duration(std::string_view member, const std::optional<Duration>& value) {
    if (value) text(member, format_duration(*value));
  }

 private:
  Lines& lines_;
  std::string path_;
};

void add_rule(const Rule& rule, Lines& lines) {
  Section section(lines, "scoring.rule", rule.name);
  section.text("when", rule.when);
  section.text("on", rule.on);
  section.text("where", rule.where);
  if (rule.sessions > 0) section.text("sessions", fmt::format("{}", rule.sessions));
  section.duration("within", rule.within);
  section.points("points", rule.points);
  section.points("cap", rule.cap);
  if (rule.once_per_message) section.text("once_per", "message");
  section.duration("once_per", rule.once_per);
  section.duration("window", rule.window);
  section.duration("half_life", rule.half_life);
  section.text("group", rule.group);
}

Lines lines_of(const Playbook& playbook) {
  Lines lines{
      {"workspace market", playbook.market},
      {"icp target_industries", list_of(playbook.icp.target_industries)},
      {"icp adjacent_industries", list_of(playbook.icp.adjacent_industries)},
      {"icp target_regions", list_of(playbook.icp.target_regions)},
      {"identity propose_from", fmt::format("{}", playbook.matching.propose_from)},
      {"identity merge_from",
       playbook.matching.merge_from ? fmt::format("{}", *playbook.matching.merge_from) : "false"},
      {"events properties", list_of(playbook.event_properties)},
      {"scoring threshold", number_of(playbook.threshold)}};
  for (const CapGroup& group : playbook.groups) {
    Section(lines, "scoring.group", group.name).points("cap", group.cap);
  }
  for (const Rule& rule : playbook.rules) add_rule(rule, lines);
  for (const StageRule& stage : playbook.stages) {
    Section section(lines, "lifecycle.stage", stage.name);
    section.text("when", stage.when);
    section.text("on", stage.on);
    if (stage.by_person) section.text("by_person", "true");
  }
  for (const SegmentRule& segment : playbook.segments) {
    Section(lines, "segment", segment.name).text("when", segment.when);
  }
  return lines;
}

// The names of those entries that both playbooks have, as they stand in each of them.
template <class Entry>
void add_order_change(std::string_view path, const std::vector<Entry>& before,
                      const std::vector<Entry>& after, std::vector<PlaybookChange>& changes) {
  const auto common = [](const std::vector<Entry>& entries, const std::vector<Entry>& others) {
    std::vector<std::string> names;
    for (const Entry& entry : entries) {
      const bool known = std::ranges::find(others, entry.name, &Entry::name) != others.end();
      if (known) names.push_back(entry.name);
    }
    return names;
  };
  const auto old_order = common(before, after), new_order = common(after, before);
  if (old_order != new_order) {
    changes.push_back({std::string(path), list_of(old_order), list_of(new_order)});
  }
}

}  // namespace

std::vector<PlaybookChange> diff_playbooks(const Playbook& before, const Playbook& after) {
  const Lines old_lines = lines_of(before), new_lines = lines_of(after);
  const std::map<std::string, std::string> old_values(old_lines.begin(), old_lines.end());
  const std::map<std::string, std::string> new_values(new_lines.begin(), new_lines.end());
  std::vector<PlaybookChange> changes;
  for (const auto& [path, value] : old_lines) {
    const auto now = new_values.find(path);
    if (now == new_values.end()) {
      changes.push_back({path, value, ""});
    } else if (now->second != value) {
      changes.push_back({path, value, now->second});
    }
  }
  for (const auto& [path, value] : new_lines) {
    if (!old_values.contains(path)) changes.push_back({path, "", value});
  }
  add_order_change("scoring.group order", before.groups, after.groups, changes);
  add_order_change("scoring.rule order", before.rules, after.rules, changes);
  add_order_change("lifecycle.stage order", before.stages, after.stages, changes);
  add_order_change("segment order", before.segments, after.segments, changes);
  return changes;
}

}  // namespace galena::domain
