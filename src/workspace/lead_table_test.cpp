// Columns that several threads look at while a writer goes on. Run under the thread sanitizer, too
// (docs/testing.md).
#include "workspace/lead_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "domain/plain_state.hpp"
#include "workspace/find_leads.hpp"
#include "workspace/published.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

void take(Workspace& workspace, const Input& input, Time at) {
  const auto changes = decide(workspace.now(), input, at);
  ASSERT_TRUE(changes.has_value());
  workspace.apply(*changes);
}

Input person(int number) {
  return identify_as(
      fmt::format(R"("userId":"u{}")", number),
      fmt::format(R"("email":"u{0}@x.example","firstName":"U{0}","title":"VP Sales")", number));
}

TEST(LeadTable, a_look_has_all_that_was_published_before_it) {
  Workspace workspace;
  take(workspace, playbook_input(standard_playbook()), kTestTime);
  Published published(workspace.publish());
  LeadTable table;
  std::atomic<bool> done{false};
  std::atomic<int> looks{0};
  const auto read = [&] {
    while (!done || looks < 10) {
      const VersionPtr version = published.load();
      const auto look = table.look(version, kTestTime);
      const LeadPage page = find_leads(look, {.search = "x.example", .limit = 5});
      EXPECT_GE(look.state().last_position(), version->last_position());
      EXPECT_EQ(page.total, look.state().lead_count());
      EXPECT_EQ(look.columns().rows(), look.state().lead_count());
      ++looks;
    }
  };
  {
    std::vector<std::jthread> readers;
    readers.emplace_back(read);
    readers.emplace_back(read);
    readers.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        table.forget();
        table.follow(published.load(), kTestTime);
      }
    });
    for (int i = 0; i < 300; ++i) {
      take(workspace, person(i), kTestTime);
      published.store(workspace.publish());
    }
    done = true;
  }
  const auto look = table.look(published.load(), kTestTime);
  EXPECT_EQ(find_leads(look, {}).total, 300u);
}

TEST(LeadTable, an_older_version_gets_the_newer_columns) {
  Workspace workspace;
  take(workspace, playbook_input(standard_playbook()), kTestTime);
  const VersionPtr before = workspace.publish();
  take(workspace, person(1), kTestTime);
  LeadTable table;
  table.follow(workspace.publish(), kTestTime);
  EXPECT_EQ(find_leads(table.look(before, kTestTime), {}).total, 1u);
}

// Half a year later the points of a page view have faded, and nothing came in.
TEST(LeadTable, scores_are_those_of_the_moment) {
  Workspace workspace;
  Playbook playbook = standard_playbook();
  playbook.rules = {{.name = "visit",
                     .on = "Page Viewed",
                     .points = Points::whole(8),
                     .half_life = std::chrono::hours{24}}};
  take(workspace, playbook_input(playbook), kTestTime);
  take(workspace, person(1), kTestTime);
  take(workspace, event_input(MessageType::page, R"({"userId":"u1","properties":{"path":"/"}})"),
       kTestTime);
  LeadTable table;
  const VersionPtr version = workspace.publish();
  const auto score_at = [&](Time now) {
    return table.look(version, now).columns().scores.score(0);
  };
  EXPECT_EQ(score_at(kTestTime), 8'000'000);
  EXPECT_EQ(score_at(kTestTime + std::chrono::hours{24}), 4'000'000);
  EXPECT_EQ(score_at(kTestTime + std::chrono::hours{48}), 2'000'000);
  EXPECT_EQ(score_at(kTestTime + std::chrono::hours{24 * 180}), 0);
}

TEST(LeadTable, forgets_until_somebody_looks) {
  Workspace workspace;
  take(workspace, playbook_input(standard_playbook()), kTestTime);
  for (int i = 0; i < 50; ++i) take(workspace, person(i), kTestTime);
  LeadTable table;
  table.follow(workspace.publish(), kTestTime);
  const std::size_t full = table.memory();
  table.forget();
  EXPECT_LT(table.memory(), full);
  EXPECT_EQ(find_leads(table.look(workspace.publish(), kTestTime), {}).total, 50u);
}

}  // namespace
}  // namespace galena::workspace
