// From an empty file or an older schema to the newest one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace galena::store {

// A schema and how to get there. Tests bring their own, older and newer ones.
struct Schema {
  std::string_view latest;                  // what a new database gets
  std::span<const std::string_view> steps;  // steps[i] brings version i to i + 1
  std::int64_t log_format = 1;              // docs/adr/0001; raised together with a step
  std::int64_t version() const { return static_cast<std::int64_t>(steps.size()); }
};

const Schema& current_schema();

struct MigrateOptions {
  bool migrate = true;           // false: an older schema is an Error
  std::string backup_directory;  // gets a copy before an older schema is changed
};

// The version of the schema in the file, 0 for an empty one. Error internal: not Galena's.
Result<std::int64_t> schema_version(Connection& connection);

// Makes the database one of `schema`, in WAL mode. All steps are one transaction: after a failure
// the database is as it was. Errors: invalid = a newer Galena's, conflict = older and may not be
// migrated, internal = not Galena's, or a step failed.
Result<> migrate(Connection& connection, const Schema& schema, const MigrateOptions& options);

}  // namespace galena::store
