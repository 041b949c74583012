// The application behind the listener: it finds the route, checks who asks, and has it answered.
// The command line uses the same App without a network.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "engine/engine.hpp"
#include "server/auth.hpp"
#include "server/client_address.hpp"
#include "server/duplicates.hpp"
#include "server/http.hpp"
#include "server/pool.hpp"

namespace galena::server {

// What handlers work with.
struct Services {
  engine::Engine& engine;
  store::Store& store;
  Auth& auth;
  Duplicates& duplicates;
  std::string data_directory;
  Time started_at{};
};

struct Asset {  // a file of the web UI, embedded in the program
  std::string_view path;
  std::string_view content_type;
  std::string_view bytes;
  std::string_view gzip;   // the same compressed, or empty
  bool immutable = false;  // its name changes with its content
};

struct AppOptions {
  std::string data_directory;
  std::span<const Asset> assets;  // the web UI and /openapi.json
  int threads = 2;                // for what may take long: reports, passwords
  std::vector<AddressRange> trusted_proxies;
};

class App {
 public:
  App(engine::Engine& engine, store::Store& store, AppOptions options);

  void handle(Request request, Reply reply);
  // The same, waiting for the answer: for the command line and tests.
  Response call(Request request);
  static BodyBound body_limit(Method method, std::string_view path);

 private:
  void serve(Request request, Reply reply);

  Auth auth_;
  Duplicates duplicates_;
  Services services_;
  std::span<const Asset> assets_;
  std::vector<AddressRange> trusted_proxies_;
  Pool pool_;  // last: its threads use the rest
};

}  // namespace galena::server
