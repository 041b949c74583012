// The part of SqliteStore that knows imports.
#include <algorithm>

#include "store/queries.hpp"
#include "store/sqlite_store.hpp"

namespace galena::store {
namespace {

ImportRow import_at(const Statement& row) {
  return {.id = row.number(0),
          .workspace = static_cast<WorkspaceId>(row.number(1)),
          .name = row.copied_text(2),
          .author = row.copied_text(3),
          .state = row.copied_text(4),
          .bytes = static_cast<std::uint64_t>(row.number(5)),
          .settings = row.copied_text(6),
          .progress = row.copied_text(7),
          .created_at = row.time(8),
          .changed_at = row.time(9)};
}

}  // namespace

ImportRow SqliteStore::create_import(const ImportRow& row) {
  ImportRow made = row;
  made.changed_at = row.created_at;
  write([&](Connection& connection) {
    Statement insert = connection.statement(sql::create_import);
    insert.bind(std::int64_t{row.workspace}, row.name, row.author, row.state,
                static_cast<std::int64_t>(row.bytes), row.settings, row.progress, row.created_at);
    while (insert.step()) made.id = insert.number(0);
  });
  return made;
}

bool SqliteStore::move_import(const ImportRow& row, std::string_view from) {
  bool moved = false;
  write([&](Connection& connection) {
    Statement update = connection.statement(sql::move_import);
    update.bind(std::int64_t{row.workspace}, row.id, from, row.state,
                static_cast<std::int64_t>(row.bytes), row.settings, row.progress, row.changed_at);
    while (update.step()) moved = true;
  });
  return moved;
}

std::optional<ImportRow> SqliteStore::find_import(WorkspaceId workspace, std::int64_t id) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::import_by_id);
  row.bind(std::int64_t{workspace}, id);
  if (!row.step()) return std::nullopt;
  return import_at(row);
}

std::vector<ImportRow> SqliteStore::imports(WorkspaceId workspace) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::imports_of_workspace);
  row.bind(std::int64_t{workspace});
  std::vector<ImportRow> all;
  while (row.step()) all.push_back(import_at(row));
  return all;
}

std::vector<ImportRow> SqliteStore::imports_in(std::span<const std::string_view> states) {
  auto reader = readers_.take();
  std::vector<ImportRow> all;
  for (const std::string_view state : states) {
    Statement row = reader->statement(sql::imports_in_state);
    row.bind(state);
    while (row.step()) all.push_back(import_at(row));
  }
  std::ranges::sort(all, {}, &ImportRow::id);
  return all;
}

void SqliteStore::remember_mapping(WorkspaceId workspace, std::string_view header,
                                   std::string_view mapping, Time now) {
  write([&](Connection& connection) {
    connection.statement(sql::remember_mapping)
        .bind(std::int64_t{workspace}, header, mapping, now)
        .run();
  });
}

std::string SqliteStore::remembered_mapping(WorkspaceId workspace, std::string_view header) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::remembered_mapping);
  row.bind(std::int64_t{workspace}, header);
  return row.step() ? row.copied_text(0) : std::string();
}

}  // namespace galena::store
