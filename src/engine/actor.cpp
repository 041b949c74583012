#include "engine/actor.hpp"

#include <algorithm>

#include "domain/account_draft.hpp"
#include "domain/decide.hpp"
#include "domain/erasure.hpp"
#include "engine/evidence.hpp"

namespace galena::engine {

using namespace domain;

namespace {

constexpr std::size_t kTimersMax = 1000;           // that one step runs, however fast
constexpr std::size_t kTimersTogether = 50;        // of one moment, in one row
constexpr LeadOrdinal kRescoredInStepMax = 1'000;  // however fast
constexpr Duration kLooksKept = std::chrono::minutes{5};

}  // namespace

Actor::Actor(WorkspaceId id, workspace::Workspace workspace, store::Store& store, Clock& clock,
             const std::optional<LogClock>& log_clock)
    : id_(id),
      store_(store),
      clock_(clock),
      workspace_(std::move(workspace)),
      log_clock_(log_clock ? *log_clock : LogClock(clock, workspace_.now().log_time())),
      upkeep_time_(clock) {
  find_timers();
  published_.store(workspace_.publish());
}

bool Actor::post(Submission submission, std::size_t inputs_max) {
  const std::lock_guard lock(mutex_);
  return mailbox_.post(std::move(submission), inputs_max);
}

bool Actor::claim() {
  const std::lock_guard lock(mutex_);
  if (claimed_) return false;
  claimed_ = true;
  return true;
}

bool Actor::release(bool stopping) {
  const std::lock_guard lock(mutex_);
  const bool timers_wait = timers_left_ == 0 && timers_due(clock_.now());
  const bool continues = !stopping && (timers_wait || offer_ != nullptr ||
                                       workspace_.now().rescore_next().has_value());
  claimed_ = continues || !mailbox_.empty();
  return claimed_;
}

bool Actor::timers_due(Time now) const {
  return next_timer_ms_.load() <= to_ms(now);
}

bool Actor::may_sleep() const {
  const std::lock_guard lock(mutex_);
  const workspace::VersionPtr state = published();
  return !claimed_ && offer_ == nullptr && mailbox_.empty() && settled_.empty() && !suspect &&
         state->playbook() && !state->rescore_next();
}

workspace::LeadTable::Look Actor::look(Time now) {
  looked_at_ms_ = to_ms(now);
  return leads_.look(published(), now);
}

void Actor::tend_leads(Time now) {
  constexpr LeadOrdinal kMany = 20'000;  // making the columns of fewer takes no time to speak of
  const workspace::VersionPtr version = published();
  const bool wanted = to_ms(now) - looked_at_ms_ < kLooksKept.count();
  if (wanted || version->lead_count() >= kMany) return leads_.follow(version, now);
  leads_.forget();
}

std::optional<workspace::LeadTable::Look> Actor::look_if_any(Time now) {
  return leads_.look_if_any(published(), now);
}

void Actor::begin_leads(const workspace::VersionPtr& version,
                        std::unique_ptr<workspace::LeadColumns> columns) {
  leads_.begin(version, std::move(columns));
}

void Actor::offer(std::unique_ptr<workspace::Rebase> rebase) {
  const std::lock_guard lock(mutex_);
  offer_ = std::move(rebase);
}

bool Actor::has_offer() const {
  const std::lock_guard lock(mutex_);
  return offer_ != nullptr;
}

// Nothing is on its way to the disk, so what is published says the same as the writer's state.
void Actor::take_over() {
  std::unique_ptr<workspace::Rebase> rebase;
  {
    const std::lock_guard lock(mutex_);
    rebase = std::move(offer_);
  }
  if (rebase == nullptr) return;
  rebase->follow(workspace_.now());
  workspace_.stand_upon(rebase->take());
  published_.store(workspace_.publish());
}

void Actor::when_settled(std::function<void()> settled) {
  {
    const std::lock_guard lock(mutex_);
    if (published_.load()->rescore_next()) {
      settled_.push_back(std::move(settled));
      return;
    }
  }
  settled();
}

void Actor::notify_settled() {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (published_.load()->rescore_next()) return;
    waiting.swap(settled_);
  }
  for (const auto& settled : waiting) settled();
}

