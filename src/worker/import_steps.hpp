// The steps of an import, each of which can be interrupted anywhere and goes on where it was.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "domain/import_job.hpp"
#include "engine/engine.hpp"
#include "store/import_files.hpp"
#include "store/store.hpp"

namespace galena::worker {

enum class StepEnd { completed, interrupted };

// What a step works on: the import's row, of which nobody else moves the progress.
class ImportStep {
 public:
  ImportStep(engine::Engine& engine, store::Store& store, store::ImportRow row,
             const std::atomic<bool>& stopping);

  engine::Engine& engine() const { return engine_; }
  store::Store& store() const { return store_; }
  const store::ImportRow& row() const { return row_; }
  domain::ImportProgress& progress() { return progress_; }

  // Called before the progress is kept: what it counts must be on the disk by then.
  std::function<void()> before_keep = {};

  // Keeps the progress twice a second. False if the step is to end: the process stops, or the
  // owner wants it no more.
  bool goes_on();
  // The same, now.
  bool keep();
  // The state it is in from now on. False if its owner has moved it meanwhile.
  bool finish(domain::ImportState state, const std::string& error);

 private:
  engine::Engine& engine_;
  store::Store& store_;
  store::ImportRow row_;
  domain::ImportProgress progress_;
  const std::atomic<bool>& stopping_;
  std::chrono::steady_clock::time_point kept_at_;
};

// A dry run: decides every row upon what is there now, and keeps nothing but the figures.
Result<StepEnd> check_import(ImportStep& step);
// Sends the rows into the log. An Error: the file cannot be read.
Result<StepEnd> run_import(ImportStep& step);
// Takes every row of it back, the last one first.
Result<StepEnd> undo_import(ImportStep& step);

}  // namespace galena::worker
