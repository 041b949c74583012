// SQLite with owners and exceptions: a connection, a statement, a transaction. No more.
//
// Failures leave as StoreError (see store.hpp) with two exceptions: ConstraintError, which the
// store turns into what its contract says, and std::logic_error when our own SQL is wrong.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "store/store.hpp"

namespace galena::store {

class ConstraintError : public std::logic_error {
  using std::logic_error::logic_error;
};

// Throws what the result code of this connection means. `connection` may be null.
[[noreturn]] void throw_sqlite_error(sqlite3* connection, int code, std::string_view doing);

// A lease on a prepared statement of a Connection: on leaving the scope it is reset, its values
// are forgotten and it is ready for the next. Bound texts are not copied; they must outlive it.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Binds all parameters, ?1 first. An empty optional is NULL.
  template <class... Values>
  Statement& bind(const Values&... values) {
    int index = 0;
    (bind_at(++index, values), ...);
    return *this;
  }

  bool step();  // true: there is a row
  void run();   // to the end, rows are passed over; then ready to be bound again

  std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  Time time(int column) const { return from_ms(number(column)); }
  bool is_null(int column) const;
  std::string_view text(int column) const;  // lives until the next step
  std::string copied_text(int column) const { return std::string(text(column)); }

 private:
  void bind_at(int index, std::int64_t value);
  void bind_at(int index, double value);
  void bind_at(int index, std::string_view value);
  void bind_at(int index, Time value) { bind_at(index, to_ms(value)); }
  void bind_at(int index, std::nullopt_t);
  template <class Value>
  void bind_at(int index, const std::optional<Value>& value) {
    value ? bind_at(index, *value) : bind_at(index, std::nullopt);
  }

  sqlite3_stmt* statement_;
};

enum class Access { read, write };

// One connection, used by one thread at a time.
class Connection {
 public:
  // Opens (Access::write: or creates) the file with what every connection of Galena has:
  // synchronous=FULL, foreign keys, nothing executable from the schema, no inline checkpoints.
  Connection(const std::string& file, const std::string& vfs, Access access);
  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;
  ~Connection();

  Statement statement(std::string_view sql);    // prepared once; `sql` must live for ever
  void run(const std::string& script);          // several statements, rows are passed over
  std::int64_t number(const std::string& sql);  // the first column of the first row, or 0
  std::string text(const std::string& sql);

  std::uint64_t file_bytes() const { return size_of(SQLITE_FCNTL_FILE_POINTER); }
  std::uint64_t wal_bytes() const { return size_of(SQLITE_FCNTL_JOURNAL_POINTER); }
  sqlite3* raw() const { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::uint64_t size_of(int file_control) const;

  std::unique_ptr<sqlite3, Close> connection_;
  std::map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// BEGIN … COMMIT; rolls back when the scope is left without commit().
class Transaction {
 public:
  Transaction(Connection& connection, Access access);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() { connection_.run("COMMIT"); }

 private:
  Connection& connection_;
};

}  // namespace galena::store
