#include "crash_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace galena::store {
namespace {

constexpr int kSectorBytes = 4096;

CrashFile& self(sqlite3_file* file) {
  return *static_cast<CrashFile*>(file);
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  if (open.disk.is_dead()) return SQLITE_IOERR_READ;
  const std::string& content = open.inode->current;
  const auto start = std::min(static_cast<std::size_t>(offset), content.size());
  const auto wanted = static_cast<std::size_t>(size);
  const std::size_t found = std::min(wanted, content.size() - start);
  std::memcpy(out, content.data() + start, found);
  std::memset(static_cast<char*>(out) + found, 0, wanted - found);
  return found == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int result_of(Outcome outcome, int dead) {
  if (outcome == Outcome::full) return SQLITE_FULL;
  if (outcome == Outcome::sync_error) return SQLITE_IOERR_FSYNC;
  return outcome == Outcome::done ? SQLITE_OK : dead;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  const std::string_view content(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return result_of(open.disk.write(*open.inode, offset, content), SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  return result_of(open.disk.truncate(*open.inode, size), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  const Outcome outcome = open.disk.sync(*open.inode, open.sync_names);
  if (outcome == Outcome::done) open.sync_names = false;
  return result_of(outcome, SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  *size = static_cast<sqlite3_int64>(open.inode->current.size());
  return SQLITE_OK;
}

// --- the locks of the database file ------------------------------------------------------------

bool held_by_other(const void* holder, const CrashFile& open) {
  return holder != nullptr && holder != &open;
}

int lock_file(sqlite3_file* file, int level) {
  CrashFile& open = self(file);
  CrashDisk::Inode& inode = *open.inode;
  const std::scoped_lock lock(open.disk.mutex);
  if (level <= open.lock_level) return SQLITE_OK;
  if (held_by_other(inode.exclusive, open)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_SHARED) {
    if (held_by_other(inode.waiting, open)) return SQLITE_BUSY;
    ++inode.readers;
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (held_by_other(inode.reserved, open)) return SQLITE_BUSY;
    inode.reserved = &open;
  } else {
    if (held_by_other(inode.waiting, open) || held_by_other(inode.reserved, open)) {
      return SQLITE_BUSY;
    }
    inode.waiting = &open;
    open.lock_level = SQLITE_LOCK_PENDING;
    if (level == SQLITE_LOCK_PENDING) return SQLITE_OK;
    if (inode.readers > 1) return SQLITE_BUSY;
    inode.exclusive = &open;
  }
  open.lock_level = level;
  return SQLITE_OK;
}

void unlock_to(CrashFile& open, int level) {
  CrashDisk::Inode& inode = *open.inode;
  if (level >= open.lock_level) return;
  if (inode.exclusive == &open) inode.exclusive = nullptr;
  if (inode.waiting == &open) inode.waiting = nullptr;
  if (inode.reserved == &open) inode.reserved = nullptr;
  if (level == SQLITE_LOCK_NONE) --inode.readers;
  open.lock_level = level;
}

int unlock_file(sqlite3_file* file, int level) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  unlock_to(open, level);
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* answer) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  *answer = open.inode->reserved != nullptr ? 1 : 0;
  return SQLITE_OK;
}

// --- shared memory: the index of the WAL, lost with the program ----------------------------------

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  CrashFile& open = self(file);
  CrashDisk::Inode& inode = *open.inode;
  const std::scoped_lock lock(open.disk.mutex);
  if (!open.uses_shared_memory) ++inode.shared_memory_users;
  open.uses_shared_memory = true;
  const auto index = static_cast<std::size_t>(region);
  *out = nullptr;
  if (index >= inode.shared_memory.size() && extend == 0) return SQLITE_OK;
  while (index >= inode.shared_memory.size()) {
    inode.shared_memory.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *out = inode.shared_memory[index].get();
  return SQLITE_OK;
}

void shm_release(CrashFile& open, unsigned mask) {
  CrashDisk::Inode& inode = *open.inode;
  for (std::size_t slot = 0; slot < inode.shared_locks.size(); ++slot) {
    if ((mask & open.shared_mask & (1u << slot)) != 0) --inode.shared_locks[slot];
    if ((mask & open.exclusive_mask & (1u << slot)) != 0) inode.exclusive_locks[slot] = nullptr;
  }
  open.shared_mask &= ~mask;
  open.exclusive_mask &= ~mask;
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  CrashFile& open = self(file);
  CrashDisk::Inode& inode = *open.inode;
  const std::scoped_lock lock(open.disk.mutex);
  const unsigned mask = ((1u << count) - 1) << offset;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    shm_release(open, mask);
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (auto slot = static_cast<std::size_t>(offset); (mask >> slot) != 0; ++slot) {
    const int own = (open.shared_mask & (1u << slot)) != 0 ? 1 : 0;
    if (held_by_other(inode.exclusive_locks[slot], open)) return SQLITE_BUSY;
    if (exclusive && inode.shared_locks[slot] > own) return SQLITE_BUSY;
  }
  for (auto slot = static_cast<std::size_t>(offset); (mask >> slot) != 0; ++slot) {
    if (exclusive) {
      inode.exclusive_locks[slot] = &open;
    } else if ((open.shared_mask & (1u << slot)) == 0) {
      ++inode.shared_locks[slot];
    }
  }
  (exclusive ? open.exclusive_mask : open.shared_mask) |= mask;
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file* file) {
  const std::scoped_lock lock(self(file).disk.mutex);
}

int shm_unmap(sqlite3_file* file, int) {
  CrashFile& open = self(file);
  const std::scoped_lock lock(open.disk.mutex);
  if (!std::exchange(open.uses_shared_memory, false)) return SQLITE_OK;
  shm_release(open, ~0u);
  if (--open.inode->shared_memory_users == 0) open.inode->shared_memory.clear();
  return SQLITE_OK;
}

// SQLite calls this between reading the WAL's index and moving its pages.
int unfetch(sqlite3_file* file, sqlite3_int64, void*) {
  if (const auto hook = std::exchange(self(file).disk.once_in_checkpoint, nullptr)) hook();
  return SQLITE_OK;
}

int fetch_nothing(sqlite3_file*, sqlite3_int64, int, void** out) {
  *out = nullptr;
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  CrashFile& open = self(file);
  shm_unmap(file, 0);
  {
    const std::scoped_lock lock(open.disk.mutex);
    unlock_to(open, SQLITE_LOCK_NONE);
  }
  open.~CrashFile();
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    .iVersion = 3,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved,
    .xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; },
    .xSectorSize = [](sqlite3_file*) { return kSectorBytes; },
    // As on Linux: writing some bytes never harms their neighbours.
    .xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = fetch_nothing,
    .xUnfetch = unfetch,
};

}  // namespace

CrashFile::CrashFile(CrashDisk& disk_, CrashDisk::InodePtr inode_, bool sync_names_)
    : sqlite3_file{&kMethods}, disk(disk_), inode(std::move(inode_)), sync_names(sync_names_) {}

}  // namespace galena::store
