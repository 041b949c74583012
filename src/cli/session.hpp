// How a command reaches a data directory: the server that has it open, over its local socket; else
// the engine in this process. Both answer the same requests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "server/http.hpp"

namespace galena::cli {

class Session {
 public:
  // `create`: make the directory if it is not there (init, demo). Errors: not_found, conflict (in
  // use by a process that does not answer), and what open_sqlite gives.
  static Result<Session> open(const std::string& directory, bool create);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  server::Response call(std::string_view method, std::string_view target,
                        std::string_view body = {},
                        std::string_view content_type = "application/json",
                        std::vector<server::Header> headers = {});
  bool in_process() const;
  // Does what jobs have to do, where there is no server that does it beside.
  void work();

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Where the running server of a data directory listens for commands.
std::string socket_path(const std::string& directory);

}  // namespace galena::cli
