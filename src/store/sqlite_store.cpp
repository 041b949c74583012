#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <filesystem>

#include "store/copy_database.hpp"
#include "store/queries.hpp"
#include "store/row_id.hpp"

namespace galena::store {
namespace {

constexpr WorkspaceId kWorkspaceMax = (1u << 23) - 1;
constexpr Position kPositionMax = 0xFFFF'FFFF;
constexpr std::int64_t kPageRows = 4096;
constexpr std::size_t kIdleReaders = 8;

LogRow row_at(const Statement& row, WorkspaceId workspace) {
  return {.workspace = workspace,
          .position = static_cast<Position>(row.number(0) & kPositionMask),
          .received_at = row.time(1),
          .kind = static_cast<int>(row.number(2)),
          .input = row.text(3),
          .outcome = row.text(4)};
}

Position last_position_in(Connection& connection, WorkspaceId workspace) {
  Statement last = connection.statement(sql::last_row);
  last.bind(row_id(workspace, 0), row_id(workspace, kPositionMask));
  return last.step() ? static_cast<Position>(last.number(0) & kPositionMask) : 0;
}

// Called by SQLite after each commit of the writer.
int on_commit(void* checkpointer, sqlite3*, const char*, int wal_pages) {
  static_cast<Checkpointer*>(checkpointer)->committed(static_cast<std::uint64_t>(wal_pages));
  return SQLITE_OK;
}

// SQLite would make it readable for all; the files beside it take over its mode.
void make_private_file(const std::string& file) {
  const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (made.number() >= 0) ::fchmod(made.number(), 0600);
}

// Those right in the directory; 0 if there is none.
std::uint64_t bytes_of_files(const std::string& directory) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::uintmax_t size = entry.file_size(error);
    if (!error) bytes += size;
  }
  return bytes;
}

std::uint64_t free_bytes(const std::string& directory) {
  std::error_code error;
  const auto space = std::filesystem::space(directory, error);
  return error ? 0 : space.available;
}

}  // namespace

ReaderPool::Loan ReaderPool::take() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      Connection connection = std::move(idle_.back());
      idle_.pop_back();
      return Loan(*this, std::move(connection));
    }
  }
  return Loan(*this, Connection(file_, vfs_, Access::read));
}

void ReaderPool::give_back(Connection connection) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < kIdleReaders) idle_.push_back(std::move(connection));
}

SqliteStore::SqliteStore(const SqliteOptions& options, DirectoryLock lock, Connection writer)
    : directory_(options.directory),
      file_(options.directory + "/galena.db"),
      lock_(std::move(lock)),
      checkpointer_(Connection(file_, options.vfs, Access::write),
                    Connection(file_, options.vfs, Access::read), write_turn_,
                    options.wal_bytes_max),
      readers_(file_, options.vfs),
      snapshots_(options.directory + "/snapshots"),
      import_files_(options.directory + "/imports"),
      reports_(options.directory + "/reports.db", options.vfs),
      writer_(std::move(writer)) {
  // A WAL that a long reader let grow shrinks to the cap when it begins anew; below the cap it
  // keeps its length, because writing over old pages is cheaper than making a file longer.
  writer_.run("PRAGMA secure_delete = ON");  // what is erased is written over
  writer_.run("PRAGMA temp_store = FILE");   // VACUUM would hold all of the database in memory
  writer_.run(fmt::format("PRAGMA journal_size_limit = {}", options.wal_bytes_max));
  sqlite3_wal_hook(writer_.raw(), &on_commit, &checkpointer_);
}

void SqliteStore::refuse_after_failure() {
  if (!failure_) failure_ = checkpointer_.failure();
  if (failure_) throw StoreError(StoreError::Kind::io, *failure_);
}

void SqliteStore::insert(Connection& connection, const LogRow& row) {
  GALENA_ASSERT(row.workspace >= 1 && row.workspace <= kWorkspaceMax);
  GALENA_ASSERT(row.position >= 1 && row.position <= kPositionMax);
  const auto [last, unknown] = last_.try_emplace(row.workspace, 0);
  if (unknown) last->second = last_position_in(connection, row.workspace);
  if (row.position != last->second + 1) {
    // Memory and log disagree, so acknowledging anything would be a lie.
    throw StoreError(StoreError::Kind::io, fmt::format("workspace {}: row {} cannot follow row {}",
                                                       row.workspace, row.position, last->second));
  }
  connection.statement(sql::append_row)
      .bind(row_id(row.workspace, static_cast<std::int64_t>(row.position)), row.received_at,
            std::int64_t{row.kind}, row.input, row.outcome)
      .run();
  last->second = row.position;
}

