#include "worker/imports.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

#include "domain/decide.hpp"
#include "domain/import_settings.hpp"
#include "engine/recovery.hpp"
#include "store/import_files.hpp"
#include "store/test_directory.hpp"
#include "workspace/dump.hpp"

namespace galena::worker {
namespace {

using namespace domain;
using store::ImportFile;

class ImportsTest : public testing::Test {
 protected:
  ImportsTest() : store_(*store::open_sqlite({.directory = directory_.path()})) {
    engine_.emplace(*store_, system_clock());
    workspace_ = *engine_->create_workspace("Test");
  }

  // A file that its owner wants to be checked or imported.
  std::int64_t give(std::string_view bytes, ImportState state = ImportState::running) {
    const auto view = look_at_import(bytes, CsvSample::whole_file, {},
                                     [](std::string_view) { return std::string(); });
    EXPECT_TRUE(view.has_value()) << view.error().message;
    ImportSettings settings;
    settings.mapping = view->mapping;
    const auto row = store_->create_import({.workspace = workspace_,
                                            .name = "people.csv",
                                            .author = "user 1",
                                            .state = std::string(to_string(state)),
                                            .bytes = bytes.size(),
                                            .settings = import_settings_text(settings),
                                            .created_at = system_clock().now()});
    store_->import_files().write(workspace_, row.id, ImportFile::given, 0, bytes);
    return row.id;
  }

  ImportProgress work(std::int64_t id) {
    Imports(*engine_, *store_).work();
    return progress(id);
  }
  std::string state_of(std::int64_t id) { return store_->find_import(workspace_, id)->state; }
  ImportProgress progress(std::int64_t id) {
    return *read_import_progress(store_->find_import(workspace_, id)->progress);
  }
  void move(std::int64_t id, ImportState to) {
    auto row = *store_->find_import(workspace_, id);
    const std::string from = std::exchange(row.state, std::string(to_string(to)));
    ASSERT_TRUE(store_->move_import(row, from));
  }

  std::string rejected(std::int64_t id) {
    std::string text;
    store_->import_files().read(workspace_, id, ImportFile::rejected, [&](std::string_view piece) {
      text += piece;
      return true;
    });
    return text;
  }

  workspace::VersionPtr state() const { return engine_->read(workspace_); }
  const Lead* lead(const std::string& address) {
    held_ = state();
    const auto person = held_->find_person({KeyKind::address, address});
    return person ? &held_->lead(held_->person(*person).lead) : nullptr;
  }
  std::string value(const std::string& address, Field field) {
    const Lead* found = lead(address);
    return found == nullptr ? "(nobody)" : (*found->record)[field].value;
  }

  void tell(Source source, const std::string& address, const std::string& traits) {
    const std::string body =
        fmt::format(R"({{"userId":"{}","traits":{{"email":"{}",{}}}}})", address, address, traits);
    auto batch = read_request(body, MessageType::identify,
                              {.source = source, .key = 1, .arrived = system_clock().now()});
    std::promise<void> done;
    engine_->submit(workspace_, {batch->inputs.at(0)}, [&](auto) { done.set_value(); });
    done.get_future().get();
  }

