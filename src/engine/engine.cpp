#include "engine/engine.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "domain/erasure.hpp"
#include "domain/playbook.hpp"
#include "engine/actors.hpp"
#include "engine/erasure_list.hpp"
#include "engine/evidence.hpp"
#include "engine/lead_tables.hpp"
#include "engine/sleeping.hpp"
#include "engine/snapshots.hpp"

namespace galena::engine {
namespace {

// A queue between threads. take_all waits until there is something or it was closed.
template <class Item>
class Channel {
 public:
  void put(Item item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    wake_.notify_one();
  }

  std::optional<Item> take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return closed_ || !items_.empty(); });
    return first();
  }

  std::optional<Item> take_if_any() {
    const std::lock_guard lock(mutex_);
    return first();
  }

  std::vector<Item> take_all() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return closed_ || !items_.empty(); });
    std::vector<Item> all(std::make_move_iterator(items_.begin()),
                          std::make_move_iterator(items_.end()));
    items_.clear();
    return all;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    wake_.notify_all();
  }

 private:
  std::optional<Item> first() {
    if (items_.empty()) return std::nullopt;
    Item item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> items_;
  bool closed_ = false;
};

// The disk lies or the log is not what we wrote: going on could lose what was acknowledged.
[[noreturn]] void stop_process(const std::string& why) {
  spdlog::critical("{}; stopping, so that nothing is lost", why);
  spdlog::default_logger()->flush();
  std::_Exit(1);
}

constexpr std::chrono::minutes kWakeRetry{10};  // where a log cannot be read
// If the time of thousands comes at once, those that are done sleep again before the last is woken.
constexpr std::size_t kWokenAtOnceMax = 100;

// What a reader has to read from the base is kept in a version of its own.
workspace::VersionPtr own_copy(const workspace::VersionPtr& version) {
  return version == nullptr ? nullptr : std::make_shared<const workspace::Version>(*version);
}

bool has_erasure(const Batch& batch) {
  return std::ranges::any_of(batch.rows, [](const RowText& row) {
    return row.kind == static_cast<int>(domain::InputKind::erasure);
  });
}

}  // namespace

struct Engine::Impl {
  Impl(store::Store& store_, Clock& clock_, EngineOptions options_)
      : store(store_),
        clock(clock_),
        options(options_),
        actors(store_, clock_,
               [this](const Actor& woken) { erasing.note_done(woken.id(), *woken.published()); }),
        erasing(store_, {.workspaces = [this] { return actors.awake(); },
                         .published = [this](WorkspaceId id) { return published(id); },
                         .snapshot = [this](WorkspaceId id) { leave_nothing_of_erased(id); },
                         .stop_process = [](const std::string& why) { stop_process(why); }}),
        snapshots(store_, clock_, options_.snapshot_every, actors,
                  [this](Actor& actor) { let_take_over(actor); }),
        lead_tables(clock_, actors),
        sleeping({store_, clock_, actors, snapshots, erasing,
                  [](const std::string& why) { stop_process(why); }},
                 options_) {}

  store::Store& store;
  Clock& clock;
  EngineOptions options;
  EngineFigures figures;

  Actors actors;
  Channel<ActorPtr> ready;
  Channel<Batch> commits;
  std::vector<std::thread> deciders;
  std::thread committer;
  std::thread upkeeper;
  std::mutex upkeep_mutex;
  std::condition_variable upkeep_wake;
  std::atomic<bool> stopping{false};
  // Actors that are claimed: in the ready queue, deciding or committing.
  std::mutex active_mutex;
  std::condition_variable idle;
  std::size_t active = 0;
  Erasing erasing;
  Snapshots snapshots;
  LeadTables lead_tables;
  Sleeping sleeping;

  workspace::VersionPtr published(WorkspaceId id) const {
    const ActorPtr actor = actors.find_awake(id);
    return actor == nullptr ? nullptr : actor->published();
  }

  void wake(const ActorPtr& actor) {
    if (!actor->claim()) return;
    {
      const std::lock_guard lock(active_mutex);
      ++active;
    }
    ready.put(actor);
  }

  void let_go(const ActorPtr& actor) {
    if (actor->release(stopping)) return ready.put(actor);
    const std::lock_guard lock(active_mutex);
    if (--active == 0) idle.notify_all();
  }

