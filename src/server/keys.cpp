#include <fmt/format.h>

#include <charconv>

#include "server/body.hpp"
#include "server/handlers.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;

json::object key_json(const store::KeyRow& row) {
  return {{"id", fmt::format("key_{}", row.id)},
          {"kind", row.kind},
          {"name", row.name},
          {"prefix", row.prefix},
          {"created_at", format_time(row.created_at)}};
}

}  // namespace

Response list_keys(const Call& call) {
  json::array data;
  for (const store::KeyRow& row : call.services.store.keys()) {
    if (row.workspace == call.principal.workspace) data.push_back(key_json(row));
  }
  return {.body = json::serialize(json::object{{"data", std::move(data)}})};
}

Response create_key(const Call& call) {
  Body body(call.request);
  const std::string kind = body.text("kind", 20);
  const std::string name = body.text("name", 100);
  if (kind != "server" && kind != "browser" && kind != "api") {
    body.wrong("kind", "must be server, browser or api");
  }
  if (auto refused = body.refusal()) return *refused;
  const NewKey made = call.services.auth.create_key(call.principal.workspace, kind, name);
  json::object answer = key_json(made.row);
  answer["secret"] = made.secret;
  Response response{.status = 201, .body = json::serialize(answer)};
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response revoke_key(const Call& call) {
  std::string_view id = call.parameters.front();
  std::int64_t number = 0;
  if (id.starts_with("key_")) id.remove_prefix(4);
  std::from_chars(id.data(), id.data() + id.size(), number);
  if (!call.services.auth.revoke_key(call.principal.workspace, number)) {
    return problem({ErrorCode::not_found, "there is no such key", ""});
  }
  return {.status = 204};
}

Response list_users(const Call& call) {
  json::array data;
  for (const store::UserRow& row : call.services.store.users(call.principal.workspace)) {
    data.push_back(json::object{{"id", fmt::format("user_{}", row.id)},
                                {"email", row.email},
                                {"role", row.role},
                                {"created_at", format_time(row.created_at)}});
  }
  return {.body = json::serialize(json::object{{"data", std::move(data)}})};
}

}  // namespace galena::server
