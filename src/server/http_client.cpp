// Blocking calls: each runs one coroutine on an io_context of its own until it ends.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <system_error>
#include <utility>

#include "server/http.hpp"

namespace galena::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Executor = asio::io_context::executor_type;
using Protocol = asio::generic::stream_protocol;
using Stream = beast::basic_stream<Protocol, Executor>;
using Message = http::request<http::string_body>;

constexpr asio::use_awaitable_t<Executor> use_awaitable{};

Message make_message(std::string_view method, std::string_view target, std::string_view host,
                     std::string_view body, const std::vector<Header>& headers) {
  Message message;
  message.method_string({method.data(), method.size()});
  message.target({target.data(), target.size()});
  message.version(11);
  message.set(http::field::host, beast::string_view(host.data(), host.size()));
  message.set(http::field::connection, "close");
  for (const Header& header : headers) message.set(header.name, header.value);
  message.body() = body;
  if (!body.empty() || (method != "GET" && method != "HEAD")) {
    message.content_length(body.size());
  }
  return message;
}

Response response_of(http::response<http::string_body> message) {
  Response response;
  response.status = static_cast<int>(message.result_int());
  response.content_type = std::string(message[http::field::content_type]);
  for (const auto& field : message) {
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  response.body = std::move(message.body());
  return response;
}

asio::awaitable<Response, Executor> exchange(Executor executor,
                                             std::vector<Protocol::endpoint> endpoints,
                                             Message message, std::chrono::seconds timeout) {
  Stream stream(executor);
  stream.expires_after(timeout);
  boost::system::error_code error = asio::error::host_not_found;
  for (const Protocol::endpoint& endpoint : endpoints) {
    error = {};
    co_await stream.async_connect(endpoint, asio::redirect_error(use_awaitable, error));
    if (!error) break;
    stream.socket().close();
  }
  if (error) throw boost::system::system_error(error);
  // A server may answer before it has taken the whole body and then close, so a failed write is
  // told only if there is no answer either.
  co_await http::async_write(stream, message, asio::redirect_error(use_awaitable, error));
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  parser.skip(message.method() == http::verb::head);
  beast::flat_buffer buffer;
  boost::system::error_code read_error;
  co_await http::async_read(stream, buffer, parser,
                            asio::redirect_error(use_awaitable, read_error));
  if (read_error) throw boost::system::system_error(error ? error : read_error);
  co_return response_of(parser.release());
}

Response run(asio::io_context& context, std::vector<Protocol::endpoint> endpoints, Message message,
             std::chrono::seconds timeout) {
  Response response;
  std::exception_ptr failure;
  asio::co_spawn(
      context, exchange(context.get_executor(), std::move(endpoints), std::move(message), timeout),
      [&](std::exception_ptr thrown, Response answer) {
        failure = thrown;
        response = std::move(answer);
      });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return response;
}

}  // namespace

Response call_unix(const std::string& socket_path, std::string_view method, std::string_view target,
                   std::string_view body, const std::vector<Header>& headers,
                   std::chrono::seconds timeout) {
  try {
    asio::io_context context;
    return run(context, {asio::local::stream_protocol::endpoint(socket_path)},
               make_message(method, target, "localhost", body, headers), timeout);
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "no answer from " + socket_path);
  }
}

Response call_tcp(const std::string& host, std::uint16_t port, std::string_view method,
                  std::string_view target, std::string_view body,
                  const std::vector<Header>& headers, std::chrono::seconds timeout) {
  const std::string address = host + ":" + std::to_string(port);
  try {
    asio::io_context context;
    std::vector<Protocol::endpoint> endpoints;
    asio::ip::tcp::resolver resolver(context);
    for (const auto& found : resolver.resolve(host, std::to_string(port))) {
      endpoints.emplace_back(found.endpoint());
    }
    return run(context, std::move(endpoints), make_message(method, target, address, body, headers),
               timeout);
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "no answer from " + address);
  }
}

}  // namespace galena::server
