// The way of an answer from whatever thread gives it back to the connection that waits for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "server/http.hpp"

namespace galena::server {

// Where the answer to a connection's current request arrives. Belongs to the connection's thread.
struct Slot {
  std::uint64_t turn = 0;  // counts the connection's requests; an answer for another one is late
  std::optional<Response> response;
  std::move_only_function<void()> resume;  // set while the connection waits

  // Puts the answer of this turn and wakes the connection; does nothing for a late one.
  void fill(std::uint64_t answered_turn, Response answer);
};

// Carries answers from other threads to the thread of the connections. A burst of them wakes that
// thread once.
class Mailbox {
 public:
  // `wake` makes the connections' thread call deliver() soon; called under the lock.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void send(std::shared_ptr<Slot> slot, std::uint64_t turn, Response response);
  void deliver();  // on the connections' thread
  void close();    // from here on answers are dropped

 private:
  struct Letter {
    std::shared_ptr<Slot> slot;
    std::uint64_t turn;
    Response response;
  };

  std::mutex mutex_;
  std::function<void()> wake_;
  std::vector<Letter> letters_;
  bool closed_ = false;
  std::vector<Letter> opened_;  // only deliver() touches it; keeps its memory
};

// Calls the handler for the slot's current turn, on the connection's thread. An answer given
// before the handler returns is in the slot afterwards; what it throws is logged and becomes a 500.
void call_handler(const Handler& handler, Request request, const std::shared_ptr<Mailbox>& mailbox,
                  const std::shared_ptr<Slot>& slot);

}  // namespace galena::server
