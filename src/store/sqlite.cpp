#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <new>

namespace galena::store {
namespace {

constexpr int kBusyWaitMs =
    10'000;  // only for strangers (the sqlite3 shell); we queue up ourselves

// SQLite reports most full disks as SQLITE_FULL itself; the rest hides behind these.
bool is_want_of_room(int code, int system_error) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return true;
    case SQLITE_IOERR:
      // A failed sync may have lost data that an earlier commit promised, whatever errno says.
      if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) return false;
      if (code == SQLITE_IOERR_SHMSIZE) return true;  // the WAL's index could not grow
      return system_error == ENOSPC || system_error == EDQUOT;
    case SQLITE_CANTOPEN:
      return system_error == EMFILE || system_error == ENFILE || system_error == ENOSPC ||
             system_error == EDQUOT;
    default:
      return false;
  }
}

std::string message_of(sqlite3* connection, int code, int system_error, std::string_view doing) {
  const char* said = connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
  std::string message = fmt::format("{}: {} (SQLite {})", doing, said, code);
  if (system_error != 0) message += fmt::format(", {}", std::strerror(system_error));
  return message;
}

}  // namespace

void throw_sqlite_error(sqlite3* connection, int code, std::string_view doing) {
  const int primary = code & 0xFF;
  const bool of_system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
  const int system_error =
      connection != nullptr && of_system ? sqlite3_system_errno(connection) : 0;
  const std::string message = message_of(connection, code, system_error, doing);
  if (is_want_of_room(code, system_error)) throw StoreError(StoreError::Kind::full, message);
  if (primary == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
  if (primary == SQLITE_CONSTRAINT) throw ConstraintError(message);
  if (primary == SQLITE_ERROR || primary == SQLITE_MISUSE || primary == SQLITE_RANGE ||
      primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG) {
    throw std::logic_error(message);
  }
  throw StoreError(StoreError::Kind::io, message);
}

Statement::~Statement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::bind_at(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_, index, value);
}

void Statement::bind_at(int index, double value) {
  sqlite3_bind_double(statement_, index, value);
}

void Statement::bind_at(int index, std::nullopt_t) {
  sqlite3_bind_null(statement_, index);
}

void Statement::bind_at(int index, std::string_view value) {
  // A null pointer would be NULL, not the empty text.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  const int code =
      sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) throw_sqlite_error(sqlite3_db_handle(statement_), code, "binding a text");
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const std::string_view sql = sqlite3_sql(statement_);
  throw_sqlite_error(sqlite3_db_handle(statement_), code, sql.substr(0, sql.find('\n', 1)));
}

void Statement::run() {
  while (step()) {
  }
  sqlite3_reset(statement_);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Connection::Connection(const std::string& file, const std::string& vfs, Access access) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  const int code =
      sqlite3_open_v2(file.c_str(), &opened, flags, vfs.empty() ? nullptr : vfs.c_str());
  connection_.reset(opened);
  if (code != SQLITE_OK) throw_sqlite_error(opened, code, "opening " + file);
  sqlite3_busy_timeout(opened, kBusyWaitMs);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  // secure_delete is there for erasure: what is deleted is overwritten.
  run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;"
      "PRAGMA cache_size = -16000");
  if (access == Access::read) run("PRAGMA query_only = ON");
}

Connection::~Connection() {
  statements_.clear();  // before the connection that they belong to
}

Statement Connection::statement(std::string_view sql) {
  auto& prepared = statements_[sql];
  if (!prepared) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(raw(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) throw_sqlite_error(raw(), code, sql.substr(0, sql.find('\n', 1)));
    prepared.reset(made);
  }
  return Statement(prepared.get());
}

void Connection::run(const std::string& script) {
  const int code = sqlite3_exec(raw(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_sqlite_error(raw(), code, script.substr(0, 60));
}

std::string Connection::text(const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v2(raw(), sql.c_str(), -1, &made, nullptr);
  const std::unique_ptr<sqlite3_stmt, Finalize> owner(made);
  if (code != SQLITE_OK) throw_sqlite_error(raw(), code, sql);
  Statement statement(made);
  return statement.step() ? statement.copied_text(0) : std::string();
}

std::int64_t Connection::number(const std::string& sql) {
  const std::string found = text(sql);
  return found.empty() ? 0 : std::stoll(found);
}

std::uint64_t Connection::size_of(int file_control) const {
  sqlite3_file* file = nullptr;
  sqlite3_int64 bytes = 0;
  if (sqlite3_file_control(raw(), "main", file_control, &file) != SQLITE_OK || file == nullptr ||
      file->pMethods == nullptr || file->pMethods->xFileSize(file, &bytes) != SQLITE_OK) {
    return 0;
  }
  return static_cast<std::uint64_t>(bytes);
}

Transaction::Transaction(Connection& connection, Access access) : connection_(connection) {
  connection_.run(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // A failed statement or COMMIT may have rolled back already; then there is nothing to do.
  if (sqlite3_get_autocommit(connection_.raw()) == 0) {
    sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace galena::store
