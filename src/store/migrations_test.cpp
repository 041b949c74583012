#include "store/migrations.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <vector>

#include "store/sqlite_store.hpp"
#include "store/test_directory.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The schema of a Galena to come: one step more than ours.
constexpr std::string_view kNextStep = "ALTER TABLE workspaces ADD COLUMN zone TEXT;";

struct NextSchema {
  explicit NextSchema(std::string_view step = kNextStep)
      : steps(current_schema().steps.begin(), current_schema().steps.end()),
        latest(std::string(current_schema().latest) + std::string(kNextStep)) {
    steps.push_back(step);
  }
  Schema schema() const {
    return {.latest = latest, .steps = steps, .log_format = current_schema().log_format};
  }

  std::vector<std::string_view> steps;
  std::string latest;
};

Result<std::unique_ptr<SqliteStore>> open(const std::string& directory, const Schema& schema,
                                          bool migrate = true) {
  return open_sqlite_with({.directory = directory, .migrate = migrate}, {.schema = &schema});
}

void make(const std::string& directory, const Schema& schema) {
  auto store = open(directory, schema);
  ASSERT_TRUE(store) << store.error().message;
  (*store)->create_workspace("Acme", from_ms(1));
}

std::vector<std::string> backups(const TestDirectory& directory) {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(directory / "backups", none)) {
    found.push_back(entry.path().string());
  }
  return found;
}

// Everything that defines a table or index, without the way it happens to be written.
std::string shape_of(Connection& connection) {
  return connection.text(
      "SELECT group_concat(line, char(10)) FROM ("
      "SELECT m.type || ' ' || m.name || ' of ' || m.tbl_name || ': ' || coalesce("
      "  (SELECT group_concat(printf('%d %s %s %d %s %d', cid, name, type, [notnull], dflt_value,"
      "   pk), '; ') FROM pragma_table_xinfo(m.name)), '') || ' | ' || coalesce("
      "  (SELECT group_concat(printf('%d %d %s', seqno, cid, name), '; ')"
      "   FROM pragma_index_info(m.name)), '') || ' | ' || coalesce("
      "  (SELECT group_concat(printf('%s %s %s %s', [table], [from], [to], on_delete), '; ')"
      "   FROM pragma_foreign_key_list(m.name)), '') AS line"
      " FROM sqlite_schema m ORDER BY m.type, m.name)");
}

TEST(Migrations, TheStepsLeadToTheLatestSchema) {
  Connection at_once(":memory:", "", Access::write);
  at_once.run(std::string(current_schema().latest));
  Connection by_steps(":memory:", "", Access::write);
  for (const std::string_view step : current_schema().steps) by_steps.run(std::string(step));
  EXPECT_THAT(shape_of(at_once), HasSubstr("table log of log"));
  EXPECT_EQ(shape_of(at_once), shape_of(by_steps));
  const char* checks = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%STRICT%'";
  EXPECT_EQ(at_once.number(checks), by_steps.number(checks));
}

TEST(Migrations, EveryTableIsStrict) {
  Connection connection(":memory:", "", Access::write);
  connection.run(std::string(current_schema().latest));
  EXPECT_EQ(connection.text("SELECT group_concat(name) FROM pragma_table_list WHERE strict = 0"
                            " AND schema = 'main' AND name NOT LIKE 'sqlite_%'"),
            "");
}

TEST(Migrations, AnOlderDatabaseIsCopiedThenMigrated) {
  const TestDirectory directory;
  make(directory.path(), current_schema());
  const NextSchema next;
  {
    auto store = open(directory.path(), next.schema());
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ((*store)->info().schema_version, current_schema().version() + 1);
    EXPECT_THAT((*store)->workspaces(), SizeIs(1));
  }
  ASSERT_THAT(backups(directory), SizeIs(1));
  EXPECT_THAT(backups(directory)[0], HasSubstr("before-migration-6-to-7-"));
  Connection copy(backups(directory)[0], "", Access::read);
  EXPECT_EQ(schema_version(copy).value(), current_schema().version());
  EXPECT_EQ(copy.text("SELECT name FROM workspaces"), "Acme");
}

TEST(Migrations, MayBeForbiddenAndThenNameTheCommand) {
  const TestDirectory directory;
  make(directory.path(), current_schema());
  const NextSchema next;
  const auto store = open(directory.path(), next.schema(), false);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::conflict);
  EXPECT_THAT(store.error().message, HasSubstr("galena migrate"));
  EXPECT_THAT(backups(directory), IsEmpty());
  EXPECT_TRUE(open(directory.path(), current_schema(), false)) << "nothing was to be migrated";
}

TEST(Migrations, ANewDatabaseIsNoMigration) {
  const TestDirectory directory;
  EXPECT_TRUE(open(directory.path(), current_schema(), false));
  EXPECT_THAT(backups(directory), IsEmpty());
}

TEST(Migrations, ANewerDatabaseIsRefusedAndLeftAlone) {
  const TestDirectory directory;
  const NextSchema next;
  make(directory.path(), next.schema());
  for (int round = 0; round < 2; ++round) {
    const auto store = open_sqlite({.directory = directory.path()});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::invalid);
    EXPECT_THAT(store.error().message, HasSubstr("newer Galena (schema 7, this one knows 6)"));
  }
  EXPECT_TRUE(open(directory.path(), next.schema()));
}

TEST(Migrations, ANewerLogFormatIsRefused) {
  const TestDirectory directory;
  Schema schema = current_schema();
  schema.log_format = 7;
  make(directory.path(), schema);
  const auto store = open_sqlite({.directory = directory.path()});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::invalid);
  EXPECT_THAT(store.error().message, HasSubstr("log format 7"));
}

TEST(Migrations, AFailedStepChangesNothing) {
  const TestDirectory directory;
  make(directory.path(), current_schema());
  const NextSchema broken("DELETE FROM workspaces; ALTER TABLE nowhere ADD COLUMN zone TEXT;");
  const auto store = open(directory.path(), broken.schema());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::internal);
  EXPECT_THAT(store.error().message, HasSubstr("changed nothing"));
  auto as_before = open_sqlite({.directory = directory.path()});
  ASSERT_TRUE(as_before) << as_before.error().message;
  EXPECT_THAT((*as_before)->workspaces(), SizeIs(1));
}

TEST(Migrations, AStepThatLeavesDanglingReferencesIsUndone) {
  const TestDirectory directory;
  {
    auto store = open(directory.path(), current_schema());
    (*store)->create_workspace("Acme", from_ms(1));
    (*store)->create_key({.workspace = 1, .kind = "api", .name = "x", .prefix = "x", .hash = "x"});
  }
  const NextSchema broken("DELETE FROM workspaces;");
  const auto store = open(directory.path(), broken.schema());
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("rows of keys refer to rows that are gone"));
  EXPECT_THAT((*open_sqlite({.directory = directory.path()}))->workspaces(), SizeIs(1));
}

TEST(Migrations, AStrangersFileIsRefusedAndLeftAlone) {
  const TestDirectory directory;
  {
    Connection stranger(directory / "galena.db", "", Access::write);
    stranger.run("CREATE TABLE recipes (name TEXT)");
  }
  const auto store = open_sqlite({.directory = directory.path()});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::internal);
  EXPECT_THAT(store.error().message, HasSubstr("not one of Galena's"));
  Connection stranger(directory / "galena.db", "", Access::read);
  EXPECT_EQ(stranger.text("PRAGMA journal_mode"), "delete");
}

}  // namespace
}  // namespace galena::store
