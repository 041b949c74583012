#include "engine/engine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <random>
#include <thread>

#include "engine/recovery.hpp"
#include "store/forwarding_store.hpp"
#include "workspace/dump.hpp"

namespace galena::engine {
namespace {

using namespace std::chrono_literals;

// Time stands still unless a test moves it, while the engine's threads look.
class HandClock final : public Clock {
 public:
  Time now() override { return wall; }
  std::chrono::nanoseconds monotonic() override { return wall.load().time_since_epoch(); }
  std::atomic<Time> wall = from_ms(1'800'000'000'000);
};

// A disk that is full when told to be.
class FillableStore final : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  void append(std::span<const store::LogRow> rows) override {
    if (appends_left == 0) throw store::StoreError(store::StoreError::Kind::full, "disk full");
    if (appends_left > 0) --appends_left;
    ForwardingStore::append(rows);
  }
  int appends_left = -1;  // -1: room enough
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "galena-engine-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    open();
  }
  ~EngineTest() override { std::filesystem::remove_all(directory_); }

  void open() {
    auto opened = store::open_sqlite({.directory = directory_});
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    sqlite_ = std::move(*opened);
    store_ = std::make_unique<FillableStore>(*sqlite_);
  }
  void reopen() {
    store_.reset();
    sqlite_.reset();
    open();
  }

  // Waits for the answer.
  static Result<Receipts> submit(Engine& engine, WorkspaceId workspace,
                                 std::vector<domain::Input> inputs) {
    std::promise<Result<Receipts>> promise;
    engine.submit(workspace, std::move(inputs),
                  [&](Result<Receipts> receipts) { promise.set_value(std::move(receipts)); });
    return promise.get_future().get();
  }

  static void settle(Engine& engine, WorkspaceId workspace) {
    std::promise<void> promise;
    engine.when_settled(workspace, [&] { promise.set_value(); });
    promise.get_future().get();
  }

  domain::Input event(const std::string& json, domain::Source source = domain::Source::server) {
    auto batch = domain::read_request(fmt::format(R"({{"batch":[{}]}})", json), std::nullopt,
                                      {.source = source, .key = 1, .arrived = clock_.now()});
    EXPECT_TRUE(batch && batch->inputs.size() == 1) << json;
    return std::move(batch->inputs.front());
  }

  domain::Input demo_request(int person, int message) {
    return event(fmt::format(
        R"({{"type":"track","event":"Demo Requested","userId":"u{}","messageId":"m{}"}})", person,
        message));
  }

  // What the group's size is, told by somebody who is in none otherwise.
  domain::Input group(const std::string& id, int employees) {
    return event(fmt::format(
        R"({{"type":"group","userId":"teller","groupId":"{}","traits":{{"employees":{}}}}})", id,
        employees));
  }

  // A small random history: devices, users, addresses and names that meet again and again, merges
  // and what is taken back; some of that is refused.
  std::vector<domain::Input> history(unsigned seed, int count) {
    std::mt19937 random(seed);
    const auto pick = [&](int n) { return int(random() % unsigned(n)); };
    std::vector<domain::Input> inputs;
    for (int i = 0; i < count; ++i) {
      if (pick(12) == 0) {
        inputs.push_back(
            domain::MergeInput{unsigned(pick(6)), unsigned(pick(6)), "one", "user 1", ""});
        continue;
      }
      if (pick(12) == 0) {
        inputs.push_back(domain::VoidInput{
            .voids = unsigned(pick(i + 1) + 1), .reason = "mistake", .author = "user 1"});
        continue;
      }
      const std::string ids =
          pick(3) == 0 ? fmt::format(R"("anonymousId":"a{}")", pick(8))
                       : fmt::format(R"("userId":"u{}","anonymousId":"a{}")", pick(6), pick(8));
      const std::string at = format_time(clock_.now() - std::chrono::minutes{pick(60 * 24 * 20)});
      const std::string tail = fmt::format(R"("timestamp":"{}","messageId":"m{}")", at, pick(900));
      switch (pick(4)) {
        case 0:
          inputs.push_back(event(fmt::format(
              R"({{"type":"identify",{},{},"traits":{{"email":"p{}@x.example","title":"{}"}}}})",
              ids, tail, pick(7), pick(2) == 0 ? "VP Sales" : "Manager")));
          break;
        case 1:
          inputs.push_back(
              event(fmt::format(R"({{"type":"page",{},{},"properties":{{"path":"/{}"}}}})", ids,
                                tail, pick(2) == 0 ? "pricing" : "about")));
          break;
        default:
          inputs.push_back(
              event(fmt::format(R"({{"type":"track","event":"{}",{},{}}})",
                                pick(2) == 0 ? "Webinar Attended" : "Own Event", ids, tail)));
      }
    }
    return inputs;
  }

