// HTTP/1.1 between bytes and values, without any socket: heads, chunked bodies, answers.
// Stricter than the RFC asks where leniency lets a proxy and us disagree about where a request
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/http.hpp"

namespace galena::server {

// Why a request is not served, as the status to answer; 0 means that nothing is wrong.
struct Refusal {
  int status = 0;
  std::string_view detail;  // a literal

  explicit operator bool() const { return status != 0; }
};

// Where the head of a request ends, looked for again and again as bytes arrive.
struct HeadScan {
  enum class State { incomplete, complete, broken };
  State state = State::incomplete;
  std::size_t position = 0;  // complete: size of the head; incomplete: where to go on
  std::string_view detail;   // broken: why
};
HeadScan scan_head(std::string_view bytes, std::size_t from);

// A request without its body, and what the head says about that body.
struct Head {
  Request request;
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool expects_continue = false;
  bool old_client = false;  // HTTP/1.0: persistent only if it asks, and told so
};

// Reads a head that scan_head found complete (with its blank line).
Refusal parse_head(std::string_view bytes, Head& head);

// Takes the chunks of one body apart.
class ChunkedBody {
 public:
  explicit ChunkedBody(std::uint64_t limit);
  ~ChunkedBody();
  ChunkedBody(const ChunkedBody&) = delete;
  ChunkedBody& operator=(const ChunkedBody&) = delete;

  // Takes what it can of `bytes` and says how much; it wants the rest again with more behind it.
  std::size_t put(std::string_view bytes, Refusal& refusal);
  bool done() const;
  std::string take_body();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// How an answer is framed.
struct Framing {
  bool keep_alive = true;
  bool old_client = false;
  std::string_view date_line;  // "Date: …\r\n"
};

// Writes status line and headers of `response`; its body follows as it is. A response that cannot
// be sent as it is (header with a line break, status out of range) is replaced by a 500 first.
void write_head(Response& response, const Framing& framing, std::string& bytes);

// True when an answer with this status has a body at all.
bool has_body(int status);

// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
std::string date_line(std::int64_t unix_s);

}  // namespace galena::server
