#include "server/http_reply.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <exception>
#include <utility>

namespace galena::server {
namespace {

class Ticket;

// The ticket whose handler this thread is running: its answer needs no mailbox.
thread_local const Ticket* being_handled = nullptr;

// The right to answer one request once. Shared by all copies of its Reply.
class Ticket {
 public:
  Ticket(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Slot> slot)
      : mailbox_(std::move(mailbox)), slot_(std::move(slot)), turn_(slot_->turn) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  ~Ticket() {
    if (answered_.load(std::memory_order_relaxed)) return;
    try {
      answer(plain_problem(500, "The request was left without an answer."));
    } catch (const std::exception& error) {
      spdlog::error("a request stays without an answer: {}", error.what());
    }
  }

  void answer(Response response) {
    if (answered_.exchange(true)) return;
    if (being_handled == this) {
      slot_->fill(turn_, std::move(response));
    } else {
      mailbox_->send(std::move(slot_), turn_, std::move(response));
    }
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<Slot> slot_;
  std::uint64_t turn_;
  std::atomic<bool> answered_{false};
};

}  // namespace

void Slot::fill(std::uint64_t answered_turn, Response answer) {
  if (answered_turn != turn || response) return;
  response = std::move(answer);
  if (resume) std::exchange(resume, nullptr)();
}

void Mailbox::send(std::shared_ptr<Slot> slot, std::uint64_t turn, Response response) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  letters_.push_back({std::move(slot), turn, std::move(response)});
  if (letters_.size() == 1) wake_();
}

void Mailbox::deliver() {
  {
    const std::lock_guard lock(mutex_);
    opened_.swap(letters_);
  }
  for (Letter& letter : opened_) letter.slot->fill(letter.turn, std::move(letter.response));
  opened_.clear();
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  letters_.clear();
}

void call_handler(const Handler& handler, Request request, const std::shared_ptr<Mailbox>& mailbox,
                  const std::shared_ptr<Slot>& slot) {
  auto ticket = std::make_shared<Ticket>(mailbox, slot);
  being_handled = ticket.get();
  try {
    handler(std::move(request),
            [ticket](Response response) { ticket->answer(std::move(response)); });
  } catch (const std::exception& error) {
    spdlog::error("the handler of a request failed: {}", error.what());
    ticket->answer(plain_problem(500, "The request could not be handled."));
  } catch (...) {
    spdlog::error("the handler of a request failed");
    ticket->answer(plain_problem(500, "The request could not be handled."));
  }
  ticket.reset();  // if nobody else holds it, the 500 of a dropped Reply lands here, still inside
  being_handled = nullptr;
}

}  // namespace galena::server
