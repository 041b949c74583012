#include <fmt/format.h>

#include <charconv>

#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/log_rows.hpp"
#include "server/retries.hpp"

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

// What a retry is answered: the secret was shown once and is not kept.
json::object key_again_json(const store::KeyRow& row) {
  json::object again = key_json(row);
  again["secret"] = nullptr;
  again["note"] =
      "made by an earlier request with this Idempotency-Key, whose answer showed the secret; it is "
      "not kept, so if that answer was lost, revoke this key and make another";
  return again;
}

// The answer to a write of keys that was done before, or may not be done under this name.
std::optional<Response> refused_or_done(const Call& call, const WriteName& name) {
  if (logged_before(call, name)) return problem(key_reused());
  return answered_before(call, name);
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
  const auto once = write_name(call);
  if (!once) return problem(once.error());
  Auth& auth = call.services.auth;
  const auto turn = auth.take_turn();
  if (auto done = refused_or_done(call, *once)) return *done;
  store::Store::AnswerOf answer_again;
  if (once->given()) {
    answer_again = [&](const store::KeyRow& row) {
      return once->answer(200, json::serialize(key_again_json(row)), row.created_at);
    };
  }
  const NewKey made = auth.create_key(call.principal.workspace, kind, name, answer_again);
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
  const auto once = write_name(call);
  if (!once) return problem(once.error());
  Auth& auth = call.services.auth;
  const auto turn = auth.take_turn();
  if (auto done = refused_or_done(call, *once)) return *done;
  std::optional<store::AnswerRow> answer;
  if (once->given()) answer = once->answer(204, "", call.services.engine.clock().now());
  if (!auth.revoke_key(call.principal.workspace, number, answer)) {
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
