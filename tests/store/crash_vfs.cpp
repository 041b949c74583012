#include "crash_vfs.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "crash_file.hpp"

namespace galena::store {
namespace {

CrashDisk& disk_of(sqlite3_vfs* vfs) {
  return *static_cast<CrashDisk*>(vfs->pAppData);
}
sqlite3_vfs* real() {
  return sqlite3_vfs_find(nullptr);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  CrashDisk& disk = disk_of(vfs);
  const std::scoped_lock lock(disk.mutex);
  if (disk.is_dead()) return SQLITE_IOERR;
  CrashDisk::InodePtr inode;
  if (name == nullptr) {
    inode = std::make_shared<CrashDisk::Inode>();
  } else if ((flags & SQLITE_OPEN_CREATE) != 0) {
    inode = disk.find_or_make(name);
  } else {
    inode = disk.find(name);
  }
  if (!inode) return SQLITE_CANTOPEN;
  // As SQLite's own for Unix: the first sync of a new journal or WAL syncs the directory as well.
  constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  const bool sync_names = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kJournals) != 0;
  new (file) CrashFile(disk, std::move(inode), sync_names);
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int sync_names) {
  CrashDisk& disk = disk_of(vfs);
  const std::scoped_lock lock(disk.mutex);
  if (disk.is_dead()) return SQLITE_IOERR_DELETE;
  if (!disk.find(name)) return SQLITE_IOERR_DELETE_NOENT;
  disk.remove(name, sync_names != 0);
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
  CrashDisk& disk = disk_of(vfs);
  const std::scoped_lock lock(disk.mutex);
  if (disk.is_dead()) return SQLITE_IOERR_ACCESS;
  const CrashDisk::InodePtr inode = disk.find(name);
  *answer = inode && (flags != SQLITE_ACCESS_EXISTS || !inode->current.empty()) ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

sqlite3_vfs table(CrashDisk& disk, const std::string& name) {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(CrashFile);
  vfs.mxPathname = 512;
  vfs.zName = name.c_str();
  vfs.pAppData = &disk;
  vfs.xOpen = open_file;
  vfs.xDelete = remove_file;
  vfs.xAccess = access_file;
  vfs.xFullPathname = full_name;
  vfs.xRandomness = [](sqlite3_vfs*, int size, char* out) {
    return real()->xRandomness(real(), size, out);
  };
  vfs.xSleep = [](sqlite3_vfs*, int microseconds) { return real()->xSleep(real(), microseconds); };
  vfs.xCurrentTime = [](sqlite3_vfs*, double* now) { return real()->xCurrentTime(real(), now); };
  vfs.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* now) {
    return real()->xCurrentTimeInt64(real(), now);
  };
  vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
  return vfs;
}

}  // namespace

CrashVfs::CrashVfs() {
  static std::atomic<int> made = 0;
  name_ = "crash-" + std::to_string(++made);
  vfs_ = table(disk_, name_);
  sqlite3_vfs_register(&vfs_, 0);
}

CrashVfs::~CrashVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

}  // namespace galena::store