  static std::string dump(const Engine& engine, WorkspaceId workspace) {
    return workspace::canonical_dump(*engine.read(workspace));
  }

  HandClock clock_;
  std::string directory_;
  std::unique_ptr<store::Store> sqlite_;
  std::unique_ptr<FillableStore> store_;
};

TEST_F(EngineTest, AnInputIsAnsweredWhenItIsInTheLog) {
  Engine engine(*store_, clock_);
  const auto workspace = engine.create_workspace("Test");
  ASSERT_TRUE(workspace.has_value());
  const auto receipts = submit(engine, *workspace, {demo_request(1, 1)});
  ASSERT_TRUE(receipts && receipts->front());
  EXPECT_EQ(receipts->front()->position, 2u);
  EXPECT_EQ(store_->last_position(*workspace), 2u);
  EXPECT_EQ(engine.read(*workspace)->lead_count(), 1u);
}

TEST_F(EngineTest, ADuplicateIsAnsweredAndNotLogged) {
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  const auto receipts =
      submit(engine, workspace, {demo_request(1, 1), demo_request(1, 2), demo_request(1, 1)});
  ASSERT_TRUE(receipts.has_value());
  EXPECT_TRUE((*receipts)[2]->duplicate);
  EXPECT_EQ((*receipts)[2]->position, (*receipts)[0]->position);
  EXPECT_TRUE(submit(engine, workspace, {demo_request(1, 2)})->front()->duplicate);
  EXPECT_EQ(store_->last_position(workspace), 3u);
}

TEST_F(EngineTest, ABrowsersMessageIdDoesNotShadowAServers) {
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  const std::string json = R"({"type":"track","event":"Signed Up","userId":"u","messageId":"m"})";
  submit(engine, workspace, {event(json, domain::Source::browser)});
  EXPECT_FALSE(submit(engine, workspace, {event(json)})->front()->duplicate);
}

TEST_F(EngineTest, RecoveredEqualsLiveFromTheLogAndFromASnapshot) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::string live;
    WorkspaceId workspace = 0;
    {
      Engine engine(*store_, clock_);
      workspace = *engine.create_workspace("Test");
      auto inputs = history(seed, 300);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (i == 150) engine.snapshot_all();
        ASSERT_TRUE(submit(engine, workspace, {inputs[i]}).has_value());
      }
      live = dump(engine, workspace);
      const auto from_snapshot = recover(*store_, workspace, clock_.now());
      EXPECT_EQ(workspace::canonical_dump(from_snapshot.now()), live) << "seed " << seed;
    }
    std::filesystem::remove_all(directory_ + "/snapshots");
    reopen();
    const auto from_log = recover(*store_, workspace, clock_.now());
    EXPECT_EQ(workspace::canonical_dump(from_log.now()), live) << "seed " << seed;
  }
}

TEST_F(EngineTest, TheLogIsTheSameWhateverTheBatchSizes) {
  std::vector<std::string> dumps, logs;
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{300}}) {
    Engine engine(*store_, clock_);
    const WorkspaceId workspace = *engine.create_workspace("Test");
    auto inputs = history(11, 300);
    for (std::size_t at = 0; at < inputs.size(); at += size) {
      const auto end = std::min(at + size, inputs.size());
      ASSERT_TRUE(
          submit(engine, workspace,
                 {inputs.begin() + std::ptrdiff_t(at), inputs.begin() + std::ptrdiff_t(end)})
              .has_value());
    }
    dumps.push_back(dump(engine, workspace));
    std::string& log = logs.emplace_back();
    store_->read_log(workspace, 0, [&](const store::LogRow& row) {
      log.append(row.input).append(row.outcome).append("\n");
      return true;
    });
  }
  EXPECT_EQ(dumps[0], dumps[1]);
  EXPECT_EQ(dumps[0], dumps[2]);
  EXPECT_EQ(logs[0], logs[1]);
  EXPECT_EQ(logs[0], logs[2]);
}

