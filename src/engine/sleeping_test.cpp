#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "domain/playbook.hpp"
#include "engine/engine.hpp"
#include "engine/erasure_list.hpp"
#include "store/forwarding_store.hpp"
#include "store/test_directory.hpp"
#include "workspace/dump.hpp"

namespace galena::engine {
namespace {

using namespace std::chrono_literals;
using store::StoreError;

// The wall clock may be set wrong.
class SetClock final : public Clock {
 public:
  Time now() override { return wall; }
  std::chrono::nanoseconds monotonic() override { return passed.load(); }
  void pass(Duration time) {
    wall = wall.load() + time;
    passed = passed.load() + time;
  }
  std::atomic<Time> wall = from_ms(1'800'000'000'000);
  std::atomic<std::chrono::nanoseconds> passed{};
};

class WatchedStore final : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  std::optional<store::Snapshot> newest_snapshot(WorkspaceId workspace) override {
    ++recoveries;
    if (fails) throw StoreError(StoreError::Kind::io, "cannot be read");
    return ForwardingStore::newest_snapshot(workspace);
  }
  void write_snapshot(WorkspaceId workspace, store::Position position,
                      const store::SnapshotSource& source) override {
    ++snapshots;
    ForwardingStore::write_snapshot(workspace, position, source);
  }
  void keep_sleepers(std::span<const store::SleeperRow> rows) override {
    if (is_full) throw StoreError(StoreError::Kind::full, "disk full");
    ForwardingStore::keep_sleepers(rows);
  }
  std::atomic<int> recoveries{0};
  std::atomic<int> snapshots{0};
  std::atomic<bool> fails{false};
  bool is_full = false;
};

class SleepingTest : public testing::Test {
 protected:
  SleepingTest() {
    start();
    workspace_ = make();
  }

  // As if killed and started again.
  void start() {
    engine_.reset();
    store_.reset();
    sqlite_.reset();
    sqlite_ = *store::open_sqlite({.directory = directory_.path()});
    store_ = std::make_unique<WatchedStore>(*sqlite_);
    engine_ = std::make_unique<Engine>(*store_, clock_, options_);
  }
  WorkspaceId make() { return *engine_->create_workspace("Test"); }

  domain::Input event(int person, int message, std::string_view name = "Demo Requested") {
    const auto batch = domain::read_request(
        fmt::format(R"({{"userId":"u{}","event":"{}","messageId":"m{}"}})", person, name, message),
        domain::MessageType::track,
        {.source = domain::Source::server, .key = 1, .arrived = clock_.now()});
    return batch->inputs.front();
  }
  // One segment, in which somebody is for ten hours after they asked for a demo.
  static domain::Input fresh_segment() {
    domain::Playbook playbook = domain::standard_playbook();
    playbook.segments = {{"fresh", "count(\"Demo Requested\", last 10h) >= 1"}};
    return domain::PlaybookInput{domain::write_playbook(playbook), "user 1", ""};
  }

  Result<Receipt> take(domain::Input input) {
    std::optional<Result<Receipt>> receipt;
    engine_->submit(workspace_, {std::move(input)}, [&](Result<Receipts> receipts) {
      receipt = receipts ? receipts->front() : tl::unexpected(receipts.error());
    });
    settle();
    return *receipt;
  }
  void settle() {
    while (engine_->step()) {
    }
  }
  void look() {
    engine_->look_after();
    settle();
  }
  void sleep() {
    clock_.pass(options_.idle_after);
    look();
    ASSERT_EQ(engine_->awake_count(), 0u);
  }
  std::string dump() { return workspace::canonical_dump(*engine_->read(workspace_)); }

  store::TestDirectory directory_;
  SetClock clock_;
  EngineOptions options_{.threads = 0, .idle_after = 10min};
  std::unique_ptr<store::Store> sqlite_;
  std::unique_ptr<WatchedStore> store_;
  std::unique_ptr<Engine> engine_;
  WorkspaceId workspace_ = 0;
};

TEST_F(SleepingTest, WhoIsIdleSleepsAndAReadWakesThem) {
  take(event(1, 1));
  const std::string before = dump();
  clock_.pass(options_.idle_after - 1ms);
  look();
  EXPECT_EQ(engine_->awake_count(), 1u);
  clock_.pass(1ms);
  look();
  EXPECT_EQ(engine_->awake_count(), 0u);
  EXPECT_EQ(engine_->last_position(workspace_), 2u);
  EXPECT_EQ(engine_->read_if_awake(workspace_), nullptr);
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(engine_->awake_count(), 1u);
  clock_.pass(options_.idle_after - 1ms);
  look();
  EXPECT_EQ(engine_->awake_count(), 1u) << "who is read stays awake for a while";
}

TEST_F(SleepingTest, AnInputWakesAndIsKnownAgain) {
  take(event(1, 1));
  sleep();
  const auto again = take(event(1, 1));
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->position, 2u);
  sleep();
  EXPECT_EQ(take(event(1, 2))->position, 3u);
  EXPECT_EQ(engine_->awake_count(), 1u);
}

