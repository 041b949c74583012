// The store on a disk that loses power, fills up, or fails to sync: at every single place.
#include <gmock/gmock.h>

#include <fstream>

#include "crash_vfs.hpp"
#include "store/test_directory.hpp"
#include "workload.hpp"

namespace galena::store {
namespace {

constexpr std::array kAllSurvivors{Survivors::none, Survivors::all, Survivors::prefix,
                                   Survivors::random, Survivors::torn};

// Only the lock and the (empty) folders lie on the machine's own disk.
class StoreOnABadDisk : public ::testing::Test {
 protected:
  Workload workload(CrashVfs& vfs, std::uint64_t seed, bool checkpoint_thread = false) {
    return Workload(directory_.path(), vfs.name(), seed, checkpoint_thread);
  }

  // How often the fault could hit in a run without any.
  std::uint64_t chances(Fault fault, std::uint64_t seed) {
    CrashVfs vfs;
    Workload work = workload(vfs, seed);
    while (work.step()) {
    }
    EXPECT_EQ(work.complaint(), "");
    work.close();
    return vfs.disk().count(fault);
  }

  // Runs until the power goes, or to the end.
  static void run_until_dead(Workload& work) {
    try {
      while (work.step()) {
      }
    } catch (const StoreError&) {
      // The program would stop here; what it does after this does not reach the disk.
    }
    work.close();
  }

  void expect_recovery(CrashVfs& vfs, Workload& work, Survivors survivors, std::uint64_t seed) {
    vfs.disk().reboot(survivors, seed);
    ASSERT_EQ(work.reopen(), "");
    ASSERT_EQ(work.complaint(), "");
    const Position next = work.store().last_position(1) + 1;
    const std::string text = row_text(1, next);
    const LogRow row{.workspace = 1, .position = next, .kind = 1, .input = text, .outcome = "{}"};
    work.store().append(std::span(&row, 1));
    ASSERT_EQ(work.store().last_position(1), next);
  }

  TestDirectory directory_;
};

TEST_F(StoreOnABadDisk, LosesNoAcknowledgedRowWhereverThePowerGoes) {
  constexpr std::uint64_t kSeed = 20260115;
  const std::uint64_t operations = chances(Fault::crash, kSeed);
  ASSERT_GT(operations, 200u);
  for (std::uint64_t at = 1; at <= operations; ++at) {
    for (const Survivors survivors : kAllSurvivors) {
      CrashVfs vfs;
      Workload work = workload(vfs, kSeed);
      vfs.disk().inject(Fault::crash, at);
      run_until_dead(work);
      ASSERT_TRUE(vfs.disk().fault_was_hit());
      expect_recovery(vfs, work, survivors, at);
      if (HasFatalFailure()) {
        FAIL() << "power lost at operation " << at << " of " << operations << ", survivors "
               << static_cast<int>(survivors);
      }
    }
  }
}

// With the checkpoint thread at work beside it, where a run is not exactly repeatable.
TEST_F(StoreOnABadDisk, LosesNoAcknowledgedRowBesideTheCheckpointThread) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CrashVfs vfs;
    Workload work = workload(vfs, seed, true);
    std::mt19937 random(seed);
    vfs.disk().inject(Fault::crash, 40 + random() % 400);
    run_until_dead(work);
    expect_recovery(vfs, work, kAllSurvivors[seed % kAllSurvivors.size()], seed);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
  }
}

// SQLite before 3.51.3 (https://sqlite.org/wal.html#walresetbug): a checkpoint that finds nothing
// to move, and beside it a commit that begins the WAL anew, mark pages as moved that are not.
TEST_F(StoreOnABadDisk, ACheckpointWithNothingToMoveHarmsNoCommitBesideIt) {
  CrashVfs vfs;
  auto opened = open_sqlite_with({.directory = directory_.path(), .vfs = vfs.name()},
                                 {.checkpoint_thread = false});
  ASSERT_TRUE(opened) << opened.error().message;
  SqliteStore& store = **opened;
  const auto append = [&](Position first, Position last) {
    for (Position position = first; position <= last; ++position) {
      const std::string text = row_text(1, position);
      const LogRow row{
          .workspace = 1, .position = position, .kind = 1, .input = text, .outcome = "{}"};
      store.append(std::span(&row, 1));
    }
  };
  append(1, 20);
  const std::string file = directory_.path() + "/galena.db";
  Connection(file, vfs.name(), Access::write).run("PRAGMA wal_checkpoint(PASSIVE)");
  bool hit = false;
  vfs.disk().once_in_checkpoint = [&] {
    hit = true;
    append(21, 22);
  };
  store.checkpointer().passive();
  ASSERT_TRUE(hit);
  append(23, 23);
  store.checkpointer().restart();
  append(24, 24);
  Position last = 0;
  store.read_log(1, 0, [&](const LogRow& row) {
    EXPECT_EQ(row.position, ++last);
    EXPECT_EQ(row.input, row_text(1, row.position));
    return true;
  });
  EXPECT_EQ(last, 24u);
  EXPECT_EQ(Connection(file, vfs.name(), Access::read).text("PRAGMA integrity_check"), "ok");
}

