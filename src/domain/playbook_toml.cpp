// The playbook as TOML text: reading with errors that name line and key, and writing.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "base/text.hpp"
#include "domain/playbook.hpp"

namespace galena::domain {
namespace {

// An error at a place in the text, thrown inside this file only.
struct Wrong {
  Error error;
};

[[noreturn]] void wrong(const toml::node& node, std::string_view path, std::string_view problem) {
  throw Wrong{{ErrorCode::invalid, fmt::format("{}: {}", path, problem),
               fmt::format("line {}", node.source().begin.line)}};
}

void refuse_unknown(const toml::table& table, std::string_view path,
                    std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table) {
    if (std::ranges::find(known, key.str()) == known.end()) {
      wrong(node, path.empty() ? std::string(key.str()) : fmt::format("{}.{}", path, key.str()),
            fmt::format("is not known here; known are {}", fmt::join(known, ", ")));
    }
  }
}

// Reads the members of one table by name.
class Table {
 public:
  Table(const toml::table& table, std::string path) : table_(table), path_(std::move(path)) {}

  std::string at(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  void text(std::string_view key, std::string& value, std::size_t bytes_max = 200) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const auto* found = node->as_string();
    if (found == nullptr) wrong(*node, at(key), "must be a text in quotes");
    if (found->get().size() > bytes_max) {
      wrong(*node, at(key), fmt::format("may have {} bytes", bytes_max));
    }
    value = found->get();
  }

  void truth(std::string_view key, bool& value) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const auto* found = node->as_boolean();
    if (found == nullptr) wrong(*node, at(key), "must be true or false");
    value = found->get();
  }

  void texts(std::string_view key, std::vector<std::string>& values) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) wrong(*node, at(key), "must be a list of texts");
    if (array->size() > 1000) wrong(*node, at(key), "may have 1,000 entries");
    values.clear();
    for (const toml::node& entry : *array) {
      const auto* found = entry.as_string();
      if (found == nullptr) wrong(entry, at(key), "must be a list of texts");
      values.push_back(found->get());
    }
  }

  std::optional<Points> points(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (const auto* whole = node->as_integer()) {
      if (whole->get() > 10'000 || whole->get() < -10'000) {
        wrong(*node, at(key), "must be within 10,000");
      }
      return Points::whole(whole->get());
    }
    const auto* number = node->as_floating_point();
    if (number == nullptr || !std::isfinite(number->get())) {
      wrong(*node, at(key), "must be a number");
    }
    if (std::abs(number->get()) > 10'000) wrong(*node, at(key), "must be within 10,000");
    return Points{std::llround(number->get() * 1e6)};
  }

  std::optional<Duration> duration(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    std::string text_value;
    text(key, text_value);
    const auto parsed = parse_duration(text_value);
    if (!parsed) wrong(*node, at(key), parsed.error().message);
    return *parsed;
  }

  const toml::table& toml() const { return table_; }
  const std::string& path() const { return path_; }

 private:
  const toml::table& table_;
  std::string path_;
};

const toml::table* section(const toml::table& document, std::string_view name) {
  const toml::node* node = document.get(name);
  if (node == nullptr) return nullptr;
  if (const toml::table* table = node->as_table()) return table;
  wrong(*node, name, "must be a section");
}

// Calls `each` for every table of an array of tables; false if the array is not there.
template <class Each>
bool each_table(const Table& parent, std::string_view key, std::size_t count_max, Each each) {
  const toml::node* node = parent.toml().get(key);
  if (node == nullptr) return false;
  const toml::array* array = node->as_array();
  if (array == nullptr) wrong(*node, parent.at(key), "must be written as [[...]] sections");
  if (array->size() > count_max) {
    wrong(*node, parent.at(key), fmt::format("may have {} entries", count_max));
  }
  std::size_t index = 0;
  for (const toml::node& entry : *array) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) wrong(entry, parent.at(key), "must be written as [[...]] sections");
    each(Table(*table, fmt::format("{}[{}]", parent.at(key), index++)));
  }
  return true;
}

void read_repeat_limit(const Table& table, Rule& rule) {
  std::string once;
  table.text("once_per", once);
  if (once.empty()) return;
  if (once == "message") {
    rule.once_per_message = true;
  } else {
    rule.once_per = table.duration("once_per");
  }
}

