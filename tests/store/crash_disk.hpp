// A disk in memory that can lose power.
//
// What was written counts as written for the program at once, but is only sure to be there after
// a sync, as on a real disk. A loss of power stops everything at a chosen operation (write,
// truncation or sync); what had not been synced then survives in parts or not at all.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace galena::store {

// What becomes of unsynced operations when the power goes.
enum class Survivors {
  none,
  all,     // the disk had written everything just in time
  prefix,  // of each file the first few, in their order
  random,  // any of them: disks reorder
  torn,    // any 512-byte sector of any of them
};

enum class Fault {
  crash,       // the power goes in the middle of the n-th operation
  full,        // the n-th write finds no room; there is room again afterwards
  sync_error,  // the n-th sync fails
};

enum class Outcome { done, dead, full, sync_error };

class CrashDisk {
 public:
  struct Operation {
    std::int64_t offset = 0;
    std::string bytes;
    bool is_truncation = false;  // to `offset`
  };

  // A file's content, its locks and its shared memory, whatever its name is now.
  struct Inode {
    std::string durable;
    std::string current;
    std::vector<Operation> pending;
    std::uint64_t syncs = 0;

    int readers = 0;  // SQLite's file locks: who holds what
    const void* reserved = nullptr;
    const void* waiting = nullptr;
    const void* exclusive = nullptr;

    std::vector<std::unique_ptr<char[]>> shared_memory;
    int shared_memory_users = 0;
    std::array<int, 8> shared_locks{};
    std::array<const void*, 8> exclusive_locks{};
  };
  using InodePtr = std::shared_ptr<Inode>;

  // The nth operation of that kind from now on, 1 being the next.
  void inject(Fault fault, std::uint64_t nth);
  bool fault_was_hit() const { return fault_was_hit_; }
  // Operations (crash), writes (full) or syncs (sync_error) so far.
  std::uint64_t count(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
  // The power is back. Nobody may have a file open any more.
  void reboot(Survivors survivors, std::uint64_t seed);

  std::uint64_t syncs_of(std::string_view name_end);
  std::size_t unsynced_of(std::string_view name_end);
  // What is on it, in files of any name: as a program sees it, and as it is after a loss of power.
  std::vector<std::string> contents();

  // Called, once, by a checkpoint that has read which pages the WAL holds and moves them next, if
  // the WAL has changed since that connection looked at it last.
  std::function<void()> once_in_checkpoint;

  // --- the file system, under `mutex` ---------------------------------------------------------
  std::mutex mutex;
  bool is_dead() const { return is_dead_; }
  InodePtr find(const std::string& name) const;
  InodePtr find_or_make(const std::string& name);
  void remove(const std::string& name, bool sync_names);
  Outcome write(Inode& inode, std::int64_t offset, std::string_view bytes);
  Outcome truncate(Inode& inode, std::int64_t size);
  Outcome sync(Inode& inode, bool sync_names);

 private:
  using Names = std::map<std::string, InodePtr>;

  bool hits(Fault fault);
  Outcome change(Inode& inode, Operation operation);
  void settle_names(Survivors survivors, std::mt19937& random);

  Names names_;
  Names durable_names_;  // a new or removed name is unsynced, too
  bool is_dead_ = false;
  bool fault_was_hit_ = false;
  Fault fault_ = Fault::crash;
  std::uint64_t fault_at_ = 0;
  std::array<std::uint64_t, 3> counts_{};
};

}  // namespace galena::store
