// The store on SQLite: one connection appends, one serves the catalogue, one reads, one checkpoints.
#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "store/catalogue.hpp"
#include "store/migrations.hpp"
#include "store/snapshot_files.hpp"
#include "store/sqlite.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

constexpr int kPositionBits = 40;

std::int64_t row_id(WorkspaceId workspace, Position position) {
  return (static_cast<std::int64_t>(workspace) << kPositionBits) |
         static_cast<std::int64_t>(position);
}

Position position_of(std::int64_t id) {
  return static_cast<Position>(id & ((std::int64_t{1} << kPositionBits) - 1));
}

// The lock by which one process owns the directory; gone with the process, however it ends.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::string& directory)
      : descriptor_(::open((directory + "/galena.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)),
        held_(descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {}
  ~DirectoryLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool held() const { return held_; }

 private:
  int descriptor_;
  bool held_;
};

// Moves the WAL into the database beside the writers. Beyond the cap it waits for readers to let
// it start the WAL over.
class Checkpointer {
 public:
  Checkpointer(const std::string& file, const SqliteOptions& options)
      : wal_(file + "-wal"), cap_(options.wal_bytes_max), connection_(file, options.vfs, false),
        real_files_(options.vfs.empty()), thread_([this] { work(); }) {}
  ~Checkpointer() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::milliseconds{200}, [&] { return stop_; })) {
      checkpoint();
    }
  }

  void checkpoint() {
    std::error_code error;
    const std::uint64_t size = real_files_ ? fs::file_size(wal_, error) : cap_;
    if (error || size < cap_ / 8) return;
    const int mode = size >= cap_ ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    const int code = sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, mode, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) {
      spdlog::warn("a checkpoint could not be made: {}", sqlite3_errmsg(connection_.raw()));
    }
  }

  std::string wal_;
  std::uint64_t cap_;
  Connection connection_;
  bool real_files_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteOptions& options, std::unique_ptr<DirectoryLock> lock)
      : file_(options.directory + "/galena.db"), lock_(std::move(lock)),
        writer_(file_, options.vfs, false), reader_(file_, options.vfs, false),
        insert_(writer_, "INSERT INTO log (id, received_at, kind, input, outcome)"
                         " VALUES (?, ?, ?, ?, ?)"),
        catalogue_(file_, options.vfs, write_mutex_), snapshots_(options.directory + "/snapshots"),
        checkpointer_(file_, options) {}

  void append(std::span<const LogRow> rows) override {
    const std::lock_guard lock(write_mutex_);
    Transaction transaction(writer_);
    for (const LogRow& row : rows) {
      insert_.bind(row_id(row.workspace, row.position)).bind(row.received_at)
          .bind(std::int64_t{row.kind}).bind(row.input).bind(row.outcome).execute();
    }
    transaction.commit();
  }

  void read_log(WorkspaceId workspace, Position after,
                const std::function<bool(const LogRow&)>& visit) override {
    // In pages, so that no long read keeps the WAL from starting over.
    static constexpr int kPage = 5000;
    for (int found = kPage; found == kPage;) {
      found = 0;
      const std::lock_guard lock(read_mutex_);
      Statement rows(reader_, "SELECT id, received_at, kind, input, outcome FROM log"
                              " WHERE id > ? AND id < ? ORDER BY id LIMIT ?");
      rows.bind(row_id(workspace, after)).bind(row_id(workspace + 1, 0)).bind(std::int64_t{kPage});
      while (rows.step()) {
        ++found;
        after = position_of(rows.number(0));
        if (!visit(row_at(rows, workspace))) return;
      }
    }
  }

  void read_rows(WorkspaceId workspace, std::span<const Position> positions,
                 const std::function<void(const LogRow&)>& visit) override {
    const std::lock_guard lock(read_mutex_);
    Statement row(reader_, "SELECT id, received_at, kind, input, outcome FROM log WHERE id = ?");
    for (const Position position : positions) {
      row.bind(row_id(workspace, position));
      if (row.step()) visit(row_at(row, workspace));
      row.reset();
    }
  }

  Position last_position(WorkspaceId workspace) override {
    const std::lock_guard lock(read_mutex_);
    Statement last(reader_, "SELECT max(id) FROM log WHERE id > ? AND id < ?");
    last.bind(row_id(workspace, 0)).bind(row_id(workspace + 1, 0));
    return last.step() && !last.is_null(0) ? position_of(last.number(0)) : 0;
  }

  void save_snapshot(WorkspaceId workspace, Position position, std::string_view bytes) override {
    snapshots_.save(workspace, position, bytes);
  }
  std::optional<std::pair<Position, std::string>> newest_snapshot(WorkspaceId workspace) override {
    return snapshots_.newest(workspace);
  }

  WorkspaceRow create_workspace(std::string_view name, Time now) override {
    return catalogue_.create_workspace(name, now);
  }
  std::vector<WorkspaceRow> workspaces() override { return catalogue_.workspaces(); }
  Result<UserRow> create_user(const UserRow& user) override { return catalogue_.create_user(user); }
  std::optional<UserRow> find_user(std::string_view email) override {
    return catalogue_.find_user(email);
  }
  std::optional<UserRow> user(std::int64_t id) override { return catalogue_.user(id); }
  std::vector<UserRow> users(WorkspaceId workspace) override { return catalogue_.users(workspace); }
  void set_password(std::int64_t user, std::string_view hash) override {
    catalogue_.set_password(user, hash);
  }
  KeyRow create_key(const KeyRow& key) override { return catalogue_.create_key(key); }
  std::vector<KeyRow> keys() override { return catalogue_.keys(); }
  bool revoke_key(WorkspaceId workspace, std::int64_t key, Time now) override {
    return catalogue_.revoke_key(workspace, key, now);
  }
  void create_session(const SessionRow& session) override { catalogue_.create_session(session); }
  std::optional<SessionRow> session(std::string_view token_hash) override {
    return catalogue_.session(token_hash);
  }
  void end_session(std::string_view token_hash) override { catalogue_.end_session(token_hash); }

  void backup(const std::string& file) override {
    Connection source(file_, "", false);
    copy_database(source, file);
  }

  DatabaseInfo info() override {
    std::error_code none;
    DatabaseInfo info{.path = file_, .library_version = sqlite3_libversion()};
    info.file_bytes = fs::file_size(file_, none);
    const std::uint64_t wal = fs::file_size(file_ + "-wal", none);
    info.wal_bytes = none ? 0 : wal;
    info.schema_version = static_cast<std::int64_t>(schema_steps().size());
    return info;
  }

 private:
  static LogRow row_at(const Statement& row, WorkspaceId workspace) {
    return {workspace, position_of(row.number(0)), row.time(1), static_cast<int>(row.number(2)),
            row.text(3), row.text(4)};
  }

  std::string file_;
  std::unique_ptr<DirectoryLock> lock_;
  std::mutex write_mutex_;  // one writer in this process, so SQLite is never busy
  std::mutex read_mutex_;
  Connection writer_;
  Connection reader_;
  Statement insert_;
  Catalogue catalogue_;
  SnapshotFiles snapshots_;
  Checkpointer checkpointer_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  try {
    fs::create_directories(options.directory);
    ::chmod(options.directory.c_str(), 0700);
    auto lock = std::make_unique<DirectoryLock>(options.directory);
    if (!lock->held()) {
      return fail(ErrorCode::conflict,
                  fmt::format("another Galena has {} open", options.directory));
    }
    const std::string file = options.directory + "/galena.db";
    {
      Connection connection(file, options.vfs, false);
      auto migrated = migrate(connection, {.migrate = options.migrate,
                                           .backup_directory = options.directory + "/backups"});
      if (!migrated) return tl::unexpected(migrated.error());
    }
    if (options.vfs.empty()) ::chmod(file.c_str(), 0600);
    return std::make_unique<SqliteStore>(options, std::move(lock));
  } catch (const fs::filesystem_error& error) {
    return fail(ErrorCode::internal, error.what());
  }
}

}  // namespace galena::store
