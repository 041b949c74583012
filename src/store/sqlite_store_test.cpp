// What the contract suite cannot ask of every store: files, modes, locks, the WAL.
#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/test_directory.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<Store> open(const TestDirectory& directory) {
  auto store = open_sqlite({.directory = directory / "data"});
  if (!store) throw std::runtime_error(store.error().message);
  return std::move(*store);
}

mode_t mode_of(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

void append(Store& store, Position first, Position last, std::string_view input = "{}") {
  std::vector<LogRow> rows;
  for (Position position = first; position <= last; ++position) {
    rows.push_back({.workspace = 1,
                    .position = position,
                    .received_at = from_ms(1),
                    .kind = 1,
                    .input = input,
                    .outcome = "{}"});
  }
  store.append(rows);
}

void overwrite(const std::string& path, std::streamoff offset, std::string_view bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(offset);
  file << bytes;
}

TEST(SqliteStore, KeepsItsFilesToItself) {
  const TestDirectory directory;
  const mode_t before = ::umask(0);
  {
    const auto store = open(directory);
    append(*store, 1, 1);
    store->save_snapshot(1, 1, "x");
    EXPECT_EQ(mode_of(directory / "data"), 0700u);
    EXPECT_EQ(mode_of(directory / "data/snapshots"), 0700u);
    for (const char* name : {"galena.db", "galena.db-wal", "galena.lock", "snapshots/1-1.snap"}) {
      EXPECT_EQ(mode_of(directory / "data/" + name), 0600u) << name;
    }
  }
  ::umask(before);
}

TEST(SqliteStore, ASecondOpenerIsRefusedAndTheLockGoesWithItsProcess) {
  const TestDirectory directory;
  auto store = open(directory);
  const auto refused_in_child = [&] {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto second = open_sqlite({.directory = directory / "data"});
      ::_exit(!second && second.error().code == ErrorCode::conflict ? 7 : 8);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 7;
  };
  EXPECT_TRUE(refused_in_child());
  const auto second = open_sqlite({.directory = directory / "data"});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another Galena"));
  store.reset();
  EXPECT_FALSE(refused_in_child());
  open(directory);
}

TEST(SqliteStore, ADirectoryThatCannotBeMadeIsAnError) {
  const TestDirectory directory;
  std::ofstream(directory / "data") << "a file";
  const auto store = open_sqlite({.directory = directory / "data/inner"});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("cannot be made"));
}

TEST(SqliteStore, ABrokenFileIsAnError) {
  const TestDirectory directory;
  fs::create_directory(directory / "data");
  std::ofstream(directory / "data/galena.db") << std::string(8192, 'x');
  const auto store = open_sqlite({.directory = directory / "data"});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::internal);
  EXPECT_THAT(store.error().message, HasSubstr("not a database"));
}

TEST(SqliteStore, ADamagedPageStopsReadingWithAnIoError) {
  const TestDirectory directory;
  {
    const auto store = open(directory);
    append(*store, 1, 2000, std::string(600, 'x'));
  }
  overwrite(directory / "data/galena.db", 4096 * 40, std::string(4096 * 20, '\xEE'));
  const auto store = open(directory);
  try {
    store->read_log(1, 0, [](const LogRow&) { return true; });
    FAIL() << "it read what is not there";
  } catch (const StoreError& error) {
    EXPECT_EQ(error.kind(), StoreError::Kind::io);
  }
}

TEST(SqliteStore, KeepsTwoSnapshotsOfEachWorkspace) {
  const TestDirectory directory;
  const auto store = open(directory);
  for (const Position position : {9, 10, 100, 11}) store->save_snapshot(1, position, "x");
  store->save_snapshot(11, 3, "other");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory / "data/snapshots")) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("1-100.snap", "1-11.snap", "11-3.snap"));
}

TEST(SqliteStore, SkipsDamagedSnapshots) {
  const TestDirectory directory;
  const auto store = open(directory);
  const std::string newest = directory / "data/snapshots/1-20.snap";
  const auto newest_position = [&] {
    const auto found = store->newest_snapshot(1);
    return found ? found->position : 0;
  };
  const auto save = [&] { store->save_snapshot(1, 20, std::string(1000, 'n')); };
  store->save_snapshot(1, 10, "older");
  save();
  EXPECT_EQ(newest_position(), 20);
  for (const std::streamoff offset : {0, 9, 13, 17, 25, 40, 64, 900}) {
    overwrite(newest, offset, "!?");
    EXPECT_EQ(newest_position(), 10) << "damaged at byte " << offset;
    save();
  }
  for (const std::uintmax_t size : {0, 5, 64, 1063}) {
    fs::resize_file(newest, size);
    EXPECT_EQ(newest_position(), 10) << "cut to " << size;
    save();
  }
  fs::rename(newest, directory / "data/snapshots/1-30.snap");
  EXPECT_EQ(newest_position(), 10) << "under a wrong name";
}

TEST(SqliteStore, ForgetsHalfWrittenSnapshots) {
  const TestDirectory directory;
  open(directory);
  std::ofstream(directory / "data/snapshots/1-5.snap.new") << "half";
  const auto store = open(directory);
  EXPECT_FALSE(store->newest_snapshot(1));
  EXPECT_FALSE(fs::exists(directory / "data/snapshots/1-5.snap.new"));
}

