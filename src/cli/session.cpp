#include "cli/session.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/text.hpp"
#include "engine/engine.hpp"
#include "server/app.hpp"
#include "store/store.hpp"
#include "worker/imports.hpp"

namespace galena::cli {

struct Session::Impl {
  std::string socket;  // empty: in this process
  std::unique_ptr<store::Store> store;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<server::App> app;
  std::unique_ptr<worker::Imports> imports;
};

namespace {

bool answers(const std::string& socket) {
  struct stat status {};
  if (::stat(socket.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  try {
    return server::call_unix(socket, "GET", "/livez", "", {}).status == 200;
  } catch (const std::exception&) {
    return false;  // left behind by a server that was killed
  }
}

server::Method method_of(std::string_view text) {
  if (text == "POST") return server::Method::post;
  if (text == "PUT") return server::Method::put;
  if (text == "PATCH") return server::Method::patch;
  if (text == "DELETE") return server::Method::delete_;
  return server::Method::get;
}

}  // namespace

std::string socket_path(const std::string& directory) {
  return directory + "/galena.sock";
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() {
  if (!impl_) return;
  impl_->imports.reset();
  impl_->app.reset();
  impl_->engine.reset();
}

Result<Session> Session::open(const std::string& directory, bool create) {
  auto impl = std::make_unique<Impl>();
  if (!create && !std::filesystem::exists(directory + "/galena.db")) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no Galena in {}; make one with: galena init --data {}",
                            directory, directory));
  }
  if (answers(socket_path(directory))) {
    impl->socket = socket_path(directory);
    return Session(std::move(impl));
  }
  auto store = store::open_sqlite({.directory = directory});
  if (!store) return tl::unexpected(store.error());
  impl->store = std::move(*store);
  impl->engine = std::make_unique<engine::Engine>(*impl->store, system_clock());
  impl->app = std::make_unique<server::App>(*impl->engine, *impl->store,
                                            server::AppOptions{.data_directory = directory});
  impl->imports = std::make_unique<worker::Imports>(*impl->engine, *impl->store);
  return Session(std::move(impl));
}

bool Session::in_process() const {
  return impl_->socket.empty();
}

void Session::work() {
  if (in_process()) impl_->imports->work();
}

server::Response Session::call(std::string_view method, std::string_view target,
                               std::string_view body, std::string_view content_type,
                               std::vector<server::Header> headers) {
  headers.push_back({"Content-Type", std::string(content_type)});
  if (!impl_->socket.empty()) {
    return server::call_unix(impl_->socket, method, target, body, headers,
                             std::chrono::seconds{600});
  }
  server::Request request;
  request.method = method_of(method);
  request.method_text = method;
  // As the listener does it.
  if (!percent_decode(target.substr(0, target.find('?')), request.path)) {
    request.path = target.substr(0, target.find('?'));
  }
  if (const auto query = target.find('?'); query != std::string_view::npos) {
    request.query = target.substr(query + 1);
  }
  request.headers = std::move(headers);
  request.body = body;
  request.local = true;
  request.peer = "local";
  return impl_->app->call(std::move(request));
}

}  // namespace galena::cli
