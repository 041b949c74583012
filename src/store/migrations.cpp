#include "store/migrations.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace galena::store {
namespace {

constexpr std::int64_t kApplicationId = 0x67616c6e;  // "galn"

constexpr std::string_view kSchema1 =
#include "store/sql/schema_1.sql.inc"
    ;

constexpr std::array<std::string_view, 1> kSteps{kSchema1};

std::int64_t pragma(Connection& connection, std::string_view name) {
  Statement statement(connection, fmt::format("PRAGMA {}", name));
  return statement.step() ? statement.number(0) : 0;
}

void sync_file(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || ::fsync(descriptor) != 0) {
    if (descriptor >= 0) ::close(descriptor);
    throw StoreError(StoreError::Kind::io, "syncing " + file);
  }
  ::close(descriptor);
}

}  // namespace

std::span<const std::string_view> schema_steps() { return kSteps; }

Result<std::int64_t> schema_version(Connection& connection) {
  const std::int64_t version = pragma(connection, "user_version");
  const std::int64_t application = pragma(connection, "application_id");
  Statement tables(connection, "SELECT count(*) FROM sqlite_schema");
  const bool empty = tables.step() && tables.number(0) == 0;
  if (empty) return 0;
  if (application != kApplicationId) {
    return fail(ErrorCode::internal, "this file is a database, but not one of Galena's");
  }
  return version;
}

Result<> migrate(Connection& connection, const MigrateOptions& options) {
  const auto version = schema_version(connection);
  if (!version) return tl::unexpected(version.error());
  const auto newest = static_cast<std::int64_t>(options.steps.size());
  if (*version > newest) {
    return fail(ErrorCode::invalid,
                fmt::format("the data was written by a newer Galena (schema {}, this one knows {}); "
                            "install that version, or restore a backup",
                            *version, newest));
  }
  if (*version == newest) return {};
  if (*version > 0 && !options.migrate) {
    return fail(ErrorCode::conflict,
                fmt::format("the data is of an older Galena (schema {}, this one needs {}); run: "
                            "galena migrate",
                            *version, newest));
  }
  if (*version > 0) {
    std::filesystem::create_directories(options.backup_directory);
    copy_database(connection, fmt::format("{}/before-migration-{}-to-{}.db",
                                          options.backup_directory, *version, newest));
  }
  for (std::int64_t step = *version; step < newest; ++step) {
    Transaction transaction(connection);
    connection.run(std::string(options.steps[static_cast<std::size_t>(step)]));
    connection.run(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", step + 1,
                               kApplicationId));
    transaction.commit();
  }
  return {};
}

void copy_database(Connection& connection, const std::string& file) {
  if (std::filesystem::exists(file)) {
    throw std::runtime_error(file + " is there already; a backup never overwrites");
  }
  {
    sqlite3* copy = nullptr;
    const int opened = sqlite3_open_v2(file.c_str(), &copy,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> owner(copy, sqlite3_close_v2);
    if (opened != SQLITE_OK) throw store_error(copy, "making " + file);
    sqlite3_backup* backup = sqlite3_backup_init(copy, "main", connection.raw(), "main");
    if (backup == nullptr) throw store_error(copy, "backing up to " + file);
    // One step copies one consistent moment; writers go on beside it (WAL).
    const int code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) throw store_error(copy, "backing up to " + file);
  }
  ::chmod(file.c_str(), 0600);
  sync_file(file);
  Connection check(file, "", false);
  Statement integrity(check, "PRAGMA integrity_check");
  if (!integrity.step() || integrity.text(0) != "ok") {
    throw StoreError(StoreError::Kind::io, file + " failed its integrity check");
  }
  check.run("PRAGMA journal_mode = DELETE");
}

}  // namespace galena::store
