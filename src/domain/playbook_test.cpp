#include "domain/playbook.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace galena::domain {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

// Two playbooks are the same if they are written the same; the writer is tested against the reader
// member by member below.
void expect_same(const Playbook& a, const Playbook& b) {
  EXPECT_EQ(a.market, b.market);
  EXPECT_EQ(a.matching, b.matching);
  EXPECT_EQ(a.icp.target_industries, b.icp.target_industries);
  EXPECT_EQ(a.icp.adjacent_industries, b.icp.adjacent_industries);
  EXPECT_EQ(a.icp.target_regions, b.icp.target_regions);
  EXPECT_EQ(a.threshold, b.threshold);
  ASSERT_EQ(a.groups.size(), b.groups.size());
  for (std::size_t i = 0; i < a.groups.size(); ++i) {
    EXPECT_EQ(a.groups[i].name, b.groups[i].name);
    EXPECT_EQ(a.groups[i].cap, b.groups[i].cap);
  }
  ASSERT_EQ(a.rules.size(), b.rules.size());
  for (std::size_t i = 0; i < a.rules.size(); ++i) {
    const Rule &left = a.rules[i], &right = b.rules[i];
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.when, right.when);
    EXPECT_EQ(left.on, right.on);
    EXPECT_EQ(left.points, right.points) << left.name;
    EXPECT_EQ(left.cap, right.cap) << left.name;
    EXPECT_EQ(left.window, right.window) << left.name;
    EXPECT_EQ(left.half_life, right.half_life) << left.name;
    EXPECT_EQ(left.once_per, right.once_per) << left.name;
    EXPECT_EQ(left.once_per_message, right.once_per_message) << left.name;
    EXPECT_EQ(left.sessions, right.sessions) << left.name;
    EXPECT_EQ(left.within, right.within) << left.name;
    EXPECT_EQ(left.group, right.group) << left.name;
  }
  ASSERT_EQ(a.stages.size(), b.stages.size());
  for (std::size_t i = 0; i < a.stages.size(); ++i) {
    EXPECT_EQ(a.stages[i].name, b.stages[i].name);
    EXPECT_EQ(a.stages[i].when, b.stages[i].when);
    EXPECT_EQ(a.stages[i].on, b.stages[i].on);
    EXPECT_EQ(a.stages[i].by_person, b.stages[i].by_person);
  }
  ASSERT_EQ(a.segments.size(), b.segments.size());
  for (std::size_t i = 0; i < a.segments.size(); ++i) {
    EXPECT_EQ(a.segments[i].name, b.segments[i].name);
    EXPECT_EQ(a.segments[i].when, b.segments[i].when);
  }
}

// --- the standard playbook ---------------------------------------------------------------------

struct FitRule {
  std::string_view name;
  int points;
};

TEST(StandardPlaybook, fit_rules_are_the_table_of_the_requirements) {
  static constexpr FitRule kFit[] = {{"C-level", 20},
                                     {"VP", 15},
                                     {"Director", 10},
                                     {"Manager", 5},
                                     {"Company of 200 or more", 15},
                                     {"Company of 50 to 199", 10},
                                     {"Company of 10 to 49", 5},
                                     {"Target industry", 10},
                                     {"Adjacent industry", 5},
                                     {"Target region", 10},
                                     {"Personal address", -10},
                                     {"Student or retired", -20}};
  std::vector<Rule> fit;
  std::ranges::copy_if(standard_playbook().rules, std::back_inserter(fit),
                       [](const Rule& rule) { return !rule.when.empty(); });
  ASSERT_EQ(fit.size(), std::size(kFit));
  for (std::size_t i = 0; i < fit.size(); ++i) {
    EXPECT_EQ(fit[i].name, kFit[i].name);
    EXPECT_EQ(fit[i].points, Points::whole(kFit[i].points)) << fit[i].name;
    EXPECT_FALSE(fit[i].cap || !fit[i].group.empty()) << fit[i].name;
  }
}

struct InterestRule {
  std::string_view on;
  int points;
  int cap;
};

