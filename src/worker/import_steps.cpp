#include "worker/import_steps.hpp"

namespace galena::worker {

using namespace std::chrono_literals;

ImportStep::ImportStep(engine::Engine& engine, store::Store& store, store::ImportRow row,
                       const std::atomic<bool>& stopping)
    : engine_(engine),
      store_(store),
      row_(std::move(row)),
      stopping_(stopping),
      kept_at_(std::chrono::steady_clock::now()) {
  if (auto progress = domain::read_import_progress(row_.progress)) progress_ = *progress;
}

bool ImportStep::goes_on() {
  if (stopping_) return false;
  if (std::chrono::steady_clock::now() - kept_at_ < 500ms) return true;
  return keep();
}

bool ImportStep::keep() {
  if (before_keep) before_keep();
  kept_at_ = std::chrono::steady_clock::now();
  row_.progress = domain::import_progress_text(progress_);
  row_.changed_at = engine_.clock().now();
  return store_.move_import(row_, row_.state);
}

bool ImportStep::finish(domain::ImportState state, const std::string& error) {
  const std::string from = std::exchange(row_.state, std::string(to_string(state)));
  progress_.error = error;
  row_.progress = domain::import_progress_text(progress_);
  row_.changed_at = engine_.clock().now();
  const bool moved = store_.move_import(row_, from);
  // Nothing of people is kept here longer than it is needed.
  if (moved && state == domain::ImportState::done) {
    store_.import_files().forget(row_.workspace, row_.id, store::ImportFile::given);
  }
  return moved;
}

}  // namespace galena::worker
