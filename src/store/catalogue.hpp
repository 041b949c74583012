// Workspaces, users, keys and sessions: small tables on a connection of their own.
#pragma once

#include <mutex>

#include "store/sqlite.hpp"

namespace galena::store {

class Catalogue {
 public:
  // `write_mutex`: held while writing, so that this and the log's writer never wait on each other
  // inside SQLite.
  Catalogue(const std::string& file, const std::string& vfs, std::mutex& write_mutex)
      : connection_(file, vfs, false), write_mutex_(write_mutex) {}

  WorkspaceRow create_workspace(std::string_view name, Time now);
  std::vector<WorkspaceRow> workspaces();
  Result<UserRow> create_user(const UserRow& user);
  std::optional<UserRow> find_user(std::string_view email);
  std::optional<UserRow> user(std::int64_t id);
  std::vector<UserRow> users(WorkspaceId workspace);
  void set_password(std::int64_t user, std::string_view password_hash);
  KeyRow create_key(const KeyRow& key);
  std::vector<KeyRow> keys();
  bool revoke_key(WorkspaceId workspace, std::int64_t key, Time now);
  void create_session(const SessionRow& session);
  std::optional<SessionRow> session(std::string_view token_hash);
  void end_session(std::string_view token_hash);

 private:
  Connection connection_;
  std::mutex& write_mutex_;
  std::mutex mutex_;  // of the connection
};

}  // namespace galena::store
