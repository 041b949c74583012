// How the program starts, dies and starts again.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "simulation.hpp"
#include "workspace/dump.hpp"

namespace galena::sim {

using store::Fault;
using store::StoreError;
using store::Survivors;

namespace {

constexpr std::array kSurvivors{Survivors::none, Survivors::all, Survivors::prefix,
                                Survivors::random, Survivors::torn};
constexpr std::uint64_t kWalBytesMax = 60'000;  // so that the WAL begins anew now and then
constexpr int kStepsMax = 1000;
constexpr Duration kIdleAfter = std::chrono::minutes{20};

}  // namespace

void Simulation::start() {
  for (int tries = 0;; ++tries) {
    if (tries < 3 && random_.percent(15)) {
      vfs_.disk().inject(Fault::crash, 1 + random_.below(12));
    }
    if (try_to_start()) break;
    engine_.reset();
    store_.reset();
    sqlite_.reset();
    vfs_.disk().reboot(random_.pick(kSurvivors), random_.next());
    clear_faults();
  }
  ++figures_.restarts;
  // All that the store knows, even if the program died while it made one.
  for (const store::WorkspaceRow& row : store_->workspaces()) adopt(row.id);
  for (auto& [id, workspace] : workspaces_) workspace.deeds.follow(*store_, id, *state_of(id));
  book_.settle(*store_);
  for (const auto& [id, workspace] : workspaces_) check_what_was_published(id);
  if (decide_all()) check_all();
}

bool Simulation::try_to_start() {
  auto opened = store::open_sqlite_with({.directory = directory_.path(),
                                         .migrate = true,
                                         .vfs = vfs_.name(),
                                         .wal_bytes_max = kWalBytesMax},
                                        {.checkpoint_thread = false});
  if (!opened) {
    require(vfs_.disk().fault_was_hit(), "the store cannot be opened: {}", opened.error().message);
    return false;
  }
  sqlite_ = std::move(*opened);
  store_ = std::make_unique<PlantedStore>(*sqlite_, options_.plant);
  store_->is_starting = true;
  try {
    engine_ = std::make_unique<engine::Engine>(
        *store_, clock_,
        engine::EngineOptions{.threads = 0,
                              .batch_inputs_max = 12,
                              .snapshot_every = 60,
                              .idle_after = sleeps() ? kIdleAfter : Duration{0}});
  } catch (const StoreError& error) {
    require(vfs_.disk().fault_was_hit(), "the engine does not start: {}", error.what());
    return false;
  } catch (const Complaint&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Complaint(fmt::format("the engine does not start: {}", error.what()));
  }
  store_->is_starting = false;
  return !vfs_.disk().is_dead();
}

void Simulation::adopt(WorkspaceId id) {
  const Position published = engine_->last_position(id);
  require(published == store_->last_position(id),
          "workspace {}: {} was published, the log ends at {}", id, published,
          store_->last_position(id));
  const workspace::VersionPtr version = state_of(id);
  book_.heed(id, workspaces_.try_emplace(id).first->second.deeds);
  book_.begin(id, version->log_time());
}

// Of those that sleep nobody has seen more than when they fell asleep.
void Simulation::note_what_is_published() {
  for (auto& [id, workspace] : workspaces_) {
    workspace.published = 0;
    const workspace::VersionPtr version = engine_->read_if_awake(id);
    if (!version) continue;
    workspace.published = version->last_position();
    workspace.dump = workspace::canonical_dump(*version);
  }
}

void Simulation::die(Survivors survivors) {
  note_what_is_published();
  // Whatever is done on the way out does not reach the disk.
  vfs_.disk().inject(Fault::crash, 1);
  engine_.reset();
  store_.reset();
  sqlite_.reset();
  vfs_.disk().reboot(survivors, random_.next());
  clear_faults();
  spoil_snapshots();
  ++figures_.crashes;
  start();
}

void Simulation::die_by_bad_luck() {
  die(random_.pick(kSurvivors));
}

// False if the program died over it (and has started again).
bool Simulation::stop_orderly() {
  if (!decide_all()) return false;
  if (!survives([&] { engine_->finish(); })) return false;
  note_what_is_published();
  engine_.reset();
  store_.reset();
  sqlite_.reset();
  vfs_.disk().reboot(Survivors::all, random_.next());
  spoil_snapshots();
  return true;
}

// What a loss of power, a full disk or a curious owner makes of files beside the database.
void Simulation::spoil_snapshots() {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory_ / "snapshots")) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    if (random_.percent(70)) continue;
    const auto size = static_cast<std::uint32_t>(fs::file_size(file));
    switch (random_.below(3)) {
      case 0:
        fs::remove(file);
        break;
      case 1:
        fs::resize_file(file, random_.below(size + 1));
        break;
      default: {
        std::fstream content(file, std::ios::in | std::ios::out | std::ios::binary);
        content.seekp(random_.below(size));
        content.put(static_cast<char>(random_.below(256)));
      }
    }
  }
}

void Simulation::checkpoint() {
  const bool is_restart = random_.percent(30);
  survives(
      [&] { is_restart ? sqlite_->checkpointer().restart() : sqlite_->checkpointer().passive(); });
}

bool Simulation::survives(const std::function<void()>& body) {
  try {
    body();
    // The power may go after the last commit, over something that SQLite does not depend on.
    if (!vfs_.disk().is_dead()) return true;
  } catch (const StoreError& error) {
    if (error.kind() == StoreError::Kind::full) return true;
    require(vfs_.disk().fault_was_hit() || store_->was_killed() || options_.plant != Plant::nothing,
            "the disk was sound, but: {}", error.what());
  }
  die_by_bad_luck();
  return false;
}

bool Simulation::decide_all() {
  for (int i = 0; i < kStepsMax; ++i) {
    bool goes_on = false;
    if (!survives([&] { goes_on = engine_->step(); })) return false;
    if (!goes_on) return true;
  }
  throw Complaint("the engine does not come to rest");
}

bool Simulation::look_after() {
  read_before_erasing();
  if (!survives([&] { engine_->look_after(); })) return false;
  figures_.asleep += workspaces_.size() - engine_->awake_count();
  for (const auto& [id, workspace] : workspaces_) {
    log_now(id);
    figures_.held += book_.time(id).is_held();
  }
  return decide_all();
}

}  // namespace galena::sim
