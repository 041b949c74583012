// A store that hands everything on to another: tests override what they want to go wrong.
#pragma once

#include "store/store.hpp"

namespace galena::store {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(Store& to) : to_(to) {}

  void append(std::span<const LogRow> rows) override { to_.append(rows); }
  void read_log(WorkspaceId workspace, Position after,
                const std::function<bool(const LogRow&)>& visit) override {
    to_.read_log(workspace, after, visit);
  }
  void read_rows(WorkspaceId workspace, std::span<const Position> positions,
                 const std::function<void(const LogRow&)>& visit) override {
    to_.read_rows(workspace, positions, visit);
  }
  Position last_position(WorkspaceId workspace) override { return to_.last_position(workspace); }
  void rewrite(WorkspaceId workspace, std::span<const RewrittenRow> rows) override {
    to_.rewrite(workspace, rows);
  }
  bool needs_scrub() override { return to_.needs_scrub(); }
  void scrub() override { to_.scrub(); }
  void forget_copies(WorkspaceId workspace, Position before) override {
    to_.forget_copies(workspace, before);
  }
  std::string erasure_list() override { return to_.erasure_list(); }
  void keep_erasure_list(std::string_view text) override { to_.keep_erasure_list(text); }
  void write_snapshot(WorkspaceId workspace, Position position,
                      const SnapshotSource& source) override {
    to_.write_snapshot(workspace, position, source);
  }
  std::optional<Snapshot> newest_snapshot(WorkspaceId workspace) override {
    return to_.newest_snapshot(workspace);
  }
  SnapshotsInfo snapshots_info(WorkspaceId workspace) override {
    return to_.snapshots_info(workspace);
  }
  WorkspaceRow create_workspace(std::string_view name, Time now) override {
    return to_.create_workspace(name, now);
  }
  std::vector<WorkspaceRow> workspaces() override { return to_.workspaces(); }
  void keep_sleepers(std::span<const SleeperRow> rows) override { to_.keep_sleepers(rows); }
  std::vector<SleeperRow> sleepers() override { return to_.sleepers(); }
  Result<UserRow> create_user(const UserRow& user) override { return to_.create_user(user); }
  std::optional<UserRow> find_user(std::string_view email) override { return to_.find_user(email); }
  std::optional<UserRow> user(std::int64_t id) override { return to_.user(id); }
  std::vector<UserRow> users(WorkspaceId workspace) override { return to_.users(workspace); }
  void set_password(std::int64_t user, std::string_view hash) override {
    to_.set_password(user, hash);
  }
  using Store::create_key;
  KeyRow create_key(const KeyRow& key, const AnswerOf& answer) override {
    return to_.create_key(key, answer);
  }
  std::vector<KeyRow> keys() override { return to_.keys(); }
  using Store::revoke_key;
  bool revoke_key(WorkspaceId workspace, std::int64_t key, Time now,
                  const std::optional<AnswerRow>& answer) override {
    return to_.revoke_key(workspace, key, now, answer);
  }
  void create_session(const SessionRow& session) override { to_.create_session(session); }
  std::optional<SessionRow> session(std::string_view token_hash) override {
    return to_.session(token_hash);
  }
  void end_session(std::string_view token_hash) override { to_.end_session(token_hash); }
  void keep_answer(const AnswerRow& answer) override { to_.keep_answer(answer); }
  std::optional<AnswerRow> answer(WorkspaceId workspace, std::string_view author,
                                  std::string_view name) override {
    return to_.answer(workspace, author, name);
  }
  ImportRow create_import(const ImportRow& row) override { return to_.create_import(row); }
  bool move_import(const ImportRow& row, std::string_view from) override {
    return to_.move_import(row, from);
  }
  std::optional<ImportRow> find_import(WorkspaceId workspace, std::int64_t id) override {
    return to_.find_import(workspace, id);
  }
  std::vector<ImportRow> imports(WorkspaceId workspace) override { return to_.imports(workspace); }
  std::vector<ImportRow> imports_in(std::span<const std::string_view> states) override {
    return to_.imports_in(states);
  }
  void remember_mapping(WorkspaceId workspace, std::string_view header, std::string_view mapping,
                        Time now) override {
    to_.remember_mapping(workspace, header, mapping, now);
  }
  std::string remembered_mapping(WorkspaceId workspace, std::string_view header) override {
    return to_.remembered_mapping(workspace, header);
  }
  ImportFiles& import_files() override { return to_.import_files(); }
  Reports& reports() override { return to_.reports(); }
  Result<> backup(const std::string& file) override { return to_.backup(file); }
  DatabaseInfo info() override { return to_.info(); }

 private:
  Store& to_;
};

}  // namespace galena::store