TEST_F(SleepingTest, ALookWakesAndKeepsAwake) {
  take(event(1, 1));
  sleep();
  {
    const auto look_at_all = engine_->look(workspace_);
    clock_.pass(options_.idle_after);
    look();
    EXPECT_EQ(engine_->awake_count(), 1u);
    EXPECT_EQ(look_at_all->state().lead_count(), 1u);
  }
  look();
  EXPECT_EQ(engine_->awake_count(), 0u);
}

TEST_F(SleepingTest, ATimerWakesAtItsMomentAndOnlyInPassing) {
  take(fresh_segment());
  take(event(1, 1));
  const Time due = clock_.now() + 10h;
  sleep();
  clock_.pass(10h - options_.idle_after - 1ms);
  look();
  EXPECT_EQ(engine_->awake_count(), 0u);
  clock_.pass(1ms);
  engine_->look_after();
  EXPECT_EQ(engine_->awake_count(), 1u);
  settle();
  const workspace::VersionPtr state = engine_->read_if_awake(workspace_);
  const auto& changes = state->lead(0).segments->changes;
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes.back().at, due);
  look();
  EXPECT_EQ(engine_->awake_count(), 0u);
}

TEST_F(SleepingTest, AClockThatIsNotBelievedWakesNobody) {
  take(fresh_segment());
  take(event(1, 1));
  sleep();
  clock_.wall = clock_.wall.load() + 40h;
  look();
  EXPECT_EQ(engine_->awake_count(), 0u);
  EXPECT_EQ(engine_->read(workspace_)->lead(0).segments->changes.size(), 1u);
  look();
  EXPECT_EQ(engine_->read(workspace_)->lead(0).segments->changes.size(), 1u)
      << "who is woken believes no more of it";
  clock_.passed = clock_.passed.load() + 40h;
  look();
  EXPECT_EQ(engine_->read(workspace_)->lead(0).segments->changes.size(), 2u);
}

TEST_F(SleepingTest, WhatWaitsKeepsAwake) {
  options_.sleeping_leads_max = 2000;
  start();
  for (int i = 0; i < 1100; ++i) take(event(i, i));  // more than one step of a playbook change
  clock_.pass(options_.idle_after);
  engine_->submit(workspace_, {event(1, 5000)}, [](Result<Receipts>) {});
  clock_.pass(options_.idle_after);
  engine_->look_after();
  EXPECT_EQ(engine_->awake_count(), 1u) << "an input waits";
  settle();
  engine_->submit(workspace_, {fresh_segment()}, [](Result<Receipts>) {});
  engine_->step();
  ASSERT_TRUE(engine_->read(workspace_)->rescore_next());
  clock_.pass(options_.idle_after);
  engine_->look_after();
  EXPECT_EQ(engine_->awake_count(), 1u) << "a playbook is being applied";
  settle();
  look();
  EXPECT_EQ(engine_->awake_count(), 0u);
}

TEST_F(SleepingTest, ALargeOneStaysAwake) {
  options_.sleeping_leads_max = 1;
  start();
  take(event(1, 1));
  take(event(2, 2));
  clock_.pass(24h);
  look();
  EXPECT_EQ(engine_->awake_count(), 1u);
}

TEST_F(SleepingTest, IfTooManyAreAwakeThoseTouchedLongestAgoSleep) {
  options_.awake_max = 2;
  start();
  const WorkspaceId second = make();
  const WorkspaceId third = make();
  clock_.pass(1s);
  engine_->read(workspace_);
  clock_.pass(1s);
  engine_->read(third);
  look();
  EXPECT_TRUE(engine_->read_if_awake(workspace_));
  EXPECT_FALSE(engine_->read_if_awake(second));
  EXPECT_TRUE(engine_->read_if_awake(third));
}

TEST_F(SleepingTest, NobodySleepsIfNotToldTo) {
  options_.idle_after = 0ms;
  start();
  clock_.pass(24h * 365);
  look();
  EXPECT_EQ(engine_->awake_count(), 1u);
}

TEST_F(SleepingTest, ASnapshotIsWrittenOnlyIfThereIsSomethingNew) {
  take(event(1, 1));
  sleep();
  EXPECT_EQ(store_->snapshots, 1);
  engine_->read(workspace_);
  sleep();
  EXPECT_EQ(store_->snapshots, 1);
}