// A second loss of power while the first one is being recovered from.
TEST_F(StoreOnABadDisk, SurvivesALossOfPowerDuringRecovery) {
  constexpr std::uint64_t kSeed = 7;
  const std::uint64_t operations = chances(Fault::crash, kSeed);
  std::mt19937 random(kSeed);
  for (int round = 0; round < 200; ++round) {
    CrashVfs vfs;
    Workload work = workload(vfs, kSeed);
    vfs.disk().inject(Fault::crash, 1 + random() % operations);
    run_until_dead(work);
    for (int again = 0; again < 3; ++again) {
      vfs.disk().reboot(kAllSurvivors[random() % kAllSurvivors.size()], random());
      vfs.disk().inject(Fault::crash, 1 + random() % 8);
      work.reopen();
      work.close();
    }
    expect_recovery(vfs, work, kAllSurvivors[random() % kAllSurvivors.size()], random());
    ASSERT_FALSE(HasFatalFailure()) << "round " << round;
  }
}

TEST_F(StoreOnABadDisk, IsSyncedWhenAnAppendReturns) {
  CrashVfs vfs;
  Workload work = workload(vfs, 1);
  ASSERT_TRUE(work.step());
  for (Position position = 1; position <= 50; ++position) {
    const std::uint64_t before = vfs.disk().syncs_of("-wal");
    const std::string text = row_text(1, position);
    const LogRow row{
        .workspace = 1, .position = position, .kind = 1, .input = text, .outcome = "{}"};
    work.store().append(std::span(&row, 1));
    EXPECT_GT(vfs.disk().syncs_of("-wal"), before);
    EXPECT_EQ(vfs.disk().unsynced_of("-wal"), 0u);
  }
}

TEST_F(StoreOnABadDisk, AFullDiskRefusesWholeBatchesAndGoesOnWhenThereIsRoom) {
  constexpr std::uint64_t kSeed = 11;
  bool untouched = false;
  for (std::uint64_t at = 1; !untouched; ++at) {
    CrashVfs vfs;
    Workload work = workload(vfs, kSeed);
    vfs.disk().inject(Fault::full, at);
    for (bool more = true; more;) {
      try {
        more = work.step();
      } catch (const StoreError& error) {
        ASSERT_TRUE(vfs.disk().fault_was_hit());
        ASSERT_EQ(error.kind(), StoreError::Kind::full) << "write " << at << ": " << error.what();
        if (work.is_open()) {
          ASSERT_TRUE(work.nothing_in_flight_arrived()) << "write " << at;
        }
      }
    }
    ASSERT_EQ(work.complaint(), "") << "write " << at;
    ASSERT_TRUE(work.nothing_in_flight_arrived());
    untouched = !vfs.disk().fault_was_hit();
    work.close();
    expect_recovery(vfs, work, Survivors::none, kSeed);
    ASSERT_FALSE(HasFatalFailure()) << "write " << at;
  }
}

TEST_F(StoreOnABadDisk, AFailedSyncEndsAllWriting) {
  for (std::uint64_t at = 1; at <= 10; ++at) {
    CrashVfs vfs;
    Workload work = workload(vfs, 3);
    ASSERT_TRUE(work.step());
    vfs.disk().inject(Fault::sync_error, at);
    try {
      while (work.step()) {
      }
      FAIL() << "sync " << at << " of the workload failed, and nobody noticed";
    } catch (const StoreError& error) {
      EXPECT_EQ(error.kind(), StoreError::Kind::io);
    }
    // The next sync would succeed, but what the failed one should have kept may be gone.
    EXPECT_THROW(work.store().create_workspace("Late", from_ms(1)), StoreError);
    work.store().last_position(1);
    work.close();
    expect_recovery(vfs, work, Survivors::random, at);
    ASSERT_FALSE(HasFatalFailure()) << "sync " << at;
  }
}

}  // namespace
}  // namespace galena::store
