#include "server/http_wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

#include "base/text.hpp"

namespace galena::server {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using View = boost::beast::string_view;

std::string_view view(View text) {
  return {text.data(), text.size()};
}

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::patch:
      return Method::patch;
    case http::verb::delete_:
      return Method::delete_;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

// True when a comma-separated list has `word`.
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (same_word(trimmed(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

Refusal bad(std::string_view detail) {
  return {400, detail};
}

// Beast's grammar of requests, handing what it reads straight to a Head.
class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(Head& head) : head_(head) {}

  Refusal refusal;
  int content_lengths = 0;
  int transfer_encodings = 0;
  int hosts = 0;

 private:
  void on_request_impl(http::verb verb, View method, View target, int version,
                       ErrorCode& error) override {
    head_.request.method = method_of(verb);
    head_.request.method_text = view(method);
    head_.old_client = version < 11;
    head_.request.keep_alive = !head_.old_client;
    refusal = read_target(view(target));
    if (refusal) error = http::error::bad_target;
  }

  void on_field_impl(http::field field, View name, View value, ErrorCode& error) override {
    Refusal problem = read_framing(field, view(value));
    if (problem) {
      refusal = problem;
      error = http::error::bad_value;
      return;
    }
    head_.request.headers.push_back({std::string(view(name)), std::string(view(value))});
  }

  void on_response_impl(int, View, int, ErrorCode&) override {}
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(View, ErrorCode&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, ErrorCode&) override { return 0; }
  void on_finish_impl(ErrorCode&) override {}

  Refusal read_target(std::string_view target) {
    if (target.front() != '/') return bad("The request target must begin with \"/\".");
    if (target.find('#') != std::string_view::npos) return bad("The request target has a \"#\".");
    const std::size_t mark = target.find('?');
    if (mark != std::string_view::npos) head_.request.query = target.substr(mark + 1);
    std::string& path = head_.request.path;
    if (!percent_decode(target.substr(0, mark), path)) {
      return bad("The path has a \"%\" without two hexadecimal digits behind it.");
    }
    for (const char c : path) {
      if (is_control(c) || c == '\t') {
        return bad("The path has a control character.");
      }
    }
    return is_utf8(path) ? Refusal{} : bad("The path is not UTF-8.");
  }

  // Watches the headers that say where a request ends and what becomes of the connection.
  Refusal read_framing(http::field field, std::string_view value) {
    switch (field) {
      case http::field::content_length: {
        if (++content_lengths > 1) return bad("Content-Length is there more than once.");
        const char* const end = value.data() + value.size();
        const auto [rest, error] = std::from_chars(value.data(), end, head_.content_length);
        if (error != std::errc() || rest != end) return bad("Content-Length is not a number.");
        return {};
      }
      case http::field::transfer_encoding:
        if (++transfer_encodings > 1) return bad("Transfer-Encoding is there more than once.");
        if (!same_word(value, "chunked")) return {501, "Only the chunked coding is understood."};
        head_.chunked = true;
        return {};
      case http::field::host:
        return ++hosts > 1 ? bad("Host is there more than once.") : Refusal{};
      case http::field::connection:
        if (lists(value, "close")) {
          asked_close_ = true;
          head_.request.keep_alive = false;
        } else if (head_.old_client && !asked_close_ && lists(value, "keep-alive")) {
          head_.request.keep_alive = true;
        }
        return {};
      case http::field::expect:
        if (!same_word(value, "100-continue")) return {417, "Only 100-continue can be expected."};
        head_.expects_continue = !head_.old_client;
        return {};
      default:
        return {};
    }
  }

  Head& head_;
  bool asked_close_ = false;
};

Refusal syntax_refusal(const ErrorCode& error) {
  if (error == http::error::bad_version) return {505, "Only HTTP/1.1 and HTTP/1.0 are spoken."};
  if (error == http::error::bad_method) return bad("The request line has no proper method.");
  if (error == http::error::bad_target) return bad("The request line has no proper target.");
  if (error == http::error::bad_field)
    return bad("A header name has a character that it may not have.");
  if (error == http::error::bad_value) return bad("A header has a character that it may not have.");
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return bad("Content-Length is wrong, or there beside Transfer-Encoding.");
  }
  if (error == http::error::bad_transfer_encoding) {
    return bad("Transfer-Encoding is there twice, or beside Content-Length.");
  }
  return bad("The request is not well-formed HTTP.");
}

bool is_own_header(std::string_view name) {
  switch (name.size()) {
    case 4:
      return same_word(name, "Date");
    case 10:
      return same_word(name, "Connection") || same_word(name, "Keep-Alive");
    case 14:
      return same_word(name, "Content-Length");
    case 17:
      return same_word(name, "Transfer-Encoding");
    case 22:
      return same_word(name, "X-Content-Type-Options");
    default:
      return false;
  }
}

bool breaks_line(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

bool can_be_sent(const Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  if (breaks_line(response.content_type)) return false;
  for (const Header& header : response.headers) {
    if (header.name.empty() || breaks_line(header.value) || breaks_line(header.name)) return false;
    if (header.name.find_first_of(": \t") != std::string::npos) return false;
  }
  return true;
}

}  // namespace

HeadScan scan_head(std::string_view bytes, std::size_t from) {
  using State = HeadScan::State;
  for (;;) {
    const std::size_t feed = bytes.find('\n', from);
    if (feed == std::string_view::npos) return {State::incomplete, bytes.size(), {}};
    if (feed == 0 || bytes[feed - 1] != '\r') {
      return {State::broken, 0, "A line of the head ends without a carriage return."};
    }
    if (feed + 1 == bytes.size()) return {State::incomplete, feed, {}};
    const char next = bytes[feed + 1];
    if (next == ' ' || next == '\t') {
      return {State::broken, 0, "A header goes on in a second line, which is obsolete."};
    }
    if (next == '\r') {
      if (feed + 2 == bytes.size()) return {State::incomplete, feed, {}};
      if (bytes[feed + 2] == '\n') return {State::complete, feed + 3, {}};
      return {State::broken, 0, "The head has a carriage return that ends no line."};
    }
    from = feed + 1;
  }
}

Refusal parse_head(std::string_view bytes, Head& head) {
  head.request.headers.reserve(12);
  HeadParser parser(head);
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);
  ErrorCode error;
  const std::size_t used = parser.put({bytes.data(), bytes.size()}, error);
  if (parser.refusal) return parser.refusal;
  if (error) return syntax_refusal(error);
  if (!parser.is_header_done() || used != bytes.size()) return bad("The head is not complete.");
  if (parser.transfer_encodings > 0 && parser.content_lengths > 0) {
    return bad("Transfer-Encoding and Content-Length exclude each other.");
  }
  if (head.chunked && head.old_client) return bad("HTTP/1.0 knows no Transfer-Encoding.");
  if (parser.hosts == 0 && !head.old_client) return bad("The Host header is missing.");
  return {};
}

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void write_head(Response& response, const Framing& framing, std::string& bytes) {
  if (!can_be_sent(response)) response = plain_problem(500, "The answer could not be sent.");
  auto out = std::back_inserter(bytes);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, status_title(response.status));
  if (has_body(response.status)) {
    if (!response.content_type.empty()) {
      fmt::format_to(out, "Content-Type: {}\r\n", response.content_type);
    }
    const std::string_view fixed = response.static_body;
    fmt::format_to(out, "Content-Length: {}\r\n",
                   fixed.empty() ? response.body.size() : fixed.size());
  }
  bytes += "X-Content-Type-Options: nosniff\r\n";
  bytes += framing.date_line;
  for (const Header& header : response.headers) {
    if (is_own_header(header.name)) continue;
    fmt::format_to(out, "{}: {}\r\n", header.name, header.value);
  }
  if (!framing.keep_alive) {
    bytes += "Connection: close\r\n";
  } else if (framing.old_client) {
    bytes += "Connection: keep-alive\r\n";
  }
  bytes += "\r\n";
}

std::string date_line(std::int64_t unix_s) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_s)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} GMT\r\n",
                     days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace galena::server
