// The server: one io_context per thread, a connection stays on its thread. Time-outs are one sweep
// per thread over deadlines, so a request arms no timer.
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "server/http_body.hpp"
#include "server/http_reply.hpp"
#include "server/http_wire.hpp"

namespace galena::server {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Protocol = asio::generic::stream_protocol;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using Ticks = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Ticks, asio::wait_traits<Ticks>, Executor>;
template <class T = void>
using Awaitable = asio::awaitable<T, Executor>;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> outcome{};
constexpr std::chrono::milliseconds sweep_period{100};
constexpr std::chrono::seconds stop_patience{5};
constexpr std::chrono::seconds linger_patience{5};
constexpr std::uint64_t turned_away_max = 256;  // connections beyond connections_max told so
constexpr std::size_t input_bytes_min = 4096;
constexpr std::size_t body_step_bytes = 64 * 1024;

struct Connection;

// What all threads share and nobody changes while they run.
struct Core {
  ListenOptions options;
  Handler handler;
  BodyLimit limit;
  std::atomic<std::uint64_t> connections{0};
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
  std::string date;  // the Date header, renewed by the sweep
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
  Ticks::time_point deadline = Ticks::time_point::max();
  bool expired = false;  // the sweep ended what the connection waited for
  bool idle = false;     // between requests, or only lingering: a stop ends it at once
};

using ConnectionPtr = std::unique_ptr<Connection>;

// How reading or writing went on.
enum class Step { proceed, refuse, close };

Step refuse(Connection* connection, int status, std::string_view detail) {
  connection->refusal = {status, detail};
  return Step::refuse;
}

// ---- bytes in and out --------------------------------------------------------------------------

// Reads at least one byte behind the unread ones; false when there will be none.
Awaitable<bool> fill(Connection* connection) {
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
Awaitable<bool> write(Connection* connection, std::string_view head, std::string_view body) {
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
Awaitable<void> linger(Connection* connection) {
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

// ---- requests ----------------------------------------------------------------------------------

Awaitable<Step> read_head(Connection* connection, Head* head) {
  const ListenOptions& options = connection->worker.core.options;
  std::size_t scanned = 0;
  connection->idle = connection->unread().empty();
  connection->expire_after_s(connection->idle ? options.idle_timeout_s : options.header_timeout_s);
  for (;;) {
    // An empty line before a request is a habit of some old clients.
    while (connection->unread().starts_with("\r\n")) {
      connection->consume(2);
      scanned = 0;
    }
    const HeadScan scan = scan_head(connection->unread(), scanned);
    scanned = scan.position;
    if (scan.state == HeadScan::State::broken) co_return refuse(connection, 400, scan.detail);
    if (scanned > options.header_bytes_max) {
      co_return refuse(connection, 431, "The head of the request is too large.");
    }
    if (scan.state == HeadScan::State::complete) {
      connection->idle = false;
      connection->refusal = parse_head(connection->unread().substr(0, scanned), *head);
      connection->consume(scanned);
      co_return connection->refusal ? Step::refuse : Step::proceed;
    }
    if (connection->idle && !connection->unread().empty()) {
      connection->idle = false;
      connection->expire_after_s(options.header_timeout_s);
    }
    if (connection->idle && connection->worker.stopping) co_return Step::close;
    if (!co_await fill(connection)) {
      const bool slow = connection->expired && !connection->idle;
      co_return slow ? refuse(connection, 408, "The head of the request took too long.")
                     : Step::close;
    }
  }
}

Awaitable<Step> body_stopped(Connection* connection) {
  co_return connection->expired ? refuse(connection, 408, "The body of the request took too long.")
                                : Step::close;
}

// A body of known length: what is already here, then straight from the socket into place.
Awaitable<Step> read_sized_body(Connection* connection, Head* head) {
  std::string& body = head->request.body;
  const std::uint64_t size = head->content_length;
  body = connection->unread().substr(0, size);
  connection->consume(body.size());
  while (body.size() < size) {
    // Room is made in steps, so that a length alone takes no memory.
    const std::size_t have = body.size();
    const std::size_t step = std::max(body_step_bytes, have);
    body.resize(have + std::min<std::uint64_t>(size - have, step));
    std::size_t filled = have;
    while (filled < body.size()) {
      const auto [error, bytes] = co_await connection->socket.async_read_some(
          asio::buffer(body.data() + filled, body.size() - filled), outcome);
      if (error || bytes == 0) co_return co_await body_stopped(connection);
      filled += bytes;
    }
  }
  co_return Step::proceed;
}

Awaitable<Step> read_chunked_body(Connection* connection, Head* head, std::uint64_t limit) {
  ChunkedBody chunks(limit);
  for (;;) {
    const std::string_view unread = connection->unread();
    const std::size_t used = unread.empty() ? 0 : chunks.put(unread, connection->refusal);
    connection->consume(used);
    if (connection->refusal) co_return Step::refuse;
    if (chunks.done()) break;
    if (connection->unread().size() >= connection->worker.core.options.header_bytes_max) {
      co_return refuse(connection, 400, "A line between the chunks of the body is too long.");
    }
    if (!co_await fill(connection)) co_return co_await body_stopped(connection);
  }
  head->request.body = chunks.take_body();
  co_return Step::proceed;
}

Awaitable<Step> read_body(Connection* connection, Head* head) {
  if (!head->chunked && head->content_length == 0) co_return Step::proceed;
  const Core& core = connection->worker.core;
  const std::uint64_t limit = core.limit(head->request.method, head->request.path);
  if (head->content_length > limit) {
    co_return refuse(connection, 413, "The body is larger than this address takes.");
  }
  connection->expire_after_s(core.options.body_timeout_s);
  if (head->expects_continue && connection->unread().empty()) {
    if (!co_await write(connection, "HTTP/1.1 100 Continue\r\n\r\n", {})) co_return Step::close;
    connection->expire_after_s(core.options.body_timeout_s);
  }
  const Step step = head->chunked ? co_await read_chunked_body(connection, head, limit)
                                  : co_await read_sized_body(connection, head);
  if (step != Step::proceed) co_return step;
  connection->refusal = decode_body(head->request, limit);
  co_return connection->refusal ? Step::refuse : Step::proceed;
}

// ---- answers -----------------------------------------------------------------------------------

// Suspends until the slot is filled by the mailbox or the sweep.
Awaitable<void> wait_for_answer(std::shared_ptr<Slot> slot) {
  constexpr asio::use_awaitable_t<Executor> token;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [slot](auto resume) { slot->resume = std::move(resume); }, token);
}

Awaitable<Response> answer(Connection* connection, Head* head) {
  const Core& core = connection->worker.core;
  Slot& slot = *connection->slot;
  call_handler(core.handler, std::move(head->request), connection->worker.mailbox,
               connection->slot);
  if (!slot.response) {
    connection->expire_after_s(core.options.reply_timeout_s);
    co_await wait_for_answer(connection->slot);
  }
  Response response = std::move(*slot.response);
  slot.response.reset();
  ++slot.turn;
  co_return response;
}

Awaitable<bool> send(Connection* connection, Response response, Framing framing, bool head_only) {
  framing.date_line = connection->worker.date;
  connection->output.clear();
  write_head(response, framing, connection->output);
  std::string_view body = response.static_body.empty() ? response.body : response.static_body;
  if (head_only || !has_body(response.status)) body = {};
  co_return co_await write(connection, connection->output, body);
}

// Serves one request; false when the connection has ended or is to be closed.
Awaitable<bool> serve_request(Connection* connection) {
  Head head;
  Step step = co_await read_head(connection, &head);
  if (step == Step::proceed) step = co_await read_body(connection, &head);
  if (step == Step::close) co_return false;
  const bool head_only = head.request.method == Method::head;
  Framing framing{head.request.keep_alive, head.old_client, {}};
  if (step == Step::refuse) {
    framing.keep_alive = false;
    const Refusal refusal = connection->refusal;
    Response response = plain_problem(refusal.status, refusal.detail);
    if (refusal.status == 415) response.headers.push_back({"Accept-Encoding", "gzip, deflate"});
    if (co_await send(connection, std::move(response), framing, head_only)) {
      co_await linger(connection);
    }
    co_return false;
  }
  head.request.peer = connection->peer;
  head.request.local = connection->local;
  Response response = co_await answer(connection, &head);
  if (connection->worker.stopping) framing.keep_alive = false;
  if (!co_await send(connection, std::move(response), framing, head_only)) co_return false;
  if (framing.keep_alive) co_return true;
  co_await linger(connection);
  co_return false;
}

Awaitable<void> serve_connection(ConnectionPtr connection) {
  connection->enlist();
  try {
    while (co_await serve_request(connection.get())) {
    }
  } catch (const std::exception& error) {
    spdlog::error("a connection from {} failed: {}", connection->peer, error.what());
  }
}

// For a connection beyond connections_max.
Awaitable<void> turn_away(ConnectionPtr connection) {
  connection->enlist();
  Response response = plain_problem(503, "Too many connections are open.");
  response.headers.push_back({"Retry-After", "1"});
  if (co_await send(connection.get(), std::move(response), {false, false, {}}, false)) {
    co_await linger(connection.get());
  }
}

// ---- time --------------------------------------------------------------------------------------

// Ends what connections wait for: their sockets, or their handlers' answers.
void sweep(Worker* worker) {
  const auto now = Ticks::now();
  const bool give_up = worker->stopping && now >= worker->stop_deadline;
  std::vector<std::shared_ptr<Slot>> unanswered;
  ErrorCode ignored;
  for (Connection* const connection : worker->connections) {
    if (!give_up && now < connection->deadline) continue;
    connection->expired = true;
    if (give_up) {
      connection->socket.close(ignored);
    } else {
      connection->socket.cancel(ignored);
    }
    if (connection->slot->resume) unanswered.push_back(connection->slot);
  }
  // Only now, because an answered connection may end and leave the list.
  for (const std::shared_ptr<Slot>& slot : unanswered) {
    slot->fill(slot->turn, plain_problem(503, "The answer took too long."));
  }
}

// The thread's heartbeat; ends when a stop was asked for and the last connection has gone.
Awaitable<void> watch(Worker* worker) {
  std::int64_t dated_s = 0;
  while (!worker->stopping || !worker->connections.empty()) {
    const auto now_s = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                           .time_since_epoch()
                           .count();
    if (now_s != dated_s) worker->date = date_line(now_s);
    dated_s = now_s;
    sweep(worker);
    worker->timer.expires_after(sweep_period);
    co_await worker->timer.async_wait(outcome);
  }
}

void begin_stop(Worker* worker) {
  worker->stopping = true;
  worker->stop_deadline = Ticks::now() + stop_patience;
  ErrorCode ignored;
  for (Connection* const connection : worker->connections) {
    if (!connection->idle) continue;
    connection->expired = true;
    connection->socket.cancel(ignored);
  }
  worker->timer.cancel();
}

// ---- accepting ---------------------------------------------------------------------------------

// The address of the other side of a TCP connection; an IPv4 one also when it came over IPv6.
std::string peer_address(const Socket& socket) {
  ErrorCode error;
  const Protocol::endpoint other = socket.remote_endpoint(error);
  if (error) return {};
  asio::ip::tcp::endpoint endpoint;
  if (other.size() > endpoint.capacity()) return {};
  std::memcpy(endpoint.data(), other.data(), other.size());
  endpoint.resize(other.size());
  const asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

class Server final : public Listener {
 public:
  Server(const ListenOptions& options, Handler handler, BodyLimit limit)
      : core_{options, std::move(handler), std::move(limit), {}},
        workers_(make_workers(core_)),
        tcp_(workers_.front()->context),
        unix_(workers_.front()->context) {
    open_tcp();
    if (!options.unix_socket.empty()) open_unix();
    asio::co_spawn(tcp_.get_executor(), accept(this, &tcp_, false), asio::detached);
    if (unix_.is_open()) {
      asio::co_spawn(unix_.get_executor(), accept(this, &unix_, true), asio::detached);
    }
    for (const auto& worker : workers_) start(*worker);
  }

  ~Server() override {
    // All connections accepted so far are handed over before the stop reaches their workers.
    std::promise<void> closed;
    asio::post(workers_.front()->context, [&] {
      accepting_ = false;
      ErrorCode ignored;
      tcp_.close(ignored);
      unix_.close(ignored);
      closed.set_value();
    });
    closed.get_future().wait();
    for (const auto& worker : workers_) {
      asio::post(worker->context, [stopped = worker.get()] { begin_stop(stopped); });
    }
    for (const auto& worker : workers_) worker->thread.join();
    for (const auto& worker : workers_) worker->mailbox->close();
    if (!core_.options.unix_socket.empty()) ::unlink(core_.options.unix_socket.c_str());
  }

  std::uint16_t port() const override { return port_; }

 private:
  static std::vector<std::unique_ptr<Worker>> make_workers(Core& core);
  static Awaitable<void> accept(Server* server, Acceptor* acceptor, bool local);
  void open_tcp();
  void open_unix();
  void admit(Socket socket, Worker& worker, bool local);
  void start(Worker& worker);

  Core core_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t next_worker_ = 0;  // only the first worker's thread, which accepts
  bool accepting_ = true;        // likewise
  Acceptor tcp_;
  Acceptor unix_;
  std::uint16_t port_ = 0;
};

std::vector<std::unique_ptr<Worker>> Server::make_workers(Core& core) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < std::max(1, core.options.threads); ++i) {
    workers.push_back(std::make_unique<Worker>(core));
  }
  return workers;
}

void Server::open_tcp() {
  asio::ip::tcp::resolver resolver(workers_.front()->context);
  const auto found = resolver.resolve(core_.options.address, std::to_string(core_.options.port),
                                      asio::ip::tcp::resolver::passive);
  const asio::ip::tcp::endpoint endpoint = found.begin()->endpoint();
  tcp_.open(Protocol(endpoint.protocol()));
  tcp_.set_option(asio::socket_base::reuse_address(true));
  tcp_.bind(Protocol::endpoint(endpoint));
  tcp_.listen();
  asio::ip::tcp::endpoint bound;
  const Protocol::endpoint local = tcp_.local_endpoint();
  std::memcpy(bound.data(), local.data(), local.size());
  bound.resize(local.size());
  port_ = bound.port();
}

void Server::open_unix() {
  const std::string& path = core_.options.unix_socket;
  const asio::local::stream_protocol::endpoint endpoint(path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
    // Left behind by a server that was killed, unless somebody still answers there.
    ErrorCode error;
    asio::local::stream_protocol::socket probe(workers_.front()->context);
    probe.connect(endpoint, error);
    if (error == asio::error::connection_refused) ::unlink(path.c_str());
  }
  unix_.open(Protocol(endpoint.protocol()));
  // The mode is set before the bind, so the file never has another one.
  if (::fchmod(unix_.native_handle(), S_IRUSR | S_IWUSR) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  unix_.bind(Protocol::endpoint(endpoint));
  unix_.listen();
}

Awaitable<void> Server::accept(Server* server, Acceptor* acceptor, bool local) {
  Timer pause(acceptor->get_executor());
  while (server->accepting_) {
    Worker& worker = *server->workers_[server->next_worker_++ % server->workers_.size()];
    auto [error, socket] = co_await acceptor->async_accept(worker.context, outcome);
    if (!server->accepting_) break;
    if (!error) {
      server->admit(std::move(socket), worker, local);
    } else if (error != asio::error::connection_aborted) {
      // Mostly a lack of descriptors, which others may give back.
      spdlog::warn("no connection can be accepted: {}", error.message());
      pause.expires_after(sweep_period);
      co_await pause.async_wait(outcome);
    }
  }
}

// Hands a new connection to its worker's thread.
void Server::admit(Socket socket, Worker& worker, bool local) {
  ErrorCode ignored;
  socket.non_blocking(true, ignored);
  if (!local) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const std::string peer = local ? "local" : peer_address(socket);
  const std::uint64_t open = core_.connections.load();
  if (open >= core_.options.connections_max + turned_away_max) return;
  auto connection = std::make_unique<Connection>(worker, std::move(socket));
  connection->peer = peer;
  connection->local = local;
  asio::co_spawn(worker.context,
                 open < core_.options.connections_max ? serve_connection(std::move(connection))
                                                      : turn_away(std::move(connection)),
                 asio::detached);
}

void Server::start(Worker& worker) {
  asio::co_spawn(worker.context, watch(&worker), asio::detached);
  worker.thread = std::thread([&worker] { worker.context.run(); });
}

}  // namespace

std::unique_ptr<Listener> listen(const ListenOptions& options, Handler handler, BodyLimit limit) {
  try {
    return std::make_unique<Server>(options, std::move(handler), std::move(limit));
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "cannot listen on " + options.address);
  }
}

}  // namespace galena::server
