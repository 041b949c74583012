// Gives an engine batches as analytics-node sends them, for benchmarks of the engine alone: from
// JSON to the durable acknowledgement, with a bounded number on the way.
#pragma once

#include <fmt/format.h>

#include <condition_variable>
#include <iterator>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "domain/message.hpp"
#include "engine/engine.hpp"

namespace galena::bench {

inline constexpr int kBatch = 100;

inline void append_identify(std::string& body, int person, int event) {
  fmt::format_to(std::back_inserter(body),
                 R"({{"type":"identify","userId":"user-{0}","messageId":"m-{1}","traits":)"
                 R"({{"email":"p{0}@company-{2}.example","title":"VP Engineering","company":)"
                 R"({{"name":"Company {2}","employees":{3},"industry":"Software"}}}}}})",
                 person, event, person % 900, person % 400);
}

inline void append_track(std::string& body, int person, int event) {
  static constexpr const char* kNames[] = {"Demo Requested", "White Paper Downloaded",
                                           "Webinar Attended", "Signed Up"};
  fmt::format_to(std::back_inserter(body),
                 R"({{"type":"track","event":"{}","userId":"user-{}","messageId":"m-{}",)"
                 R"("properties":{{"plan":"pro","seats":25,"source":"pricing page"}},)"
                 R"("context":{{"page":{{"path":"/pricing","url":)"
                 R"("https://www.example.com/pricing","title":"Pricing"}},"library":)"
                 R"({{"name":"@segment/analytics-node","version":"3.1.0"}}}}}})",
                 kNames[event % 4], person, event);
}

// `append_event(body, i)` for each of a batch.
template <class AppendEvent>
std::string batch_json(const AppendEvent& append_event) {
  std::string body = R"({"batch":[)";
  for (int i = 0; i < kBatch; ++i) {
    if (i > 0) body += ',';
    append_event(body, i);
  }
  return body + R"(],"sentAt":"2026-01-15T10:00:00.000Z"})";
}

// Waits until all that was handed in is acknowledged.
class Gate {
 public:
  void enter() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return under_way_ < kInFlight; });
    ++under_way_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --under_way_;
    free_.notify_all();
  }
  void drain() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return under_way_ == 0; });
  }

 private:
  static constexpr int kInFlight = 8;

  std::mutex mutex_;
  std::condition_variable free_;
  int under_way_ = 0;
};

// Returns when all of them are durable.
inline void feed(engine::Engine& engine, engine::WorkspaceId workspace,
                 std::span<const std::string> bodies) {
  Gate gate;
  for (const std::string& body : bodies) {
    auto batch = domain::read_request(
        body, std::nullopt,
        {.source = domain::Source::server, .key = 1, .arrived = system_clock().now()});
    GALENA_ASSERT(batch.has_value() && batch->inputs.size() == kBatch);
    gate.enter();
    engine.submit(workspace,
                  {std::make_move_iterator(batch->inputs.begin()),
                   std::make_move_iterator(batch->inputs.end())},
                  [&](Result<engine::Receipts> receipts) {
                    GALENA_ASSERT(receipts.has_value());
                    gate.leave();
                  });
  }
  gate.drain();
}

}  // namespace galena::bench