TEST_F(EngineTest, AFullDiskTakesNothingAndLosesNothing) {
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  submit(engine, workspace, {demo_request(1, 1)});
  const std::string before = dump(engine, workspace);
  store_->appends_left = 0;
  const auto refused = submit(engine, workspace, {demo_request(2, 2), demo_request(1, 3)});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(dump(engine, workspace), before);
  store_->appends_left = -1;
  const auto taken = submit(engine, workspace, {demo_request(2, 2), demo_request(1, 3)});
  ASSERT_TRUE(taken.has_value());
  EXPECT_FALSE((*taken)[0]->duplicate);  // what was refused left no trace
  EXPECT_EQ(engine.read(workspace)->lead_count(), 2u);
  EXPECT_EQ(store_->last_position(workspace), 4u);
}

TEST_F(EngineTest, APlaybookReachesEveryLeadInSlicesAndGoesOnAfterAStop) {
  constexpr int kPeople = 2500;
  WorkspaceId workspace = 0;
  {
    Engine engine(*store_, clock_, {.snapshot_every = 0});
    workspace = *engine.create_workspace("Test");
    std::vector<domain::Input> inputs;
    for (int i = 0; i < kPeople; ++i) inputs.push_back(demo_request(i, i));
    ASSERT_TRUE(submit(engine, workspace, std::move(inputs)).has_value());
    domain::Playbook playbook = domain::standard_playbook();
    playbook.threshold = domain::Points::whole(20);
    // The playbook and what of it fits into its step are taken; then the disk is full until the
    // stop, which leaves the rest to the next start.
    store_->appends_left = 1;
    ASSERT_TRUE(submit(engine, workspace,
                       {domain::PlaybookInput{domain::write_playbook(playbook), "test", ""}})
                    .has_value());
    EXPECT_EQ(engine.read(workspace)->rescore_next(), 1000u);
  }
  reopen();
  Engine engine(*store_, clock_);
  settle(engine, workspace);
  const auto state = engine.read(workspace);
  for (domain::LeadOrdinal lead = 0; lead < state->lead_count(); ++lead) {
    ASSERT_EQ(state->lead(lead).stage(), "mql") << lead;
  }
}

TEST_F(EngineTest, AnAdjustmentWithAnIdempotencyKeyCountsOnce) {
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  submit(engine, workspace, {demo_request(1, 1)});
  const domain::AdjustmentInput plus{0, domain::Points::whole(10), "met at the fair", "user 1",
                                     "user 1:key-1"};
  EXPECT_FALSE(submit(engine, workspace, {plus})->front()->duplicate);
  EXPECT_TRUE(submit(engine, workspace, {plus})->front()->duplicate);
  EXPECT_EQ(engine.read(workspace)->lead(0).standing.score(), domain::Points::whole(35));
}

