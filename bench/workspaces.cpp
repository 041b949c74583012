// Many small workspaces on one node: what they cost while they sleep, and how long it takes to wake
// one, against keeping all of them awake. Each step is a process of its own, so that the memory is
// its own, too. The files are in the system's cache.
//     workspaces_bench make DIRECTORY WORKSPACES
//     workspaces_bench asleep DIRECTORY
//     workspaces_bench awake DIRECTORY
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.hpp"
#include "store/store.hpp"

namespace {

using namespace galena;
using Steady = std::chrono::steady_clock;

constexpr int kLeads = 20;
constexpr int kEvents = 10;  // of each
constexpr std::size_t kWakes = 1000;
constexpr std::chrono::seconds kRest{15};  // until the allocator has given back what is free

// Runs as the system's does, and can be told that it is later.
class BenchClock final : public Clock {
 public:
  Time now() override { return system_clock().now() + passed_; }
  std::chrono::nanoseconds monotonic() override { return system_clock().monotonic() + passed_; }
  void pass(Duration time) { passed_ += time; }

 private:
  Duration passed_{};
};

double ms_since(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

// What belongs to this process alone and is in memory, in MB.
double memory_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stod(line.substr(8)) / 1024;
  }
  return 0;
}

std::string batch_json(int workspace) {
  std::string body = R"({"batch":[)";
  for (int lead = 0; lead < kLeads; ++lead) {
    fmt::format_to(std::back_inserter(body),
                   R"({}{{"type":"identify","userId":"user-{}","messageId":"m-{}","traits":)"
                   R"({{"email":"p{}@company-{}.example","firstName":"Ann","lastName":"Other",)"
                   R"("title":"VP Engineering","company":"Company {}"}}}})",
                   lead > 0 ? "," : "", lead, lead, lead, workspace, workspace);
    for (int event = 0; event < kEvents; ++event) {
      static constexpr const char* kNames[] = {"Demo Requested", "White Paper Downloaded",
                                               "Webinar Attended", "Signed Up", "Own Event"};
      fmt::format_to(std::back_inserter(body),
                     R"(,{{"type":"track","event":"{}","userId":"user-{}","messageId":"e-{}-{}"}})",
                     kNames[(lead + event) % 5], lead, lead, event);
    }
  }
  return body + "]}";
}

void fall_asleep(engine::Engine& engine) {
  for (int looks = 0; engine.awake_count() > 0 && looks < 10'000; ++looks) {
    engine.look_after();
    while (engine.step()) {
    }
  }
}

int make(store::Store& store, int workspaces) {
  // Nobody may be awake, so nobody has to wait until they are idle: time would move leads.
  BenchClock clock;
  engine::Engine engine(store, clock, {.threads = 0, .awake_max = 0});
  double asleep_ms = 0;
  for (int i = 0; i < workspaces; ++i) {
    const auto made = engine.create_workspace(fmt::format("Company {}", i));
    auto batch =
        domain::read_request(batch_json(i), std::nullopt,
                             {.source = domain::Source::server, .key = 1, .arrived = clock.now()});
    engine.submit(*made, {batch->inputs.begin(), batch->inputs.end()},
                  [](Result<engine::Receipts>) {});
    if (i % 100 != 99 && i + 1 != workspaces) continue;
    while (engine.step()) {
    }
    const auto begun = Steady::now();
    fall_asleep(engine);
    asleep_ms += ms_since(begun);
  }
  fmt::print(
      "{} workspaces of {} leads with {} events each; put to sleep, with a snapshot: "
      "{:.2f} ms each\n",
      workspaces, kLeads, kEvents, asleep_ms / workspaces);
  return 0;
}

double percentile(std::vector<double>& values, double part) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

void wake_some(engine::Engine& engine, const std::vector<store::WorkspaceRow>& rows) {
  std::mt19937 random(1);
  std::vector<double> read_ms, list_ms;
  for (std::size_t i = 0; i < std::min(kWakes, rows.size()); ++i) {
    const auto id = rows[random() % rows.size()].id;
    if (engine.read_if_awake(id)) continue;
    auto begun = Steady::now();
    engine.read(id);
    read_ms.push_back(ms_since(begun));
    begun = Steady::now();
    engine.look(id);
    list_ms.push_back(ms_since(begun));
  }
  fmt::print("waking, until the first read: p50 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms\n",
             percentile(read_ms, 0.5), percentile(read_ms, 0.99), read_ms.back());
  fmt::print("and its first list: p50 {:.2f} ms, p99 {:.2f} ms\n", percentile(list_ms, 0.5),
             percentile(list_ms, 0.99));
}

int start(store::Store& store, bool sleeps) {
  BenchClock clock;
  const double before = memory_mb();
  const auto begun = Steady::now();
  engine::EngineOptions options{.threads = 0};
  if (!sleeps) options.idle_after = Duration{0};
  engine::Engine engine(store, clock, options);
  const double start_ms = ms_since(begun);
  const auto rows = store.workspaces();
  fmt::print("{} of {} awake: started in {:.0f} ms, {:.1f} MB ({:.1f} before the start)\n",
             engine.awake_count(), rows.size(), start_ms, memory_mb(), before);
  const auto looked = Steady::now();
  engine.look_after();
  fmt::print("one look at who is due: {:.2f} ms\n", ms_since(looked));
  if (!sleeps) return 0;
  wake_some(engine, rows);
  fmt::print("{} awake: {:.1f} MB\n", engine.awake_count(), memory_mb());
  clock.pass(std::chrono::minutes{11});
  fall_asleep(engine);
  std::this_thread::sleep_for(kRest);
  engine.look_after();
  fmt::print("{} awake, all others sleep again: {:.1f} MB\n", engine.awake_count(), memory_mb());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  int workspaces = 2000;
  if (words.size() > 2)
    std::from_chars(words[2].data(), words[2].data() + words[2].size(), workspaces);
  if (words.size() < 2) return 2;
  auto store = store::open_sqlite({.directory = words[1]});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    return 1;
  }
  if (words[0] == "make") return make(**store, workspaces);
  return start(**store, words[0] == "asleep");
}
