// HTTP as plain values. Only http_wire.cpp, http_listener.cpp and http_client.cpp know Boost.Beast
// and Asio; handlers see these.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace galena::server {

enum class Method { get, head, post, put, patch, delete_, options, other };

struct Header {
  std::string name;  // as sent
  std::string value;
};

struct Request {
  Method method = Method::get;
  std::string method_text = "GET";
  std::string path;   // percent-decoded, always begins with "/"
  std::string query;  // raw, without "?"
  std::vector<Header> headers;
  std::string body;    // decoded if Content-Encoding was gzip
  std::string peer;    // address of the other side, or (App) of the client behind trusted proxies;
                       // "local" on the unix socket
  bool local = false;  // came over the unix socket: whoever may open it owns the data
  bool keep_alive = true;

  // The value of a header (name compared without case), or empty.
  std::string_view header(std::string_view name) const;
};

// Framing (Content-Length, Connection, Date …) and X-Content-Type-Options are the listener's own;
// a handler's headers of those names are not sent.
struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<Header> headers;
  // For embedded files: bytes that live as long as the program, sent instead of `body`.
  std::string_view static_body;
};

// Answers a request once, from any thread, at once or later; further calls do nothing. If all
// copies of it go without a call, the request is answered with 500.
using Reply = std::function<void(Response)>;

// What the listener calls for every complete request, from all its threads at once. Must not
// block: long work goes elsewhere. What it throws is logged and answered with 500.
using Handler = std::function<void(Request, Reply)>;

// How many bytes of body (after decompression too) a request may have, and the status of the answer
// to one that has more.
struct BodyBound {
  BodyBound(std::uint64_t bytes, int status = 413) : bytes_max(bytes), status_beyond(status) {}

  std::uint64_t bytes_max;
  int status_beyond;
};

// Decides that before the body is read. Called with the path, from all threads of the listener at
// once.
using BodyLimit = std::function<BodyBound(Method, std::string_view path)>;

// The name of a status code ("Not Found"), or "Unknown".
std::string_view status_title(int status);

// application/problem+json without a type of its own: what the listener itself answers with.
Response plain_problem(int status, std::string_view detail);

// Two ASCII words, compared without case.
bool same_word(std::string_view left, std::string_view right);

struct ListenOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0 picks a free one
  std::string unix_socket;    // path; empty = none. Made with mode 0600
  int threads = 2;
  std::uint64_t header_bytes_max = 16 * 1024;
  std::uint64_t connections_max = 4096;
  int header_timeout_s = 10;  // to send a whole request head
  int body_timeout_s = 30;    // to send its body
  int idle_timeout_s = 75;    // between requests of a connection
  int reply_timeout_s = 60;   // for the handler; then 503
  int write_timeout_s = 30;   // without the other side taking a byte of the answer
  int stop_timeout_s = 5;     // at the end, for replies under way
};

// A running listener. Its destructor stops accepting, lets replies under way finish, closes.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual std::uint16_t port() const = 0;
};

// Throws std::system_error when the address cannot be bound.
std::unique_ptr<Listener> listen(const ListenOptions& options, Handler handler, BodyLimit limit);

// A blocking client for the command line and the tests: one request, one answer. `target` is
// "/path?query". Throws std::system_error when nobody answers.
Response call_unix(const std::string& socket_path, std::string_view method, std::string_view target,
                   std::string_view body, const std::vector<Header>& headers,
                   std::chrono::seconds timeout = std::chrono::seconds(60));
Response call_tcp(const std::string& host, std::uint16_t port, std::string_view method,
                  std::string_view target, std::string_view body,
                  const std::vector<Header>& headers,
                  std::chrono::seconds timeout = std::chrono::seconds(60));

}  // namespace galena::server
