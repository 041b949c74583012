#include "store/reports.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "store/sqlite.hpp"
#include "store/test_directory.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Time kNow = from_ms(1'800'000'000'000);

class ReportsTest : public ::testing::Test {
 protected:
  ReportsTest() { begin(); }

  // As after another start of the process.
  void begin() {
    reports_.reset();
    reports_ = std::make_unique<Reports>(file_, "");
    opened_ = reports_->open(logs_);
  }

  ReportsTurn turn(Position position = 1) const { return {opened_.file, 1, position}; }

  static LeadSlot lead(LeadNumber number, std::string_view email, Time now = kNow) {
    LeadSlot slot{.number = number, .row = ReportedLead{}};
    slot.row->email = email;
    slot.row->temperature = "cold";
    slot.row->score = 12'500'000;
    slot.row->scored_at = now;
    slot.row->stages = {{.stage = "contact", .entered_at = kNow, .position = 2},
                        {.stage = "lead", .entered_at = kNow + 1h, .score = 7, .position = 3}};
    slot.row->segments = {{.segment = "Keen", .since = kNow, .position = 3}};
    return slot;
  }

  bool put(const LeadSlot& slot, Position position = 1) {
    return reports_->put(turn(position), std::span(&slot, 1));
  }

  bool come_to(Position position) {
    const Reports::Told told{logs_[0], kNow, kNow};
    return reports_->is_as_of(turn(position), &told);
  }

  // As a stranger reads it.
  std::string read(const std::string& sql) const {
    return Connection(file_, "", Access::read).text(sql);
  }
  std::string emails() const {
    return read("SELECT group_concat(email, ' ') FROM (SELECT email FROM leads ORDER BY lead_key)");
  }

  std::string bytes() const {
    std::ostringstream all;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      all << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    }
    return all.str();
  }

  TestDirectory directory_;
  std::string file_ = directory_ / "reports.db";
  std::vector<ReportedLog> logs_{{1, "Acme", kNow, 10}};
  std::unique_ptr<Reports> reports_;
  Reports::Opened opened_;
};

TEST_F(ReportsTest, a_lead_is_a_row_with_its_stages_and_segments) {
  EXPECT_TRUE(opened_.is_new);
  ASSERT_TRUE(put(lead(7, "ann@acme.example")));
  EXPECT_EQ(read("SELECT workspace_id || ' ' || id || ' ' || email || ' ' || score || ' ' || grade "
                 "|| ' ' || stage || ' ' || stage_since || ' ' || (phone IS NULL) FROM leads"),
            "ws_1 lead_7 ann@acme.example 12.5 D4 lead 2027-01-15T09:00:00.000Z 1");
  EXPECT_EQ(read("SELECT group_concat(ifnull(from_stage, '-') || ' ' || s.stage || ' ' || "
                 "ifnull(left_at, '-') || ' ' || event_id, ', ') FROM lead_stages s "
                 "JOIN leads USING (lead_key)"),
            "- contact 2027-01-15T09:00:00.000Z evt_2, contact lead - evt_3");
  EXPECT_EQ(read("SELECT segment || ' ' || since FROM lead_segments"),
            "Keen 2027-01-15T08:00:00.000Z");
}

TEST_F(ReportsTest, what_is_shown_no_more_has_no_rows) {
  put(lead(1, "ann@acme.example"));
  put(lead(2, "bob@acme.example"));
  ASSERT_TRUE(put({.number = 1, .row = std::nullopt}));
  EXPECT_EQ(emails(), "bob@acme.example");
  EXPECT_EQ(read("SELECT count(*) FROM lead_stages"), "2");
  EXPECT_EQ(read("SELECT count(*) FROM lead_segments"), "1");
  ASSERT_TRUE(reports_->end_leads(turn(), 2));
  EXPECT_EQ(emails(), "");
  EXPECT_EQ(read("SELECT count(*) FROM lead_stages"), "0");
}

