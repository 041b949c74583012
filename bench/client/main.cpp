// A client with a pace of its own, which wrk does not have: single events at a given rate, or many
// people as batches. What was answered is printed each so many seconds, on SIGUSR1 (so a script can
// tell one time from another), and at the end, by itself or on SIGTERM.
//     intake_client --port PORT --key WRITE_KEY [--rate N] [--seconds N] [--every N]
//     intake_client --port PORT --key WRITE_KEY --import PEOPLE [--connections N] [--rate N]
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <iterator>

#include "sender.hpp"

namespace {

using namespace galena::client;
using Steady = Sender::Steady;

constexpr int kPeoplePerBatch = 50;  // with two messages each

std::atomic<bool> interval_ends{false};
std::atomic<bool> stopping{false};

struct Arguments {
  SenderOptions sender;
  std::string key;
  int seconds = 0;  // 0: until SIGTERM
  int every = 0;    // 0: on SIGUSR1 alone
  int people = 10'000;
  int import = 0;
};

// The key is made of letters, digits and a dot or so, three characters at a time.
std::string base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string coded;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto at = [&](std::size_t k) {
      return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u;
    };
    const unsigned bits = at(0) << 16 | at(1) << 8 | at(2);
    for (std::size_t k = 0; k < 4; ++k) {
      coded += i + k > text.size() ? '=' : kAlphabet[bits >> (18 - 6 * k) & 63];
    }
  }
  return coded;
}

class Requests {
 public:
  explicit Requests(const Arguments& arguments)
      : arguments_(arguments),
        authorization_(base64(arguments.key + ":")),
        prefix_(fmt::format("client-{}-{}", ::getpid(), Steady::now().time_since_epoch().count())) {
  }

  std::optional<std::string> next() {
    if (arguments_.import == 0) return request("/v1/track", event());
    if (number_ >= arguments_.import) return std::nullopt;
    return request("/v1/batch", batch());
  }

 private:
  std::string request(std::string_view path, std::string_view body) const {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Authorization: Basic {}\r\nContent-Length: {}\r\n\r\n{}",
        path, authorization_, body.size(), body);
  }

  // As bench/track.lua sends it.
  std::string event() {
    ++number_;
    return fmt::format(
        R"({{"type":"track","event":"Demo Requested","messageId":"{}-{}","userId":"user-{}",)"
        R"("timestamp":"2026-01-15T10:00:00.000Z","sentAt":"2026-01-15T10:00:00.100Z",)"
        R"("properties":{{"plan":"pro","seats":25,"source":"pricing page"}},)"
        R"("context":{{"library":{{"name":"@segment/analytics-node","version":"2.1.0"}},)"
        R"("page":{{"path":"/pricing","url":"https://www.example.com/pricing",)"
        R"("referrer":"https://www.example.com/","title":"Pricing"}},)"
        R"("userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}}}})",
        prefix_, number_, number_ % arguments_.people);
  }

  // Each person tells who they are and did one thing.
  std::string batch() {
    static constexpr const char* kTitles[] = {"VP Engineering", "Head of IT", "Student",
                                              "Managing Director", "Buyer"};
    std::string body = R"({"batch":[)";
    for (int i = 0; i < kPeoplePerBatch && number_ < arguments_.import; ++i, ++number_) {
      if (i > 0) body += ',';
      fmt::format_to(
          std::back_inserter(body),
          R"({{"type":"identify","userId":"import-{0}-{1}","messageId":"i-{0}-{1}","traits":)"
          R"({{"email":"p{1}@{0}-{2}.example","firstName":"Ann","lastName":"Person {1}",)"
          R"("title":"{3}","company":{{"name":"Company {2}","employees":{4},)"
          R"("industry":"Software"}}}}}},)"
          R"({{"type":"track","userId":"import-{0}-{1}","messageId":"t-{0}-{1}","event":)"
          R"("White Paper Downloaded","properties":{{"title":"How to buy","topic":"pricing"}}}})",
          prefix_, number_, number_ / 20, kTitles[number_ % 5], number_ % 900);
    }
    return body + "]}";
  }

  const Arguments& arguments_;
  const std::string authorization_;
  const std::string prefix_;
  int number_ = 0;
};

void print(const Interval& interval) {
  const double count = static_cast<double>(interval.latencies_ms.size());
  fmt::print(
      "requests/s {:.0f}  p50 {:.2f} ms  p99 {:.2f} ms  not 2xx {}  max {:.1f} ms in {:.1f} s\n",
      count / interval.seconds, interval.percentile(0.5), interval.percentile(0.99),
      interval.refused, interval.percentile(1), interval.seconds);
  std::fflush(stdout);
}

void run(const Arguments& arguments) {
  Requests requests(arguments);
  Sender sender(arguments.sender, [&] { return requests.next(); });
  const auto never = Steady::time_point::max();
  const auto start = Steady::now();
  const auto end = arguments.seconds > 0 ? start + std::chrono::seconds{arguments.seconds} : never;
  const std::chrono::seconds every{arguments.every};
  auto next_print = arguments.every > 0 ? start + every : never;
  while (!stopping && Steady::now() < end) {
    // Looks up from time to time: a signal may come while it does not wait.
    const auto look = Steady::now() + std::chrono::milliseconds{50};
    if (sender.run_until(std::min({end, next_print, look}))) break;
    const bool is_due = Steady::now() >= next_print;
    if (!is_due && !interval_ends.exchange(false)) continue;
    print(sender.take_interval());
    if (is_due) next_print += every;
  }
  const Interval rest = sender.take_interval();
  if (!rest.latencies_ms.empty()) print(rest);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Sends events at a pace of its own.", "intake_client");
  app.add_option("--port", arguments.sender.port, "Of Galena on 127.0.0.1")->required();
  app.add_option("--key", arguments.key, "A write key")->required();
  app.add_option("--rate", arguments.sender.rate, "Requests a second; 0: as fast as answered");
  app.add_option("--connections", arguments.sender.connections, "How many")->capture_default_str();
  app.add_option("--seconds", arguments.seconds, "How long; 0: until SIGTERM");
  app.add_option("--every", arguments.every, "Print each so many seconds");
  app.add_option("--people", arguments.people, "Whose events they are")->capture_default_str();
  app.add_option("--import", arguments.import, "Instead: so many people, 50 a batch");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGUSR1, [](int) { interval_ends = true; });
  std::signal(SIGTERM, [](int) { stopping = true; });
  try {
    run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "intake_client: {}\n", error.what());
    return 1;
  }
  return 0;
}
