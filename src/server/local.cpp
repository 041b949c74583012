// The command line's own door: only over the unix socket or within the process.
#include <fmt/format.h>
#include <algorithm>

#include "domain/email_address.hpp"
#include "server/body.hpp"
#include "server/handlers.hpp"
#include "server/version.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;

json::object user_json(const store::UserRow& user) {
  return {{"id", fmt::format("user_{}", user.id)}, {"email", user.email}, {"role", user.role}};
}

// How many erasures have not come to their end.
std::size_t erasures_running(const Call& call, store::WorkspaceId workspace) {
  const auto all = call.services.engine.erasures(workspace);
  return static_cast<std::size_t>(std::ranges::count(all, false, &engine::ErasureProgress::done));
}

// What is known without waking it. Who sleeps has no erasure that goes on.
json::object asleep_json(const Call& call, const store::WorkspaceRow& row) {
  return {{"id", fmt::format("ws_{}", row.id)},
          {"name", row.name},
          {"log_rows", call.services.engine.last_position(row.id)},
          {"asleep", true},
          {"erasures_running", 0}};
}

}  // namespace

// A workspace with an owner and the keys to begin with; secrets are shown this once.
Response local_init(const Call& call) {
  Body body(call.request);
  const std::string email = body.text("email", 320);
  const std::string password = body.text("password", 1000);
  std::string name = body.optional_text("name", 200);
  if (auto refused = body.refusal()) return *refused;
  if (name.empty()) name = "My company";
  Auth& auth = call.services.auth;
  // The owner is checked first, so that a wrong address leaves no workspace behind.
  const auto address = domain::parse_email(email);
  if (!address) return problem({ErrorCode::invalid, address.error().message, "/email"});
  if (call.services.store.find_user(address->key)) {
    return problem({ErrorCode::conflict, "this address has an account already", "/email"});
  }
  if (password.size() < 10) {
    return problem({ErrorCode::invalid, "a password needs at least 10 characters", "/password"});
  }
  const auto workspace = call.services.engine.create_workspace(name);
  if (!workspace) return problem(workspace.error());
  const auto user = auth.create_user(*workspace, email, password, "owner");
  if (!user) return problem(user.error());
  const NewKey server_key = auth.create_key(*workspace, "server", "First server");
  const NewKey browser_key = auth.create_key(*workspace, "browser", "Website");
  const NewKey api_key = auth.create_key(*workspace, "api", "First API key");
  return {.status = 201,
          .body = json::serialize(json::object{{"workspace", fmt::format("ws_{}", *workspace)},
                                               {"name", name},
                                               {"email", user->email},
                                               {"write_key", server_key.secret},
                                               {"browser_key", browser_key.secret},
                                               {"api_key", api_key.secret}})};
}

Response local_create_user(const Call& call) {
  Body body(call.request);
  const std::string email = body.text("email", 320);
  const std::string password = body.text("password", 1000);
  if (auto refused = body.refusal()) return *refused;
  const auto user =
      call.services.auth.create_user(call.principal.workspace, email, password, "owner");
  if (!user) return problem(user.error());
  return {.status = 201, .body = json::serialize(user_json(*user))};
}

Response local_set_password(const Call& call) {
  Body body(call.request);
  const std::string email = body.text("email", 320);
  const std::string password = body.text("password", 1000);
  if (auto refused = body.refusal()) return *refused;
  if (auto set = call.services.auth.set_password(email, password); !set) {
    return problem(set.error());
  }
  return {.body = json::serialize(json::object{{"email", email}})};
}

Response local_backup(const Call& call) {
  Body body(call.request);
  const std::string file = body.text("file", 4000);
  if (auto refused = body.refusal()) return *refused;
  if (auto made = call.services.store.backup(file); !made) {
    return problem({made.error().code, made.error().message, "/file"});
  }
  return {.body = json::serialize(json::object{{"file", file}})};
}

Response local_doctor(const Call& call) {
  const store::DatabaseInfo info = call.services.store.info();
  json::array workspaces;
  for (const store::WorkspaceRow& row : call.services.store.workspaces()) {
    const auto state = call.services.engine.read_if_awake(row.id);
    if (!state) {
      workspaces.push_back(asleep_json(call, row));
      continue;
    }
    if (!state->playbook()) continue;  // it is being made
    workspaces.push_back(json::object{{"id", fmt::format("ws_{}", row.id)},
                                      {"name", row.name},
                                      {"leads", state->lead_count()},
                                      {"persons", state->person_count()},
                                      {"log_rows", state->last_position()},
                                      {"asleep", false},
                                      {"erasures", state->suppressions()->erasures.size()},
                                      {"erasures_running", erasures_running(call, row.id)},
                                      {"playbook_version", state->playbook()->version}});
  }
  return {.body = json::serialize(
              json::object{{"version", kVersion},
                           {"data", call.services.data_directory},
                           {"database",
                            {{"file", info.path},
                             {"bytes", info.file_bytes},
                             {"wal_bytes", info.wal_bytes},
                             {"schema_version", info.schema_version},
                             {"sqlite", info.library_version}}},
                           {"clock_held", call.services.engine.figures().clock_held.load()},
                           {"workspaces", std::move(workspaces)}})};
}

}  // namespace galena::server
