#include "worker/projections.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "domain/playbook.hpp"
#include "store/report_dump.hpp"
#include "store/test_directory.hpp"

namespace galena::worker {
namespace {

using namespace domain;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class HandClock final : public Clock {
 public:
  Time now() override { return wall; }
  std::chrono::nanoseconds monotonic() override { return wall.load().time_since_epoch(); }
  std::atomic<Time> wall = from_ms(1'800'000'000'000);
};

class ProjectionsTest : public testing::Test {
 protected:
  ProjectionsTest() {
    open();
    workspace_ = *engine_->create_workspace("Test");
  }

  void open() {
    close();
    store_ = *store::open_sqlite({.directory = directory_.path()});
    engine_.emplace(*store_, clock_);
    projections_.emplace(*engine_, *store_);
  }
  void close() {
    projections_.reset();
    engine_.reset();
    store_.reset();
  }

  Result<engine::Receipt> take(Input input) {
    std::promise<Result<engine::Receipts>> promise;
    engine_->submit(workspace_, {std::move(input)}, [&](Result<engine::Receipts> receipts) {
      promise.set_value(std::move(receipts));
    });
    auto receipt = promise.get_future().get()->front();
    EXPECT_TRUE(receipt.has_value()) << receipt.error().message;
    return receipt;
  }

  Position send(MessageType type, const std::string& body, Source source = Source::server) {
    auto batch = read_request(body, type, {.source = source, .key = 1, .arrived = clock_.now()});
    return take(batch->inputs.at(0))->position;
  }
  Position identify(std::string_view user, std::string_view traits) {
    return send(MessageType::identify,
                fmt::format(R"({{"userId":"{}","traits":{{{}}}}})", user, traits));
  }
  void track(std::string_view user, std::string_view event) {
    send(MessageType::track, fmt::format(R"({{"userId":"{}","event":"{}"}})", user, event));
  }

  void tune(const std::function<void(Playbook&)>& change) {
    Playbook playbook = engine_->read(workspace_)->playbook()->source;
    change(playbook);
    take(PlaybookInput{write_playbook(playbook), "user 1", ""});
    std::promise<void> settled;
    engine_->when_settled(workspace_, [&] { settled.set_value(); });
    settled.get_future().get();
  }

  void erase(LeadOrdinal lead) {
    take(EraseInput{.lead = lead,
                    .author = "user 1",
                    .idempotency_key = {},
                    .secret = std::string(32, 's'),
                    .suppress = {},
                    .lift = {},
                    .keys = {}});
    for (;;) {
      const auto all = engine_->erasures(workspace_);
      if (!all.empty() && all.back().done) return;
      std::this_thread::sleep_for(5ms);
    }
  }

  std::string read(const std::string& sql) const {
    return store::Connection(directory_ / "reports.db", "", store::Access::read).text(sql);
  }

  std::vector<std::string> rows() const { return store::dump_reports(directory_ / "reports.db"); }

  // What is kept by changes, against a file that is made from nothing.
  void expect_kept() {
    projections_->look();
    const auto kept = rows();
    store_->reports().drop();
    Projections(*engine_, *store_).look();
    EXPECT_EQ(kept, rows());
    projections_.emplace(*engine_, *store_);
    projections_->look();
  }

  bool is_in_a_file(std::string_view word) const {
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream content;
      content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (content.str().find(word) != std::string::npos) return true;
    }
    return false;
  }

