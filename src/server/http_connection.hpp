// A connection and its thread: bytes in and out with deadlines. Only http_listener.cpp includes
// this, so that Asio is compiled once.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "server/http.hpp"
#include "server/http_reply.hpp"
#include "server/http_wire.hpp"

namespace galena::server::session {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Protocol = asio::generic::stream_protocol;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Ticks = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Ticks, asio::wait_traits<Ticks>, Executor>;
template <class T = void>
using Awaitable = asio::awaitable<T, Executor>;

inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> outcome{};
inline constexpr std::chrono::seconds linger_patience{5};
inline constexpr std::size_t input_bytes_min = 4096;

struct Connection;

inline std::int64_t unix_now_s() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::seconds>(now).count();
}

// What all threads share; but for the count, nobody changes it while they run.
struct Core {
  ListenOptions options;
  Handler handler;
  BodyLimit limit;
  std::atomic<std::uint64_t> connections{0};  // open now
};

// One thread with its connections. Only that thread touches it once it runs.
struct Worker {
  explicit Worker(Core& shared) : core(shared) {
    mailbox =
        std::make_shared<Mailbox>([this] { asio::post(context, [this] { mailbox->deliver(); }); });
  }

  Core& core;
  std::shared_ptr<Mailbox> mailbox;
  std::vector<Connection*> connections;
  std::string date = date_line(unix_now_s());  // the Date header, renewed by the sweep
  bool stopping = false;
  Ticks::time_point stop_deadline;
  asio::io_context context{1};
  Timer timer{context.get_executor()};
  std::thread thread;
};

struct Connection {
  Connection(Worker& owner, Socket accepted) : worker(owner), socket(std::move(accepted)) {
    worker.core.connections.fetch_add(1);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    worker.core.connections.fetch_sub(1);
    if (place == unplaced) return;
    worker.connections[place] = worker.connections.back();
    worker.connections[place]->place = place;
    worker.connections.pop_back();
    if (worker.stopping && worker.connections.empty()) worker.timer.cancel();
  }

  // From here on the worker's sweep sees the connection.
  void enlist() {
    place = worker.connections.size();
    worker.connections.push_back(this);
  }

  void expire_after(Ticks::duration patience) {
    expired = false;
    deadline = Ticks::now() + patience;
  }
  void expire_after_s(int seconds) { expire_after(std::chrono::seconds(seconds)); }

  std::string_view unread() const { return {input.data() + begin, end - begin}; }
  void consume(std::size_t bytes) {
    begin += bytes;
    if (begin == end) begin = end = 0;
  }

  static constexpr std::size_t unplaced = static_cast<std::size_t>(-1);

  Worker& worker;
  Socket socket;
  std::size_t place = unplaced;  // in worker.connections
  std::string peer;
  bool local = false;

  std::string input;  // [begin, end) is read from the socket and not yet used
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string output;  // the head being written

  std::shared_ptr<Slot> slot = std::make_shared<Slot>();
  Refusal refusal;
  int status_beyond = 413;  // for a body that is larger than this request's may be
  Ticks::time_point deadline = Ticks::time_point::max();
  bool expired = false;  // the sweep ended what the connection waited for
  bool idle = false;     // between requests, or only lingering: a stop ends it at once
};

using ConnectionPtr = std::unique_ptr<Connection>;

// How reading or writing went on.
enum class Step { proceed, refuse, close };

inline Step refuse(Connection* connection, int status, std::string_view detail) {
  connection->refusal = {status, detail};
  return Step::refuse;
}

// Reads at least one byte behind the unread ones; false when there will be none.
inline Awaitable<bool> fill(Connection* connection) {
  std::string& input = connection->input;
  if (connection->end == input.size()) {
    if (connection->begin > 0) {
      std::copy(input.begin() + static_cast<std::ptrdiff_t>(connection->begin), input.end(),
                input.begin());
      connection->end -= connection->begin;
      connection->begin = 0;
    } else {
      input.resize(std::max(input_bytes_min, input.size() * 2));
    }
  }
  char* const free_space = input.data() + connection->end;
  const auto [error, bytes] = co_await connection->socket.async_read_some(
      asio::buffer(free_space, input.size() - connection->end), outcome);
  connection->end += bytes;
  co_return !error && bytes > 0;
}

// Writes both pieces: at once if the socket takes them, else as fast as the other side does.
inline Awaitable<bool> write(Connection* connection, std::string_view head, std::string_view body) {
  std::array<asio::const_buffer, 2> pieces{asio::buffer(head), asio::buffer(body)};
  ErrorCode error;
  std::size_t bytes = connection->socket.write_some(pieces, error);
  for (;;) {
    if (error && error != asio::error::would_block) co_return false;
    const std::size_t of_head = std::min(bytes, pieces[0].size());
    pieces[0] += of_head;
    pieces[1] += bytes - of_head;
    if (pieces[0].size() + pieces[1].size() == 0) co_return true;
    connection->expire_after_s(connection->worker.core.options.write_timeout_s);
    std::tie(error, bytes) = co_await connection->socket.async_write_some(pieces, outcome);
  }
}

// Ends a connection so that the other side can read the answer: closing a socket with unread input
// would reset it, so what still comes is read and thrown away for a while.
inline Awaitable<void> linger(Connection* connection) {
  ErrorCode ignored;
  connection->socket.shutdown(asio::socket_base::shutdown_send, ignored);
  if (connection->worker.stopping) co_return;
  connection->idle = true;
  connection->expire_after(linger_patience);
  while (!connection->expired) {
    connection->begin = connection->end = 0;
    if (!co_await fill(connection)) break;
  }
}

}  // namespace galena::server::session