  void wait_until_idle() {
    std::unique_lock lock(active_mutex);
    idle.wait(lock, [&] { return active == 0; });
  }

  bool by_hand() const { return options.threads == 0; }

  // In the newest snapshot and in the columns, which let go of the one before.
  void leave_nothing_of_erased(WorkspaceId id) {
    const ActorPtr actor = actors.rouse(id);
    actor->tend_leads(clock.now());
    snapshots.save(*actor);
    actor->tend_leads(clock.now());
  }

  // By hand the next step does it.
  void let_take_over(Actor& actor) {
    if (const ActorPtr held = actors.find_awake(actor.id())) wake(held);
    while (!by_hand() && actor.has_offer() && !stopping) {
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }

  // What there is to be made durable, if anything.
  std::optional<Batch> decide(const ActorPtr& actor) {
    Batch batch = actor->step(options, figures);
    batch.actor = actor;
    if (!batch.rows.empty()) return batch;
    actor->commit_done(batch);  // only duplicates and refusals
    let_go(actor);
    return std::nullopt;
  }

  void decide_loop() {
    while (auto actor = ready.take()) {
      if (auto batch = decide(*actor)) commits.put(std::move(*batch));
    }
  }

  void check_suspects(const std::vector<Batch>& batches) {
    for (const Batch& batch : batches) {
      if (!batch.actor->suspect.exchange(false)) continue;
      const auto stored = store.last_position(batch.actor->id());
      const auto published = batch.actor->published()->last_position();
      if (stored != published) {
        throw store::StoreError(
            store::StoreError::Kind::io,
            fmt::format("workspace {}: the log ends at {} but {} was acknowledged",
                        batch.actor->id(), stored, published));
      }
    }
  }

  bool append(const std::vector<Batch>& batches) {
    std::vector<store::LogRow> rows;
    for (const Batch& batch : batches) {
      for (const RowText& row : batch.rows) {
        rows.push_back({batch.actor->id(), row.position, row.at, row.kind, row.input, row.outcome});
      }
    }
    try {
      check_suspects(batches);
      store.append(rows);
      figures.commits.fetch_add(1, std::memory_order_relaxed);
      return true;
    } catch (const store::StoreError& error) {
      if (error.kind() != store::StoreError::Kind::full) {
        if (by_hand()) throw;
        stop_process(error.what());
      }
      figures.failed_commits.fetch_add(1, std::memory_order_relaxed);
      spdlog::error("nothing was taken: {}", error.what());
      return false;
    }
  }

  bool commit(std::vector<Batch>& batches) {
    const bool durable = append(batches);
    for (Batch& batch : batches) {
      durable ? batch.actor->commit_done(batch) : batch.actor->commit_failed(batch);
      if (durable && has_erasure(batch)) erasing.wake();
      let_go(batch.actor);
    }
    return durable;
  }

  void commit_loop() {
    for (std::vector<Batch> batches = commits.take_all(); !batches.empty();
         batches = commits.take_all()) {
      const bool durable = commit(batches);
      batches.clear();  // while it waits it holds nobody back from sleeping
      if (durable) continue;
      std::this_thread::sleep_for(std::chrono::milliseconds{50});  // a continuation tries again
    }
  }

  bool step() {
    bool was_waiting = false;
    std::vector<Batch> batches;
    while (auto actor = ready.take_if_any()) {
      was_waiting = true;
      if (auto batch = decide(*actor)) batches.push_back(std::move(*batch));
    }
    if (!batches.empty()) commit(batches);
    return was_waiting;
  }

  void wake_due() {
    actors.each_awake([&](const ActorPtr& actor) {
      if (actor->timers_due(clock.now())) wake(actor);
    });
    for (const WorkspaceId id : actors.asleep_and_due(kWokenAtOnceMax)) {
      if (const ActorPtr actor = rouse_due(id)) wake(actor);
    }
  }

  // One workspace that cannot be recovered leaves the others in peace; who asks for it is told.
  ActorPtr rouse_due(WorkspaceId id) {
    try {
      return actors.rouse(id);
    } catch (const std::exception& error) {
      if (by_hand()) throw;
      spdlog::error("workspace {}: it cannot be woken: {}", id, error.what());
      actors.put_off(id, clock.now() + kWakeRetry);
      return nullptr;
    }
  }

  void upkeep_loop() {
    std::unique_lock lock(upkeep_mutex);
    while (!upkeep_wake.wait_for(lock, std::chrono::milliseconds{500},
                                 [&] { return stopping.load(); })) {
      wake_due();
    }
  }

  void start_threads() {
    for (int i = 0; i < options.threads; ++i) deciders.emplace_back([this] { decide_loop(); });
    committer = std::thread([this] { commit_loop(); });
    upkeeper = std::thread([this] { upkeep_loop(); });
    snapshots.start();
    lead_tables.start();
    sleeping.start();
  }

  void stop_threads() {
    {
      const std::lock_guard lock(upkeep_mutex);
      stopping = true;
    }
    upkeep_wake.notify_all();
    snapshots.end();
    upkeeper.join();
    sleeping.stop();
    lead_tables.stop();
    snapshots.stop();
    erasing.stop();
    wait_until_idle();
    ready.close();
    for (std::thread& thread : deciders) thread.join();
    commits.close();
    committer.join();
  }
};

Engine::Engine(store::Store& store, Clock& clock, EngineOptions options)
    : clock_(clock), impl_(std::make_unique<Impl>(store, clock, options)) {
  recover_all();
  if (!impl_->by_hand()) impl_->start_threads();
  // What a stop interrupted goes on: a playbook change, or the making of a workspace.
  impl_->actors.each_awake([&](const ActorPtr& actor) {
    if (actor->published()->rescore_next()) impl_->wake(actor);
    if (actor->published()->playbook()) return;
    if (auto made = give_standard_playbook(actor->id()); !made) {
      throw std::runtime_error(made.error().message);
    }
  });
  honour_erasure_list();
  impl_->erasing.look();
  if (!impl_->by_hand()) impl_->erasing.start();
}

Engine::~Engine() {
  if (impl_->by_hand()) return;
  impl_->stop_threads();
  snapshot_all();
}

// Who slept goes on sleeping, unless the list of erasures knows other people than they do: then the
// data, or the list, were put back to an older state.
void Engine::recover_all() {
  const auto list = ErasureList::read(impl_->store.erasure_list());
  const std::vector<store::SleeperRow> sleepers = impl_->options.idle_after > Duration{0}
                                                      ? impl_->store.sleepers()
                                                      : std::vector<store::SleeperRow>();
  auto sleeper = sleepers.begin();
  for (const store::WorkspaceRow& row : impl_->store.workspaces()) {
    while (sleeper != sleepers.end() && sleeper->workspace < row.id) ++sleeper;
    const bool slept = sleeper != sleepers.end() && sleeper->workspace == row.id;
    if (slept && sleeper->erased == print_of(list.of(row))) {
      impl_->actors.add_asleep(*sleeper);
      continue;
    }
    const ActorPtr actor = impl_->actors.add(row.id);
    actor->touch();
  }
}

void Engine::finish() {
  impl_->stopping = true;
  impl_->snapshots.end();
  while (step()) {
  }
  snapshot_all();
}

bool Engine::step() {
  GALENA_ASSERT(impl_->by_hand());
  return impl_->step();
}

void Engine::look_after() {
  impl_->wake_due();
  impl_->snapshots.look();
  if (impl_->by_hand()) impl_->erasing.run_if_woken();
  impl_->sleeping.look();
}

Result<WorkspaceId> Engine::create_workspace(std::string_view name) {
  const store::WorkspaceRow row = impl_->store.create_workspace(name, clock_.now());
  impl_->actors.add(row.id)->touch();
  if (auto made = give_standard_playbook(row.id); !made) return tl::unexpected(made.error());
  return row.id;
}

Result<Receipts> Engine::submit_and_wait(WorkspaceId workspace, std::vector<domain::Input> inputs) {
  std::promise<Result<Receipts>> promise;
  submit(workspace, std::move(inputs),
         [&](Result<Receipts> receipts) { promise.set_value(std::move(receipts)); });
  // By hand, a step answers all that was waiting.
  if (impl_->by_hand()) step();
  return promise.get_future().get();
}

// Erases again who was erased when the data were put back to an older state.
void Engine::honour_erasure_list() {
  const auto list = ErasureList::read(impl_->store.erasure_list());
  for (const store::WorkspaceRow& row : impl_->store.workspaces()) {
    const workspace::VersionPtr state = read_if_awake(row.id);
    if (!state) continue;
    const auto inputs = erasures_missing(*state, list.of(row));
    if (inputs.empty()) continue;
    spdlog::warn(
        "workspace {}: {} erasures are made again, which the list knows and the data do not",
        row.id, inputs.size());
    const auto receipts = submit_and_wait(row.id, inputs);
    if (!receipts) throw std::runtime_error(receipts.error().message);
  }
}

Result<> Engine::give_standard_playbook(WorkspaceId workspace) {
  auto receipts = submit_and_wait(
      workspace,
      {domain::PlaybookInput{domain::write_playbook(domain::standard_playbook()), "setup", {}}});
  if (!receipts) return tl::unexpected(receipts.error());
  if (!receipts->front()) return tl::unexpected(receipts->front().error());
  return {};
}

void Engine::submit(WorkspaceId workspace, std::vector<domain::Input> inputs, Done done) {
  ActorPtr actor;
  try {
    actor = impl_->actors.find(workspace);
  } catch (const std::exception& error) {
    spdlog::error("workspace {}: it cannot be woken: {}", workspace, error.what());
    return done(fail(ErrorCode::unavailable, "the workspace cannot be read; nothing was taken"));
  }
  if (actor == nullptr) {
    return done(fail(ErrorCode::not_found, "there is no such workspace"));
  }
  if (impl_->stopping) {
    return done(fail(ErrorCode::unavailable, "Galena is stopping; send it again in a moment"));
  }
  Submission submission{std::move(inputs), std::move(done)};
  Done answer = submission.done;
  if (!actor->post(std::move(submission), impl_->options.mailbox_inputs_max)) {
    return answer(fail(ErrorCode::unavailable,
                       "too much is waiting; nothing was taken, send it again in a moment"));
  }
  impl_->wake(actor);
}

void Engine::when_settled(WorkspaceId workspace, std::function<void()> settled) {
  const ActorPtr actor = impl_->actors.find_awake(workspace);  // who sleeps is settled
  if (actor == nullptr) return settled();
  actor->when_settled(std::move(settled));
}

workspace::VersionPtr Engine::read(WorkspaceId workspace) const {
  const ActorPtr actor = impl_->actors.find(workspace);
  return actor == nullptr ? nullptr : own_copy(actor->published());
}

workspace::VersionPtr Engine::read_if_awake(WorkspaceId workspace) const {
  return own_copy(impl_->published(workspace));
}

workspace::VersionPtr Engine::read_in_passing(WorkspaceId workspace) const {
  const ActorPtr actor = impl_->actors.rouse(workspace);
  return actor == nullptr ? nullptr : own_copy(actor->published());
}

domain::Position Engine::last_position(WorkspaceId workspace) const {
  return impl_->actors.last_position(workspace).value_or(0);
}

std::size_t Engine::awake_count() const {
  return impl_->actors.awake_count();
}

std::optional<workspace::LeadTable::Look> Engine::look(WorkspaceId workspace) const {
  const ActorPtr actor = impl_->actors.find(workspace);
  if (actor == nullptr) return std::nullopt;
  auto look = actor->look(clock_.now());
  look.keep(actor);
  return look;
}

std::size_t Engine::columns_memory(WorkspaceId workspace) const {
  const ActorPtr actor = impl_->actors.find_awake(workspace);
  return actor == nullptr ? 0 : actor->leads_memory();
}

std::vector<domain::PropertyEvidence> Engine::read_again(WorkspaceId workspace,
                                                         const workspace::Version& state,
                                                         const domain::Playbook& playbook) const {
  std::vector<domain::PropertyEvidence> evidence;
  add_evidence(evidence, state, playbook, [&](domain::Position after, const auto& visit) {
    impl_->store.read_log(workspace, after, visit);
  });
  return evidence;
}

void Engine::snapshot_all() {
  impl_->actors.each_awake(
      [&](const ActorPtr& actor) { impl_->snapshots.save_if_changed(*actor); });
}

std::vector<ErasureProgress> Engine::erasures(WorkspaceId workspace) const {
  const workspace::VersionPtr state = read_in_passing(workspace);
  if (!state) return {};
  return impl_->erasing.progress(workspace, *state);
}

const EngineFigures& Engine::figures() const {
  return impl_->figures;
}

}  // namespace galena::engine
