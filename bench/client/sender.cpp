#include "sender.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace galena::client {
namespace {

[[noreturn]] void throw_system_error(const char* doing) {
  throw std::system_error(errno, std::system_category(), doing);
}

// The length of the whole answer, once its head is there.
std::optional<std::size_t> length_of(std::string_view answer) {
  const auto head = answer.find("\r\n\r\n");
  if (head == std::string_view::npos) return std::nullopt;
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto name = answer.find(kName);
  std::size_t body = 0;
  if (name < head) {
    const char* begin = answer.data() + name + kName.size();
    std::from_chars(begin, answer.data() + head, body);
  }
  return head + 4 + body;
}

bool is_taken(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 2");
}

}  // namespace

double Interval::percentile(double part) const {
  if (latencies_ms.empty()) return 0;
  const auto rank = static_cast<std::size_t>(part * static_cast<double>(latencies_ms.size()));
  return latencies_ms[std::min(rank, latencies_ms.size() - 1)];
}

Sender::Sender(const SenderOptions& options, Source source)
    : options_(options),
      source_(std::move(source)),
      events_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(static_cast<std::size_t>(options.connections)),
      start_(Steady::now()),
      interval_start_(start_) {
  if (events_ < 0) throw_system_error("epoll_create1");
  for (Connection& connection : connections_) connect(connection);
}

Sender::~Sender() {
  for (const Connection& connection : connections_) ::close(connection.descriptor);
  ::close(events_);
}

void Sender::connect(Connection& connection) const {
  connection.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection.descriptor < 0) throw_system_error("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection.descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address))) {
    throw_system_error("connect");
  }
  const int on = 1;
  ::setsockopt(connection.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
  if (::epoll_ctl(events_, EPOLL_CTL_ADD, connection.descriptor, &event)) {
    throw_system_error("epoll_ctl");
  }
}

Sender::Steady::time_point Sender::next_due() const {
  if (options_.rate <= 0) return Steady::now();
  const std::chrono::duration<double> since(static_cast<double>(sent_) / options_.rate);
  return start_ + std::chrono::duration_cast<Steady::duration>(since);
}

Sender::Connection* Sender::idle() {
  if (busy_ == connections_.size()) return nullptr;
  return &*std::ranges::find(connections_, false, &Connection::busy);
}

// A blocking write: requests are smaller than what a socket holds.
void Sender::send(const Connection& connection) {
  std::string_view request = connection.request;
  while (!request.empty()) {
    const ssize_t written =
        ::send(connection.descriptor, request.data(), request.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) return;  // it is closed; receive() sends it again
    if (written < 0) throw_system_error("send");
    request.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Sender::send_what_is_due() {
  for (Connection* free = idle(); free != nullptr && !dry_; free = idle()) {
    const auto due = next_due();
    if (due > Steady::now()) return;
    auto request = source_();
    dry_ = !request;
    if (dry_) return;
    free->request = std::move(*request);
    free->busy = true;
    free->due = due;
    ++busy_;
    ++sent_;
    send(*free);
  }
}

// A connection that nobody used for a minute is closed, maybe while a request is on its way.
void Sender::connect_again(Connection& connection) {
  ::close(connection.descriptor);
  connect(connection);
  if (connection.busy) send(connection);
}

void Sender::receive(Connection& connection) {
  std::array<char, 65'536> bytes;
  const ssize_t count = ::recv(connection.descriptor, bytes.data(), bytes.size(), 0);
  if (count < 0 && errno == EINTR) return;
  const bool is_closed = count == 0 || (count < 0 && errno == ECONNRESET);
  if (is_closed && connection.received.empty()) return connect_again(connection);
  if (count <= 0) throw std::runtime_error("the server closed the connection");
  connection.received.append(bytes.data(), static_cast<std::size_t>(count));
  const auto length = length_of(connection.received);
  if (!length || connection.received.size() < *length) return;
  const std::chrono::duration<float, std::milli> took = Steady::now() - connection.due;
  interval_.latencies_ms.push_back(took.count());
  if (!is_taken(connection.received)) ++interval_.refused;
  connection.received.clear();
  connection.busy = false;
  --busy_;
}

bool Sender::run_until(Steady::time_point end) {
  std::array<epoll_event, 64> ready;
  for (;;) {
    send_what_is_due();
    if (dry_ && busy_ == 0) return true;
    const auto now = Steady::now();
    if (now >= end) return false;
    // With nothing free, or nothing left, only an answer or the end can be next.
    const bool waits_for_due = busy_ < connections_.size() && !dry_;
    const auto until = std::max(now, waits_for_due ? std::min(end, next_due()) : end);
    const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(until - now).count();
    const timespec timeout{.tv_sec = wait / 1'000'000'000, .tv_nsec = wait % 1'000'000'000};
    const int count = ::epoll_pwait2(events_, ready.data(), int(ready.size()), &timeout, nullptr);
    if (count < 0 && errno == EINTR) return false;
    if (count < 0) throw_system_error("epoll_pwait2");
    for (int i = 0; i < count; ++i)
      receive(*static_cast<Connection*>(ready[std::size_t(i)].data.ptr));
  }
}

Interval Sender::take_interval() {
  const auto now = Steady::now();
  Interval taken = std::move(interval_);
  taken.seconds = std::chrono::duration<double>(now - interval_start_).count();
  std::ranges::sort(taken.latencies_ms);
  interval_ = {};
  interval_start_ = now;
  return taken;
}

}  // namespace galena::client
