// Moves what is in the WAL into the database file, in a thread of its own, so that no append ever
// pays for it.
//
// Mostly PASSIVE, which holds nobody up but never catches up with a busy writer. When the WAL
// passes its cap, the rest is moved under the write turn, and the writer begins the WAL anew. That
// needs a sync of the database, so what was moved before is synced beside the writers; under the
// turn there is next to nothing left to wait for.
//
// SQLite before 3.51.3 loses commits when a writer begins the WAL anew between a checkpoint's look
// at it and its moving of pages (https://sqlite.org/wal.html#walresetbug). So while a checkpoint
// runs beside the writers, a second connection keeps a reader open: then no writer begins anew.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "store/fair_mutex.hpp"
#include "store/sqlite.hpp"

namespace galena::store {

class Checkpointer {
 public:
  // Both connections are to the same database; see above for what they are.
  Checkpointer(Connection connection, Connection reader, FairMutex& write_turn,
               std::uint64_t wal_bytes_max);
  ~Checkpointer();

  void start();  // the thread; without it, checkpoints are made by hand

  // Told after every commit, with the number of pages that the WAL holds now.
  void committed(std::uint64_t wal_pages);

  // One checkpoint now, beside the writers or at its end under the write turn. False if nothing
  // could be moved, as beside a reader of an old moment. Throws StoreError.
  bool passive();
  bool restart();
  // The same, and leaves an empty WAL.
  bool truncate();

  // Why checkpoints cannot go on (the disk failed); nothing may be acknowledged after that.
  std::optional<std::string> failure();

 private:
  void work();
  bool wait_for_work();
  void checkpoint_once();
  bool under_write_turn(int mode);
  bool run(int mode);
  void sync();
  void check(int code, std::string_view doing);
  std::uint64_t pending_pages() const { return wal_pages_ - moved_pages_; }

  Connection connection_;
  Connection reader_;
  FairMutex& write_turn_;
  const std::uint64_t page_bytes_;   // with the WAL's own head of each page
  const std::uint64_t pages_max_;    // that the WAL may hold
  const std::uint64_t pending_max_;  // that may wait to be moved

  std::mutex connections_mutex_;  // the thread and checkpoints by hand
  std::mutex mutex_;              // for what follows
  std::condition_variable wake_;
  bool stopping_ = false;
  std::uint64_t wal_pages_ = 0;
  std::uint64_t moved_pages_ = 0;  // of them, those that are in the database too
  std::optional<std::string> failure_;
  std::thread thread_;
};

}  // namespace galena::store
