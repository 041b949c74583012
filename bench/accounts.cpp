// What it costs to be of a company: an event that says nothing of it, what is said again, and news
// for all colleagues, in accounts of different sizes; and finding all accounts after a start.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "domain/decide.hpp"
#include "workspace/workspace.hpp"

namespace {

using namespace galena;
using namespace galena::domain;

using Steady = std::chrono::steady_clock;
Time now = *parse_time("2026-01-01T00:00:00Z");

Changes take(workspace::Workspace& workspace, const Input& input) {
  now += Duration{1};
  auto changes = decide(workspace.now(), input, now);
  GALENA_ASSERT(changes.has_value());
  workspace.apply(*changes);
  return std::move(*changes);
}

EventInput message(MessageType type, std::string_view body) {
  auto batch = read_request(body, type, {.source = Source::server, .key = 1, .arrived = now});
  GALENA_ASSERT(batch.has_value() && batch->refused.empty());
  return std::move(batch->inputs.at(0));
}

EventInput member(int number, int account) {
  return message(MessageType::identify,
                 fmt::format(R"({{"userId":"u{0}","traits":{{"email":"u{0}@company{1}.com",)"
                             R"("title":"VP Sales"}}}})",
                             number, account));
}

EventInput group(int teller, int account, int employees) {
  return message(MessageType::group,
                 fmt::format(R"({{"userId":"u{}","groupId":"company{}.com","traits":)"
                             R"({{"name":"Company","employees":{}}}}})",
                             teller, account, employees));
}

// Microseconds a call of `act`, the median of 50.
template <class Act>
double cost(workspace::Workspace& workspace, Act act) {
  std::vector<double> times;
  for (int i = 0; i < 50; ++i) {
    const auto start = Steady::now();
    act(i);
    times.push_back(std::chrono::duration<double, std::micro>(Steady::now() - start).count());
    workspace.publish();
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

void of_one_account(int members) {
  workspace::Workspace workspace;
  take(workspace, PlaybookInput{write_playbook(standard_playbook()), "setup", ""});
  for (int i = 0; i < members; ++i) take(workspace, member(i, 0));
  const auto page = message(MessageType::page, R"({"userId":"u0","properties":{"path":"/a"}})");
  const double event = cost(workspace, [&](int) { take(workspace, page); });
  take(workspace, group(0, 0, 50));
  const double again = cost(workspace, [&](int) { take(workspace, group(0, 0, 50)); });
  const double news = cost(workspace, [&](int i) { take(workspace, group(0, 0, 51 + i)); });
  int next = members;
  const double joins = cost(workspace, [&](int) { take(workspace, member(next++, 0)); });
  fmt::print(
      "{:>7} members: an event {:5.1f} us, said again {:5.1f} us, one more member {:6.1f} us, "
      "news {:7.1f} us\n",
      members, event, again, joins, news);
}

}  // namespace

int main() {
  for (const int members : {1, 10, 100, 1'000, 10'000, 100'000}) of_one_account(members);
  workspace::Workspace workspace;
  take(workspace, PlaybookInput{write_playbook(standard_playbook()), "setup", ""});
  constexpr int kLeads = 300'000;
  for (int i = 0; i < kLeads; ++i) take(workspace, member(i, i / 3));
  const auto start = Steady::now();
  workspace.find_accounts();
  fmt::print("found {} accounts of {} leads in {:.2f} s\n", workspace.now().account_count(), kLeads,
             std::chrono::duration<double>(Steady::now() - start).count());
  return 0;
}