TEST_F(EngineTest, TimeAloneMakesAnMqlWhenADrawbackFades) {
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  domain::Playbook playbook = domain::standard_playbook();
  for (domain::Rule& rule : playbook.rules) {
    if (rule.name == "Unsubscribed") rule.window = 24h * 7;
  }
  playbook.threshold = domain::Points::whole(20);
  submit(engine, workspace, {domain::PlaybookInput{domain::write_playbook(playbook), "test", ""}});
  submit(engine, workspace,
         {event(R"({"type":"track","event":"Unsubscribed","userId":"u1"})"), demo_request(1, 1)});
  EXPECT_EQ(engine.read(workspace)->lead(0).stage(), "lead");
  // Ticks come twice a second; time moves in steps that are believed.
  for (int hours = 0; hours < 24 * 7; ++hours) clock_.wall = clock_.wall.load() + 1h;
  for (int i = 0; i < 100 && engine.read(workspace)->lead(0).stage() != "mql"; ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_EQ(engine.read(workspace)->lead(0).stage(), "mql");
}

domain::Input with_segments(std::vector<domain::SegmentRule> segments) {
  domain::Playbook playbook = domain::standard_playbook();
  playbook.segments = std::move(segments);
  return domain::PlaybookInput{domain::write_playbook(playbook), "test", ""};
}

// Waits until so many leads are in the playbook's segment of that number.
void wait_for_members(const Engine& engine, WorkspaceId workspace, std::size_t number,
                      std::uint32_t count) {
  const auto members = [&] {
    const auto state = engine.read(workspace);
    return state->members_of(state->playbook()->segments.all[number].code);
  };
  for (int i = 0; i < 200 && members() != count; ++i) std::this_thread::sleep_for(50ms);
  ASSERT_EQ(members(), count);
}

TEST_F(EngineTest, WhatCameDueInAStopIsDecidedAsOfItsMoment) {
  const Time begin = clock_.now();
  WorkspaceId workspace = 0;
  {
    Engine engine(*store_, clock_);
    workspace = *engine.create_workspace("Test");
    submit(engine, workspace,
           {with_segments({{"fresh", "count(\"Demo Requested\", last 2h) >= 1"},
                           {"gone", "last_seen < 5h ago"}}),
            demo_request(1, 1)});
  }
  reopen();
  clock_.wall = begin + 10h;
  Engine engine(*store_, clock_);
  wait_for_members(engine, workspace, 1, 1);
  const auto state = engine.read(workspace);
  const auto& changes = state->lead(0).segments->changes;
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].at, begin);
  EXPECT_EQ(changes[1].at, begin + 2h);
  EXPECT_EQ(changes[2].at, begin + 5h + 1ms);
  EXPECT_EQ(state->last_position(), changes[2].position) << "what changes nothing is not logged";
}

TEST_F(EngineTest, ACrowdThatIsDueAtOnceIsDecidedInSlices) {
  constexpr int kPeople = 2500;
  const Time begin = clock_.now();
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  submit(engine, workspace,
         {with_segments({{"fresh", "count(\"Demo Requested\", last 30m) >= 1"}})});
  std::vector<domain::Input> inputs;
  for (int i = 0; i < kPeople; ++i) inputs.push_back(demo_request(i, i));
  ASSERT_TRUE(submit(engine, workspace, std::move(inputs)).has_value());
  wait_for_members(engine, workspace, 0, kPeople);
  const auto before = engine.read(workspace)->last_position();
  clock_.wall = begin + 40min;
  wait_for_members(engine, workspace, 0, 0);
  const auto state = engine.read(workspace);
  EXPECT_EQ(state->last_position(), before + kPeople / 50);
  for (domain::LeadOrdinal lead = 0; lead < state->lead_count(); ++lead) {
    EXPECT_EQ(state->lead(lead).segments->changes.back().at, begin + 30min) << lead;
  }
}

TEST_F(EngineTest, WhatIsToldOfACrowdReachesEveryoneAndAgainAfterAStop) {
  constexpr domain::LeadOrdinal kPeople = 2500;
  const auto workspace = [&] {
    Engine engine(*store_, clock_);
    const auto made = *engine.create_workspace("Test");
    submit(engine, made, {with_segments({{"large", "company.employees >= 200"}})});
    std::vector<domain::Input> inputs;
    for (domain::LeadOrdinal i = 0; i < kPeople; ++i) {
      inputs.push_back(event(fmt::format(
          R"({{"type":"identify","userId":"u{}","traits":{{"email":"u{}@acme.com"}}}})", i, i)));
    }
    EXPECT_TRUE(submit(engine, made, std::move(inputs)).has_value());
    submit(engine, made, {group("acme.com", 300)});
    wait_for_members(engine, made, 0, kPeople + 1);
    submit(engine, made, {group("acme.com", 50)});
    wait_for_members(engine, made, 0, 0);
    submit(engine, made, {group("acme.com", 400)});
    return made;
  }();
  reopen();
  Engine engine(*store_, clock_);
  wait_for_members(engine, workspace, 0, kPeople + 1);  // with the teller
  const auto state = engine.read(workspace);
  for (domain::LeadOrdinal lead = 0; lead < kPeople; ++lead) {
    ASSERT_EQ(state->lead(lead).record->employees, 400) << lead;
  }
}