TEST_F(ReportsTest, what_says_the_same_is_written_again_before_it_is_a_day_old) {
  const auto scored_at = [&] { return read("SELECT scored_at FROM leads"); };
  put(lead(1, "ann@acme.example"));
  put(lead(1, "ann@acme.example", kNow + 16h));
  EXPECT_EQ(scored_at(), format_time(kNow));
  put(lead(1, "ann@acme.example", kNow + 18h));
  EXPECT_EQ(scored_at(), format_time(kNow + 18h));
  put(lead(1, "anna@acme.example", kNow + 19h));
  EXPECT_EQ(scored_at(), format_time(kNow + 19h));
  LeadSlot moved = lead(1, "anna@acme.example", kNow + 20h);
  moved.row->stages.push_back({.stage = "mql", .entered_at = kNow + 20h});
  moved.row->segments.clear();
  put(moved);
  EXPECT_EQ(read("SELECT stage FROM leads"), "mql");
  EXPECT_EQ(read("SELECT count(*) FROM lead_stages"), "3");
  EXPECT_EQ(read("SELECT count(*) FROM lead_segments"), "0");
}

TEST_F(ReportsTest, accounts_come_and_go) {
  AccountSlot slot{.id = "acme.example", .row = ReportedAccount{}};
  slot.row->name = "Acme";
  slot.row->people = 2;
  slot.row->best_lead = 7;
  slot.row->temperature = "hot";
  slot.row->scored_at = kNow;
  ASSERT_TRUE(reports_->put(turn(), std::span(&slot, 1)));
  put(lead(7, "ann@acme.example"));
  EXPECT_EQ(read("SELECT a.name || ' ' || people || ' ' || l.email FROM accounts a "
                 "JOIN leads l ON l.lead_key = best_lead_key"),
            "Acme 2 ann@acme.example");
  EXPECT_THAT(reports_->account_ids(1), ElementsAre("acme.example"));
  slot.row.reset();
  reports_->put(turn(), std::span(&slot, 1));
  EXPECT_THAT(reports_->account_ids(1), IsEmpty());
}

TEST_F(ReportsTest, only_the_owner_may_read_it) {
  struct stat found {};
  for (const char* end : {"", "-wal", "-shm"}) {
    ASSERT_EQ(::stat((file_ + end).c_str(), &found), 0) << end;
    EXPECT_EQ(found.st_mode & 0777, 0600u) << end;
  }
}

TEST_F(ReportsTest, is_kept_over_a_start) {
  put(lead(1, "ann@acme.example"));
  come_to(5);
  EXPECT_EQ(
      read("SELECT workspace_id || ' ' || workspace_name || ' ' || log_position FROM projection"),
      "ws_1 Acme 5");
  begin();
  EXPECT_FALSE(opened_.is_new);
  EXPECT_EQ(emails(), "ann@acme.example");
  EXPECT_EQ(reports_->info().workspaces.at(1).position, 5u);
}

TEST_F(ReportsTest, what_is_of_no_use_is_made_anew) {
  const std::vector<std::pair<const char*, std::function<void()>>> harms{
      {"deleted", [&] { fs::remove(file_); }},
      {"cut", [&] { fs::resize_file(file_, 5000); }},
      {"something else", [&] { std::ofstream(file_) << std::string(9000, 'x'); }},
      {"empty", [&] { fs::resize_file(file_, 0); }},
      {"of another schema",
       [&] { Connection(file_, "", Access::write).run("PRAGMA user_version = 999"); }},
      {"of somebody else",
       [&] { Connection(file_, "", Access::write).run("PRAGMA application_id = 5"); }},
      {"of another workspace", [&] { logs_[0].created_at += 1h; }},
      {"from a time that has not been", [&] { logs_[0].position = 4; }},
      {"of more workspaces", [&] { logs_[0].id = 2; }}};
  for (const auto& [name, harm] : harms) {
    logs_[0] = {1, "Acme", kNow, 10};
    reports_->drop();
    opened_ = reports_->open(logs_);
    ASSERT_TRUE(put(lead(1, "ann@acme.example"))) << name;
    ASSERT_TRUE(come_to(5)) << name;
    reports_.reset();
    harm();
    begin();
    EXPECT_TRUE(opened_.is_new) << name;
    EXPECT_EQ(emails(), "") << name;
    logs_[0].id = 1;
    EXPECT_TRUE(put(lead(1, "bob@acme.example"))) << name;
    EXPECT_EQ(emails(), "bob@acme.example") << name;
  }
}