void SqliteStore::append(std::span<const LogRow> rows) {
  if (rows.empty()) return;
  write([&](Connection& connection) {
    for (const LogRow& row : rows) insert(connection, row);
  });
}

void SqliteStore::read_log(WorkspaceId workspace, Position after,
                           const std::function<bool(const LogRow&)>& visit) {
  auto reader = readers_.take();
  for (std::int64_t found = kPageRows; found == kPageRows;) {
    found = 0;
    Statement rows = reader->statement(sql::log_page);
    rows.bind(row_id(workspace, static_cast<std::int64_t>(after)), row_id(workspace, kPositionMask),
              kPageRows);
    while (rows.step()) {
      const LogRow row = row_at(rows, workspace);
      if (!visit(row)) return;
      after = row.position;
      ++found;
    }
  }
}

void SqliteStore::read_rows(WorkspaceId workspace, std::span<const Position> positions,
                            const std::function<void(const LogRow&)>& visit) {
  auto reader = readers_.take();
  const Transaction one_moment(*reader, Access::read);
  for (const Position position : positions) {
    if (position == 0 || position > kPositionMax) continue;
    Statement row = reader->statement(sql::log_row);
    row.bind(row_id(workspace, static_cast<std::int64_t>(position)));
    if (row.step()) visit(row_at(row, workspace));
  }
}

Position SqliteStore::last_position(WorkspaceId workspace) {
  return last_position_in(*readers_.take(), workspace);
}

void SqliteStore::write_snapshot(WorkspaceId workspace, Position position,
                                 const SnapshotSource& source) {
  snapshots_.save(workspace, position, source);
}

std::optional<Snapshot> SqliteStore::newest_snapshot(WorkspaceId workspace) {
  return snapshots_.newest(workspace);
}

Result<> SqliteStore::backup(const std::string& file) {
  return copy_database(*readers_.take(), file);
}

DatabaseInfo SqliteStore::info() {
  auto reader = readers_.take();
  const auto version = schema_version(*reader);  // reads, and so opens the WAL
  return {.path = file_,
          .file_bytes = reader->file_bytes(),
          .wal_bytes = reader->wal_bytes(),
          .copies_bytes = bytes_of_files(directory_ + "/backups"),
          .disk_free_bytes = free_bytes(directory_),
          .schema_version = version.value_or(0),
          .library_version = sqlite3_libversion()};
}

namespace {

Result<std::unique_ptr<SqliteStore>> open_locked(const SqliteOptions& options,
                                                 const SqliteSeams& seams, DirectoryLock lock) {
  const std::string file = options.directory + "/galena.db";
  if (options.vfs.empty()) make_private_file(file);
  Connection writer(file, options.vfs, Access::write);
  const Schema& schema = seams.schema == nullptr ? current_schema() : *seams.schema;
  const auto migrated =
      migrate(writer, schema,
              {.migrate = options.migrate, .backup_directory = options.directory + "/backups"});
  if (!migrated) return tl::unexpected(migrated.error());
  // SQLite syncs its files, but not the database's name.
  if (options.vfs.empty()) sync_directory(options.directory);
  auto store = std::make_unique<SqliteStore>(options, std::move(lock), std::move(writer));
  if (seams.checkpoint_thread) store->checkpointer().start();
  return store;
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> open_sqlite_with(const SqliteOptions& given,
                                                      const SqliteSeams& seams) {
  SqliteOptions options = given;
  options.directory = std::filesystem::absolute(given.directory);
  try {
    if (auto made = make_private_directory(options.directory); !made) {
      return tl::unexpected(made.error());
    }
    auto lock = DirectoryLock::take(options.directory);
    if (!lock) return tl::unexpected(lock.error());
    if (auto made = make_private_directory(options.directory + "/snapshots"); !made) {
      return tl::unexpected(made.error());
    }
    return open_locked(options, seams, std::move(*lock));
  } catch (const StoreError& error) {
    const bool full = error.kind() == StoreError::Kind::full;
    return fail(full ? ErrorCode::unavailable : ErrorCode::internal,
                fmt::format("the data in {} cannot be opened: {}", given.directory, error.what()));
  }
}

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  auto store = open_sqlite_with(options, {});
  if (!store) return tl::unexpected(store.error());
  return std::unique_ptr<Store>(std::move(*store));
}

}  // namespace galena::store