TEST_F(EngineTest, AFullDiskPutsOffWhatIsDueAndKeepsItsMoment) {
  const Time begin = clock_.now();
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  submit(engine, workspace,
         {with_segments({{"early", "count(\"Demo Requested\", last 10m) >= 1"},
                         {"late", "count(\"Demo Requested\", last 20m) >= 1"}}),
          demo_request(1, 1)});
  store_->appends_left = 0;
  clock_.wall = begin + 40min;
  for (int i = 0; i < 100 && engine.figures().failed_commits == 0; ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_GT(engine.figures().failed_commits, 0u);
  store_->appends_left = -1;
  wait_for_members(engine, workspace, 1, 0);
  const auto changes = engine.read(workspace)->lead(0).segments->changes;
  ASSERT_EQ(changes.size(), 4u);
  EXPECT_EQ(changes[2].at, begin + 10min);
  EXPECT_EQ(changes[3].at, begin + 20min);
}

// An event that comes behind the moment meets the lead as that moment left it.
TEST_F(EngineTest, WhatIsDueGoesBeforeWhatComes) {
  const Time begin = clock_.now();
  Engine engine(*store_, clock_);
  const auto workspace = *engine.create_workspace("Test");
  submit(
      engine, workspace,
      {with_segments({{"fresh", "count(\"Demo Requested\", last 10m) >= 1"}}), demo_request(1, 1)});
  clock_.wall = begin + 11min;
  submit(engine, workspace, {demo_request(1, 2)});
  const auto changes = engine.read(workspace)->lead(0).segments->changes;
  ASSERT_EQ(changes.size(), 3u) << "in, out and in again";
  EXPECT_EQ(changes[1].at, begin + 10min);
  EXPECT_EQ(changes[2].at, begin + 11min);
}

// An engine that is worked by hand, so that a test says when it looks at the clock.
class EngineByHand : public EngineTest {
 protected:
  void start() { engine_ = std::make_unique<Engine>(*store_, clock_, EngineOptions{.threads = 0}); }

  void take(WorkspaceId workspace, std::vector<domain::Input> inputs) {
    engine_->submit(workspace, std::move(inputs),
                    [](Result<Receipts> receipts) { EXPECT_TRUE(receipts && receipts->front()); });
    settle_by_hand();
  }
  void settle_by_hand() {
    while (engine_->step()) {
    }
  }
  void look() {
    engine_->look_after();
    settle_by_hand();
  }
  const std::string& stage(WorkspaceId workspace) {
    return engine_->read(workspace)->lead(0).stage();
  }

  // Unsubscribed counts for a week.
  static domain::Input forgiving() {
    domain::Playbook playbook = domain::standard_playbook();
    for (domain::Rule& rule : playbook.rules) {
      if (rule.name == "Unsubscribed") rule.window = 24h * 7;
    }
    playbook.threshold = domain::Points::whole(20);
    return domain::PlaybookInput{domain::write_playbook(playbook), "test", ""};
  }
  domain::Input unsubscribed() {
    return event(R"({"type":"track","event":"Unsubscribed","userId":"u1","messageId":"m9"})");
  }

  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineByHand, DoesNothingUntilToldTo) {
  start();
  const auto workspace = *engine_->create_workspace("Test");
  bool answered = false;
  engine_->submit(workspace, {demo_request(1, 1)}, [&](Result<Receipts>) { answered = true; });
  EXPECT_FALSE(answered);
  EXPECT_EQ(store_->last_position(workspace), 1u);
  EXPECT_TRUE(engine_->step());
  EXPECT_TRUE(answered);
  EXPECT_FALSE(engine_->step());
  engine_->submit(workspace, {demo_request(2, 2)}, [](Result<Receipts>) {});
  engine_.reset();  // as if killed
  EXPECT_EQ(store_->last_position(workspace), 2u);
}

TEST_F(EngineByHand, AThresholdPassedWhileNobodyRanIsMetAtTheNextStart) {
  start();
  const auto workspace = *engine_->create_workspace("Test");
  take(workspace, {forgiving()});
  take(workspace, {unsubscribed(), demo_request(1, 1)});
  engine_.reset();
  clock_.wall = clock_.wall.load() + 24h * 30;
  start();
  EXPECT_EQ(stage(workspace), "lead");
  look();
  EXPECT_EQ(stage(workspace), "mql");
}

TEST_F(EngineByHand, APlaybookOfAQuietWorkspaceSetsItsTimers) {
  start();
  const auto workspace = *engine_->create_workspace("Test");
  take(workspace, {unsubscribed(), demo_request(1, 1)});
  take(workspace, {forgiving()});
  clock_.wall = clock_.wall.load() + 24h * 7 - 1ms;
  look();
  EXPECT_EQ(stage(workspace), "lead");
  clock_.wall = clock_.wall.load() + 1ms;
  look();
  EXPECT_EQ(stage(workspace), "mql");
}

// The wall clock alone.
class JumpingClock final : public Clock {
 public:
  Time now() override { return wall; }
  std::chrono::nanoseconds monotonic() override { return passed; }
  Time wall = from_ms(1'800'000'000'000);
  Duration passed{};
};

TEST_F(EngineByHand, WhatComesWhileTheClockIsNotBelievedIsMetWhenItIsAgain) {
  JumpingClock clock;
  Engine engine(*store_, clock, {.threads = 0});
  const auto workspace = *engine.create_workspace("Test");
  const auto take_in = [&](std::vector<domain::Input> inputs) {
    engine.submit(workspace, std::move(inputs), [](Result<Receipts>) {});
    while (engine.step()) {
    }
  };
  take_in({forgiving()});
  clock.wall += 3h;
  take_in({unsubscribed(), demo_request(1, 1)});
  EXPECT_TRUE(engine.figures().clock_held);
  clock.wall += 24h * 7 - 3h;
  clock.passed += 24h * 7;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(engine.read(workspace)->lead(0).stage(), i == 0 ? "lead" : "mql");
    engine.look_after();
    while (engine.step()) {
    }
  }
}

