#include "store/reports.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "store/data_directory.hpp"
#include "store/queries.hpp"
#include "store/sqlite.hpp"

namespace galena::store {

namespace sql {
extern const std::string_view reports_schema;
}  // namespace sql

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kApplicationId = 0x67616c72;  // "galr"
constexpr std::int64_t kSchemaVersion = 1;           // of sql/reports_schema.sql
constexpr seconds kPatience{10};                     // of an erasure with who writes
constexpr milliseconds kReaderPatience{3000};        // and with who reads an old moment
constexpr int kBusyWaitMs = 1000;                    // a stranger writes
// Little at a time is moved and synced, so that no commit of the log waits for it long.
constexpr int kCheckpointPages = 512;
constexpr std::uint64_t kWalBytesKept = 64ull << 20;
// A reader of an old moment lets the WAL grow; beyond this nothing is written until it is gone.
constexpr std::uint64_t kWalBytesMax = 512ull << 20;

std::string workspace_id(WorkspaceId workspace) {
  return fmt::format("ws_{}", workspace);
}

std::uint64_t inode_of(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_ino : 0;
}

// Whether the tables are of these logs, and of no younger state of them than they are in now.
bool are_of(Connection& connection, std::span<const ReportedLog> logs) {
  std::unordered_map<std::string, const ReportedLog*> by_id;
  for (const ReportedLog& log : logs) by_id.emplace(workspace_id(log.id), &log);
  Statement rows = connection.statement(sql::reported_workspaces);
  while (rows.step()) {
    const auto found = by_id.find(rows.copied_text(0));
    if (found == by_id.end()) return false;
    const ReportedLog& log = *found->second;
    if (format_time(log.created_at) != rows.text(1)) return false;
    if (static_cast<Position>(rows.number(2)) > log.position) return false;
  }
  return true;
}

}  // namespace

Reports::Reports(std::string file, std::string vfs)
    : file_(std::move(file)), vfs_(std::move(vfs)) {}

Reports::~Reports() = default;

void Reports::begin_writing() {
  const std::scoped_lock lock(mutex_);
  ++writers_;
}

void Reports::end_writing() {
  const std::scoped_lock lock(mutex_);
  --writers_;
  caught_up_.notify_all();
}

bool Reports::is_awaited() {
  const std::scoped_lock lock(mutex_);
  return waiting_ > 0;
}

bool Reports::is_there() const {
  return inode_of(file_) != 0;
}

bool Reports::is_the_open_one() const {
  return connection_ != nullptr && inode_ == inode_of(file_);
}