TEST(StandardPlaybook, interest_rules_are_the_table_of_the_requirements) {
  static constexpr InterestRule kInterest[] = {
      {"Demo Requested", 25, 25}, {"Pricing Viewed", 15, 45},        {"Webinar Attended", 10, 30},
      {"Page Viewed", 10, 20},    {"White Paper Downloaded", 5, 25}, {"Email Link Clicked", 3, 15},
      {"Email Opened", 1, 10},    {"Unsubscribed", -30, 30}};
  std::vector<Rule> interest;
  std::ranges::copy_if(standard_playbook().rules, std::back_inserter(interest),
                       [](const Rule& rule) { return !rule.on.empty(); });
  ASSERT_EQ(interest.size(), std::size(kInterest));
  for (std::size_t i = 0; i < interest.size(); ++i) {
    const Rule& rule = interest[i];
    EXPECT_EQ(rule.on, kInterest[i].on);
    EXPECT_EQ(rule.points, Points::whole(kInterest[i].points)) << rule.name;
    EXPECT_EQ(rule.cap, Points::whole(kInterest[i].cap)) << rule.name;
    EXPECT_FALSE(rule.window || rule.half_life || !rule.group.empty()) << rule.name;
    const bool visits = rule.on == "Page Viewed";
    EXPECT_EQ(rule.sessions, visits ? 2u : 0u);
    EXPECT_EQ(rule.within, visits ? std::optional<Duration>(hours{24}) : std::nullopt);
    EXPECT_EQ(rule.once_per, visits ? std::optional<Duration>(hours{24}) : std::nullopt);
    const bool mail = rule.on == "Email Opened" || rule.on == "Email Link Clicked";
    EXPECT_EQ(rule.once_per_message, mail) << rule.name;
  }
}

TEST(StandardPlaybook, the_rest) {
  const Playbook& standard = standard_playbook();
  EXPECT_EQ(standard.market, "b2b");
  EXPECT_EQ(standard.threshold, Points::whole(50));
  EXPECT_TRUE(standard.groups.empty());
  EXPECT_TRUE(standard.icp.target_industries.empty());
  std::vector<std::string> stages;
  for (const StageRule& stage : standard.stages) stages.push_back(stage.name);
  EXPECT_EQ(stages, (std::vector<std::string>{"contact", "lead", "mql", "sal", "sql", "opportunity",
                                              "customer", "recycled", "disqualified"}));
  const auto compiled = compile_playbook(standard, 1, KindTable());
  ASSERT_TRUE(compiled.has_value());
  EXPECT_EQ((*compiled)->lifecycle.mql, 2u);
  EXPECT_FALSE((*compiled)->model.time_dependent);
  EXPECT_FALSE((*compiled)->model.can_rise_by_time);
  for (const CompiledRule& rule : (*compiled)->model.event_rules) {
    EXPECT_NE(rule.kind, kNoKind) << rule.rule.name;
  }
}

// --- reading -------------------------------------------------------------------------------------

TEST(Playbook, what_is_left_out_stays) {
  Playbook base = standard_playbook();
  base.icp.target_industries = {"Mining"};
  const auto read =
      read_playbook("[icp]\ntarget_regions = [\"DE\"]\n[scoring]\nthreshold = 60.5\n", base);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  Playbook expected = base;
  expected.icp.target_regions = {"DE"};
  expected.threshold = {60'500'000};
  expect_same(*read, expected);
  expect_same(*read_playbook("", base), base);
}

TEST(Playbook, a_list_is_replaced_whole) {
  const auto read = read_playbook(R"([[scoring.rule]]
name = "Cat"
on = "Cat Petted"
points = -2.5
cap = 7
window = "30 days"
half_life = "10 days"
once_per = "90m"
group = "Pets"
[[scoring.group]]
name = "Pets"
cap = 12
[[lifecycle.stage]]
name = "new"
[[lifecycle.stage]]
name = "old"
by_person = true
)",
                                  standard_playbook());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  Playbook expected = standard_playbook();
  expected.rules = {{.name = "Cat",
                     .on = "Cat Petted",
                     .points = {-2'500'000},
                     .cap = Points::whole(7),
                     .window = hours{720},
                     .half_life = hours{240},
                     .once_per = std::chrono::minutes{90},
                     .group = "Pets"}};
  expected.groups = {{"Pets", Points::whole(12)}};
  expected.stages = {{.name = "new"}, {.name = "old", .by_person = true}};
  expect_same(*read, expected);
}

struct WrongCase {
  std::string_view toml;
  std::string_view line;
  std::string_view message;
};

