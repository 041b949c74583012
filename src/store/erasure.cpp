// The part of SqliteStore that makes rows forget, and leaves no copy of what they said.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "store/data_directory.hpp"
#include "store/queries.hpp"
#include "store/row_id.hpp"
#include "store/sqlite_store.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScrub = "needs_scrub";

void mark_scrub(Connection& connection, bool needed) {
  connection.statement(sql::set_meta).bind(kScrub, std::int64_t{needed ? 1 : 0}).run();
}

}  // namespace

void SqliteStore::rewrite(WorkspaceId workspace, std::span<const RewrittenRow> rows) {
  if (rows.empty()) return;
  write([&](Connection& connection) {
    mark_scrub(connection, true);
    for (const RewrittenRow& row : rows) {
      connection.statement(sql::rewrite_row)
          .bind(row_id(workspace, static_cast<std::int64_t>(row.position)), row.input)
          .run();
    }
  });
}

bool SqliteStore::needs_scrub() {
  auto reader = readers_.take();
  Statement needed = reader->statement(sql::get_meta);
  needed.bind(kScrub);
  return needed.step() && needed.number(0) != 0;
}

// Freed room in a page is written over by itself (secure_delete), but pages that were split long
// ago may hold copies of rows in between. So every page is written anew; then nothing of before is
// left in the WAL either.
void SqliteStore::scrub() {
  reports_.scrub();
  {
    const std::scoped_lock turn(write_turn_);
    refuse_after_failure();
    writer_.run("VACUUM");
  }
  // A reader of an old moment is gone soon.
  int tries_left = 200;
  while (!checkpointer_.truncate() && --tries_left > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds{25});
  }
  if (tries_left == 0) {
    throw StoreError(StoreError::Kind::full, "somebody reads an old moment of the database");
  }
  write([](Connection& connection) { mark_scrub(connection, false); });
}

void SqliteStore::forget_copies(WorkspaceId workspace, Position before) {
  snapshots_.forget(workspace, before);
  import_files_.forget_all(workspace);
  reports_.forget(workspace, before);
  const std::string backups = directory_ + "/backups";
  if (!fs::exists(backups)) return;
  std::vector<fs::path> copies;
  for (const auto& entry : fs::directory_iterator(backups)) {
    if (entry.path().filename().string().starts_with("before-migration-")) {
      copies.push_back(entry.path());
    }
  }
  for (const fs::path& copy : copies) {
    spdlog::info("{} is removed: it holds somebody who is to be erased", copy.string());
    fs::remove(copy);
  }
  if (!copies.empty()) sync_directory(backups);
}

std::string SqliteStore::erasure_list() {
  std::ifstream in(directory_ + "/erasures.json", std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return text.str();
}

void SqliteStore::keep_erasure_list(std::string_view text) {
  write_file_durably(directory_ + "/erasures.json", text);
}

}  // namespace galena::store
