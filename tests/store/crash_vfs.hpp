// The CrashDisk as a file system for SQLite (a sqlite3_vfs), WAL and several connections included.
#pragma once

#include <sqlite3.h>

#include <string>

#include "crash_disk.hpp"

namespace galena::store {

class CrashVfs {
 public:
  CrashVfs();
  ~CrashVfs();
  CrashVfs(const CrashVfs&) = delete;
  CrashVfs& operator=(const CrashVfs&) = delete;

  // For SqliteOptions::vfs.
  const std::string& name() const { return name_; }
  CrashDisk& disk() { return disk_; }

 private:
  CrashDisk disk_;
  std::string name_;
  sqlite3_vfs vfs_{};
};

}  // namespace galena::store