constexpr WrongCase kWrongCases[] = {
    {"[scoring\n", "line 1", ""},
    {"\n\nx = 1\n", "line 3", "x: is not known here"},
    {"[scoring]\n\nthreshhold = 5\n", "line 3", "scoring.threshhold: is not known here"},
    {"[icp]\ntarget = []\n", "line 2", "icp.target"},
    {"[workspace]\nmarket = \"b2x\"\n", "line 2", "must be \"b2b\" or \"b2c\""},
    {"[identity]\nmerge_from = 0.4\n", "line 2", "must be a probability from 0.5 to 1"},
    {"[identity]\nmerge_from = true\n", "line 2", "must be false or a probability"},
    {"[identity]\nmerge_from = \"no\"\n", "line 2", "must be a probability"},
    {"[identity]\nmerge_from = 0.7\n", "line 1", "must not be below propose_from"},
    {"[identity]\npropose_from = 2\n", "line 2", "must be a probability"},
    {"[identity]\nmerge = 1\n", "line 2", "is not known here"},
    {"[workspace]\nmarket = 2\n", "line 2", "must be a text"},
    {"scoring = 5\n", "line 1", "must be a section"},
    {"[scoring]\nthreshold = \"50\"\n", "line 2", "must be a number"},
    {"[scoring]\nthreshold = 10001\n", "line 2", "within 10,000"},
    {"[scoring]\nthreshold = -10000.5\n", "line 2", "within 10,000"},
    {"[scoring]\nthreshold = nan\n", "line 2", "must be a number"},
    {"[scoring]\nthreshold = inf\n", "line 2", "must be a number"},
    {"[scoring]\nthreshold = -9223372036854775808\n", "line 2", "within 10,000"},
    {"[scoring]\nthreshold = 9223372036854775807\n", "line 2", "within 10,000"},
    {"[icp]\ntarget_regions = \"DE\"\n", "line 2", "must be a list of texts"},
    {"[icp]\ntarget_regions = [\n\"DE\",\n5]\n", "line 4", "must be a list of texts"},
    {"[scoring]\nrule = 5\n", "line 2", "[[...]]"},
    {"[scoring]\nrule = [5]\n", "line 2", "[[...]]"},
    {"[[scoring.rule]]\non = \"A\"\npoints = 1\n", "line 1", "name: is missing"},
    {"[[scoring.rule]]\nname = \"A\"\non = \"A\"\n", "line 1", "points: is missing"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\n", "line 1", "needs either when"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nwhen = \"own_action\"\n", "line 1",
     "needs either when"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\n"
     "[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\n",
     "line 5", "is there twice"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\npiont = 2\n", "line 5",
     "is not known here"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nwindow = \"1 month\"\n", "line 5",
     "not a length of time"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nwindow = 30\n", "line 5",
     "must be a text"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nhalf_life = \"90m\"\n", "line 1",
     "whole hours"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nhalf_life = \"3661 days\"\n",
     "line 1", "ten years"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nwindow = \"2147483647 weeks\"\n",
     "line 5", "100 years"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nonce_per = \"often\"\n", "line 5",
     "not a length of time"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nsessions = 2\n", "line 5",
     "needs within"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nwithin = \"24h\"\n", "line 1",
     "needs sessions"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\non = \"A\"\nsessions = 0\nwithin = \"24h\"\n",
     "line 5", "from 1 to 100"},
    {"[[scoring.rule]]\nname = \"A\"\npoints = 1\nwhen = \"exists(title)\"\nwindow = \"24h\"\n",
     "line 1", "belong to rules with on"},
    {"[[scoring.group]]\nname = \"A\"\n", "line 1", "needs name and cap"},
    {"[[scoring.group]]\nname = \"A\"\ncap = 1\n[[scoring.group]]\nname = \"A\"\ncap = 2\n",
     "line 4", "is there twice"},
    {"[[lifecycle.stage]]\nname = \"a\"\non = \"A\"\n", "line 1", "is the first stage"},
    {"[[lifecycle.stage]]\nname = \"a\"\n[[lifecycle.stage]]\nname = \"b\"\n", "line 3",
     "needs one of"},
    {"[[lifecycle.stage]]\nname = \"a\"\n[[lifecycle.stage]]\nname = \"b\"\non = \"A\"\n"
     "by_person = true\n",
     "line 3", "needs one of"},
    {"[[lifecycle.stage]]\nname = \"a\"\n[[lifecycle.stage]]\nname = \"a\"\non = \"A\"\n", "line 3",
     "is there twice"},
    {"[lifecycle]\nstage = []\n", "line 1", "at least one stage"},
    {"[[lifecycle.stage]]\nname = \"a\"\nby_person = 1\n", "line 3", "true or false"},
    {"segment = 5\n", "line 1", "segment: must be written as [[...]] sections"},
    {"[[segment]]\nwhen = \"unsubscribed\"\n", "line 1", "segment[0].name: is missing"},
    {"[[segment]]\nwhen = \"x\"\nname = \"a/b\"\n", "line 3", "may not have a slash"},
    {"[[segment]]\nname = \"a\"\n", "line 1", "segment[0].when: is missing"},
    {"[[segment]]\nname = \"a\"\nwhen = \"x\"\n[[segment]]\nname = \"a\"\nwhen = \"y\"\n", "line 4",
     "segment[1].name: \"a\" is there twice"},
    {"[[segment]]\nname = \"a\"\nwhen = \"x\"\nwenn = \"y\"\n", "line 4", "is not known here"},
};

