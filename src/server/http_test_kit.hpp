// For the tests of the HTTP edge: sockets that send any bytes, and small handlers.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "server/http.hpp"

namespace galena::server::test {

class RawSocket {
 public:
  static RawSocket tcp(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return RawSocket(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  static RawSocket local(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return RawSocket(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  // False when the other side refused to take everything.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // All until the other side ends; "RESET" or "SILENCE" behind it when that is not how it went.
  std::string read_to_end(int patience_ms = 10'000) {
    while (read_some(patience_ms)) {
    }
    return std::exchange(input_, {}) + trouble_;
  }

  // One answer by its Content-Length.
  std::string read_answer(bool with_body = true, int patience_ms = 10'000) {
    std::size_t size = std::string::npos;
    for (;;) {
      const std::size_t head = input_.find("\r\n\r\n");
      if (head != std::string::npos) {
        size = head + 4;
        const std::size_t length = input_.find("Content-Length: ");
        if (with_body && length < head) size += std::strtoul(&input_[length + 16], nullptr, 10);
        if (input_.size() >= size) break;
      }
      if (!read_some(patience_ms)) return std::exchange(input_, {}) + trouble_;
    }
    const std::string answer = input_.substr(0, size);
    input_.erase(0, size);
    return answer;
  }

  void end_sending() { ::shutdown(fd_, SHUT_WR); }

 private:
  RawSocket(int family, const sockaddr* address, socklen_t size)
      : fd_(::socket(family, SOCK_STREAM, 0)) {
    GALENA_ASSERT(fd_ >= 0 && ::connect(fd_, address, size) == 0);
  }

  bool read_some(int patience_ms) {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) != 1) {
      trouble_ = "SILENCE";
      return false;
    }
    char piece[16 * 1024];
    const ssize_t size = ::recv(fd_, piece, sizeof piece, 0);
    if (size < 0) trouble_ = "RESET";
    if (size <= 0) return false;
    input_.append(piece, static_cast<std::size_t>(size));
    return true;
  }

  int fd_;
  std::string input_;
  std::string trouble_;
};

inline int status_of(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ")) return 0;
  return std::atoi(answer.data() + 9);
}

inline std::string body_of(std::string_view answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  return head == std::string_view::npos ? "" : std::string(answer.substr(head + 4));
}

// bits: 31 for gzip, 15 for zlib, -15 for bare deflate data.
inline std::string packed(std::string_view plain, int bits = 31) {
  z_stream stream{};
  GALENA_ASSERT(deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string bytes(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  GALENA_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

// "POST PATH" with a Content-Length and any further header lines.
inline std::string post(std::string_view path, std::string_view body,
                        std::string_view header_lines = {}) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(header_lines) + "\r\n" + std::string(body);
}

inline Response text(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

// Answers with what came: method, path, query and body.
inline void echo(const Request& request, const Reply& reply) {
  reply(text(request.method_text + " " + request.path + " " + request.query + " " + request.body));
}

inline ListenOptions on_free_port() {
  ListenOptions options;
  options.port = 0;
  return options;
}

inline std::unique_ptr<Listener> serve(const ListenOptions& options, Handler handler,
                                       std::uint64_t limit = 100'000) {
  return listen(options, std::move(handler), [limit](Method, std::string_view) { return limit; });
}

}  // namespace galena::server::test