void read_sessions(const Table& table, Rule& rule) {
  rule.within = table.duration("within");
  const toml::node* node = table.toml().get("sessions");
  if (node == nullptr) {
    if (rule.within) wrong(table.toml(), table.path(), "within needs sessions beside it");
    return;
  }
  const auto* count = node->as_integer();
  if (count == nullptr || count->get() < 1 || count->get() > 100) {
    wrong(*node, table.at("sessions"), "must be a whole number from 1 to 100");
  }
  if (!rule.within) wrong(*node, table.at("sessions"), "needs within beside it, like \"24h\"");
  rule.sessions = static_cast<std::uint32_t>(count->get());
}

Rule read_rule(const Table& table) {
  refuse_unknown(table.toml(), table.path(),
                 {"name", "when", "on", "where", "points", "cap", "window", "half_life", "once_per",
                  "sessions", "within", "group"});
  Rule rule;
  table.text("name", rule.name);
  table.text("when", rule.when, 10'000);
  table.text("on", rule.on);
  table.text("where", rule.where, 10'000);
  table.text("group", rule.group);
  const auto points = table.points("points");
  rule.cap = table.points("cap");
  rule.window = table.duration("window");
  rule.half_life = table.duration("half_life");
  read_repeat_limit(table, rule);
  read_sessions(table, rule);
  if (rule.name.empty()) wrong(table.toml(), table.at("name"), "is missing");
  if (!points) wrong(table.toml(), table.at("points"), "is missing");
  rule.points = *points;
  if (rule.when.empty() == rule.on.empty()) {
    wrong(table.toml(), table.path(), "needs either when (an attribute) or on (an event)");
  }
  if (!rule.when.empty() && (!rule.where.empty() || rule.window || rule.half_life ||
                             rule.once_per || rule.once_per_message || rule.sessions)) {
    wrong(table.toml(), table.path(),
          "where, window, half_life, once_per and sessions belong to rules with on (an event)");
  }
  if (rule.half_life && *rule.half_life % std::chrono::hours{1} != Duration{0}) {
    wrong(table.toml(), table.at("half_life"), "must be whole hours; decay steps once an hour");
  }
  if (rule.half_life && *rule.half_life > std::chrono::hours{24 * 3660}) {
    wrong(table.toml(), table.at("half_life"), "may be ten years");
  }
  return rule;
}

void read_scoring(const toml::table& toml, Playbook& playbook) {
  const Table table(toml, "scoring");
  refuse_unknown(toml, "scoring", {"threshold", "rule", "group"});
  if (const auto threshold = table.points("threshold")) playbook.threshold = *threshold;
  std::vector<CapGroup> groups;
  const bool has_groups = each_table(table, "group", 100, [&](const Table& entry) {
    refuse_unknown(entry.toml(), entry.path(), {"name", "cap"});
    CapGroup group;
    entry.text("name", group.name);
    const auto cap = entry.points("cap");
    if (group.name.empty() || !cap) wrong(entry.toml(), entry.path(), "needs name and cap");
    if (std::ranges::find(groups, group.name, &CapGroup::name) != groups.end()) {
      wrong(entry.toml(), entry.at("name"), fmt::format("\"{}\" is there twice", group.name));
    }
    group.cap = *cap;
    groups.push_back(std::move(group));
  });
  std::vector<Rule> rules;
  std::set<std::string> names;
  const bool has_rules = each_table(table, "rule", 500, [&](const Table& entry) {
    rules.push_back(read_rule(entry));
    if (!names.insert(rules.back().name).second) {
      wrong(entry.toml(), entry.at("name"),
            fmt::format("\"{}\" is there twice", rules.back().name));
    }
  });
  // Groups belong to the rules: a file that states all rules states all groups.
  if (has_groups || has_rules) playbook.groups = std::move(groups);
  if (has_rules) playbook.rules = std::move(rules);
}

void read_lifecycle(const toml::table& toml, Playbook& playbook) {
  const Table table(toml, "lifecycle");
  refuse_unknown(toml, "lifecycle", {"stage"});
  std::vector<StageRule> stages;
  std::set<std::string> names;
  const bool has_stages = each_table(table, "stage", 50, [&](const Table& entry) {
    refuse_unknown(entry.toml(), entry.path(), {"name", "when", "on", "by_person"});
    StageRule stage;
    entry.text("name", stage.name, 50);
    entry.text("when", stage.when, 10'000);
    entry.text("on", stage.on);
    entry.truth("by_person", stage.by_person);
    if (stage.name.empty()) wrong(entry.toml(), entry.at("name"), "is missing");
    if (!names.insert(stage.name).second) {
      wrong(entry.toml(), entry.at("name"), fmt::format("\"{}\" is there twice", stage.name));
    }
    const int ways = int(!stage.when.empty()) + int(!stage.on.empty()) + int(stage.by_person);
    if (ways != (stages.empty() ? 0 : 1)) {
      wrong(entry.toml(), entry.path(),
            stages.empty() ? "is the first stage, where everybody starts: no when, on or by_person"
                           : "needs one of when, on and by_person");
    }
    stages.push_back(std::move(stage));
  });
  if (!has_stages) return;
  if (stages.empty()) wrong(toml, "lifecycle.stage", "needs at least one stage");
  playbook.stages = std::move(stages);
}

void read_segments(const toml::table& document, Playbook& playbook) {
  std::vector<SegmentRule> segments;
  std::set<std::string> names;
  const bool has_segments =
      each_table(Table(document, ""), "segment", 200, [&](const Table& entry) {
        refuse_unknown(entry.toml(), entry.path(), {"name", "when"});
        SegmentRule segment;
        entry.text("name", segment.name);
        entry.text("when", segment.when, 10'000);
        if (segment.name.empty()) wrong(entry.toml(), entry.at("name"), "is missing");
        if (segment.name.contains('/')) {
          wrong(*entry.toml().get("name"), entry.at("name"), "may not have a slash");
        }
        if (segment.when.empty()) wrong(entry.toml(), entry.at("when"), "is missing");
        if (!names.insert(segment.name).second) {
          wrong(entry.toml(), entry.at("name"), fmt::format("\"{}\" is there twice", segment.name));
        }
        segments.push_back(std::move(segment));
      });
  if (has_segments) playbook.segments = std::move(segments);
}

void read_events(const toml::table& toml, Playbook& playbook) {
  refuse_unknown(toml, "events", {"properties"});
  const toml::node* node = toml.get("properties");
  if (node == nullptr) return;
  std::vector<std::string> names;
  Table(toml, "events").texts("properties", names);
  if (names.size() > PropertyLimits::kNamed) {
    wrong(*node, "events.properties", fmt::format("may have {} entries", PropertyLimits::kNamed));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const toml::node& place = *node->as_array()->get(i);
    std::string fault = property_fault(names[i]);
    const bool twice = std::find(names.begin(), names.begin() + std::ptrdiff_t(i), names[i]) !=
                       names.begin() + std::ptrdiff_t(i);
    if (twice) fault = fmt::format("\"{}\" is there twice", names[i]);
    if (!fault.empty()) wrong(place, "events.properties", fault);
  }
  playbook.event_properties = std::move(names);
}

double read_probability(const toml::node& node, const std::string& path) {
  const auto value = node.value<double>();
  if (!node.is_number() || !(*value >= 0.5 && *value <= 1)) {
    wrong(node, path, "must be a probability from 0.5 to 1");
  }
  return *value;
}

void read_matching(const toml::table& toml, Playbook& playbook) {
  refuse_unknown(toml, "identity", {"propose_from", "merge_from"});
  Matching& matching = playbook.matching;
  if (const toml::node* from = toml.get("propose_from")) {
    matching.propose_from = read_probability(*from, "identity.propose_from");
  }
  if (const toml::node* from = toml.get("merge_from")) {
    const auto* never = from->as_boolean();
    if (never != nullptr && never->get()) {
      wrong(*from, "identity.merge_from", "must be false or a probability from 0.5 to 1");
    }
    matching.merge_from.reset();
    if (never == nullptr) matching.merge_from = read_probability(*from, "identity.merge_from");
  }
  if (matching.merge_from && *matching.merge_from < matching.propose_from) {
    wrong(toml, "identity.merge_from", "must not be below propose_from");
  }
}

void read_document(const toml::table& document, Playbook& playbook) {
  refuse_unknown(document, "",
                 {"workspace", "icp", "identity", "events", "scoring", "lifecycle", "segment"});
  if (const toml::table* toml = section(document, "workspace")) {
    refuse_unknown(*toml, "workspace", {"market"});
    Table(*toml, "workspace").text("market", playbook.market);
    if (playbook.market != "b2b" && playbook.market != "b2c") {
      wrong(*toml->get("market"), "workspace.market", "must be \"b2b\" or \"b2c\"");
    }
  }
  if (const toml::table* toml = section(document, "icp")) {
    refuse_unknown(*toml, "icp", {"target_industries", "adjacent_industries", "target_regions"});
    const Table icp(*toml, "icp");
    icp.texts("target_industries", playbook.icp.target_industries);
    icp.texts("adjacent_industries", playbook.icp.adjacent_industries);
    icp.texts("target_regions", playbook.icp.target_regions);
  }
  if (const toml::table* toml = section(document, "identity")) read_matching(*toml, playbook);
  if (const toml::table* toml = section(document, "events")) read_events(*toml, playbook);
  if (const toml::table* toml = section(document, "scoring")) read_scoring(*toml, playbook);
  if (const toml::table* toml = section(document, "lifecycle")) read_lifecycle(*toml, playbook);
  read_segments(document, playbook);
}

// The place behind a text in quotes, or a comment, that begins at `begin`.
std::size_t end_of_quoted(std::string_view toml, std::size_t begin) {
  const char quote = toml[begin];
  if (quote == '#') return std::min(toml.find('\n', begin), toml.size());
  const std::string three(3, quote);
  const bool many_lines = toml.substr(begin).starts_with(three);
  for (std::size_t i = begin + (many_lines ? 3 : 1); i < toml.size(); ++i) {
    if (toml[i] == '\\' && quote == '"') {
      ++i;
    } else if (many_lines && toml.substr(i).starts_with(three)) {
      i += 3;
      while (i < toml.size() && toml[i] == quote) ++i;  // quotes may stand before the last three
      return i;
    } else if (!many_lines && (toml[i] == quote || toml[i] == '\n')) {
      return i + (toml[i] == quote ? 1 : 0);
    }
  }
  return toml.size();
}

// The line of a key like "a.b.c…" with more parts than any playbook has; 0 if there is none. Each
// part is a table within a table, and the parser would follow thousands of them down the stack.
int line_of_deep_key(std::string_view toml) {
  static constexpr int kPartsMax = 32;
  int line = 1, parts = 1;
  for (std::size_t i = 0; i < toml.size();) {
    const char c = toml[i];
    if (c == '"' || c == '\'' || c == '#') {
      const std::size_t end = end_of_quoted(toml, i);
      line += static_cast<int>(std::ranges::count(toml.substr(i, end - i), '\n'));
      i = end;
      continue;
    }
    if (c == '.' && ++parts > kPartsMax) return line;
    if (c == '=' || c == ',' || c == '\n') parts = 1;
    line += c == '\n' ? 1 : 0;
    ++i;
  }
  return 0;
}

}  // namespace

Result<Playbook> read_playbook(std::string_view toml, const Playbook& base) {
  if (toml.size() > 256 * 1024) {
    return fail(ErrorCode::too_large, "a playbook may have 256 KB");
  }
  if (const int line = line_of_deep_key(toml)) {
    return fail(ErrorCode::invalid, "a key has too many parts", fmt::format("line {}", line));
  }
  try {
    Playbook playbook = base;
    read_document(toml::parse(toml), playbook);
    return playbook;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid, std::string(error.description()),
                fmt::format("line {}", error.source().begin.line));
  } catch (const Wrong& wrong_place) {
    return tl::unexpected(wrong_place.error);
  }
}

namespace {

// A text in the quotes that read best: "VP", 'title.seniority = "vp"', and with escapes where need
// be.
std::string quoted(std::string_view text) {
  const auto has_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const bool plain = std::ranges::none_of(text, has_control) && !text.contains('\'');
  if (plain && text.find_first_of("\"\\") != std::string_view::npos)
    return fmt::format("'{}'", text);
  std::string out = "\"";
  for (const char c : text) {
    if (has_control(c)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string list_of(const std::vector<std::string>& texts) {
  std::vector<std::string> parts;
  for (const std::string& text : texts) parts.push_back(quoted(text));
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string number_of(Points points) {
  if (points.micro % 1'000'000 == 0) return fmt::format("{}", points.micro / 1'000'000);
  std::string text = fmt::format("{:.6f}", points.value());
  while (text.back() == '0') text.pop_back();
  return text;
}

void write_rule(const Rule& rule, std::string& out) {
  out += fmt::format("\n[[scoring.rule]]\nname = {}\n", quoted(rule.name));
  if (!rule.when.empty()) out += fmt::format("when = {}\n", quoted(rule.when));
  if (!rule.on.empty()) out += fmt::format("on = {}\n", quoted(rule.on));
  if (!rule.where.empty()) out += fmt::format("where = {}\n", quoted(rule.where));
  if (rule.sessions > 0) {
    out += fmt::format("sessions = {}\nwithin = \"{}\"\n", rule.sessions,
                       format_duration(*rule.within));
  }
  out += fmt::format("points = {}\n", number_of(rule.points));
  if (rule.cap) out += fmt::format("cap = {}\n", number_of(*rule.cap));
  if (rule.once_per_message) out += "once_per = \"message\"\n";
  if (rule.once_per) out += fmt::format("once_per = \"{}\"\n", format_duration(*rule.once_per));
  if (rule.window) out += fmt::format("window = \"{}\"\n", format_duration(*rule.window));
  if (rule.half_life) out += fmt::format("half_life = \"{}\"\n", format_duration(*rule.half_life));
  if (!rule.group.empty()) out += fmt::format("group = {}\n", quoted(rule.group));
}

// So that it is read as the same number again, with a point.
std::string number_text(double value) {
  const std::string text = fmt::format("{}", value);
  return text.contains('.') ? text : text + ".0";
}

std::string matching_section(const Matching& matching) {
  return fmt::format(
      "\n# How likely two leads must be one person to be proposed as duplicates, and to be merged\n"
      "# unasked (false: never). Try 0.999, and look at `galena duplicates` first.\n"
      "[identity]\npropose_from = {}\nmerge_from = {}\n",
      number_text(matching.propose_from),
      matching.merge_from ? number_text(*matching.merge_from) : "false");
}

std::string event_section(const Playbook& playbook) {
  return fmt::format(
      "\n# Properties of events that lists may ask for, besides those that rules here ask for.\n"
      "[events]\nproperties = {}\n",
      list_of(playbook.event_properties));
}

constexpr std::string_view kNoSegments =
    "\nsegment = []  # none; without this line: [[segment]] sections with name and when\n";

}  // namespace

std::string write_playbook(const Playbook& playbook) {
  std::string out = fmt::format(
      "# Galena playbook. Change it, then: galena playbook diff FILE, galena playbook apply FILE.\n"
      "# A section that a file leaves out stays as it is.\n"
      "{}\n[workspace]\nmarket = \"{}\"  # \"b2c\": a personal address is no drawback\n"
      "\n# The ideal customer profile. Regions are countries (\"DE\", \"Germany\") or states.\n"
      "[icp]\ntarget_industries = {}\nadjacent_industries = {}\ntarget_regions = {}\n"
      "{}{}"
      "\n[scoring]\nthreshold = {}  # hand-off to sales\n",
      playbook.segments.empty() ? kNoSegments : "", playbook.market,
      list_of(playbook.icp.target_industries), list_of(playbook.icp.adjacent_industries),
      list_of(playbook.icp.target_regions), matching_section(playbook.matching),
      event_section(playbook), number_of(playbook.threshold));
  if (playbook.rules.empty()) out += "rule = []\n";
  for (const CapGroup& group : playbook.groups) {
    out += fmt::format("\n[[scoring.group]]\nname = {}\ncap = {}\n", quoted(group.name),
                       number_of(group.cap));
  }
  out += "\n# when: an attribute holds. on: an event happened; each counts, up to cap.\n";
  for (const Rule& rule : playbook.rules) write_rule(rule, out);
  out += "\n# Stages, in order. A lead moves forward as soon as `when` holds or `on` happens.\n";
  for (const StageRule& stage : playbook.stages) {
    out += fmt::format("\n[[lifecycle.stage]]\nname = {}\n", quoted(stage.name));
    if (!stage.when.empty()) out += fmt::format("when = {}\n", quoted(stage.when));
    if (!stage.on.empty()) out += fmt::format("on = {}\n", quoted(stage.on));
    if (stage.by_person) out += "by_person = true\n";
  }
  if (playbook.segments.empty()) return out;
  out += "\n# Segments: a lead is in one as long as `when` holds.\n";
  for (const SegmentRule& segment : playbook.segments) {
    out += fmt::format("\n[[segment]]\nname = {}\nwhen = {}\n", quoted(segment.name),
                       quoted(segment.when));
  }
  return out;
}

}  // namespace galena::domain