TEST(Playbook, errors_name_the_line) {
  for (const WrongCase& expected : kWrongCases) {
    const auto read = read_playbook(expected.toml, standard_playbook());
    ASSERT_FALSE(read.has_value()) << expected.toml;
    EXPECT_EQ(read.error().code, ErrorCode::invalid);
    EXPECT_EQ(read.error().field, expected.line) << expected.toml << read.error().message;
    EXPECT_THAT(read.error().message, HasSubstr(expected.message)) << expected.toml;
  }
}

TEST(Playbook, limits) {
  const auto many = [](std::string_view head, int count, std::string_view rest) {
    std::string toml;
    for (int i = 0; i < count; ++i)
      toml += fmt::format("[[{}]]\nname = \"n{}\"\n{}\n", head, i, rest);
    return toml;
  };
  const Playbook& base = standard_playbook();
  const std::string_view rule = "on = \"A\"\npoints = 1";
  EXPECT_TRUE(read_playbook(many("scoring.rule", 500, rule), base).has_value());
  EXPECT_THAT(read_playbook(many("scoring.rule", 501, rule), base).error().message,
              HasSubstr("may have 500"));
  const std::string first = "[[lifecycle.stage]]\nname = \"first\"\n";
  EXPECT_TRUE(read_playbook(first + many("lifecycle.stage", 49, "by_person = true"), base));
  EXPECT_FALSE(read_playbook(first + many("lifecycle.stage", 50, "by_person = true"), base));
  const std::string all = "when = \"unsubscribed\"";
  EXPECT_EQ(read_playbook(many("segment", 200, all), base).value().segments.size(), 200u);
  EXPECT_FALSE(read_playbook(many("segment", 201, all), base));
  const auto large = read_playbook("#" + std::string(256 * 1024, 'x'), base);
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().code, ErrorCode::too_large);
  EXPECT_TRUE(read_playbook("#" + std::string(256 * 1024 - 1, 'x'), base).has_value());
  const std::string name(201, 'x');
  EXPECT_FALSE(read_playbook(fmt::format("[[scoring.rule]]\nname = \"{}\"\n{}", name, rule), base));
}

TEST(Playbook, a_key_of_thousands_of_parts_is_refused) {
  const auto repeated = [](std::string_view part) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += part;
    return text;
  };
  for (const std::string& text :
       {repeated("a.") + "b = 1", "[" + repeated("a.") + "b]", repeated("\"=\" . 'x' . ") + "b = 1",
        "x = \"\\\"\"\n" + repeated("a.") + "b = 1", "x = {" + repeated("a.") + "b = 1}",
        "x = \"\"\"\"\"\"\"\"\n" + repeated("a.") + "b = 1"}) {
    const auto read = read_playbook(text, Playbook{});
    ASSERT_FALSE(read.has_value());
    EXPECT_TRUE(read.error().field.starts_with("line ")) << read.error().field;
  }
  const std::string dots = repeated(".").substr(0, 100);
  for (const std::string& text : {"# " + dots, "[icp]\ntarget_industries = [\"" + dots + "\"]"}) {
    EXPECT_TRUE(read_playbook(text, Playbook{}).has_value());
  }
}

TEST(Playbook, compiling_names_the_rule_that_is_wrong) {
  Playbook playbook = standard_playbook();
  playbook.rules[0].when = "titel = \"x\"";
  auto error = compile_playbook(playbook, 1, KindTable()).error();
  EXPECT_THAT(error.message, HasSubstr("scoring.rule \"C-level\" (column 1)"));
  playbook = standard_playbook();
  playbook.rules[1].when = "score > 5";
  error = compile_playbook(playbook, 1, KindTable()).error();
  EXPECT_THAT(error.message, HasSubstr("cannot read the score"));
  playbook = standard_playbook();
  playbook.rules[1].group = "Nowhere";
  error = compile_playbook(playbook, 1, KindTable()).error();
  EXPECT_THAT(error.message, HasSubstr("no [[scoring.group]] \"Nowhere\""));
  playbook = standard_playbook();
  playbook.stages[1].when = "own_action and";
  error = compile_playbook(playbook, 1, KindTable()).error();
  EXPECT_THAT(error.message, HasSubstr("lifecycle.stage \"lead\" (column 15)"));
}