  store::TestDirectory directory_;
  HandClock clock_;
  std::unique_ptr<store::Store> store_;
  std::optional<engine::Engine> engine_;
  std::optional<Projections> projections_;
  store::WorkspaceId workspace_ = 0;
};

// A workspace that is put to sleep, by the engine's own look.
class SleepingProjectionsTest : public ProjectionsTest {
 protected:
  void sleep() {
    clock_.wall = clock_.wall.load() + 11min;
    for (int i = 0; i < 200 && engine_->awake_count() > 0; ++i) {
      engine_->look_after();
      std::this_thread::sleep_for(5ms);
    }
    ASSERT_EQ(engine_->awake_count(), 0u);
  }
};

TEST_F(SleepingProjectionsTest, leaves_who_sleeps_alone_until_the_next_round) {
  identify("u1", R"("email":"ann@acme.example")");
  projections_->look();
  sleep();
  EXPECT_EQ(projections_->look(), 0u);
  EXPECT_EQ(engine_->awake_count(), 0u);
  clock_.wall = clock_.wall.load() + Projections::kRound;
  EXPECT_EQ(projections_->look(), 1u);
  sleep();
  open();
  EXPECT_EQ(engine_->awake_count(), 0u);
  EXPECT_EQ(projections_->look(), 0u) << "the file says that it is as of the end of the log";
  EXPECT_EQ(engine_->awake_count(), 0u);
}

TEST_F(SleepingProjectionsTest, writes_what_came_before_and_after_the_sleep) {
  identify("u1", R"("email":"ann@acme.example")");
  projections_->look();
  track("u1", "Demo Requested");
  sleep();
  EXPECT_EQ(projections_->look(), 1u) << "it fell asleep before anybody had looked";
  sleep();
  identify("u1", R"("email":"other@acme.example")");
  identify("u2", R"("email":"bob@acme.example")");
  expect_kept();
  EXPECT_EQ(read("SELECT group_concat(email) FROM leads"), "other@acme.example,bob@acme.example");
}

TEST_F(SleepingProjectionsTest, fills_a_new_file_with_who_sleeps) {
  identify("u1", R"("email":"ann@acme.example")");
  projections_->look();
  sleep();
  store_->reports().drop();
  EXPECT_EQ(projections_->look(), 1u);
  EXPECT_EQ(read("SELECT email FROM leads"), "ann@acme.example");
}

TEST_F(ProjectionsTest, writes_what_changed_and_no_more) {
  identify("ann", R"("email":"ann@acme.example","title":"VP Sales")");
  identify("bob", R"("email":"bob@acme.example")");
  EXPECT_EQ(projections_->look(), 2u);
  EXPECT_EQ(projections_->look(), 0u);
  track("bob", "Demo Requested");
  EXPECT_EQ(projections_->look(), 1u);
  EXPECT_EQ(read("SELECT score || ' ' || stage FROM leads WHERE email = 'bob@acme.example'"),
            "25.0 lead");
  EXPECT_EQ(read("SELECT log_position FROM projection"), "4");
  expect_kept();
}

TEST_F(ProjectionsTest, a_merge_an_undo_and_an_erasure_are_as_in_lists) {
  identify("ann", R"("email":"ann@acme.example")");
  identify("bob", R"("email":"bob@acme.example")");
  const Position cem = identify("cem", R"("email":"cem@acme.example")");
  projections_->look();
  take(MergeInput{{0, 1, "same", "user 1", ""}});
  projections_->look();
  EXPECT_EQ(read("SELECT group_concat(id) FROM leads"), "lead_1,lead_3");
  expect_kept();
  take(VoidInput{.voids = cem, .reason = "mistake", .author = "user 1"});
  projections_->look();
  EXPECT_EQ(read("SELECT group_concat(id) FROM leads"), "lead_1");
  expect_kept();
  identify("dan", R"("email":"dan@acme.example")");
  projections_->look();
  erase(0);
  projections_->look();
  EXPECT_EQ(read("SELECT group_concat(email) FROM leads"), "dan@acme.example");
  expect_kept();
}

TEST_F(ProjectionsTest, another_playbook_gives_everybody_another_row) {
  for (int i = 0; i < 5; ++i) {
    identify(fmt::format("u{}", i), fmt::format(R"("email":"u{}@acme.example")", i));
    track(fmt::format("u{}", i), "Demo Requested");
  }
  projections_->look();
  tune([](Playbook& playbook) {
    for (Rule& rule : playbook.rules) {
      if (rule.name == "Demo request") rule.points = *(rule.cap = Points::whole(60));
    }
    playbook.segments.push_back({"Asked", R"(count("Demo Requested") >= 1)"});
  });
  projections_->look();
  EXPECT_EQ(read("SELECT min(score) || ' ' || max(score) FROM leads"), "60.0 60.0");
  EXPECT_EQ(read("SELECT count(*) FROM lead_segments WHERE segment = 'Asked'"), "5");
  EXPECT_EQ(read("SELECT count(*) FROM leads WHERE stage = 'mql'"), "5");
  expect_kept();
}

TEST_F(ProjectionsTest, a_lead_that_hears_nothing_new_shows_the_new_name_of_its_account) {
  identify("bob", R"("email":"bob@gmail.com","company":{"id":"g1","name":"Bob & Sons"})");
  projections_->look();
  EXPECT_EQ(read("SELECT account_id || ' ' || account_name FROM leads"), "g1 Bob & Sons");
  // A lesser word than Bob's own for his record, but the account's own name.
  send(MessageType::group, R"({"userId":"eve","groupId":"g1","traits":{"name":"Sons Group"}})",
       Source::import);
  EXPECT_EQ(projections_->look(), 2u);
  EXPECT_EQ(read("SELECT company_name || ', ' || account_name FROM leads WHERE id = 'lead_1'"),
            "Bob & Sons, Sons Group");
  EXPECT_EQ(read("SELECT name || ' ' || people FROM accounts"), "Sons Group 2");
  expect_kept();
  // And under another id as soon as somebody says whose domain that is.
  send(MessageType::group, R"({"userId":"eve","groupId":"g1","traits":{"domain":"sons.com"}})");
  projections_->look();
  EXPECT_EQ(read("SELECT group_concat(DISTINCT account_id) FROM leads"), "sons.com");
  EXPECT_EQ(read("SELECT group_concat(id) FROM accounts"), "sons.com");
  expect_kept();
}

TEST_F(ProjectionsTest, a_start_makes_right_whatever_the_file_says) {
  identify("ann", R"("email":"ann@acme.example")");
  identify("bob", R"("email":"bob@beta.com")");
  projections_->look();
  open();
  identify("bob", R"("email":"bob@beta.com","title":"CEO")");
  {
    store::Connection stranger(directory_ / "reports.db", "", store::Access::write);
    stranger.run(
        "DELETE FROM leads WHERE id = 'lead_1';"
        "INSERT INTO leads SELECT lead_key + 7, workspace_id, 'lead_9', email, first_name,"
        " last_name, name, title, seniority, department, phone, company_name,"
        " company_domain, company_employees, company_industry, account_id, account_name,"
        " country, score, fit, interest, grade, fit_grade, interest_level, temperature,"
        " stage, stage_since, created_at, first_seen_at, last_seen_at, visitor, scored_at,"
        " content_hash, history_hash FROM leads;"
        "INSERT INTO accounts SELECT workspace_id, 'never.com', name, domain, employees,"
        " industry, country, people, visitors, score, best_lead_key, temperature,"
        " last_seen_at, scored_at, content_hash FROM accounts WHERE id = 'beta.com'");
  }
  projections_->look();
  EXPECT_EQ(read("SELECT group_concat(id || ' ' || ifnull(title, '-')) FROM leads"),
            "lead_1 -,lead_2 CEO");
  expect_kept();
}

TEST_F(ProjectionsTest, scores_that_fade_are_looked_at_again_in_a_round_of_hours) {
  tune([](Playbook& playbook) {
    for (Rule& rule : playbook.rules) {
      if (!rule.on.empty()) rule.half_life = std::chrono::hours{24};
    }
  });
  identify("ann", R"("email":"ann@acme.example")");
  track("ann", "Demo Requested");
  projections_->look();
  const auto score = [&] { return read("SELECT score FROM leads"); };
  EXPECT_EQ(score(), "25.0");
  clock_.wall = clock_.now() + 5h;
  projections_->look();
  EXPECT_EQ(score(), "25.0");
  clock_.wall = clock_.now() + 2h;
  projections_->look();
  EXPECT_LT(std::stod(score()), 25.0);
  EXPECT_EQ(read("SELECT scored_at FROM leads"), format_time(clock_.now()));
  for (int hours = 0; hours < 60; hours += 3) {
    clock_.wall = clock_.now() + 3h;
    projections_->look();
    const auto scored_at = parse_time(read("SELECT min(scored_at) FROM leads"));
    EXPECT_LE(clock_.now() - *scored_at, 24h);
  }
}

TEST_F(ProjectionsTest, a_file_that_is_deleted_is_there_again) {
  identify("ann", R"("email":"ann@acme.example")");
  projections_->look();
  const auto before = rows();
  for (const char* end : {"", "-wal", "-shm"}) fs::remove(directory_ / "reports.db" + end);
  projections_->look();
  EXPECT_EQ(rows(), before);
}

TEST_F(ProjectionsTest, more_than_a_slice_and_a_second_workspace) {
  const auto other = engine_->create_workspace("Other");
  for (std::size_t i = 0; i < Projections::kSlice + 5; ++i) {
    identify(fmt::format("u{}", i), fmt::format(R"("email":"u{}@c{}.com")", i, i % 7));
  }
  EXPECT_EQ(projections_->look(), Projections::kSlice + 5);
  workspace_ = *other;
  identify("u1", R"("email":"u1@c1.com")");
  EXPECT_EQ(projections_->look(), 1u);
  EXPECT_EQ(
      read("SELECT group_concat(n) FROM (SELECT count(*) n FROM leads GROUP BY workspace_id)"),
      "1005,1");
  EXPECT_EQ(read("SELECT group_concat(people) FROM (SELECT people FROM accounts"
                 " WHERE id = 'c1.com' ORDER BY workspace_id)"),
            "144,1");
  expect_kept();
}

TEST_F(ProjectionsTest, an_erasure_is_done_only_when_nothing_is_left_of_the_person) {
  projections_->start();
  identify("quokka", R"("email":"quokka@acme.example","company":{"name":"quokka and sons"})");
  identify("bob", R"("email":"bob@acme.example")");
  while (!store_->reports().info().workspaces.contains(workspace_))
    std::this_thread::sleep_for(5ms);
  erase(0);
  EXPECT_FALSE(is_in_a_file("quokka"));
  EXPECT_EQ(read("SELECT group_concat(email) FROM leads"), "bob@acme.example")
      << "nobody else's rows went";
}

TEST_F(ProjectionsTest, the_same_where_nobody_writes_the_reports) {
  identify("quokka", R"("email":"quokka@acme.example")");
  projections_->look();
  EXPECT_TRUE(is_in_a_file("quokka@acme.example"));
  erase(0);
  EXPECT_FALSE(is_in_a_file("quokka"));
  projections_->look();
  EXPECT_EQ(read("SELECT count(*) FROM leads"), "0");
}

}  // namespace
}  // namespace galena::worker
