#include "worker/imports.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>

#include "worker/import_steps.hpp"

namespace galena::worker {
namespace {

using namespace std::chrono_literals;
using domain::ImportState;

constexpr auto kPause = 200ms;
constexpr std::array<std::string_view, 3> kAtWork{"checking", "running", "undoing"};

}  // namespace

Imports::~Imports() {
  stopping_ = true;
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Imports::start() {
  thread_ = std::thread([this] { run(); });
}

void Imports::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kPause, [&] { return stopping_.load(); })) {
    lock.unlock();
    try {
      work();
    } catch (const store::StoreError& error) {
      spdlog::warn("importing: {}; going on later", error.what());
    }
    lock.lock();
  }
}

void Imports::work() {
  while (!stopping_) {
    const auto waiting = store_.imports_in(kAtWork);
    if (waiting.empty() || !work_at(waiting.front())) return;
  }
}

// False if it is left for later.
bool Imports::work_at(store::ImportRow row) {
  ImportStep step(engine_, store_, std::move(row), stopping_);
  const auto state = domain::import_state(step.row().state);
  GALENA_ASSERT(state.has_value());
  const Result<StepEnd> end = *state == ImportState::checking  ? check_import(step)
                              : *state == ImportState::running ? run_import(step)
                                                               : undo_import(step);
  if (!end) return step.finish(ImportState::failed, end.error().message);
  if (*end == StepEnd::interrupted) return false;
  return step.finish(*state == ImportState::checking  ? ImportState::checked
                     : *state == ImportState::running ? ImportState::done
                                                      : ImportState::undone,
                     "");
}

}  // namespace galena::worker
