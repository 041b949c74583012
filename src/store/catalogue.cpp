#include "store/catalogue.hpp"

namespace galena::store {
namespace {

UserRow user_at(const Statement& row) {
  return {row.number(0), static_cast<WorkspaceId>(row.number(1)), std::string(row.text(2)),
          std::string(row.text(3)), std::string(row.text(4)), row.time(5)};
}

constexpr std::string_view kUserColumns =
    "SELECT id, workspace, email, password_hash, role, created_at FROM users ";

std::string user_query(std::string_view where) { return std::string(kUserColumns).append(where); }

}  // namespace

WorkspaceRow Catalogue::create_workspace(std::string_view name, Time now) {
  const std::scoped_lock lock(write_mutex_, mutex_);
  Statement insert(connection_,
                   "INSERT INTO workspaces (name, created_at) VALUES (?, ?) RETURNING id");
  insert.bind(name).bind(now);
  insert.step();
  const auto id = static_cast<WorkspaceId>(insert.number(0));
  insert.execute();
  return {id, std::string(name), now};
}

std::vector<WorkspaceRow> Catalogue::workspaces() {
  const std::lock_guard lock(mutex_);
  Statement rows(connection_, "SELECT id, name, created_at FROM workspaces ORDER BY id");
  std::vector<WorkspaceRow> all;
  while (rows.step()) {
    all.push_back({static_cast<WorkspaceId>(rows.number(0)), std::string(rows.text(1)),
                   rows.time(2)});
  }
  return all;
}

Result<UserRow> Catalogue::create_user(const UserRow& user) {
  if (find_user(user.email)) {
    return fail(ErrorCode::conflict, "this address has an account already", "/email");
  }
  const std::scoped_lock lock(write_mutex_, mutex_);
  Statement insert(connection_,
                   "INSERT INTO users (workspace, email, password_hash, role, created_at)"
                   " VALUES (?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING id");
  insert.bind(std::int64_t{user.workspace}).bind(user.email).bind(user.password_hash)
      .bind(user.role).bind(user.created_at);
  if (!insert.step()) {
    return fail(ErrorCode::conflict, "this address has an account already", "/email");
  }
  UserRow made = user;
  made.id = insert.number(0);
  insert.execute();
  return made;
}

std::optional<UserRow> Catalogue::find_user(std::string_view email) {
  const std::lock_guard lock(mutex_);
  Statement row(connection_, user_query("WHERE email = ?"));
  row.bind(email);
  if (!row.step()) return std::nullopt;
  return user_at(row);
}

std::optional<UserRow> Catalogue::user(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Statement row(connection_, user_query("WHERE id = ?"));
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return user_at(row);
}

std::vector<UserRow> Catalogue::users(WorkspaceId workspace) {
  const std::lock_guard lock(mutex_);
  Statement rows(connection_, user_query("WHERE workspace = ? ORDER BY id"));
  rows.bind(std::int64_t{workspace});
  std::vector<UserRow> all;
  while (rows.step()) all.push_back(user_at(rows));
  return all;
}

void Catalogue::set_password(std::int64_t user, std::string_view password_hash) {
  const std::scoped_lock lock(write_mutex_, mutex_);
  Transaction transaction(connection_);
  Statement update(connection_, "UPDATE users SET password_hash = ? WHERE id = ?");
  update.bind(password_hash).bind(user).execute();
  // Whoever was signed in with the old password is not any more.
  Statement sessions(connection_, "DELETE FROM sessions WHERE user = ?");
  sessions.bind(user).execute();
  transaction.commit();
}

KeyRow Catalogue::create_key(const KeyRow& key) {
  const std::scoped_lock lock(write_mutex_, mutex_);
  Statement insert(connection_, "INSERT INTO keys (workspace, kind, name, prefix, hash, created_at)"
                                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id");
  insert.bind(std::int64_t{key.workspace}).bind(key.kind).bind(key.name).bind(key.prefix)
      .bind(key.hash).bind(key.created_at);
  insert.step();
  KeyRow made = key;
  made.id = insert.number(0);
  insert.execute();
  return made;
}

std::vector<KeyRow> Catalogue::keys() {
  const std::lock_guard lock(mutex_);
  Statement rows(connection_, "SELECT id, workspace, kind, name, prefix, hash, created_at FROM keys"
                              " WHERE revoked_at IS NULL ORDER BY id");
  std::vector<KeyRow> all;
  while (rows.step()) {
    all.push_back({rows.number(0), static_cast<WorkspaceId>(rows.number(1)),
                   std::string(rows.text(2)), std::string(rows.text(3)), std::string(rows.text(4)),
                   std::string(rows.text(5)), rows.time(6), std::nullopt});
  }
  return all;
}

bool Catalogue::revoke_key(WorkspaceId workspace, std::int64_t key, Time now) {
  const std::scoped_lock lock(write_mutex_, mutex_);
  Statement update(connection_, "UPDATE keys SET revoked_at = ? WHERE id = ? AND workspace = ?"
                                " AND revoked_at IS NULL RETURNING id");
  update.bind(now).bind(key).bind(std::int64_t{workspace});
  const bool found = update.step();
  update.execute();
  return found;
}

void Catalogue::create_session(const SessionRow& session) {
  const std::scoped_lock lock(write_mutex_, mutex_);
  Transaction transaction(connection_);
  Statement old(connection_, "DELETE FROM sessions WHERE expires_at <= ?");
  old.bind(session.created_at).execute();
  Statement insert(connection_, "INSERT INTO sessions (token_hash, user, created_at, expires_at)"
                                " VALUES (?, ?, ?, ?)");
  insert.bind(session.token_hash).bind(session.user).bind(session.created_at)
      .bind(session.expires_at).execute();
  transaction.commit();
}

std::optional<SessionRow> Catalogue::session(std::string_view token_hash) {
  const std::lock_guard lock(mutex_);
  Statement row(connection_, "SELECT token_hash, user, created_at, expires_at FROM sessions"
                             " WHERE token_hash = ?");
  row.bind(token_hash);
  if (!row.step()) return std::nullopt;
  return SessionRow{std::string(row.text(0)), row.number(1), row.time(2), row.time(3)};
}

void Catalogue::end_session(std::string_view token_hash) {
  const std::scoped_lock lock(write_mutex_, mutex_);
  Statement row(connection_, "DELETE FROM sessions WHERE token_hash = ?");
  row.bind(token_hash).execute();
}

}  // namespace galena::store
