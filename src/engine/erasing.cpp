#include "engine/erasing.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "engine/erasure_list.hpp"

namespace galena::engine {
namespace {

constexpr domain::Position kSlice = 512;  // rows that are looked at in one go
constexpr std::chrono::seconds kRetry{2};

}  // namespace

// What was done before the last stop is known to be done from the beginning.
void Erasing::look() {
  const bool scrubbed = !store_.needs_scrub();
  for (const WorkspaceId workspace : host_.workspaces()) {
    const workspace::VersionPtr state = host_.published(workspace);
    if (!state) continue;
    const auto& erasures = state->suppressions()->erasures;
    if (erasures.empty() || !scrubbed || !unfinished(workspace, *state).empty()) continue;
    const std::lock_guard lock(mutex_);
    finished_[workspace] = erasures.back().position;
  }
  wake();
}

void Erasing::start() {
  thread_ = std::thread([this] { work(); });
}

void Erasing::run_if_woken() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(awake_, false)) return;
  }
  try {
    run_all();
  } catch (const store::StoreError&) {
    wake();  // the next look tries again
    throw;
  }
}

void Erasing::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  wake_.notify_all();
}

void Erasing::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Erasing::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Erasing::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || awake_; });
      if (stopping_) return;
      awake_ = false;
    }
    try {
      run_all();
    } catch (const store::StoreError& error) {
      if (error.kind() == store::StoreError::Kind::io) return host_.stop_process(error.what());
      spdlog::warn("an erasure waits: {}", error.what());
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kRetry, [&] { return stopping_; });
      awake_ = true;
    }
  }
}

// The barriers: the list, so that a restored backup knows it; copies of before, so that no start
// brings them back; the rows; the files. Only then an erasure counts as done.
void Erasing::run_all() {
  keep_list();
  std::map<WorkspaceId, domain::Position> ends;
  for (const WorkspaceId workspace : host_.workspaces()) {
    const workspace::VersionPtr state = host_.published(workspace);
    if (!state) continue;
    const auto& erasures = state->suppressions()->erasures;
    if (erasures.empty()) continue;
    const std::vector<Job> jobs = unfinished(workspace, *state);
    if (!jobs.empty()) run(workspace, *state, jobs);
    if (is_stopping()) return;
    ends[workspace] = jobs.empty() ? erasures.back().position : jobs.back().position;
  }
  if (store_.needs_scrub()) store_.scrub();
  const std::lock_guard lock(mutex_);
  for (const auto& [workspace, end] : ends) finished_[workspace] = end;
}

// Erasures whose row still has the keys.
std::vector<Erasing::Job> Erasing::unfinished(WorkspaceId workspace,
                                              const workspace::Version& state) {
  domain::Position finished = 0;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = finished_.find(workspace); found != finished_.end()) {
      finished = found->second;
    }
  }
  std::vector<store::Position> positions;
  for (const auto& erasure : state.suppressions()->erasures) {
    if (erasure.position > finished) positions.push_back(erasure.position);
  }
  std::vector<Job> jobs;
  store_.read_rows(workspace, positions, [&](const store::LogRow& row) {
    auto input = domain::read_input(static_cast<domain::InputKind>(row.kind), row.input);
    auto* erase = input ? std::get_if<domain::EraseInput>(&*input) : nullptr;
    if (erase == nullptr || erase->keys.empty()) return;
    jobs.push_back({row.position, std::move(*erase)});
  });
  return jobs;
}

void Erasing::run(WorkspaceId workspace, const workspace::Version& state,
                  const std::vector<Job>& jobs) {
  host_.snapshot(workspace);
  store_.forget_copies(workspace, jobs.back().position);
  if (!rewrite_rows(workspace, state, jobs)) return;
  std::vector<std::string> texts;
  std::vector<store::RewrittenRow> rows;
  texts.reserve(jobs.size());
  for (const Job& job : jobs) {
    texts.push_back(domain::finished_erasure(job.input));
    rows.push_back({job.position, texts.back()});
  }
  store_.rewrite(workspace, rows);
  // A snapshot is tied to the row that it ends with, which may be one of these.
  host_.snapshot(workspace);
}

// From the newest row to the oldest (erased_rows.hpp). False if it was stopped.
bool Erasing::rewrite_rows(WorkspaceId workspace, const workspace::Version& state,
                           const std::vector<Job>& jobs) {
  std::vector<domain::RowEraser::Erasure> erasures;
  for (const Job& job : jobs) erasures.push_back({job.position, job.input.keys});
  const domain::Position end = jobs.back().position;
  std::vector<store::Position> slice;
  for (domain::Position from = end; from > 0;) {
    if (is_stopping()) return false;
    const workspace::Version own(state);  // with which goes what it reads from the base
    const domain::RowEraser eraser(own, erasures);
    slice.clear();
    for (; from > 0 && slice.size() < kSlice; --from) slice.push_back(from);
    std::vector<std::pair<store::Position, std::string>> found;
    store_.read_rows(workspace, slice, [&](const store::LogRow& row) {
      auto rewritten = eraser.rewritten(
          {row.position, static_cast<domain::InputKind>(row.kind), row.input, row.outcome});
      if (rewritten) found.emplace_back(row.position, std::move(*rewritten));
    });
    std::vector<store::RewrittenRow> rows;
    for (const auto& [position, input] : found) rows.push_back({position, input});
    store_.rewrite(workspace, rows);
    const std::lock_guard lock(mutex_);
    rows_seen_[workspace] = end - from;
  }
  return true;
}

void Erasing::keep_list() {
  ErasureList list = ErasureList::read(store_.erasure_list());
  const std::string before = list.text();
  for (const store::WorkspaceRow& row : store_.workspaces()) {
    if (const auto state = host_.published(row.id)) list.add(row, *state->suppressions());
  }
  const std::string after = list.text();
  if (after != before) store_.keep_erasure_list(after);
}

bool Erasing::is_done(WorkspaceId workspace, const workspace::Version& state) {
  const auto& erasures = state.suppressions()->erasures;
  if (erasures.empty()) return true;
  const std::lock_guard lock(mutex_);
  const auto finished = finished_.find(workspace);
  return finished != finished_.end() && finished->second >= erasures.back().position;
}

void Erasing::note_done(WorkspaceId workspace, const workspace::Version& state) {
  const auto& erasures = state.suppressions()->erasures;
  if (erasures.empty()) return;
  const std::lock_guard lock(mutex_);
  finished_[workspace] = erasures.back().position;
}

std::vector<ErasureProgress> Erasing::progress(WorkspaceId workspace,
                                               const workspace::Version& state) {
  std::vector<ErasureProgress> all;
  const std::lock_guard lock(mutex_);
  for (const auto& erasure : state.suppressions()->erasures) {
    const bool done = erasure.position <= finished_[workspace];
    all.push_back({erasure.position, erasure.lead, erasure.at, done,
                   done ? erasure.position
                        : std::min<domain::Position>(rows_seen_[workspace], erasure.position)});
  }
  return all;
}

}  // namespace galena::engine