void Actor::append(const Input& input, const Changes& changes, Batch& batch) {
  std::string text = input_text(input);
  const auto* event = std::get_if<EventInput>(&input);
  if (event != nullptr && event->arrived && *event->arrived != changes.at) {
    text = with_clock(text, *event->arrived);
  }
  batch.rows.push_back({changes.position, changes.at, static_cast<int>(kind_of(input)),
                        std::move(text), outcome_text(changes.outcome)});
}

void Actor::note_timers(const Changes& changes) {
  for (const auto& [ordinal, lead] : changes.leads) timers_.set(ordinal, lead->due_at);
  unheard_.insert(changes.to_ask.begin(), changes.to_ask.end());
  note_next_timer();
}

void Actor::note_next_timer() {
  next_timer_ms_ = to_ms(timers_.next());
}

void Actor::find_timers() {
  const workspace::Version& state = workspace_.now();
  timers_.clear();
  for (LeadOrdinal ordinal = 0; ordinal < state.lead_count(); ++ordinal) {
    timers_.set(ordinal, state.due_at(ordinal));
  }
  const std::vector<AccountOrdinal> asked = state.asked_since_base();
  unheard_ = {asked.begin(), asked.end()};
  spread_the_word();
}

// Of large accounts of which something was told: who has not heard of it is due.
void Actor::spread_the_word() {
  const workspace::Version& state = workspace_.now();
  const auto tell = [&](const Account& account) {
    account.leads.each([&](LeadOrdinal ordinal) {
      if (!has_heard(state, state.lead(ordinal))) timers_.set_at_latest(ordinal, state.log_time());
      return true;
    });
  };
  for (const AccountOrdinal whole : unheard_) {
    tell(state.account(whole));
    for (const AccountOrdinal part : state.account(whole).parts) tell(state.account(part));
  }
  unheard_.clear();
  note_next_timer();
}

// What the log says of an input and its person, with what is on its way there.
void Actor::read_again(VoidInput& input, const Batch& batch) const {
  add_evidence(input, workspace_.now(), [&](auto positions, const auto& visit) {
    store_.read_rows(id_, positions, visit);
    for (const RowText& row : batch.rows) {
      if (!std::ranges::binary_search(positions, row.position)) continue;
      visit({id_, row.position, row.at, row.kind, row.input, row.outcome});
    }
  });
}

// The same for a playbook: what came since the log was read for it.
void Actor::read_again(PlaybookInput& input, const Batch& batch) const {
  add_evidence(input, workspace_.now(), [&](Position after, const auto& visit) {
    store_.read_log(id_, after, visit);
    for (const RowText& row : batch.rows) {
      if (row.position <= after) continue;
      visit({id_, row.position, row.at, row.kind, row.input, row.outcome});
    }
  });
}

Result<Receipt> Actor::take(Input& input, Batch& batch, EngineFigures& figures) {
  const auto* event = std::get_if<EventInput>(&input);
  const Time arrived = event != nullptr && event->arrived ? *event->arrived : clock_.now();
  const Time reached = log_clock_.believed(arrived);
  run_timers(reached, batch, figures);
  const Time now = log_clock_.at(reached);
  if (const auto known = workspace_.now().find_taken_in(identity_of(input))) {
    figures.duplicates.fetch_add(1, std::memory_order_relaxed);
    return Receipt{.position = *known, .duplicate = true};
  }
  if (auto* sent = std::get_if<EventInput>(&input);
      sent != nullptr && !may_come_in(workspace_.now(), *sent)) {
    figures.suppressed.fetch_add(1, std::memory_order_relaxed);
    return Receipt{.suppressed = true};
  }
  if (auto* undo = std::get_if<VoidInput>(&input)) read_again(*undo, batch);
  if (auto* playbook = std::get_if<PlaybookInput>(&input)) read_again(*playbook, batch);
  if (auto* erase = std::get_if<EraseInput>(&input)) complete_erasure(*erase, workspace_.now());
  const auto changes = decide(workspace_.now(), input, now);
  if (!changes) return tl::unexpected(changes.error());
  append(input, *changes, batch);
  workspace_.apply(*changes);
  note_timers(*changes);
  figures.inputs.fetch_add(1, std::memory_order_relaxed);
  Receipt receipt{.position = changes->position, .merged = !changes->outcome.merged.empty()};
  if (changes->outcome.under) {
    receipt.under = *changes->outcome.under;
    receipt.lead = workspace_.now().person(receipt.under).lead;
  }
  return receipt;
}

