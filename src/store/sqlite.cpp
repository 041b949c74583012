#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace galena::store {

StoreError store_error(sqlite3* connection, std::string_view doing) {
  const int code = sqlite3_extended_errcode(connection);
  const int system_error = sqlite3_system_errno(connection);
  // A full disk shows itself as SQLITE_FULL, or as a failed write or shared-memory growth with the
  // system's own words for it.
  const bool is_io = (code & 0xFF) == SQLITE_IOERR;
  const bool no_room = (code & 0xFF) == SQLITE_FULL ||
                       (is_io && (system_error == ENOSPC || system_error == EDQUOT));
  return StoreError(no_room ? StoreError::Kind::full : StoreError::Kind::io,
                    fmt::format("{}: {} (SQLite {})", doing, sqlite3_errmsg(connection), code));
}

Connection::Connection(const std::string& file, const std::string& vfs, bool read_only) {
  const int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &connection_, flags, vfs.empty() ? nullptr : vfs.c_str()) !=
      SQLITE_OK) {
    const StoreError error = store_error(connection_, "opening " + file);
    sqlite3_close_v2(connection_);
    throw error;
  }
  sqlite3_extended_result_codes(connection_, 1);
  sqlite3_busy_timeout(connection_, 10'000);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY");
  if (!read_only) run("PRAGMA journal_mode = WAL");
}

Connection::~Connection() { sqlite3_close_v2(connection_); }

void Connection::run(const std::string& sql) {
  if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw store_error(connection_, sql.substr(0, 60));
  }
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection.raw()) {
  if (sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
    throw store_error(connection_, sql.substr(0, 60));
  }
}

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_, next_++, value);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  sqlite3_bind_text(statement_, next_++, value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const StoreError error = store_error(connection_, "a statement");
  reset();
  throw error;
}

void Statement::execute() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  next_ = 1;
}

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, std::size_t(size));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void Transaction::commit() {
  connection_.run("COMMIT");
  done_ = true;
}

Transaction::~Transaction() {
  // A failed COMMIT may have rolled back already; then there is nothing to do.
  if (!done_ && sqlite3_get_autocommit(connection_.raw()) == 0) {
    sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace galena::store
