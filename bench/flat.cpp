// Whether the engine takes in as many events a second with many leads as with few. All sizes are
// there at once, each with a directory of its own, and take turns, so that each has its share of
// what else the machine does: batches of 100 JSON events of people drawn from all, to the durable
// acknowledgement. As in a server that has been running for a while, a snapshot has been written:
// the workspace stands upon it, and who is touched for the first time is read from there.
//     flat_bench DIRECTORY LEADS...
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "feed.hpp"
#include "store/store.hpp"

namespace {

using namespace galena;
using Steady = std::chrono::steady_clock;

constexpr int kRounds = 7;
constexpr int kBatchesPerRound = 400;

class Size {
 public:
  Size(const std::string& directory, int leads) : leads_(leads) {
    auto store = store::open_sqlite({.directory = directory});
    GALENA_ASSERT(store.has_value());
    store_ = std::move(*store);
    engine_ = std::make_unique<engine::Engine>(*store_, system_clock(),
                                               engine::EngineOptions{.snapshot_every = 0});
    workspace_ = engine_->create_workspace("bench").value();
    make_leads();
    engine_->snapshot_all();
  }

  int leads() const { return leads_; }

  void run_round() {
    std::vector<std::string> bodies;
    for (int i = 0; i < kBatchesPerRound; ++i) {
      bodies.push_back(bench::batch_json([&](std::string& body, int) {
        // Far apart, so no two of a batch are neighbours in memory.
        const auto mixed = (std::uint64_t(event_) * 0x9E3779B97F4A7C15ull) >> 32;
        bench::append_track(body, int(mixed % std::uint64_t(leads_)), event_);
        ++event_;
      }));
    }
    const auto start = Steady::now();
    bench::feed(*engine_, workspace_, bodies);
    const std::chrono::duration<double> took = Steady::now() - start;
    rates_.push_back(kBatchesPerRound * bench::kBatch / took.count());
  }

  double median_rate() const {
    auto rates = rates_;
    std::ranges::sort(rates);
    return rates[rates.size() / 2];
  }

 private:
  void make_leads() {
    while (event_ < leads_) {
      std::vector<std::string> bodies;
      for (int i = 0; i < 100 && event_ < leads_; ++i) {
        bodies.push_back(bench::batch_json([&](std::string& body, int) {
          bench::append_identify(body, event_ % leads_, event_);
          ++event_;
        }));
      }
      bench::feed(*engine_, workspace_, bodies);
    }
    GALENA_ASSERT(int(engine_->read(workspace_)->lead_count()) == leads_);
  }

  const int leads_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
  engine::WorkspaceId workspace_ = 0;
  int event_ = 0;
  std::vector<double> rates_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "flat_bench DIRECTORY LEADS...\n");
    return 2;
  }
  std::vector<std::unique_ptr<Size>> sizes;
  for (int i = 2; i < argc; ++i) {
    const std::string directory = fmt::format("{}/{}", argv[1], argv[i]);
    std::filesystem::create_directories(directory);
    const int leads = std::atoi(argv[i]);
    sizes.push_back(std::make_unique<Size>(directory, leads));
  }
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& size : sizes) size->run_round();
  }
  const double first = sizes.front()->median_rate();
  for (const auto& size : sizes) {
    fmt::print(
        "{} leads: {:.0f} events/s, median of {} rounds of {}; {:.2f} times as long as with {}\n",
        size->leads(), size->median_rate(), kRounds, kBatchesPerRound * bench::kBatch,
        first / size->median_rate(), sizes.front()->leads());
  }
  return 0;
}