// Whether the text stands in any file, wherever in it.
bool stands_in_files(const std::string& directory, std::string_view text) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (bytes.find(text) != std::string::npos) return true;
  }
  return false;
}

// Rows of two workspaces take turns, so pages in the middle are split and rows move about in them.
TEST(SqliteStore, AScrubLeavesNothingOfRewrittenRowsInAnyFile) {
  const TestDirectory directory;
  const auto store = open(directory);
  std::vector<RewrittenRow> rows;
  for (Position position = 1; position <= 400; ++position) {
    // Some in pages of their own, some among others.
    const std::size_t size = position % 5 == 0 ? 9000 : position * 37 % 1500;
    const std::string text = std::string(size, 'x') + (position % 3 == 0 ? "QUOKKA" : "");
    for (const WorkspaceId workspace : {1u, 2u}) {
      const LogRow row{.workspace = workspace,
                       .position = position,
                       .received_at = from_ms(1),
                       .kind = 1,
                       .input = text,
                       .outcome = "{}"};
      store->append(std::span(&row, 1));
    }
    if (position % 3 == 0) rows.push_back({position, "{}"});
  }
  fs::create_directory(directory / "data/backups");
  fs::copy_file(directory / "data/galena.db-wal",
                directory / "data/backups/before-migration-1-to-2");
  EXPECT_TRUE(stands_in_files(directory / "data", "QUOKKA"));
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) store->read_log(1, 0, [](const LogRow&) { return true; });
  });
  store->rewrite(1, rows);
  store->rewrite(2, rows);
  store->forget_copies(1, 1);
  store->scrub();
  done = true;
  reader.join();
  EXPECT_FALSE(stands_in_files(directory / "data", "QUOKKA"));
  EXPECT_EQ(store->last_position(2), 400);
}

TEST(SqliteStore, ABackupIsACompleteStoreOfOneMoment) {
  const TestDirectory directory;
  {
    const auto store = open(directory);
    store->create_workspace("Acme", from_ms(1));
    append(*store, 1, 3);
    std::atomic<bool> stop = false;
    std::thread writer([&] {
      for (Position position = 4; !stop; ++position) append(*store, position, position);
    });
    const auto made = store->backup(directory / "copy.db");
    stop = true;
    writer.join();
    ASSERT_TRUE(made) << made.error().message;
  }
  EXPECT_EQ(mode_of(directory / "copy.db"), 0600u);
  EXPECT_FALSE(fs::exists(directory / "copy.db-wal"));
  EXPECT_FALSE(fs::exists(directory / "copy.db.partial"));
  fs::create_directory(directory / "restored");
  fs::rename(directory / "copy.db", directory / "restored/galena.db");
  auto restored = open_sqlite({.directory = directory / "restored"});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_GE((*restored)->last_position(1), 3);
  append(**restored, (*restored)->last_position(1) + 1, (*restored)->last_position(1) + 1);
}

TEST(SqliteStore, ABackupOverwritesNothing) {
  const TestDirectory directory;
  const auto store = open(directory);
  ASSERT_TRUE(store->backup(directory / "copy.db"));
  const auto again = store->backup(directory / "copy.db");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  const auto nowhere = store->backup(directory / "missing/copy.db");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::internal);
  EXPECT_THAT(nowhere.error().message, HasSubstr("cannot be made"));
}

// The checkpoint thread must get its turn beside a writer that never pauses.
TEST(SqliteStore, TheWalStaysAboutItsCap) {
  const TestDirectory directory;
  constexpr std::uint64_t kCap = 1 << 20;
  auto opened = open_sqlite({.directory = directory / "data", .wal_bytes_max = kCap});
  ASSERT_TRUE(opened) << opened.error().message;
  Store& store = **opened;
  const std::string input(600, 'x');
  std::uint64_t largest = 0;
  for (Position first = 1; first <= 60'000; first += 100) {
    append(store, first, first + 99, input);
    largest = std::max(largest, store.info().wal_bytes);
  }
  EXPECT_GT(store.info().file_bytes, 30 * kCap);
  EXPECT_LT(largest, 10 * kCap);
  EXPECT_EQ(store.last_position(1), 60'000);
}

TEST(SqliteStore, ManyThreadsReadAndChangeTheCatalogueWhileTheLogGrows) {
  const TestDirectory directory;
  const auto store = open(directory);
  store->create_workspace("Acme", from_ms(1));
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&, number] {
      for (int round = 0; round < 20; ++round) {
        const std::string name = std::to_string(number) + "-" + std::to_string(round);
        store->create_key(
            {.workspace = 1, .kind = "api", .name = name, .prefix = "p", .hash = name});
        Position expected = 1;
        store->read_log(1, 0, [&](const LogRow& row) { return row.position == expected++; });
      }
    });
  }
  for (Position position = 1; position <= 100; ++position) append(*store, position, position);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->keys().size(), 80u);
  EXPECT_EQ(store->last_position(1), 100);
}

}  // namespace
}  // namespace galena::store