  store::TestDirectory directory_;
  std::unique_ptr<store::Store> store_;
  std::optional<engine::Engine> engine_;
  store::WorkspaceId workspace_ = 0;
  workspace::VersionPtr held_;
};

constexpr std::string_view kPeople =
    "First Name,Last Name,Email,Job Title,Company Name,Number of Employees,Country\n"
    "Ada,Lovelace,ada@engines.example,VP Engineering,Analytical Engines,51-200,Germany\n"
    "Bo,Lund,bo@havn.example,Manager,Havn A/S,20,Denmark\n"
    "No,Body,nobody at nowhere,Clerk,Nowhere,3,Nowhere\n"
    "Ada,King,ada@engines.example,CTO,Analytical Engines,51-200,Germany\n";

TEST_F(ImportsTest, people_become_leads_who_have_done_nothing) {
  const auto id = give(kPeople);
  const ImportProgress end = work(id);
  EXPECT_EQ(state_of(id), "done");
  EXPECT_EQ(end.imported.rows, 4u);
  EXPECT_EQ(end.imported.created, 2u);
  EXPECT_EQ(end.imported.duplicate, 1u);
  EXPECT_EQ(end.imported.rejected, 1u);
  EXPECT_EQ(end.line, 5u);
  EXPECT_EQ(value("ada@engines.example", Field::title), "CTO");
  EXPECT_EQ(value("ada@engines.example", Field::employees), "51");
  EXPECT_EQ((*lead("bo@havn.example")->record).country, "DK");
  EXPECT_EQ(lead("bo@havn.example")->stage(), "contact");
  EXPECT_FALSE(lead("bo@havn.example")->standing.activity.last_seen.has_value());
  EXPECT_EQ(rejected(id).substr(0, 8), "4,Email,");
  EXPECT_NE(rejected(id).find("nobody at nowhere"), std::string::npos);
  EXPECT_FALSE(store_->import_files().has(workspace_, id, ImportFile::given)) << "not kept longer";
}

TEST_F(ImportsTest, a_dry_run_says_the_same_and_keeps_nothing) {
  tell(Source::server, "bo@havn.example", R"("title":"CEO")");
  const auto before = engine_->last_position(workspace_);
  const auto id = give(kPeople, ImportState::checking);
  const ImportFigures checked = work(id).checked;
  EXPECT_EQ(state_of(id), "checked");
  EXPECT_EQ(engine_->last_position(workspace_), before);
  EXPECT_EQ(lead("ada@engines.example"), nullptr);
  move(id, ImportState::running);
  EXPECT_EQ(work(id).imported, checked);
  EXPECT_EQ(checked.created, 1u);
  EXPECT_EQ(checked.updated, 1u);
}

TEST_F(ImportsTest, what_a_person_or_a_server_told_holds_and_what_is_known_is_unchanged) {
  tell(Source::api, "bo@havn.example", R"("title":"Owner")");
  const auto first = work(give(kPeople));
  EXPECT_EQ(first.imported.kept, 1u);
  EXPECT_EQ(value("bo@havn.example", Field::title), "Owner");
  EXPECT_EQ(value("bo@havn.example", Field::company_name), "Havn A/S");
  const auto again = work(give(kPeople.substr(0, kPeople.find("No,Body"))));
  EXPECT_EQ(again.imported.unchanged, 1u) << "Bo";
  EXPECT_EQ(again.imported.updated, 1u) << "Ada was CTO";
  EXPECT_EQ(again.imported.created, 0u);
}

// Whoever imports may be stopped behind any row, also when rows are in the log that the progress
// does not know of: what comes out is the same.
TEST_F(ImportsTest, goes_on_where_it_was) {
  std::string bytes(kPeople.substr(0, kPeople.find('\n') + 1));
  for (int i = 0; i < 3000; ++i) {
    bytes += i % 10 == 9 ? fmt::format("Bad,Row,none,,,,\n")
                         : fmt::format("P,Q,p{}@firm.example,CEO,Firm,{},France\n", i % 2500, i);
  }
  const auto id = give(bytes);
  const ImportProgress whole = work(id);
  const std::string rejected_of_whole = rejected(id);
  for (const std::uint64_t line : {0u, 1u, 499u, 777u, 3001u}) {
    store_->import_files().write(workspace_, id, ImportFile::given, 0, bytes);
    auto row = *store_->find_import(workspace_, id);
    // As if killed: the log has all, the table knows of the rows up to `line`.
    ImportProgress known;
    known.began_after = whole.began_after;
    known.line = line;
    row.progress = import_progress_text(known);
    row.state = "running";
    ASSERT_TRUE(store_->move_import(row, "done"));
    const auto position = engine_->last_position(workspace_);
    const ImportProgress end = work(id);
    EXPECT_EQ(engine_->last_position(workspace_), position) << "nothing came twice";
    EXPECT_EQ(end.line, whole.line);
    if (line <= 1) {
      EXPECT_EQ(end.imported, whole.imported);
      EXPECT_EQ(rejected(id), rejected_of_whole);
    }
  }
}

TEST_F(ImportsTest, an_undo_leaves_what_was_there) {
  tell(Source::server, "bo@havn.example", R"("title":"CEO")");
  const std::string score = fmt::format("{}", lead("bo@havn.example")->standing.score().micro);
  const auto id = give(kPeople);
  work(id);
  move(id, ImportState::undoing);
  const ImportProgress end = work(id);
  EXPECT_EQ(state_of(id), "undone");
  EXPECT_EQ(end.taken_back, 3u);
  EXPECT_EQ(end.left_standing, 0u);
  EXPECT_EQ(value("bo@havn.example", Field::company_name), "");
  EXPECT_EQ(value("bo@havn.example", Field::title), "CEO");
  EXPECT_EQ(fmt::format("{}", lead("bo@havn.example")->standing.score().micro), score);
  const Lead* ada = lead("ada@engines.example");
  EXPECT_TRUE(ada == nullptr || held_->person(ada->persons.front()).nobody);
}

TEST_F(ImportsTest, a_deal_is_told_of_its_contact_or_the_best_lead_of_its_company) {
  work(give(kPeople));
  const auto id = give(
      "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Create "
      "Date,Associated Company,Associated Contact\n"
      "1,Big,Closed Won,2026-01-05,Eve,\"15,000.50\",,2025-12-01,Analytical Engines,\n"
      "2,Small,Closed Lost,2026-01-06,Eve,900,,2025-12-01,,Bo Lund (bo@havn.example)\n"
      "3,Lost,Open,2026-01-06,Eve,900,,2025-12-01,Nobody Knows Ltd,\n");
  const ImportProgress end = work(id);
  EXPECT_EQ(end.imported.created, 2u);
  EXPECT_EQ(end.imported.rejected, 1u);
  EXPECT_NE(rejected(id).find("nobody of this company is known"), std::string::npos);
  const auto has = [&](const std::string& address, KindCode kind) {
    const Lead* found = lead(address);
    const auto events = events_of(*held_, *found);
    return std::ranges::any_of(events, [&](const Event& event) { return event.kind == kind; });
  };
  EXPECT_TRUE(has("ada@engines.example", kOpportunityWon));
  EXPECT_TRUE(has("bo@havn.example", kOpportunityLost));
}

TEST_F(ImportsTest, says_why_a_file_cannot_be_imported) {
  const auto id = give(kPeople);
  store_->import_files().forget(workspace_, id, ImportFile::given);
  work(id);
  EXPECT_EQ(state_of(id), "failed");
  EXPECT_NE(progress(id).error.find("give it again"), std::string::npos);
}

TEST_F(ImportsTest, the_log_alone_gives_the_same) {
  work(give(kPeople));
  const std::string live = workspace::canonical_dump(*state());
  const auto recalled = engine::recover(*store_, workspace_, system_clock().now());
  EXPECT_EQ(workspace::canonical_dump(recalled.now()), live);
}

}  // namespace
}  // namespace galena::worker
