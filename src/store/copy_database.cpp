#include "store/copy_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "store/data_directory.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

void copy_pages(Connection& source, Connection& copy) {
  sqlite3_backup* backup = sqlite3_backup_init(copy.raw(), "main", source.raw(), "main");
  if (backup == nullptr) {
    throw_sqlite_error(copy.raw(), sqlite3_extended_errcode(copy.raw()), "starting a copy");
  }
  // One step for all pages: a read transaction sees one moment, and in WAL mode it holds nobody up.
  const int code = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) throw_sqlite_error(copy.raw(), code, "copying the database");
}

Result<> fill(Connection& source, const std::string& file) {
  Connection copy(file, "", Access::write);
  copy.run("PRAGMA synchronous = OFF");  // synced as a whole below
  copy_pages(source, copy);
  copy.run("PRAGMA journal_mode = DELETE");
  const std::string check = copy.text("PRAGMA integrity_check");
  if (check == "ok") return {};
  return fail(ErrorCode::internal, fmt::format("the copy failed its integrity check: {}", check));
}

Result<> cannot_be_made(const std::string& file, int error) {
  if (error == EEXIST) {
    return fail(ErrorCode::conflict,
                fmt::format("{} is there already, and a backup overwrites nothing", file));
  }
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(full ? ErrorCode::unavailable : ErrorCode::internal,
              fmt::format("{} cannot be made: {}", file, std::strerror(error)));
}

Result<> move_to_new_name(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  // Some network file systems cannot refuse by themselves.
  if (errno != EINVAL && errno != ENOSYS) return cannot_be_made(to, errno);
  if (fs::exists(to)) return cannot_be_made(to, EEXIST);
  if (::rename(from.c_str(), to.c_str()) != 0) return cannot_be_made(to, errno);
  return {};
}

}  // namespace

Result<> copy_database(Connection& source, const std::string& file) {
  const std::string target = fs::absolute(file);
  if (fs::exists(target)) return cannot_be_made(file, EEXIST);
  const std::string partial = target + ".partial";
  ::unlink(partial.c_str());
  {
    const Descriptor reserved(::open(partial.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (reserved.number() < 0) return cannot_be_made(file, errno);
  }
  Result<> made;
  try {
    made = fill(source, partial);
    if (made) sync_file(partial);
    if (made) made = move_to_new_name(partial, target);
    if (made) sync_directory(fs::path(target).parent_path());
  } catch (const StoreError& error) {
    ::unlink(partial.c_str());
    if (error.kind() != StoreError::Kind::full) throw;
    return fail(ErrorCode::unavailable, fmt::format("{} cannot be made: {}", file, error.what()));
  }
  if (!made) ::unlink(partial.c_str());
  return made;
}

}  // namespace galena::store
