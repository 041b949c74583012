// Readers against the writer: whatever goes on, what somebody sees is one whole version, and the
// columns say of it what the records say. script/soak runs it under the thread sanitizer.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <random>
#include <thread>

#include "domain/plain_state.hpp"
#include "domain/shown_lead.hpp"
#include "engine/engine.hpp"
#include "workspace/find_leads.hpp"
#include "workspace/playbook_effect.hpp"

namespace galena::engine {
namespace {

using namespace domain;
using workspace::LeadQuery;
using workspace::LeadTable;

// Runs an hour with each look at it, so that points fade while others look.
class FastClock final : public Clock {
 public:
  Time now() override { return from_ms(wall_ms += 3'600'000); }
  std::chrono::nanoseconds monotonic() override { return std::chrono::milliseconds{wall_ms}; }

 private:
  std::atomic<std::int64_t> wall_ms = to_ms(kTestTime);
};

// So many that all cores share a question (kBlockRows).
constexpr int kPeople = 9 * static_cast<int>(workspace::kBlockRows);

class Readers : public testing::Test {
 protected:
  Readers() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "galena-readers-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    store_ = store::open_sqlite({.directory = directory_}).value();
    engine_.emplace(*store_, clock_, EngineOptions{.threads = 2, .snapshot_every = 20'000});
    workspace_ = engine_->create_workspace("Test").value();
    for (int i = 0; i < kPeople; i += 4096) take_people(i, std::min(i + 4096, kPeople));
  }
  ~Readers() override {
    engine_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  Result<Receipts> take(std::vector<Input> inputs) {
    std::promise<Result<Receipts>> promise;
    engine_->submit(workspace_, std::move(inputs),
                    [&](Result<Receipts> receipts) { promise.set_value(std::move(receipts)); });
    auto receipts = promise.get_future().get();
    if (receipts && !receipts->empty() && receipts->back()) {
      acknowledged_ = receipts->back()->position;
    }
    return receipts;
  }

  void take_people(int from, int to) {
    std::vector<Input> inputs;
    for (int i = from; i < to; ++i) {
      inputs.push_back(
          identify_as(fmt::format(R"("userId":"u{}")", i),
                      fmt::format(R"("email":"u{}@x{}.example","firstName":"Ann","lastName":"L{}")",
                                  i, i % 50, i % 900)));
    }
    ASSERT_TRUE(take(std::move(inputs)).has_value());
  }

  // What may happen: visits, another name, a merge, points by hand, another playbook.
  Input something(std::mt19937& random) {
    const auto pick = [&](int below) { return static_cast<int>(random() % unsigned(below)); };
    const std::string who = fmt::format(R"("userId":"u{}")", pick(kPeople));
    const auto lead = [&] { return static_cast<LeadOrdinal>(pick(kPeople)); };
    switch (pick(40)) {
      case 0:
        return MergeInput{lead(), lead(), "same", "user 1", ""};
      case 1:
        return EraseInput{.lead = lead(), .author = "user 1", .secret = std::string(32, 's')};
      case 2:
      case 3:
        return AdjustmentInput{lead(), Points::whole(pick(90)), "call", "user 1", ""};
      case 4:
      case 5:
      case 6:
        return identify_as(who, fmt::format(R"("lastName":"N{0}","company":"Acme {0}")", pick(20)));
      default:
        return track(who, pick(2) == 0 ? "Demo Requested" : "Pricing Viewed");
    }
  }

  static Playbook playbook(int number) {
    Playbook made = standard_playbook();
    made.threshold = Points::whole(20 + number % 3 * 20);
    made.segments = {{"keen", "count(\"Demo Requested\", last 90 days) >= 1"},
                     {"both", "in_segment(\"keen\") and count(\"Pricing Viewed\") >= 1"}};
    return made;
  }

  void write() {
    std::mt19937 random(1);
    for (int round = 0; round < kRounds; ++round) {
      std::vector<Input> inputs;
      for (int i = 0; i < 60; ++i) inputs.push_back(something(random));
      if (round % 10 == 0) inputs.push_back(playbook_input(playbook(round / 10)));
      EXPECT_TRUE(take(std::move(inputs)).has_value());
    }
    done_ = true;
  }

  // Lists, page by page, and the records of those that they name.
  void read_lists(const std::string& filter, const std::string& search, const std::string& sort) {
    while (!done_) {
      const Position before = acknowledged_;
      const auto look = engine_->look(workspace_);
      const workspace::Version& state = look->state();
      EXPECT_GE(state.last_position(), before);
      LeadQuery query{.visitors = true,
                      .search = search,
                      .order = workspace::LeadOrder::read(sort).value(),
                      .limit = 20};
      const auto names = names_of(*state.playbook());
      if (!filter.empty()) query.filter = Criterion::parse(filter, names, *state.kinds()).value();
      for (int page = 0; page < 3; ++page) {
        const workspace::LeadPage found = find_leads(*look, query);
        for (const LeadOrdinal lead : found.leads) expect_as_recorded(*look, lead);
        if (!found.next) break;
        query.after = found.next;
      }
      ++looks_;
    }
  }

  static void expect_as_recorded(const LeadTable::Look& look, LeadOrdinal ordinal) {
    const workspace::Version& state = look.state();
    EXPECT_TRUE(is_listed(state, ordinal));
    const Lead& lead = state.lead(ordinal);
    const Standing standing = standing_at(state, lead, look.now());
    EXPECT_EQ(look.columns().scores.score(ordinal), standing.score().micro);
    EXPECT_EQ(look.columns().text(Attribute::stage)->at(ordinal), lead.stage());
    EXPECT_EQ(look.columns().events.run(ordinal).events.size(), events_of(state, lead).size());
  }

  void forecast() {
    for (int number = 0; !done_; ++number) {
      const VersionPtr state = engine_->read(workspace_);
      const auto next = compile_playbook(playbook(number), state->playbook()->version + 1,
                                         *state->kinds(), state->playbook()->segments.names);
      const auto look = engine_->look(workspace_);
      const auto effect = effect_of(*look, **next, PropertyView());
      EXPECT_LE(effect.changed, effect.scored);
      EXPECT_LE(effect.scored, look->state().lead_count());
      ++looks_;
    }
  }

  using VersionPtr = workspace::VersionPtr;
  static constexpr int kRounds = 30;

  FastClock clock_;
  std::string directory_;
  std::unique_ptr<store::Store> store_;
  std::optional<Engine> engine_;
  WorkspaceId workspace_ = 0;
  std::atomic<Position> acknowledged_{0};
  std::atomic<bool> done_{false};
  std::atomic<int> looks_{0};
};

TEST_F(Readers, see_whole_versions_while_everything_goes_on) {
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([this] { read_lists("score >= 20", "", "-score"); });
    threads.emplace_back([this] { read_lists("", "ann n1", "name"); });
    threads.emplace_back(
        [this] { read_lists("count(\"Pricing Viewed\") >= 1", "", "-last_seen"); });
    threads.emplace_back([this] { forecast(); });
    threads.emplace_back([this] {
      while (!done_) engine_->snapshot_all();
    });
    write();
  }
  EXPECT_GT(looks_, 3);
  const auto look = engine_->look(workspace_);
  LeadQuery everybody{.visitors = true, .limit = 200};
  std::uint64_t seen = 0, total = 0;
  do {
    const workspace::LeadPage page = find_leads(*look, everybody);
    for (const LeadOrdinal lead : page.leads) expect_as_recorded(*look, lead);
    seen += page.leads.size();
    total = page.total;
    everybody.after = page.next;
  } while (everybody.after && seen < 5000);
  EXPECT_EQ(seen, std::min<std::uint64_t>(total, 5000));
}

}  // namespace
}  // namespace galena::engine
