#include "store/migrations.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>

#include "store/copy_database.hpp"
#include "store/data_directory.hpp"
#include "store/queries.hpp"

namespace galena::store {

namespace sql {
extern const std::string_view schema;
extern const std::string_view migration_1;
extern const std::string_view migration_2;
extern const std::string_view migration_3;
extern const std::string_view migration_4;
extern const std::string_view migration_5;
extern const std::string_view migration_6;
}  // namespace sql

namespace {

constexpr std::int64_t kApplicationId = 0x67616c6e;  // "galn"

std::int64_t meta(Connection& connection, std::string_view name) {
  Statement statement = connection.statement(sql::get_meta);
  statement.bind(name);
  return statement.step() ? statement.number(0) : 0;
}

void set_meta(Connection& connection, std::string_view name, std::int64_t value) {
  connection.statement(sql::set_meta).bind(name, value).run();
}

void sign(Connection& connection, const Schema& schema) {
  set_meta(connection, "application_id", kApplicationId);
  set_meta(connection, "schema_version", schema.version());
  set_meta(connection, "log_format", schema.log_format);
}

// Schema, name and version appear together or not at all.
void create(Connection& connection, const Schema& schema) {
  Transaction transaction(connection, Access::write);
  connection.run(std::string(schema.latest));
  connection.run(fmt::format("PRAGMA application_id = {}", kApplicationId));
  sign(connection, schema);
  transaction.commit();
}

void run_steps(Connection& connection, const Schema& schema, std::int64_t from) {
  // A step may build a table anew under the old name, so references are checked at the end.
  connection.run("PRAGMA foreign_keys = OFF");
  Transaction transaction(connection, Access::write);
  for (std::int64_t step = from; step < schema.version(); ++step) {
    connection.run(std::string(schema.steps[static_cast<std::size_t>(step)]));
  }
  const std::string dangling = connection.text("PRAGMA foreign_key_check");
  if (!dangling.empty()) {
    throw std::logic_error(fmt::format("rows of {} refer to rows that are gone", dangling));
  }
  sign(connection, schema);
  transaction.commit();
  connection.run("PRAGMA foreign_keys = ON");
}

std::string backup_name(const MigrateOptions& options, std::int64_t from, std::int64_t to) {
  std::string time = format_time(system_clock().now());
  std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return fmt::format("{}/before-migration-{}-to-{}-{}.db", options.backup_directory, from, to,
                     time);
}

Result<> migrate_older(Connection& connection, const Schema& schema, std::int64_t from,
                       const MigrateOptions& options) {
  if (auto made = make_private_directory(options.backup_directory); !made) return made;
  const std::string backup = backup_name(options, from, schema.version());
  if (auto copied = copy_database(connection, backup); !copied) return copied;
  spdlog::info("migrating the data from schema {} to {}; the copy from before is {}", from,
               schema.version(), backup);
  try {
    run_steps(connection, schema, from);
  } catch (const std::logic_error& error) {
    return fail(ErrorCode::internal,
                fmt::format("the migration from schema {} to {} failed and changed nothing: {}",
                            from, schema.version(), error.what()));
  }
  return {};
}

Result<> refuse_newer(std::string_view what, std::int64_t found, std::int64_t known) {
  if (found <= known) return {};
  return fail(ErrorCode::invalid,
              fmt::format("the data was written by a newer Galena ({} {}, this one knows {}); "
                          "install that version or restore a backup",
                          what, found, known));
}

}  // namespace

const Schema& current_schema() {
  static const std::array<std::string_view, 6> kSteps{sql::migration_1, sql::migration_2,
                                                      sql::migration_3, sql::migration_4,
                                                      sql::migration_5, sql::migration_6};
  static const Schema kSchema{.latest = sql::schema, .steps = kSteps, .log_format = 4};
  return kSchema;
}

Result<std::int64_t> schema_version(Connection& connection) {
  // A crash while a new database is made leaves an empty one, so empty is as good as new.
  Statement objects = connection.statement(sql::object_count);
  if (objects.step() && objects.number(0) == 0) return 0;
  if (connection.number("PRAGMA application_id") != kApplicationId) {
    return fail(ErrorCode::internal, "galena.db is a database, but not one of Galena's");
  }
  return meta(connection, "schema_version");
}

Result<> migrate(Connection& connection, const Schema& schema, const MigrateOptions& options) {
  const auto version = schema_version(connection);
  if (!version) return tl::unexpected(version.error());
  if (auto known = refuse_newer("schema", *version, schema.version()); !known) return known;
  if (*version > 0) {
    const std::int64_t format = meta(connection, "log_format");
    if (auto known = refuse_newer("log format", format, schema.log_format); !known) return known;
  }
  if (*version > 0 && *version < schema.version() && !options.migrate) {
    return fail(ErrorCode::conflict,
                fmt::format("the data is of an older Galena (schema {}, this one needs {}); run "
                            "`galena migrate`, which keeps a copy of it",
                            *version, schema.version()));
  }
  connection.run("PRAGMA journal_mode = WAL");
  if (*version == 0) {
    create(connection, schema);
  } else if (*version < schema.version()) {
    return migrate_older(connection, schema, *version, options);
  }
  return {};
}

}  // namespace galena::store
