// SQLite with owners and exceptions: a connection and a prepared statement, no more.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "store/store.hpp"

namespace galena::store {

// The StoreError that a result code of this connection means: no room, or a disk that lies.
StoreError store_error(sqlite3* connection, std::string_view doing);

class Connection {
 public:
  // Opens with what every connection of Galena has: WAL, synchronous=FULL, foreign keys, no
  // untrusted schema functions, no automatic checkpoint.
  Connection(const std::string& file, const std::string& vfs, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run(const std::string& sql);  // statements without results
  sqlite3* raw() const { return connection_; }

 private:
  sqlite3* connection_ = nullptr;
};

class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Texts are not copied: they must live until the statement is reset.
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  Statement& bind(Time value) { return bind(to_ms(value)); }

  bool step();  // true: there is a row
  void execute();  // steps to the end, then reset()
  void reset();

  std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const;
  Time time(int column) const { return from_ms(number(column)); }
  bool is_null(int column) const;

 private:
  sqlite3* connection_;
  sqlite3_stmt* statement_ = nullptr;
  int next_ = 1;
};

// BEGIN IMMEDIATE … COMMIT; rolls back if commit() was not reached.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {
    connection_.run("BEGIN IMMEDIATE");
  }
  ~Transaction();
  void commit();

 private:
  Connection& connection_;
  bool done_ = false;
};

}  // namespace galena::store