// Without moving the WAL into the file first: what is closed is kept by the next to open it, or
// goes.
void Reports::close() {
  if (connection_) {
    sqlite3_db_config(connection_->raw(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  connection_.reset();
  as_of_.clear();
}

void Reports::remove_files() {
  close();
  for (const char* end : {"", "-wal", "-shm"}) {
    std::error_code error;
    fs::remove(file_ + end, error);
    if (!error) continue;
    throw StoreError(StoreError::Kind::full,
                     fmt::format("{}{} cannot be removed: {}", file_, end, error.message()));
  }
}

void Reports::drop() {
  const std::scoped_lock lock(mutex_);
  remove_files();
}

void Reports::connect() {
  auto connection = std::make_unique<Connection>(file_, vfs_, Access::write);
  sqlite3_busy_timeout(connection->raw(), kBusyWaitMs);
  // A commit that power loss undoes is made again: only checkpoints are synced.
  connection->run(
      fmt::format("PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE;"
                  "PRAGMA wal_autocheckpoint = {}; PRAGMA journal_size_limit = {}",
                  kCheckpointPages, kWalBytesKept));
  connection->text("PRAGMA journal_mode = WAL");
  connection_ = std::move(connection);
  inode_ = inode_of(file_);
}

// False if what is there is of no use.
bool Reports::open_existing(std::span<const ReportedLog> logs) {
  try {
    connect();
    const auto application = connection_->number("PRAGMA application_id");
    return application == kApplicationId &&
           connection_->number("PRAGMA user_version") == kSchemaVersion &&
           are_of(*connection_, logs);
  } catch (const StoreError& error) {
    if (error.kind() == StoreError::Kind::full) throw;
    spdlog::warn("{} is damaged and made anew: {}", file_, error.what());
    return false;
  }
}

void Reports::create() {
  remove_files();
  {
    const Descriptor made(::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made.number() < 0) {
      throw StoreError(StoreError::Kind::full, fmt::format("{} cannot be made: {}", file_,
                                                           std::generic_category().message(errno)));
    }
  }
  connect();
  Transaction transaction(*connection_, Access::write);
  connection_->run(std::string(sql::reports_schema));
  connection_->run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                               kApplicationId, kSchemaVersion));
  transaction.commit();
}

Reports::Opened Reports::open(std::span<const ReportedLog> logs) {
  const std::scoped_lock lock(mutex_);
  if (is_the_open_one()) return {number_, false};
  close();
  ++number_;
  const bool is_new = !is_there() || !open_existing(logs);
  if (is_new) create();
  return {number_, is_new};
}

bool Reports::may_write(const ReportsTurn& turn) {
  return connection_ != nullptr && turn.file == number_ && turn.position >= oldest_[turn.workspace];
}

template <class Body>
bool Reports::write(const ReportsTurn& turn, const Body& body) {
  const std::scoped_lock lock(mutex_);
  if (!may_write(turn)) return false;
  if (connection_->wal_bytes() > kWalBytesMax) {
    sqlite3_wal_checkpoint_v2(connection_->raw(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                              nullptr);
    if (connection_->wal_bytes() > kWalBytesMax) {
      throw StoreError(StoreError::Kind::full, "somebody reads an old moment of it");
    }
  }
  Transaction transaction(*connection_, Access::write);
  body(*connection_);
  transaction.commit();
  return true;
}

bool Reports::put(const ReportsTurn& turn, std::span<const LeadSlot> leads) {
  return write(turn, [&](Connection& connection) {
    for (const LeadSlot& slot : leads) put_lead(connection, turn.workspace, slot);
  });
}

bool Reports::put(const ReportsTurn& turn, std::span<const AccountSlot> accounts) {
  return write(turn, [&](Connection& connection) {
    for (const AccountSlot& slot : accounts) put_account(connection, turn.workspace, slot);
  });
}

bool Reports::end_leads(const ReportsTurn& turn, LeadNumber first) {
  return write(
      turn, [&](Connection& connection) { remove_leads_from(connection, turn.workspace, first); });
}

std::vector<std::string> Reports::account_ids(WorkspaceId workspace) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> ids;
  if (connection_ == nullptr) return ids;
  const std::string id = workspace_id(workspace);
  Statement rows = connection_->statement(sql::account_row_ids);
  rows.bind(id);
  while (rows.step()) ids.push_back(rows.copied_text(0));
  return ids;
}

bool Reports::is_as_of(const ReportsTurn& turn, const Told* told) {
  const bool written =
      told == nullptr || write(turn, [&](Connection& connection) {
        connection.statement(sql::set_projection)
            .bind(workspace_id(turn.workspace), told->log.name, format_time(told->log.created_at),
                  static_cast<std::int64_t>(turn.position), format_time(told->log_time),
                  format_time(told->written_at), kSchemaVersion)
            .run();
      });
  const std::scoped_lock lock(mutex_);
  if (!written || !may_write(turn)) return false;
  as_of_[turn.workspace] = turn.position;
  caught_up_.notify_all();
  return true;
}

void Reports::forget(WorkspaceId workspace, Position before) {
  std::unique_lock lock(mutex_);
  oldest_[workspace] = std::max(oldest_[workspace], before);
  if (!is_there()) return;
  // Who is not through with what was there before will not be in time.
  const bool is_kept = as_of_.contains(workspace) && writers_ > 0;
  ++waiting_;
  caught_up_.wait_for(lock, is_kept ? kPatience : seconds{0},
                      [&] { return as_of_[workspace] >= before || writers_ == 0; });
  --waiting_;
  if (as_of_[workspace] < before || !is_the_open_one()) remove_files();
}

// Pages that were split long ago may hold copies of rows, as in the log's own file (erasure.cpp).
void Reports::rewrite_file() {
  connection_->run("VACUUM");
  const auto end = std::chrono::steady_clock::now() + kReaderPatience;
  for (;;) {
    const int code = sqlite3_wal_checkpoint_v2(connection_->raw(), "main",
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    if ((code & 0xFF) != SQLITE_BUSY || std::chrono::steady_clock::now() > end) {
      throw_sqlite_error(connection_->raw(), code, "emptying the WAL");
    }
    std::this_thread::sleep_for(milliseconds{25});
  }
}

void Reports::scrub() {
  const std::scoped_lock lock(mutex_);
  if (!is_there()) return;
  try {
    if (!is_the_open_one()) return remove_files();
    rewrite_file();
  } catch (const StoreError& error) {
    spdlog::warn("{} is made anew, so that nothing of an erased person is left: {}", file_,
                 error.what());
    remove_files();
  }
}

ReportsInfo Reports::info() const {
  ReportsInfo info{.path = file_};
  if (!is_there()) return info;
  try {
    Connection connection(file_, vfs_, Access::read);
    if (connection.number("PRAGMA user_version") != kSchemaVersion) return info;
    Statement rows = connection.statement(sql::reported_workspaces);
    while (rows.step()) {
      const auto id = std::strtoul(std::string(rows.text(0).substr(3)).c_str(), nullptr, 10);
      const auto written_at = parse_time(rows.text(3));
      info.workspaces[static_cast<WorkspaceId>(id)] = {static_cast<Position>(rows.number(2)),
                                                       written_at.value_or(Time{})};
    }
    info.file_bytes = connection.file_bytes();
    info.wal_bytes = connection.wal_bytes();
  } catch (const std::exception& error) {
    spdlog::warn("{} cannot be read: {}", file_, error.what());
  }
  return info;
}

}  // namespace galena::store