TEST_F(ReportsTest, a_file_that_somebody_deletes_meanwhile_is_noticed_by_the_next_look) {
  put(lead(1, "ann@acme.example"));
  for (const char* end : {"", "-wal", "-shm"}) fs::remove(file_ + end);
  const ReportsTurn before = turn();
  opened_ = reports_->open(logs_);
  EXPECT_TRUE(opened_.is_new);
  const LeadSlot slot = lead(2, "bob@acme.example");
  EXPECT_FALSE(reports_->put(before, std::span(&slot, 1))) << "that file is gone";
  EXPECT_TRUE(put(slot));
  EXPECT_EQ(emails(), "bob@acme.example");
}

TEST_F(ReportsTest, a_reader_holds_nobody_up) {
  put(lead(1, "ann@acme.example"));
  Connection reader(file_, "", Access::read);
  const Transaction moment(reader, Access::read);
  EXPECT_EQ(reader.number("SELECT count(*) FROM leads"), 1);
  EXPECT_TRUE(put(lead(2, "bob@acme.example")));
  EXPECT_EQ(reader.number("SELECT count(*) FROM leads"), 1) << "one moment";
  EXPECT_EQ(emails(), "ann@acme.example bob@acme.example");
}

TEST_F(ReportsTest, where_nobody_writes_an_erasure_takes_the_file) {
  put(lead(1, "quokka@acme.example"));
  come_to(5);
  reports_->forget(1, 6);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_FALSE(put(lead(1, "quokka@acme.example"), 5));
  EXPECT_EQ(bytes().find("quokka"), std::string::npos);
  // What was written by an earlier start goes as well, whatever it says of itself.
  opened_ = reports_->open(logs_);
  put(lead(1, "quokka@acme.example"), 9);
  come_to(9);
  begin();
  reports_->forget(1, 6);
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(ReportsTest, an_erasure_waits_for_who_writes) {
  put(lead(1, "quokka@acme.example"));
  put(lead(2, "bob@acme.example"));
  come_to(5);
  reports_->begin_writing();
  std::thread writer([&] {
    while (!reports_->is_awaited()) std::this_thread::sleep_for(1ms);
    EXPECT_FALSE(put(lead(1, "quokka@acme.example"), 5)) << "of before the erasure";
    EXPECT_TRUE(put({.number = 1, .row = std::nullopt}, 6));
    EXPECT_TRUE(come_to(6));
  });
  reports_->forget(1, 6);
  writer.join();
  EXPECT_EQ(emails(), "bob@acme.example");
  reports_->scrub();
  EXPECT_EQ(bytes().find("quokka"), std::string::npos);
  EXPECT_EQ(emails(), "bob@acme.example");
  EXPECT_TRUE(put(lead(3, "cem@acme.example"), 6));
  reports_->end_writing();
}

TEST_F(ReportsTest, who_stops_writing_is_not_waited_for) {
  put(lead(1, "ann@acme.example"));
  come_to(5);
  reports_->begin_writing();
  std::thread writer([&] {
    while (!reports_->is_awaited()) std::this_thread::sleep_for(1ms);
    reports_->end_writing();
  });
  reports_->forget(1, 6);
  writer.join();
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(ReportsTest, a_reader_of_an_old_moment_does_not_keep_an_erased_person) {
  put(lead(1, "quokka@acme.example"));
  put(lead(2, "bob@acme.example"));
  Connection reader(file_, "", Access::read);
  {
    const Transaction moment(reader, Access::read);
    EXPECT_EQ(reader.number("SELECT count(*) FROM leads"), 2);
    put({.number = 1, .row = std::nullopt}, 6);
    come_to(6);
    reports_->scrub();
    EXPECT_FALSE(fs::exists(file_)) << "it was waited for, and then the file went";
    EXPECT_EQ(bytes().find("quokka"), std::string::npos);
  }
  opened_ = reports_->open(logs_);
  EXPECT_TRUE(opened_.is_new);
  put(lead(2, "bob@acme.example"), 6);
  EXPECT_EQ(emails(), "bob@acme.example");
}

}  // namespace
}  // namespace galena::store
