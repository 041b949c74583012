// A consistent copy of a database in use, for `galena backup` and before a migration.
#pragma once

#include <string>

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace galena::store {

// Copies to a new file (mode 0600), one consistent moment while writers go on; the copy has passed
// SQLite's integrity check, is on the disk, and needs no file beside it. `file` is there whole or
// not at all. Errors: conflict = there already, unavailable = no room, internal = cannot be made.
// Throws StoreError when the source cannot be read.
Result<> copy_database(Connection& source, const std::string& file);

}  // namespace galena::store
