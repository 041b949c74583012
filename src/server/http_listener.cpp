// The server: one io_context per thread, a connection stays on its thread. Time-outs are one sweep
// per thread over deadlines, so a request arms no timer.
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <future>
#include <system_error>

#include "server/http_body.hpp"
#include "server/http_connection.hpp"

namespace galena::server {
namespace {

using namespace session;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;

constexpr std::chrono::milliseconds sweep_period{100};
constexpr std::uint64_t turned_away_max = 256;  // connections beyond connections_max told so
constexpr std::size_t body_step_bytes = 64 * 1024;

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

Step body_stopped(Connection* connection) {
  return connection->expired ? refuse(connection, 408, "The body of the request took too long.")
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
      if (error || bytes == 0) co_return body_stopped(connection);
      filled += bytes;
    }
  }
  co_return Step::proceed;
}

Awaitable<Step> read_chunked_body(Connection* connection, Head* head, std::uint64_t limit) {
  ChunkedBody chunks(limit);
  for (;;) {
    connection->consume(chunks.put(connection->unread(), connection->refusal));
    if (connection->refusal) co_return Step::refuse;
    if (chunks.done()) break;
    if (!co_await fill(connection)) co_return body_stopped(connection);
  }
  head->request.body = std::move(chunks.body());
  co_return Step::proceed;
}

Awaitable<Step> read_body(Connection* connection, Head* head) {
  if (!head->chunked && head->content_length == 0) co_return Step::proceed;
  const Core& core = connection->worker.core;
  const BodyBound bound = core.limit(head->request.method, head->request.path);
  const std::uint64_t limit = bound.bytes_max;
  connection->status_beyond = bound.status_beyond;
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

// Suspends until the slot is filled by the mailbox or the sweep. The slot is captured as a pointer:
// g++ 12 destroys what a lambda inside a co_await expression owns twice.
Awaitable<void> wait_for_answer(Slot* slot) {
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
    co_await wait_for_answer(&slot);
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
    Refusal refusal = connection->refusal;
    if (refusal.status == 413) refusal.status = connection->status_beyond;
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

// What accepts and watches the connections may not end by an exception: better no server than a
// deaf one.
void stop_process(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
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
    const std::int64_t now_s = unix_now_s();
    if (now_s != dated_s) worker->date = date_line(now_s);
    dated_s = now_s;
    sweep(worker);
    worker->timer.expires_after(sweep_period);
    co_await worker->timer.async_wait(outcome);
  }
}

void begin_stop(Worker* worker) {
  worker->stopping = true;
  worker->stop_deadline = Ticks::now() + std::chrono::seconds(worker->core.options.stop_timeout_s);
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
    asio::co_spawn(tcp_.get_executor(), accept(this, &tcp_, false), stop_process);
    if (unix_.is_open()) {
      asio::co_spawn(unix_.get_executor(), accept(this, &unix_, true), stop_process);
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
void Server::admit(Socket socket, Worker& worker, bool local) try {
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
} catch (const std::exception& error) {
  spdlog::error("a connection could not be taken: {}", error.what());
}

void Server::start(Worker& worker) {
  asio::co_spawn(worker.context, watch(&worker), stop_process);
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