TEST(Playbook, knows_when_a_name_it_waits_for_has_come) {
  Playbook playbook = standard_playbook();
  playbook.stages[2].on = "Dog_Washed";
  playbook.rules.push_back({.name = "Cat", .on = "Cat Petted", .points = Points::whole(1)});
  KindTable kinds;
  const auto compiled = compile_playbook(playbook, 1, kinds);
  KindCode code = 0;
  EXPECT_FALSE(awaits(**compiled, "Dog Petted"));
  EXPECT_FALSE(awaits(**compiled, ""));
  EXPECT_TRUE(awaits(**compiled, "cat_petted"));
  EXPECT_TRUE(awaits(**compiled, "dog washed"));
  const auto again = compile_playbook(playbook, 1, *kinds.with("cat_petted", code));
  EXPECT_FALSE(awaits(**again, "cat_petted"));
}

TEST(Playbook, time_can_lift_a_score_only_where_something_is_forgotten) {
  const auto rises = [](Rule rule) {
    Playbook playbook = standard_playbook();
    rule.name = "X";
    rule.on = "A";
    playbook.rules.push_back(rule);
    return (*compile_playbook(playbook, 1, KindTable()))->model.can_rise_by_time;
  };
  const Points one = Points::whole(1);
  EXPECT_FALSE(rises({.points = one}));
  EXPECT_FALSE(rises({.points = one, .half_life = hours{1}}));
  EXPECT_FALSE(rises({.points = one, .window = hours{1}}));
  EXPECT_FALSE(rises({.points = -one}));
  EXPECT_TRUE(rises({.points = -one, .window = hours{1}}));
  EXPECT_TRUE(rises({.points = -one, .half_life = hours{1}}));
  EXPECT_TRUE(rises({.points = one, .window = hours{1}, .half_life = hours{1}}));
  EXPECT_TRUE(rises({.points = one, .window = hours{1}, .sessions = 2, .within = hours{1}}));
}

// --- differences ---------------------------------------------------------------------------------

TEST(PlaybookDiff, names_what_changed) {
  Playbook after = standard_playbook();
  after.threshold = Points::whole(60);
  after.rules[0].points = Points::whole(25);
  after.rules[1].name = "Vice president";
  after.stages.pop_back();
  const auto changes = diff_playbooks(standard_playbook(), after);
  std::vector<std::string> lines;
  for (const auto& [path, before, now] : changes) {
    lines.push_back(fmt::format("{}: {} -> {}", path, before, now));
  }
  EXPECT_THAT(lines, testing::IsSupersetOf({"scoring threshold: 50 -> 60",
                                            "scoring.rule \"C-level\" points: 20 -> 25",
                                            "scoring.rule \"VP\" points: 15 -> ",
                                            "scoring.rule \"Vice president\" points:  -> 15"}));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("lifecycle.stage \"disqualified\"")));
  EXPECT_TRUE(diff_playbooks(after, after).empty());
}

TEST(PlaybookDiff, texts_of_any_kind_can_differ) {
  Playbook before = standard_playbook();
  before.rules[0].when = "exists(title)\nand\nexists(phone)";
  before.rules[1].name = "a  # b";
  before.rules[2].name = "[x]";
  Playbook after = before;
  after.rules[0].when = "exists(title)\nand\nexists(email)";
  after.rules[1].points = Points::whole(7);
  after.rules[2].points = Points::whole(8);
  const auto changes = diff_playbooks(before, after);
  ASSERT_EQ(changes.size(), 3u);
  for (const PlaybookChange& change : changes) EXPECT_NE(change.before, change.after);
}

TEST(PlaybookDiff, another_order_of_stages_is_a_change) {
  Playbook after = standard_playbook();
  std::swap(after.stages[3], after.stages[4]);
  EXPECT_FALSE(diff_playbooks(standard_playbook(), after).empty());
}

// --- round trip ----------------------------------------------------------------------------------