// What came due until `reached`, moment by moment: each is decided as of its own, so that it makes
// no difference when somebody looks. Only behind a crowd of them time goes on without waiting.
void Actor::run_timers(Time reached, Batch& batch, EngineFigures& figures) {
  figures.clock_held = log_clock_.held();
  if (log_clock_.held()) return;
  if (timers_left_ == 0 || timers_.next() > reached) return;
  const UpkeepTime::Turn turn(upkeep_time_);
  while (timers_left_ > 0 && timers_.next() <= reached) {
    const Time now = log_clock_.at(timers_.next());
    TimeInput due;
    while (timers_left_ > 0 && due.leads.size() < kTimersTogether && timers_.next() <= now) {
      due.leads.push_back(timers_.take());
      --timers_left_;
    }
    run_due(due, now, batch);
    if (turn.is_over(somebody_waits())) timers_left_ = 0;
  }
  note_next_timer();
}

// A check that changes no promise writes no row: its new standings are derived and just put in
// place.
void Actor::run_due(const TimeInput& due, Time now, Batch& batch) {
  auto changes = decide(workspace_.now(), due, now);
  GALENA_ASSERT(changes.has_value());
  note_timers(*changes);
  const Outcome& outcome = changes->outcome;
  if (outcome.stages.empty() && outcome.segments.empty()) {
    for (const auto& [ordinal, lead] : changes->leads) workspace_.refresh(ordinal, lead);
    return;
  }
  append(due, *changes, batch);
  workspace_.apply(*changes);
}

// One part of it at least, so that it comes to an end however much comes in.
void Actor::continue_rescore(Batch& batch) {
  const UpkeepTime::Turn turn(upkeep_time_);
  for (LeadOrdinal left = kRescoredInStepMax; left > 0; left -= RescoreInput::kLeadsMax) {
    if (!workspace_.now().rescore_next()) return;
    rescore_some(batch);
    if (turn.is_over(somebody_waits())) return;
  }
}

void Actor::rescore_some(Batch& batch) {
  const workspace::Version& state = workspace_.now();
  const LeadOrdinal from = *state.rescore_next();
  const LeadOrdinal to = std::min(from + RescoreInput::kLeadsMax, state.lead_count());
  const RescoreInput input{from, to, state.playbook()->version};
  const auto changes = decide(state, input, log_clock_.next(clock_.now()));
  GALENA_ASSERT(changes.has_value());
  append(input, *changes, batch);
  workspace_.apply(*changes);
  note_timers(*changes);
}

bool Actor::somebody_waits() const {
  if (answers_wait_) return true;
  const std::lock_guard lock(mutex_);
  return !mailbox_.empty();
}

Batch Actor::step(const EngineOptions& options, EngineFigures& figures) {
  Batch batch;
  take_over();
  timers_left_ = kTimersMax;
  upkeep_time_.begin_step();
  std::vector<Submission> taken;
  {
    const std::lock_guard lock(mutex_);
    taken = mailbox_.take(options.batch_inputs_max);
  }
  answers_wait_ = !taken.empty();
  for (Submission& submission : taken) {
    Receipts receipts;
    receipts.reserve(submission.inputs.size());
    for (Input& input : submission.inputs) receipts.push_back(take(input, batch, figures));
    batch.answers.emplace_back(std::move(submission.done), std::move(receipts));
  }
  if (workspace_.now().playbook()) {
    spread_the_word();
    run_timers(log_clock_.believed(clock_.now()), batch, figures);
    continue_rescore(batch);
  }
  batch.version = workspace_.publish();
  return batch;
}

void Actor::commit_done(Batch& batch) {
  published_.store(std::move(batch.version));
  for (auto& [done, receipts] : batch.answers) {
    if (done) done(std::move(receipts));
  }
  notify_settled();
}

void Actor::commit_failed(Batch& batch) {
  suspect = true;
  workspace_.revert_to(*published_.load());
  log_clock_.go_back(workspace_.now().log_time());
  find_timers();  // those that came due in the dropped version are gone from the queue
  for (auto& [done, receipts] : batch.answers) {
    if (done) {
      done(fail(ErrorCode::unavailable,
                "there is no room on the disk; nothing was taken, send it again later"));
    }
  }
}

}  // namespace galena::engine
