// From an empty file or an older schema to this one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace galena::store {

// Step i brings schema i to i + 1.
std::span<const std::string_view> schema_steps();

// 0 for an empty file. An Error (internal) for a file that is not Galena's.
Result<std::int64_t> schema_version(Connection& connection);

struct MigrateOptions {
  std::span<const std::string_view> steps = schema_steps();
  bool migrate = true;           // false: an older schema is an Error
  std::string backup_directory;  // gets a copy before an older schema is changed
};

// Brings the database to the newest schema, each step in a transaction of its own. Errors: invalid
// for a database of a newer Galena, conflict for an older one that may not be migrated.
Result<> migrate(Connection& connection, const MigrateOptions& options);

// Copies the database to a new file while it is in use; the copy is synced and checked.
void copy_database(Connection& connection, const std::string& file);

}  // namespace galena::store