// Every look at it takes half a millisecond.
class SlowClock final : public Clock {
 public:
  Time now() override { return wall; }
  std::chrono::nanoseconds monotonic() override { return passed += 500us; }
  Time wall = from_ms(1'800'000'000'000);
  std::chrono::nanoseconds passed{};
};

TEST_F(EngineByHand, AStepIsNoLongerThanThoseWhoWaitCanBear) {
  constexpr int kPeople = 600;
  SlowClock clock;
  Engine engine(*store_, clock, {.threads = 0, .snapshot_every = 0});
  const auto workspace = *engine.create_workspace("Test");
  std::vector<domain::Input> inputs;
  for (int i = 0; i < kPeople; ++i) {
    inputs.push_back(demo_request(i, i));
    inputs.push_back(event(fmt::format(
        R"({{"type":"track","event":"Unsubscribed","userId":"u{0}","messageId":"b{0}"}})", i)));
    clock.wall += 1ms;
  }
  engine.submit(workspace, std::move(inputs), [](Result<Receipts>) {});
  while (engine.step()) {
  }
  // A part of 50 takes two looks. With the answer to the playbook 2 ms go by; then nobody waits,
  // and it is 5.
  engine.submit(workspace, {forgiving()}, [](Result<Receipts>) {});
  for (const auto next :
       std::initializer_list<std::optional<domain::LeadOrdinal>>{100, 350, std::nullopt}) {
    engine.step();
    EXPECT_EQ(engine.read(workspace)->rescore_next(), next);
  }

  const auto forgiven = [&] {
    const auto state = engine.read(workspace);
    int count = 0;
    for (int i = 0; i < kPeople; ++i) count += state->lead(unsigned(i)).stage() == "mql" ? 1 : 0;
    return count;
  };
  EXPECT_EQ(forgiven(), 0);
  clock.wall += 24h * 7;
  clock.passed += 24h * 7;
  engine.look_after();
  engine.step();
  EXPECT_GT(forgiven(), 0);
  EXPECT_LT(forgiven(), kPeople);
  while (engine.step()) {
  }
  EXPECT_EQ(forgiven(), kPeople);
}

}  // namespace
}  // namespace galena::engine
