// Sends HTTP requests over some connections at a given rate and notes how long each took. The time
// of a request runs from when it was due, not from when there was a connection for it: so a server
// that stops for a moment is seen by all who would have come in that moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace galena::client {

struct SenderOptions {
  std::uint16_t port = 0;  // of 127.0.0.1
  int connections = 16;
  double rate = 0;  // requests/s; 0: the next one as soon as one is answered
};

struct Interval {
  double seconds = 0;
  std::vector<float> latencies_ms;  // sorted
  std::uint64_t refused = 0;        // not 2xx

  double percentile(double part) const;
};

class Sender {
 public:
  using Steady = std::chrono::steady_clock;
  // The next request's bytes; nothing when there are no more.
  using Source = std::function<std::optional<std::string>()>;

  Sender(const SenderOptions& options, Source source);
  ~Sender();
  Sender(const Sender&) = delete;

  // Sends until the moment, or until all is answered (then true), or a signal comes.
  bool run_until(Steady::time_point end);
  // What was answered since the last call.
  Interval take_interval();

 private:
  struct Connection {
    int descriptor = -1;
    bool busy = false;
    Steady::time_point due;
    std::string request;  // that is to be answered
    std::string received;
  };
  void connect(Connection& connection) const;
  Steady::time_point next_due() const;
  void send_what_is_due();
  void send(const Connection& connection);
  void connect_again(Connection& connection);
  void receive(Connection& connection);
  Connection* idle();

  const SenderOptions options_;
  const Source source_;
  const int events_;
  std::vector<Connection> connections_;
  const Steady::time_point start_;
  std::uint64_t sent_ = 0;
  std::size_t busy_ = 0;
  bool dry_ = false;  // the source has no more
  Steady::time_point interval_start_;
  Interval interval_;
};

}  // namespace galena::client
