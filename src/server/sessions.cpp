#include <fmt/format.h>

#include <boost/json.hpp>

#include "server/body.hpp"
#include "server/handlers.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;

json::object session_json(const Call& call, const store::UserRow& user) {
  std::string workspace_name;
  for (const store::WorkspaceRow& row : call.services.store.workspaces()) {
    if (row.id == user.workspace) workspace_name = row.name;
  }
  return {{"user",
           {{"id", fmt::format("user_{}", user.id)}, {"email", user.email}, {"role", user.role}}},
          {"workspace", {{"id", fmt::format("ws_{}", user.workspace)}, {"name", workspace_name}}}};
}

std::string set_cookie(std::string_view token, std::chrono::seconds life, const Request& request) {
  // Behind a proxy that ends HTTPS the browser must keep the cookie to HTTPS as well.
  const bool secure = request.header("X-Forwarded-Proto") == "https";
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", Auth::kCookie, token,
                     life.count(), secure ? "; Secure" : "");
}

}  // namespace

Response sign_in(const Call& call) {
  Body body(call.request);
  const std::string email = body.text("email", 320);
  const std::string password = body.text("password", 1000);
  if (auto refused = body.refusal()) return *refused;
  const auto signed_in = call.services.auth.sign_in(email, password, call.request.peer);
  if (!signed_in) return problem(signed_in.error());
  Response response{.body = json::serialize(session_json(call, signed_in->user))};
  response.headers.push_back(
      {"Set-Cookie", set_cookie(signed_in->token, Auth::kSessionLife, call.request)});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response sign_out(const Call& call) {
  call.services.auth.sign_out(call.request);
  Response response{.status = 204};
  response.headers.push_back({"Set-Cookie", set_cookie("", {}, call.request)});
  return response;
}

Response get_session(const Call& call) {
  const auto user = call.principal.kind == Principal::Kind::user
                        ? call.services.store.user(call.principal.id)
                        : std::nullopt;
  if (!user) return problem({ErrorCode::unauthorized, "nobody is signed in", ""});
  Response response{.body = json::serialize(session_json(call, *user))};
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace galena::server
