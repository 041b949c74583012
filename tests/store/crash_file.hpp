// An open file of a CrashDisk, as SQLite wants it.
#pragma once

#include <sqlite3.h>

#include "crash_disk.hpp"

namespace galena::store {

// SQLite provides the memory and knows only the base; close() ends it.
struct CrashFile : sqlite3_file {
  CrashFile(CrashDisk& disk, CrashDisk::InodePtr inode, bool sync_names);

  CrashDisk& disk;
  CrashDisk::InodePtr inode;
  bool sync_names;  // the next sync makes names durable, too
  int lock_level = SQLITE_LOCK_NONE;
  bool uses_shared_memory = false;
  unsigned shared_mask = 0;  // the slots of the shared memory's locks that it holds
  unsigned exclusive_mask = 0;
};

}  // namespace galena::store
