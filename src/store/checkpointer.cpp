#include "store/checkpointer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace galena::store {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kFrameHead = 24;
// So much may be pending before it is moved; the longer, the fewer times a page is written.
constexpr std::uint64_t kPendingPart = 4;  // a quarter of the cap
constexpr milliseconds kQuiet{1000};       // a little is moved after so long
constexpr milliseconds kPause{100};        // after a try that could not finish

}  // namespace

Checkpointer::Checkpointer(Connection connection, Connection reader, FairMutex& write_turn,
                           std::uint64_t wal_bytes_max)
    : connection_(std::move(connection)),
      reader_(std::move(reader)),
      write_turn_(write_turn),
      page_bytes_(static_cast<std::uint64_t>(connection_.number("PRAGMA page_size")) + kFrameHead),
      pages_max_(std::max<std::uint64_t>(wal_bytes_max / page_bytes_, kPendingPart)) {}

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
  if (was_idle || pending_pages() >= pages_max_ / kPendingPart) wake_.notify_all();
}

void Checkpointer::passive() {
  const std::scoped_lock lock(connections_mutex_);
  const Transaction no_new_wal(reader_, Access::read);
  reader_.number("SELECT count(*) FROM meta");  // BEGIN alone reads nothing
  run(SQLITE_CHECKPOINT_PASSIVE);
}

void Checkpointer::restart() {
  // The bulk first, beside the writers; what they add meanwhile is little.
  passive();
  const std::scoped_lock turn(write_turn_);
  const std::scoped_lock lock(connections_mutex_);
  run(SQLITE_CHECKPOINT_RESTART);
}

std::optional<std::string> Checkpointer::failure() {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void Checkpointer::run(int mode) {
  int pages_in_wal = 0;
  int pages_moved = 0;
  // A reader of an old moment is not waited for: it would hold the writer up.
  sqlite3_busy_timeout(connection_.raw(), 0);
  const int code =
      sqlite3_wal_checkpoint_v2(connection_.raw(), "main", mode, &pages_in_wal, &pages_moved);
  const std::scoped_lock state(mutex_);
  if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) {
    try {
      throw_sqlite_error(connection_.raw(), code, "checkpoint");
    } catch (const StoreError& error) {
      if (error.kind() == StoreError::Kind::io) failure_ = error.what();
      throw;
    }
  }
  // The WAL may have begun anew since; then `committed` has said so or will.
  if (pages_moved >= 0 && static_cast<std::uint64_t>(pages_in_wal) <= wal_pages_) {
    moved_pages_ = static_cast<std::uint64_t>(pages_moved);
  }
}

bool Checkpointer::wait_for_work() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return stopping_ || pending_pages() > 0; });
  wake_.wait_for(lock, kQuiet,
                 [&] { return stopping_ || pending_pages() >= pages_max_ / kPendingPart; });
  return !stopping_;
}

void Checkpointer::checkpoint_once() {
  std::uint64_t pending_before = 0;
  bool beyond_cap = false;
  {
    const std::scoped_lock lock(mutex_);
    pending_before = pending_pages();
    beyond_cap = wal_pages_ >= pages_max_;
  }
  beyond_cap ? restart() : passive();
  std::unique_lock lock(mutex_);
  // No progress: a reader of an old moment keeps the pages. Trying at once would only burn time.
  if (pending_pages() >= pending_before) wake_.wait_for(lock, kPause, [&] { return stopping_; });
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
