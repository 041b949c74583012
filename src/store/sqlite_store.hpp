// The Store on SQLite. One connection writes, in turns; a few read; one checkpoints.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/checkpointer.hpp"
#include "store/data_directory.hpp"
#include "store/fair_mutex.hpp"
#include "store/import_files.hpp"
#include "store/migrations.hpp"
#include "store/reports.hpp"
#include "store/snapshot_files.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace galena::store {

// Reading connections: as many as there are readers at once, a few kept for the next.
class ReaderPool {
 public:
  ReaderPool(std::string file, std::string vfs) : file_(std::move(file)), vfs_(std::move(vfs)) {}

  // A connection on loan; goes back at the end of the scope.
  class Loan {
   public:
    Loan(ReaderPool& pool, Connection connection)
        : pool_(pool), connection_(std::move(connection)) {}
    ~Loan() { pool_.give_back(std::move(connection_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Connection* operator->() { return &connection_; }
    Connection& operator*() { return connection_; }

   private:
    ReaderPool& pool_;
    Connection connection_;
  };
  Loan take();

 private:
  void give_back(Connection connection);

  std::string file_;
  std::string vfs_;
  std::mutex mutex_;
  std::vector<Connection> idle_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteOptions& options, DirectoryLock lock, Connection writer);

  void append(std::span<const LogRow> rows) override;
  void read_log(WorkspaceId workspace, Position after,
                const std::function<bool(const LogRow&)>& visit) override;
  void read_rows(WorkspaceId workspace, std::span<const Position> positions,
                 const std::function<void(const LogRow&)>& visit) override;
  Position last_position(WorkspaceId workspace) override;

  void rewrite(WorkspaceId workspace, std::span<const RewrittenRow> rows) override;
  bool needs_scrub() override;
  void scrub() override;
  void forget_copies(WorkspaceId workspace, Position before) override;
  std::string erasure_list() override;
  void keep_erasure_list(std::string_view text) override;

  void write_snapshot(WorkspaceId workspace, Position position,
                      const SnapshotSource& source) override;
  std::optional<Snapshot> newest_snapshot(WorkspaceId workspace) override;

  WorkspaceRow create_workspace(std::string_view name, Time now) override;
  std::vector<WorkspaceRow> workspaces() override;
  void keep_sleepers(std::span<const SleeperRow> rows) override;
  std::vector<SleeperRow> sleepers() override;
  Result<UserRow> create_user(const UserRow& user) override;
  std::optional<UserRow> find_user(std::string_view email) override;
  std::optional<UserRow> user(std::int64_t id) override;
  std::vector<UserRow> users(WorkspaceId workspace) override;
  void set_password(std::int64_t user, std::string_view password_hash) override;
  using Store::create_key;
  KeyRow create_key(const KeyRow& key, const AnswerOf& answer) override;
  std::vector<KeyRow> keys() override;
  using Store::revoke_key;
  bool revoke_key(WorkspaceId workspace, std::int64_t key, Time now,
                  const std::optional<AnswerRow>& answer) override;
  void create_session(const SessionRow& session) override;
  std::optional<SessionRow> session(std::string_view token_hash) override;
  void end_session(std::string_view token_hash) override;
  void keep_answer(const AnswerRow& answer) override;
  std::optional<AnswerRow> answer(WorkspaceId workspace, std::string_view author,
                                  std::string_view name) override;

  ImportRow create_import(const ImportRow& row) override;
  bool move_import(const ImportRow& row, std::string_view from) override;
  std::optional<ImportRow> find_import(WorkspaceId workspace, std::int64_t id) override;
  std::vector<ImportRow> imports(WorkspaceId workspace) override;
  std::vector<ImportRow> imports_in(std::span<const std::string_view> states) override;
  void remember_mapping(WorkspaceId workspace, std::string_view header, std::string_view mapping,
                        Time now) override;
  std::string remembered_mapping(WorkspaceId workspace, std::string_view header) override;
  ImportFiles& import_files() override { return import_files_; }

  SnapshotsInfo snapshots_info(WorkspaceId workspace) override {
    return snapshots_.info(workspace);
  }
  Reports& reports() override { return reports_; }
  Result<> backup(const std::string& file) override;
  DatabaseInfo info() override;

  Checkpointer& checkpointer() { return checkpointer_; }

 private:
  static void put_answer(Connection& connection, const AnswerRow& answer);
  // Runs `body` in one durable transaction in the write turn. After an io error nothing is written
  // any more: what the disk holds is unknown.
  template <class Body>
  void write(const Body& body);
  void refuse_after_failure();
  void insert(Connection& connection, const LogRow& row);

  const std::string directory_;
  const std::string file_;
  DirectoryLock lock_;  // before the connections, so that it is let go after them
  FairMutex write_turn_;
  Checkpointer checkpointer_;
  ReaderPool readers_;
  SnapshotFiles snapshots_;
  ImportFiles import_files_;
  Reports reports_;

  // Belong to the write turn.
  Connection writer_;
  std::optional<std::string> failure_;
  std::unordered_map<WorkspaceId, Position> last_;  // where the logs end, as far as known
};

template <class Body>
void SqliteStore::write(const Body& body) {
  const std::scoped_lock turn(write_turn_);
  refuse_after_failure();
  try {
    Transaction transaction(writer_, Access::write);
    body(writer_);
    transaction.commit();
  } catch (const StoreError& error) {
    last_.clear();
    if (error.kind() == StoreError::Kind::io) failure_ = error.what();
    throw;
  } catch (...) {
    last_.clear();
    throw;
  }
}

// What tests may choose beyond the options.
struct SqliteSeams {
  const Schema* schema = nullptr;  // null: the current one
  bool checkpoint_thread = true;   // false: checkpoints are made by hand
};
Result<std::unique_ptr<SqliteStore>> open_sqlite_with(const SqliteOptions& options,
                                                      const SqliteSeams& seams);

}  // namespace galena::store
