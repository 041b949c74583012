#include "engine/snapshots.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "engine/recovery.hpp"

namespace galena::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{500};
constexpr int kRestPart = 4;           // so many times as long as it worked
constexpr milliseconds kRestMax{200};  // after one piece, even if the disk was very slow

void no_rest() {}

}  // namespace

void Snapshots::start() {
  thread_ = std::thread([this] { work(); });
}

void Snapshots::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Snapshots::work() {
  auto begun = steady_clock::now();
  const auto rest = [&] {
    if (waiting_ > 0 || stopping_) return;
    const auto worked = steady_clock::now() - begun;
    const auto length = std::min<steady_clock::duration>(worked * kRestPart, kRestMax);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, length, [&] { return stopping_.load(); });
    begun = steady_clock::now();
  };
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kLook, [&] { return stopping_.load(); })) {
    lock.unlock();
    begun = steady_clock::now();
    look(rest);
    lock.lock();
  }
}

void Snapshots::look() {
  look(no_rest);
}

void Snapshots::look(const std::function<void()>& after_piece) {
  if (every_ == 0) return;
  actors_.each_awake(
      [&](const ActorPtr& actor) { write_if(Due::enough_came, *actor, after_piece); });
}

void Snapshots::save(Actor& actor) {
  ++waiting_;
  const std::lock_guard lock(writing_);
  --waiting_;
  write(actor, no_rest);
}

void Snapshots::save_unhurried(Actor& actor) {
  const std::lock_guard lock(writing_);
  write(actor, no_rest);
}

void Snapshots::save_if_changed(Actor& actor) {
  ++waiting_;
  write_if(Due::something_came, actor, no_rest);
  --waiting_;
}

void Snapshots::write_if(Due due, Actor& actor, const std::function<void()>& after_piece) {
  const std::lock_guard lock(writing_);
  // A snapshot costs as much as there is, so the larger it gets the rarer it is made; reading the
  // log's last quarter is the most that a start pays for it.
  const domain::Position rows_min =
      due == Due::something_came ? 1 : std::max(every_, actor.snapshot_position / 4);
  if (actor.published()->last_position() < actor.snapshot_position + rows_min) return;
  try {
    write(actor, after_piece);
  } catch (const std::exception& error) {
    spdlog::warn("workspace {}: no snapshot now: {}", actor.id(), error.what());
  }
}

void Snapshots::write(Actor& actor, const std::function<void()>& after_piece) {
  const workspace::VersionPtr version = actor.published();
  store_.write_snapshot(actor.id(), version->last_position(), [&](const auto& sink) {
    write_sealed(store_, actor.id(), *version, [&](std::string_view piece) {
      sink(piece);
      after_piece();
    });
  });
  actor.snapshot_position = version->last_position();
  actor.saved_position = version->last_position();
}

}  // namespace galena::engine