TEST(Playbook, the_standard_one_is_read_as_it_is_written) {
  const std::string text = write_playbook(standard_playbook());
  const auto read = read_playbook(text, Playbook{});
  ASSERT_TRUE(read.has_value()) << read.error().message;
  expect_same(*read, standard_playbook());
  EXPECT_EQ(write_playbook(*read), text);
}

std::string random_text() {
  std::string text = "n";
  const int count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) {
    text +=
        *rc::gen::element<std::string>("a", "\"", "'", "\\", "\n", "\t", "#", "  # ", "=", "[", "]",
                                       "é", "日", "\x01", "\"\"\"", "'''", "\r", "\x7f", " ");
  }
  return text;
}

Duration random_duration(Duration unit) {
  return unit * *rc::gen::element<std::int64_t>(1, 2, 23, 24, 25, 48, 90, 720, 8760, 87'600);
}

template <class Make>
auto perhaps(Make make) {
  using Made = decltype(make());
  return *rc::gen::arbitrary<bool>() ? std::optional<Made>(make()) : std::nullopt;
}

Points random_points() {
  return {*rc::gen::inRange<std::int64_t>(-10'000'000'000, 10'000'000'001)};
}

Rule random_rule(int index, const std::vector<CapGroup>& groups) {
  Rule rule{.name = fmt::format("{}{}", random_text(), index), .points = random_points()};
  rule.cap = perhaps(random_points);
  if (!groups.empty() && *rc::gen::arbitrary<bool>()) {
    rule.group = (*rc::gen::elementOf(groups)).name;
  }
  if (*rc::gen::arbitrary<bool>()) {
    rule.when = random_text();
    return rule;
  }
  rule.on = random_text();
  const auto any = [] { return random_duration(Duration{*rc::gen::element(1, 1000, 60'000)}); };
  rule.window = perhaps(any);
  rule.half_life = perhaps([] { return random_duration(hours{1}); });
  rule.once_per_message = *rc::gen::arbitrary<bool>();
  if (!rule.once_per_message) rule.once_per = perhaps(any);
  if (*rc::gen::arbitrary<bool>()) {
    rule.sessions = *rc::gen::inRange(1u, 101u);
    rule.within = any();
  }
  return rule;
}

Playbook random_playbook() {
  Playbook playbook;
  playbook.market = *rc::gen::element<std::string>("b2b", "b2c");
  playbook.matching.propose_from = *rc::gen::element(0.5, 0.85, 0.123456789 + 0.5);
  if (*rc::gen::arbitrary<bool>()) {
    playbook.matching.merge_from = *rc::gen::element(0.9, 0.9999999, 1.0);
  }
  playbook.threshold = random_points();
  for (auto* list : {&playbook.icp.target_industries, &playbook.icp.adjacent_industries,
                     &playbook.icp.target_regions}) {
    for (int left = *rc::gen::inRange(0, 3); left > 0; --left) list->push_back(random_text());
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    playbook.groups.push_back({fmt::format("{}{}", random_text(), i), random_points()});
  }
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    playbook.rules.push_back(random_rule(i, playbook.groups));
  }
  playbook.stages.push_back({.name = random_text()});
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    StageRule stage{.name = fmt::format("{}{}", random_text(), i)};
    const int way = *rc::gen::inRange(0, 3);
    if (way == 0) stage.when = random_text();
    if (way == 1) stage.on = random_text();
    stage.by_person = way == 2;
    playbook.stages.push_back(stage);
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    playbook.segments.push_back({fmt::format("{}{}", random_text(), i), "x" + random_text()});
  }
  return playbook;
}

RC_GTEST_PROP(PlaybookProperty, is_read_as_it_is_written, ()) {
  const Playbook playbook = random_playbook();
  const std::string text = write_playbook(playbook);
  const Playbook base = *rc::gen::arbitrary<bool>() ? random_playbook() : Playbook{};
  const auto read = read_playbook(text, base);
  if (!read) RC_FAIL(read.error().field + " " + read.error().message + "\n" + text);
  expect_same(*read, playbook);
  RC_ASSERT(write_playbook(*read) == text);
  RC_ASSERT(diff_playbooks(*read, playbook).empty());
}

RC_GTEST_PROP(PlaybookProperty, a_difference_is_always_seen, ()) {
  const Playbook before = random_playbook(), after = random_playbook();
  const bool same = write_playbook(before) == write_playbook(after);
  RC_ASSERT(diff_playbooks(before, after).empty() == same);
}

}  // namespace
}  // namespace galena::domain
