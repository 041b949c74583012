// The part of SqliteStore that knows workspaces, users, keys and sessions.
#include "store/queries.hpp"
#include "store/row_id.hpp"
#include "store/sqlite_store.hpp"

namespace galena::store {
namespace {

UserRow user_at(const Statement& row) {
  return {.id = row.number(0),
          .workspace = static_cast<WorkspaceId>(row.number(1)),
          .email = row.copied_text(2),
          .password_hash = row.copied_text(3),
          .role = row.copied_text(4),
          .created_at = row.time(5)};
}

KeyRow live_key_at(const Statement& row) {
  return {.id = row.number(0),
          .workspace = static_cast<WorkspaceId>(row.number(1)),
          .kind = row.copied_text(2),
          .name = row.copied_text(3),
          .prefix = row.copied_text(4),
          .hash = row.copied_text(5),
          .created_at = row.time(6),
          .revoked_at = std::nullopt};
}

// The single number that INSERT … RETURNING gives; nothing when no row was made.
std::optional<std::int64_t> returned(Statement& statement) {
  std::optional<std::int64_t> number;
  while (statement.step()) number = statement.number(0);
  return number;
}

}  // namespace

WorkspaceRow SqliteStore::create_workspace(std::string_view name, Time now) {
  WorkspaceRow made{.id = 0, .name = std::string(name), .created_at = now};
  write([&](Connection& connection) {
    Statement insert = connection.statement(sql::create_workspace);
    made.id = static_cast<WorkspaceId>(returned(insert.bind(name, now)).value());
  });
  return made;
}

std::vector<WorkspaceRow> SqliteStore::workspaces() {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::all_workspaces);
  std::vector<WorkspaceRow> all;
  while (row.step()) {
    all.push_back({.id = static_cast<WorkspaceId>(row.number(0)),
                   .name = row.copied_text(1),
                   .created_at = row.time(2)});
  }
  return all;
}

void SqliteStore::keep_sleepers(std::span<const SleeperRow> rows) {
  if (rows.empty()) return;
  write([&](Connection& connection) {
    for (const SleeperRow& row : rows) {
      connection.statement(sql::keep_sleeper)
          .bind(std::int64_t{row.workspace}, static_cast<std::int64_t>(row.position), row.wakes_at,
                row.erased)
          .run();
    }
  });
}

std::vector<SleeperRow> SqliteStore::sleepers() {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::sleepers);
  row.bind(std::int64_t{kPositionBits});
  std::vector<SleeperRow> all;
  while (row.step()) {
    all.push_back({.workspace = static_cast<WorkspaceId>(row.number(0)),
                   .position = static_cast<Position>(row.number(1)),
                   .wakes_at = row.time(2),
                   .erased = row.copied_text(3),
                   .log_time = row.time(4)});
  }
  return all;
}

Result<UserRow> SqliteStore::create_user(const UserRow& user) {
  std::optional<std::int64_t> id;
  write([&](Connection& connection) {
    Statement insert = connection.statement(sql::create_user);
    id = returned(insert.bind(std::int64_t{user.workspace}, user.email, user.password_hash,
                              user.role, user.created_at));
  });
  if (!id) return fail(ErrorCode::conflict, "this address has an account already", "/email");
  UserRow made = user;
  made.id = *id;
  return made;
}

std::optional<UserRow> SqliteStore::find_user(std::string_view email) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::user_by_email);
  row.bind(email);
  if (!row.step()) return std::nullopt;
  return user_at(row);
}

std::optional<UserRow> SqliteStore::user(std::int64_t id) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::user_by_id);
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return user_at(row);
}

std::vector<UserRow> SqliteStore::users(WorkspaceId workspace) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::users_of_workspace);
  row.bind(std::int64_t{workspace});
  std::vector<UserRow> all;
  while (row.step()) all.push_back(user_at(row));
  return all;
}

void SqliteStore::set_password(std::int64_t user, std::string_view password_hash) {
  write([&](Connection& connection) {
    connection.statement(sql::set_password).bind(user, password_hash).run();
    // Whoever was signed in with the old password is not any more.
    connection.statement(sql::end_sessions_of_user).bind(user).run();
  });
}

KeyRow SqliteStore::create_key(const KeyRow& key, const AnswerOf& answer) {
  KeyRow made = key;
  made.revoked_at = std::nullopt;
  write([&](Connection& connection) {
    Statement insert = connection.statement(sql::create_key);
    made.id = returned(insert.bind(std::int64_t{key.workspace}, key.kind, key.name, key.prefix,
                                   key.hash, key.created_at))
                  .value();
    if (answer) put_answer(connection, answer(made));
  });
  return made;
}

std::vector<KeyRow> SqliteStore::keys() {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::live_keys);
  std::vector<KeyRow> all;
  while (row.step()) all.push_back(live_key_at(row));
  return all;
}

bool SqliteStore::revoke_key(WorkspaceId workspace, std::int64_t key, Time now,
                             const std::optional<AnswerRow>& answer) {
  bool revoked = false;
  write([&](Connection& connection) {
    Statement update = connection.statement(sql::revoke_key);
    revoked = returned(update.bind(std::int64_t{workspace}, key, now)).has_value();
    if (revoked && answer) put_answer(connection, *answer);
  });
  return revoked;
}

void SqliteStore::create_session(const SessionRow& session) {
  write([&](Connection& connection) {
    // What has run out is of no use to anybody and would only pile up.
    connection.statement(sql::end_sessions_until).bind(session.created_at).run();
    connection.statement(sql::create_session)
        .bind(session.token_hash, session.user, session.created_at, session.expires_at)
        .run();
  });
}

std::optional<SessionRow> SqliteStore::session(std::string_view token_hash) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::session_by_token);
  row.bind(token_hash);
  if (!row.step()) return std::nullopt;
  return SessionRow{.token_hash = row.copied_text(0),
                    .user = row.number(1),
                    .created_at = row.time(2),
                    .expires_at = row.time(3)};
}

void SqliteStore::end_session(std::string_view token_hash) {
  write([&](Connection& connection) {
    connection.statement(sql::end_session).bind(token_hash).run();
  });
}

}  // namespace galena::store
