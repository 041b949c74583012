// `galena serve`: everything in one process until it is told to stop.
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <filesystem>
#include <thread>

#include "cli/assets.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "engine/engine.hpp"
#include "server/app.hpp"
#include "server/version.hpp"
#include "store/store.hpp"
#include "worker/imports.hpp"
#include "worker/matching.hpp"
#include "worker/projections.hpp"

namespace galena::cli {
namespace {

bool read_address(const std::string& text, std::string& address, std::uint16_t& port) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  const char* begin = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(begin, end, port);
  return error == std::errc{} && read == end && !address.empty();
}

// Waits for SIGTERM or SIGINT, which all threads leave to this call.
void wait_for_stop(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

int run_serve(const Common& common, const ServeOptions& options) {
  server::ListenOptions listen{.unix_socket = socket_path(common.data)};
  if (!read_address(options.listen, listen.address, listen.port)) {
    fmt::print(stderr, "galena: --listen: \"{}\" is not ADDRESS:PORT\n", options.listen);
    return 2;
  }
  std::vector<server::AddressRange> trusted;
  for (const std::string& text : options.trusted_proxies) {
    const auto range = server::read_address_range(text);
    if (!range) {
      fmt::print(stderr, "galena: --trusted-proxy: {}\n", range.error().message);
      return 2;
    }
    trusted.push_back(*range);
  }
  const sigset_t signals = block_stop_signals();
  const auto cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  // The other half decides, commits and answers.
  listen.threads = options.threads > 0 ? options.threads : std::max(1, cores / 2);
  auto store = store::open_sqlite({.directory = common.data, .migrate = options.migrate});
  if (!store) return failed(store.error().message);
  // What a killed server left behind; the directory is ours now.
  std::filesystem::remove(listen.unix_socket);
  engine::Engine engine(**store, system_clock(), {.threads = std::max(1, cores / 2)});
  worker::Matching matching(engine, **store);
  matching.start();
  worker::Imports imports(engine, **store);
  imports.start();
  worker::Projections projections(engine, **store);
  projections.start();
  server::App app(engine, **store,
                  {.data_directory = common.data,
                   .assets = assets(),
                   .threads = listen.threads,
                   .trusted_proxies = std::move(trusted)});
  const auto listener = server::listen(
      listen,
      [&](server::Request request, server::Reply reply) {
        app.handle(std::move(request), std::move(reply));
      },
      &server::App::body_limit);
  fmt::print("Galena {} on http://{}:{}\n", server::kVersion, listen.address, listener->port());
  if ((*store)->workspaces().empty()) {
    fmt::print("There is no workspace yet; make one with: galena init --data {}\n", common.data);
  }
  std::fflush(stdout);
  wait_for_stop(signals);
  fmt::print("Stopping.\n");
  return 0;
}

}  // namespace galena::cli
