// HTTP/1.1 between bytes and values, without any socket: heads, chunked bodies, answers.
// Stricter than the RFC asks where leniency lets a proxy and us disagree about where a request
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
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

// True for the control characters that may not stand in a head; a tab may.
inline bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

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

// Takes the chunks of one body apart. Written out rather than left to Beast, whose 1.81 stops the
// process when the last chunk ("0\r\n\r\n") comes in two pieces.
class ChunkedBody {
 public:
  explicit ChunkedBody(std::uint64_t limit) : limit_(limit) {}

  // Takes `bytes` up to the end of the body and says how many that were: all, unless done() or
  // refused afterwards.
  std::size_t put(std::string_view bytes, Refusal& refusal);
  bool done() const { return state_ == State::done; }
  std::string& body() { return body_; }

 private:
  enum class State {
    size,         // hexadecimal digits
    extension,    // ignored, to the end of the line
    size_end,     // the line feed behind them
    data,         // of the chunk
    data_return,  // the line's end behind the data
    data_feed,
    trailer,       // at the beginning of a line behind the last chunk
    trailer_line,  // inside such a line, which is ignored
    trailer_feed,
    last_feed,  // of the empty line that ends the body
    done
  };

  Refusal step(char byte);
  Refusal step_size(char byte);
  Refusal step_ignored(char byte, State at_return);

  std::uint64_t limit_;
  std::string body_;
  State state_ = State::size;
  std::uint64_t chunk_left_ = 0;
  int size_digits_ = 0;
  std::size_t ignored_bytes_ = 0;  // extensions and trailers
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
