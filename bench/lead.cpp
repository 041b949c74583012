// What an event costs that comes in for a lead with a long history, against one with a short one:
// read, decide, apply, and publish once per 100 events, without disk and network.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "domain/decide.hpp"
#include "workspace/workspace.hpp"

namespace {

using namespace galena;
using namespace galena::domain;

using Clock = std::chrono::steady_clock;
const Time kBegin = *parse_time("2026-01-01T00:00:00Z");

void take(workspace::Workspace& workspace, const Input& input, Time now) {
  const auto changes = decide(workspace.now(), input, now);
  GALENA_ASSERT(changes.has_value());
  workspace.apply(*changes);
}

EventInput event(int number, Time now) {
  constexpr std::string_view kNames[] = {"White Paper Downloaded", "Email Opened", "Cat Petted",
                                         "Webinar Attended"};
  const std::string body =
      fmt::format(R"({{"userId":"ada","event":"{}","timestamp":"{}","properties":{{"n":{}}}}})",
                  kNames[std::size_t(number) % 4], format_time(now), number);
  auto batch = read_request(body, MessageType::track, {.source = Source::server, .key = 1});
  GALENA_ASSERT(batch.has_value());
  return std::move(batch->inputs.at(0));
}

// Microseconds an event, the median of 20 batches, for a lead that has `history` events; one event
// every `gap`.
double cost(int history, Duration gap) {
  workspace::Workspace workspace;
  take(workspace, PlaybookInput{write_playbook(standard_playbook()), "setup", ""}, kBegin);
  Time now = kBegin;
  int number = 0;
  for (; number < history; ++number) take(workspace, event(number, now += gap), now);
  std::vector<double> times;
  for (int batch = 0; batch < 20; ++batch) {
    const auto start = Clock::now();
    for (int i = 0; i < 100; ++i, ++number) take(workspace, event(number, now += gap), now);
    const auto published = workspace.publish();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count() / 100);
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

}  // namespace

int main() {
  for (const Duration gap :
       {Duration{std::chrono::seconds{1}}, Duration{std::chrono::minutes{5}}}) {
    const double short_history = cost(100, gap);
    for (const int history : {1'000, 10'000, 100'000}) {
      const double long_history = cost(history, gap);
      fmt::print(
          "an event every {:>3} s: with {:>7} events {:6.1f} us, with 100 {:5.1f} us, {:.2f}x\n",
          gap.count() / 1000, history, long_history, short_history, long_history / short_history);
    }
  }
  return 0;
}
