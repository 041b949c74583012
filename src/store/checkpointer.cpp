#include "store/checkpointer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace galena::store {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kFrameHead = 24;
// So much of the cap may be pending before it is moved. The longer, the fewer times a page is
// written; but the sync of so much holds up the commits' own syncs meanwhile.
constexpr std::uint64_t kPendingPart = 32;
constexpr milliseconds kQuiet{1000};  // a little is moved after so long
constexpr milliseconds kPause{20};    // after a try that a reader of an old moment held up

}  // namespace

Checkpointer::Checkpointer(Connection connection, Connection reader, FairMutex& write_turn,
                           std::uint64_t wal_bytes_max)
    : connection_(std::move(connection)),
      reader_(std::move(reader)),
      write_turn_(write_turn),
      page_bytes_(static_cast<std::uint64_t>(connection_.number("PRAGMA page_size")) + kFrameHead),
      pages_max_(std::max<std::uint64_t>(wal_bytes_max / page_bytes_, 4)),
      pending_max_(std::max<std::uint64_t>(pages_max_ / kPendingPart, 1)) {}

Checkpointer::~Checkpointer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::start() {
  thread_ = std::thread([this] { work(); });
}

void Checkpointer::committed(std::uint64_t wal_pages) {
  const std::scoped_lock lock(mutex_);
  if (wal_pages < wal_pages_) moved_pages_ = 0;  // the WAL has begun anew
  const bool was_idle = pending_pages() == 0;
  wal_pages_ = wal_pages;
  if (was_idle || pending_pages() >= pending_max_) wake_.notify_all();
}

bool Checkpointer::passive() {
  const std::scoped_lock lock(connections_mutex_);
  const Transaction no_new_wal(reader_, Access::read);
  reader_.number("SELECT count(*) FROM meta");  // BEGIN alone reads nothing
  const bool moved = run(SQLITE_CHECKPOINT_PASSIVE);
  sync();
  return moved;
}

bool Checkpointer::restart() {
  return under_write_turn(SQLITE_CHECKPOINT_RESTART);
}

bool Checkpointer::truncate() {
  return under_write_turn(SQLITE_CHECKPOINT_TRUNCATE);
}

bool Checkpointer::under_write_turn(int mode) {
  // The bulk first, beside the writers; what they add meanwhile is less each time.
  passive();
  passive();
  const std::scoped_lock turn(write_turn_);
  const std::scoped_lock lock(connections_mutex_);
  return run(mode);
}

std::optional<std::string> Checkpointer::failure() {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

bool Checkpointer::run(int mode) {
  int pages_in_wal = 0;
  int pages_moved = 0;
  // A reader of an old moment is not waited for: it would hold the writer up.
  sqlite3_busy_timeout(connection_.raw(), 0);
  const int code =
      sqlite3_wal_checkpoint_v2(connection_.raw(), "main", mode, &pages_in_wal, &pages_moved);
  check(code, "checkpoint");
  const std::scoped_lock state(mutex_);
  if (code != SQLITE_OK || pages_moved < 0) return false;
  const auto moved = static_cast<std::uint64_t>(pages_moved);
  const bool progress = mode != SQLITE_CHECKPOINT_PASSIVE || moved > moved_pages_;
  // The WAL may have begun anew since; then `committed` has said so or will.
  if (static_cast<std::uint64_t>(pages_in_wal) <= wal_pages_) moved_pages_ = moved;
  return progress;
}

// SQLite itself syncs the database only once all of the WAL is moved.
void Checkpointer::sync() {
  sqlite3_file* file = nullptr;
  check(sqlite3_file_control(connection_.raw(), "main", SQLITE_FCNTL_FILE_POINTER, &file),
        "find the database file");
  check(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY),
        "sync the database file");
}

void Checkpointer::check(int code, std::string_view doing) {
  if (code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY) return;
  try {
    throw_sqlite_error(connection_.raw(), code, doing);
  } catch (const StoreError& error) {
    const std::scoped_lock lock(mutex_);
    if (error.kind() == StoreError::Kind::io) failure_ = error.what();
    throw;
  }
}

bool Checkpointer::wait_for_work() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return stopping_ || pending_pages() > 0; });
  wake_.wait_for(lock, kQuiet, [&] { return stopping_ || pending_pages() >= pending_max_; });
  return !stopping_;
}

void Checkpointer::checkpoint_once() {
  bool beyond_cap = false;
  {
    const std::scoped_lock lock(mutex_);
    beyond_cap = wal_pages_ >= pages_max_;
  }
  if (beyond_cap ? restart() : passive()) return;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, kPause, [&] { return stopping_; });  // trying at once would burn time
}

void Checkpointer::work() {
  while (wait_for_work()) {
    try {
      checkpoint_once();
    } catch (const StoreError& error) {
      std::unique_lock lock(mutex_);
      spdlog::warn("no checkpoint now: {}", error.what());
      if (error.kind() == StoreError::Kind::io) {
        failure_ = error.what();
        return;
      }
      wake_.wait_for(lock, kQuiet, [&] { return stopping_; });
    }
  }
}

}  // namespace galena::store