TEST_F(SleepingTest, AStartLeavesThemAsleepUntilTheirTime) {
  take(fresh_segment());
  take(event(1, 1));
  sleep();
  const WorkspaceId other = make();
  start();
  EXPECT_EQ(engine_->awake_count(), 1u);
  EXPECT_EQ(store_->recoveries, 1);
  EXPECT_TRUE(engine_->read_if_awake(other));
  clock_.pass(10h);
  look();
  EXPECT_EQ(engine_->read(workspace_)->lead(0).segments->changes.size(), 2u);
}

TEST_F(SleepingTest, AnInputSinceMeansARecoveryAtStart) {
  sleep();
  take(event(1, 1));
  start();
  EXPECT_EQ(engine_->awake_count(), 1u);
  EXPECT_EQ(engine_->read_if_awake(workspace_)->lead_count(), 1u);
}

TEST_F(SleepingTest, WithoutAPlaceInTheCatalogueTheyAreRecoveredAtStart) {
  take(event(1, 1));
  const std::string before = dump();
  store_->is_full = true;
  clock_.pass(options_.idle_after);
  EXPECT_THROW(engine_->look_after(), StoreError);
  EXPECT_EQ(engine_->awake_count(), 0u);
  start();
  EXPECT_EQ(engine_->awake_count(), 1u);
  EXPECT_EQ(dump(), before);
}

TEST_F(SleepingTest, WithoutTheirSnapshotTheLogIsRead) {
  take(event(1, 1));
  const std::string before = dump();
  sleep();
  for (const auto& file : std::filesystem::directory_iterator(directory_ / "snapshots")) {
    std::filesystem::remove(file.path());
  }
  EXPECT_EQ(dump(), before);
}

TEST_F(SleepingTest, AListOfErasuresThatKnowsMoreWakesThemAtStart) {
  take(event(1, 1));
  sleep();
  domain::Suppressions known{.secret = std::string(32, 's'), .entries = {}, .erasures = {}};
  const domain::IdentityKey key = engine_->read(workspace_)->person(0).key;
  known.entries[domain::suppression_of(known.secret, key)] = {false, clock_.now()};
  sleep();
  ErasureList list;
  list.add(store_->workspaces().front(), known);
  store_->keep_erasure_list(list.text());
  start();
  look();
  EXPECT_TRUE(engine_->erasures(workspace_).back().done);
  EXPECT_EQ(engine_->read(workspace_)->suppressions()->entries.size(), 1u);
  sleep();
  start();
  EXPECT_EQ(engine_->awake_count(), 0u) << "now both know the same";
  ASSERT_FALSE(engine_->erasures(workspace_).empty());
  EXPECT_TRUE(engine_->erasures(workspace_).back().done);
}

TEST_F(SleepingTest, WhoCannotBeWokenIsToldAndTriedAgain) {
  sleep();
  store_->fails = true;
  EXPECT_THROW(engine_->read(workspace_), StoreError);
  std::optional<ErrorCode> answer;
  engine_->submit(workspace_, {event(1, 1)},
                  [&](Result<Receipts> receipts) { answer = receipts.error().code; });
  EXPECT_EQ(answer, ErrorCode::unavailable);
  store_->fails = false;
  EXPECT_TRUE(take(event(1, 1)).has_value());
}

// All that may go on at once, for ThreadSanitizer too: nothing is lost or answered twice.
TEST_F(SleepingTest, ManyWakeOneAtATime) {
  engine_.reset();
  options_ = {.threads = 1, .idle_after = 1ms};
  engine_ = std::make_unique<Engine>(*store_, clock_, options_);
  std::atomic<bool> ends{false};
  std::atomic<int> naps{0};
  std::thread sandman([&] {
    while (!ends) {
      clock_.pass(1ms);
      engine_->look_after();
      naps += engine_->awake_count() == 0;
    }
  });
  constexpr int kSenders = 3, kEach = 60;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < kEach; ++i) {
        std::promise<bool> answered;
        engine_->submit(workspace_, {event(i, sender * kEach + i)}, [&](Result<Receipts> receipts) {
          answered.set_value(receipts && receipts->front() && !receipts->front()->duplicate);
        });
        EXPECT_TRUE(answered.get_future().get());
        EXPECT_GT(engine_->look(workspace_)->state().lead_count(), 0u);
        const int before = naps;
        for (int wait = 0; i % 4 == 0 && naps == before && wait < 10'000; ++wait) {
          std::this_thread::sleep_for(100us);
        }
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  ends = true;
  sandman.join();
  EXPECT_GT(store_->recoveries, 5);
  EXPECT_EQ(engine_->last_position(workspace_), 1u + kSenders * kEach);
}

TEST_F(SleepingTest, WhoeverComesMeanwhileWaitsForOneRecovery) {
  sleep();
  const int before = store_->recoveries;
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] { EXPECT_TRUE(engine_->read(workspace_)); });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(store_->recoveries, before + 1);
}

}  // namespace
}  // namespace galena::engine
