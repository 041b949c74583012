// What a marketer finds in the demo workspace: a list that a company of this size could have.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "demo/company.hpp"
#include "domain/decide.hpp"
#include "workspace/workspace.hpp"

namespace galena {
namespace {

using domain::Lead;

// A demo workspace made at a moment.
struct Made {
  std::uint64_t seed = 1;
  const char* now = "";
};

void take(workspace::Workspace& workspace, const domain::Input& input, Time now) {
  const auto changes = domain::decide(workspace.now(), input, now);
  ASSERT_TRUE(changes) << changes.error().message;
  workspace.apply(*changes);
}

workspace::Workspace demo_workspace(const Made& made) {
  const Time now = *parse_time(made.now);
  workspace::Workspace workspace;
  const auto playbook = domain::read_playbook(demo::demo_playbook(), domain::standard_playbook());
  EXPECT_TRUE(playbook);
  take(workspace, domain::PlaybookInput{domain::write_playbook(*playbook), "test", ""}, now);
  demo::generate({.seed = made.seed, .now = now}, [&](const demo::DemoMessage& message) {
    const auto source = message.browser ? domain::Source::browser : domain::Source::server;
    auto batch = domain::read_request("{\"batch\":[" + message.json + "]}", std::nullopt,
                                      {.source = source, .arrived = now});
    ASSERT_TRUE(batch && batch->refused.empty()) << message.json;
    take(workspace, batch->inputs.front(), now);
  });
  return workspace;
}

std::string grade_of(const Lead& lead) {
  return fmt::format("{}{}", domain::fit_grade(lead.standing.fit),
                     domain::interest_level(lead.standing.interest));
}

struct Tally {
  int visitors = 0;
  int known = 0;
  int shared_devices = 0;
  std::map<std::string, int> stages;
  std::map<std::string, int> mql_grades;
  std::map<std::string, int> temperatures;
  std::map<std::string, int> ranks;
  std::vector<const Lead*> leads;  // known ones, best first
};

Tally tally_of(const workspace::Version& version, Time now) {
  Tally tally;
  for (domain::LeadOrdinal ordinal = 0; ordinal < version.lead_count(); ++ordinal) {
    const Lead& lead = version.lead(ordinal);
    if (lead.merged_into) continue;
    if (lead.visitor) {
      ++tally.visitors;
      continue;
    }
    ++tally.known;
    ++tally.stages[lead.stage()];
    if (lead.stage() == "mql") ++tally.mql_grades[grade_of(lead)];
    const auto temperature = domain::temperature(lead.standing.activity, now);
    ++tally.temperatures[std::string(domain::to_string(temperature))];
    ++tally.ranks[std::string(domain::to_string(lead.record->seniority))];
    tally.leads.push_back(&lead);
  }
  for (domain::PersonOrdinal ordinal = 0; ordinal < version.person_count(); ++ordinal) {
    tally.shared_devices += version.person(ordinal).shared_since != 0;
  }
  std::ranges::sort(tally.leads, std::greater{},
                    [](const Lead* lead) { return lead->standing.score(); });
  return tally;
}

std::string text_of(const Tally& tally) {
  std::string text = fmt::format("visitors {} known {}", tally.visitors, tally.known);
  for (const auto* counts : {&tally.stages, &tally.mql_grades, &tally.temperatures, &tally.ranks}) {
    text += "\n ";
    for (const auto& [name, count] : *counts) text += fmt::format(" {}={}", name, count);
  }
  text += "\n  top";
  for (std::size_t i = 0; i < 12 && i < tally.leads.size(); ++i) {
    const Lead& lead = *tally.leads[i];
    text += fmt::format(" {} {} {},", lead.standing.score().value(), grade_of(lead), lead.stage());
  }
  return text;
}

class DemoList : public testing::TestWithParam<Made> {};

TEST_P(DemoList, is_believable_under_the_standard_playbook) {
  const workspace::Workspace workspace = demo_workspace(GetParam());
  Tally tally = tally_of(workspace.now(), *parse_time(GetParam().now));
  SCOPED_TRACE(text_of(tally));

  EXPECT_EQ(tally.shared_devices, 0);
  EXPECT_GT(tally.visitors, 40);
  EXPECT_GT(tally.known, 160);
  // Most people are only contacts; a few dozen showed interest; the rest is sales' work.
  EXPECT_GT(tally.stages["contact"] * 2, tally.known);
  EXPECT_GE(tally.stages["lead"], 24);
  EXPECT_LE(tally.stages["lead"], 60);
  EXPECT_GE(tally.stages["mql"], 14);
  EXPECT_LE(tally.stages["mql"], 28);
  EXPECT_GT(tally.stages["sal"] + tally.stages["opportunity"] + tally.stages["customer"], 3);
  EXPECT_GE(tally.temperatures["hot"], 3);
  EXPECT_LE(tally.temperatures["hot"], 20);
  EXPECT_GT(tally.temperatures["cold"], 40);
}

TEST_P(DemoList, has_its_best_on_top) {
  const workspace::Workspace workspace = demo_workspace(GetParam());
  Tally tally = tally_of(workspace.now(), *parse_time(GetParam().now));
  SCOPED_TRACE(text_of(tally));
  const std::set<std::string> good{"A1", "A2", "B1", "B2"};
  for (std::size_t i = 0; i < 10; ++i) EXPECT_TRUE(good.contains(grade_of(*tally.leads[i])));
  EXPECT_GE(tally.mql_grades["A1"] + tally.mql_grades["A2"], 4);
  EXPECT_LT(tally.leads.back()->standing.score(), domain::Points::whole(0));
  for (const char* rank : {"c_level", "vp", "director", "manager", "staff", "student"}) {
    EXPECT_GT(tally.ranks[rank], 0) << rank;
  }
}

// Midday of a working day, and the ends of a week, a day and a year.
INSTANTIATE_TEST_SUITE_P(
    Seeds, DemoList,
    testing::Values(Made{1, "2026-05-13T11:20:00Z"}, Made{1, "2026-05-17T23:59:59Z"},
                    Made{2, "2026-05-13T11:20:00Z"}, Made{3, "2026-01-01T00:00:00Z"},
                    Made{4, "2026-08-24T05:00:00Z"}, Made{5, "2031-11-29T15:00:00Z"}));

}  // namespace
}  // namespace galena
