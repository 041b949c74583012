// THE ROUTE TABLE: method, path, who may, where it runs, handler. openapi.yaml lists the same
// operations (tests/contract).
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/app.hpp"

namespace galena::server {

// One request on its way to its handler.
struct Call {
  Services& services;
  Request request;
  Principal principal;
  std::vector<std::string> parameters;  // what stood for {…} in the path, in order

  // The decoded value of a query parameter, or empty.
  std::string query(std::string_view name) const;
  // All of them by name; of one that stands twice the first, and none that cannot be decoded.
  std::map<std::string, std::string, std::less<>> query_parameters() const;
  workspace::VersionPtr state() const { return services.engine.read(principal.workspace); }
};

enum class Access {
  open,       // anybody
  write_key,  // the handler looks for the key itself (it may stand in the body)
  member,     // API key, session or local socket
  local,      // the local socket only
};

enum class Where { network, pool };  // on the network thread (must be quick), or in the pool

using RouteHandler = void (*)(Call call, Reply reply);

struct Route {
  Method method;
  std::string_view path;  // "{…}" stands for one segment
  Access access;
  Where where;
  RouteHandler handler;
};

std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;
  std::vector<std::string> parameters;
  std::string other_methods;  // with which the path is served, if not with this one: "GET, PUT"
};
Match find_route(Method method, std::string_view path);

}  // namespace galena::server
