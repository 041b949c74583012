// The floor that Galena's own figures are measured against: the same listener, answering a tracking
// request as soon as its JSON is parsed. Usage: http_floor PORT [THREADS]
#include <fmt/core.h>
#include <simdjson.h>

#include <csignal>
#include <cstdlib>

#include "server/http.hpp"

namespace {

using namespace galena::server;

void handle(const Request& request, const Reply& reply) {
  if (request.method != Method::post || request.path != "/v1/track") {
    return reply(plain_problem(404, "Only POST /v1/track is served here."));
  }
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object message;
  if (parser.parse(request.body).get(message) != simdjson::SUCCESS) {
    return reply(plain_problem(400, "The body is no JSON object."));
  }
  Response response;
  response.body = R"({"success": true})";
  reply(std::move(response));
}

}  // namespace

int main(int argc, char** argv) {
  ListenOptions options;
  if (argc > 1) options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  if (argc > 2) options.threads = std::atoi(argv[2]);
  sigset_t end_signals;
  sigemptyset(&end_signals);
  sigaddset(&end_signals, SIGINT);
  sigaddset(&end_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &end_signals, nullptr);
  const auto listener =
      listen(options, handle, [](Method, std::string_view) { return std::uint64_t{32 * 1024}; });
  fmt::print("listening on {}:{}\n", options.address, listener->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&end_signals, &signal);
}
