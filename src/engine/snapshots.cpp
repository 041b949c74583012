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

void Snapshots::end() {
  ended_ = true;
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
  hand_over(actor, *write(actor, no_rest));
}

void Snapshots::save_for_sleep(Actor& actor) {
  const std::lock_guard lock(writing_);
  write(actor, no_rest);
}

void Snapshots::save_if_changed(Actor& actor) {
  ++waiting_;
  write_if(Due::something_came, actor, no_rest);
  --waiting_;
}

// A snapshot costs as much as there is, so the larger it gets the rarer it is made; reading the
// log's last quarter, or a million rows, is the most that a start pays for it. But what changed
// since the last one is held in memory, and a start computes again what a playbook moved.
bool Snapshots::is_due(Due due, const Actor& actor) const {
  constexpr domain::Position kRowsMax = 1'000'000;  // some seconds of recalling them
  constexpr domain::LeadOrdinal kChangedMin = 100'000;
  const workspace::VersionPtr version = actor.published();
  const domain::Position rows = version->last_position() - actor.snapshot_position;
  if (due == Due::something_came) return rows > 0;
  if (rows >= std::max(every_, std::min(kRowsMax, actor.snapshot_position / 4))) return true;
  const domain::LeadOrdinal changed = version->changed_leads() + version->reassessed_leads();
  return rows > 0 && !version->rescore_next() &&
         changed >= std::max(kChangedMin, version->lead_count() / 2);
}

void Snapshots::write_if(Due due, Actor& actor, const std::function<void()>& after_piece) {
  const std::lock_guard lock(writing_);
  if (!is_due(due, actor)) return;
  try {
    hand_over(actor, *write(actor, after_piece));
  } catch (const std::exception& error) {
    spdlog::warn("workspace {}: no snapshot now: {}", actor.id(), error.what());
  }
}

workspace::VersionPtr Snapshots::write(Actor& actor, const std::function<void()>& after_piece) {
  workspace::VersionPtr version = actor.published();
  std::string columns;
  if (const auto look = actor.look_if_any(clock_.now())) {
    version = look->version();
    columns.reserve(look->columns().memory());
    look->columns().write([&](std::string_view piece) { columns += piece; });
  }
  const domain::Position position = version->last_position();
  store_.write_snapshot(actor.id(), position, [&](const auto& sink) {
    write_sealed(store_, actor.id(), *version, columns, [&](std::string_view piece) {
      sink(piece);
      after_piece();
    });
  });
  actor.snapshot_position = position;
  actor.saved_position = position;
  return version;
}

// The actor goes on upon what was written. What it held until then is freed here and not by it.
void Snapshots::hand_over(Actor& actor, const workspace::Version& written) {
  if (ended_) return;
  constexpr std::uint64_t kFew = 1000;
  constexpr int kRounds = 20;
  workspace::BasePtr base = open_written(store_, actor.id(), written.last_position());
  if (base == nullptr) {
    spdlog::warn("workspace {}: the snapshot that was just written cannot be read", actor.id());
    return;
  }
  auto rebase = std::make_unique<workspace::Rebase>(std::move(base), written);
  workspace::VersionPtr held = actor.published();
  for (int round = 0; round < kRounds; ++round) {
    rebase->follow(*held);
    held = actor.published();
    if (rebase->left(*held) < kFew) break;
  }
  actor.offer(std::move(rebase));
  taken_(actor);
}

}  // namespace galena::engine
