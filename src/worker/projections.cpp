#include "worker/projections.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <numeric>

#include "worker/shown_rows.hpp"

namespace galena::worker {

using namespace domain;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto kTick = 100ms;  // in which an erasure that waits is noticed
constexpr auto kLookMax = 3s;  // of going round, until what changed is written again
constexpr auto kAfterTrouble = 10s;
constexpr int kRestPart = 4;  // so many times as long as it worked
constexpr steady_clock::duration kRestMax = 1s;

}  // namespace

// One workspace as it is now, and what is known of its rows.
struct Projections::Look {
  Tables& tables;
  const store::ReportedLog& log;
  workspace::VersionPtr state;
  store::ReportsTurn turn;
  Time now{};
  steady_clock::time_point begun;
  bool wrote = false;
};

Projections::~Projections() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  reports_.end_writing();
}

void Projections::start() {
  reports_.begin_writing();
  rests_ = true;
  thread_ = std::thread([this] { run(); });
}

bool Projections::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Projections::run() {
  steady_clock::duration pause = kPause;
  for (;;) {
    const auto until = steady_clock::now() + pause;
    do {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, kTick, [&] { return stopping_; })) return;
    } while (steady_clock::now() < until && !reports_.is_awaited());
    pause = try_to_look() ? steady_clock::duration(kPause) : steady_clock::duration(kAfterTrouble);
    const bool is_filling =
        std::ranges::any_of(tables_, [](const auto& each) { return each.second.is_filling; });
    if (is_filling) pause = std::min<steady_clock::duration>(pause, kTick);
  }
}

// Whatever is wrong with the reports is nobody else's trouble.
bool Projections::try_to_look() {
  std::string complaint;
  try {
    look();
  } catch (const std::exception& error) {
    complaint = error.what();
    const auto* store_error = dynamic_cast<const store::StoreError*>(&error);
    const bool can_wait =
        store_error != nullptr && store_error->kind() == store::StoreError::Kind::full;
    try {
      if (!can_wait) reports_.drop();
    } catch (const store::StoreError& also) {
      complaint += std::string("; ") + also.what();
    }
  }
  if (complaint != complaint_ && !complaint.empty()) {
    spdlog::warn("the reports are not written now: {}", complaint);
  } else if (complaint != complaint_) {
    spdlog::info("the reports are written again");
  }
  complaint_ = std::move(complaint);
  return complaint_.empty();
}

std::size_t Projections::look() {
  looked_at_ = 0;
  begun_ = steady_clock::now();
  std::vector<store::ReportedLog> logs;
  for (const store::WorkspaceRow& row : store_.workspaces()) {
    const workspace::VersionPtr state = engine_.read_if_awake(row.id);
    if (state && !state->playbook()) continue;
    const Position position = state ? state->last_position() : engine_.last_position(row.id);
    if (position > 0) logs.push_back({row.id, row.name, row.created_at, position});
  }
  const store::Reports::Opened opened = reports_.open(logs);
  if (opened.file != file_.file) {
    file_ = opened;
    tables_.clear();
    begin_with_what_is_told();
  }
  for (const store::ReportedLog& log : logs) {
    if (may_sleep(log)) continue;
    const bool in_passing = !engine_.read_if_awake(log.id);
    if (!look_at(log)) break;
    if (in_passing) tables_.at(log.id).forget_if_done();
  }
  return looked_at_;
}

// Of those that sleep nothing has changed since the file said of what moment its rows are.
void Projections::begin_with_what_is_told() {
  for (const auto& [id, told] : reports_.info().workspaces) {
    if (engine_.read_if_awake(id) || engine_.last_position(id) != told.position) continue;
    tables_[id] = {.written = nullptr,
                   .is_whole = true,
                   .is_filling = false,
                   .looked_at = engine_.clock().monotonic(),
                   .told = told.position};
    reports_.is_as_of({file_.file, id, told.position}, nullptr);
  }
}

// True if it sleeps and nothing is to be done for it. What it would have to be compared with, once
// it is awake again, is not kept in memory.
bool Projections::may_sleep(const store::ReportedLog& log) {
  if (engine_.read_if_awake(log.id)) return false;
  const auto found = tables_.find(log.id);
  if (found == tables_.end()) return false;
  Tables& tables = found->second;
  tables.written = nullptr;
  const bool is_done = tables.is_whole && !tables.is_filling && tables.told == log.position;
  return is_done && engine_.clock().monotonic() < tables.looked_at + kRound;
}

// False if the file has become another one, or nothing more is to be done.
bool Projections::look_at(const store::ReportedLog& log) {
  const auto [tables, is_first] = tables_.try_emplace(log.id);
  if (is_first) tables->second.is_whole = file_.is_new;
  Look look{.tables = tables->second,
            .log = log,
            .state = engine_.read_in_passing(log.id),
            .turn = {},
            .now = engine_.clock().now(),
            .begun = steady_clock::now()};
  look.turn = {file_.file, log.id, look.state->last_position()};
  return write_changes(look) && go_round(look) && tell(look);
}

bool Projections::write_changes(Look& look) {
  Tables& tables = look.tables;
  const auto rules_of = [](const workspace::Version& state) {
    return std::pair(state.playbook()->version, state.rescore_next());
  };
  // Other rules give everybody another score: all are looked at again, a slice at a time, so that
  // no version is held for as long as that takes.
  const bool has_other_rules = tables.written && rules_of(*tables.written) != rules_of(*look.state);
  if (has_other_rules) {
    tables.is_whole = false;
    tables.begin_round();
  } else if (tables.written) {
    const Changed changed = changed_since(*tables.written, *look.state);
    if (!put_leads(look, changed.leads) || !put_accounts(look, changed.accounts)) return false;
  }
  // It slept, and what has come since it was woken is not known: as after a start.
  if (!tables.written && tables.told > 0 && tables.told != look.turn.position) {
    tables.is_whole = false;
    tables.begin_round();
  }
  tables.written = std::make_shared<const workspace::Version>(*look.state);
  return true;
}

// A slice at a time: all there is to do while the tables are filled, later as much as is owed.
bool Projections::go_round(Look& look) {
  Tables& tables = look.tables;
  const LeadOrdinal leads = look.state->lead_count();
  const AccountOrdinal accounts = look.state->account_count();
  const double total = double(leads) + double(accounts);
  const auto now = engine_.clock().monotonic();
  if (!tables.is_filling) {
    const std::chrono::duration<double> passed = now - tables.looked_at;
    tables.owed = std::min(total, tables.owed + total * (passed / kRound));
  }
  tables.looked_at = now;
  const double slice = std::min<double>(total, kSlice);
  while (tables.is_filling || (tables.owed >= slice && total > 0)) {
    if (rests_ && (reports_.is_awaited() || steady_clock::now() > look.begun + kLookMax)) break;
    tables.owed = std::max(0.0, tables.owed - slice);
    if (tables.next_lead < leads) {
      std::vector<LeadOrdinal> some(std::min<std::size_t>(kSlice, leads - tables.next_lead));
      std::iota(some.begin(), some.end(), tables.next_lead);
      if (!put_leads(look, some)) return false;
      tables.next_lead += static_cast<LeadOrdinal>(some.size());
    } else if (tables.next_account < accounts) {
      std::vector<std::string> some;
      const AccountOrdinal end =
          tables.next_account + std::min<AccountOrdinal>(kSlice, accounts - tables.next_account);
      for (AccountOrdinal i = tables.next_account; i < end; ++i) {
        const std::string& id = look.state->account(i).key.text;
        if (!id.empty()) some.push_back(id);  // one in which nobody is any more
      }
      if (!put_accounts(look, some)) return false;
      tables.next_account = end;
    } else if (!end_round(look)) {
      return false;
    }
  }
  return true;
}

bool Projections::end_round(Look& look) {
  Tables& tables = look.tables;
  if (!tables.is_whole) {
    if (!reports_.end_leads(look.turn, look.state->lead_count() + 1)) return false;
    if (!put_accounts(look, reports_.account_ids(look.log.id))) return false;
  }
  tables.is_whole = true;
  tables.is_filling = false;
  tables.next_lead = 0;
  tables.next_account = 0;
  tables.owed = 0;
  return true;
}

bool Projections::tell(Look& look) {
  Tables& tables = look.tables;
  if (!tables.is_whole) return true;
  const bool is_news = look.wrote || tables.told != look.turn.position;
  if (tables.is_filling || !is_news) return reports_.is_as_of(look.turn, nullptr);
  const store::Reports::Told told{look.log, look.state->log_time(), look.now};
  tables.told = look.turn.position;
  return reports_.is_as_of(look.turn, &told);
}

template <class Slots>
bool Projections::put(Look& look, const Slots& slots) {
  if (!reports_.put(look.turn, std::span(slots))) return false;
  look.wrote = true;
  rest();
  return !is_stopping();
}

bool Projections::put_leads(Look& look, std::span<const LeadOrdinal> leads) {
  for (std::size_t from = 0; from < leads.size(); from += kSlice) {
    const workspace::Version state(*look.state);  // what it reads of them goes with the slice
    std::vector<store::LeadSlot> slots;
    for (const LeadOrdinal lead : leads.subspan(from, std::min(kSlice, leads.size() - from))) {
      slots.push_back(lead_slot(state, lead, look.now));
    }
    looked_at_ += slots.size();
    if (!put(look, slots)) return false;
  }
  return true;
}

bool Projections::put_accounts(Look& look, std::span<const std::string> ids) {
  for (std::size_t from = 0; from < ids.size(); from += kSlice) {
    const workspace::Version state(*look.state);
    std::vector<store::AccountSlot> slots;
    for (const std::string& id : ids.subspan(from, std::min(kSlice, ids.size() - from))) {
      slots.push_back(account_slot(state, id, look.now));
    }
    if (!put(look, slots)) return false;
  }
  return true;
}

void Projections::rest() {
  if (!rests_ || reports_.is_awaited()) return;
  const auto worked = steady_clock::now() - begun_;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::min(worked * kRestPart, kRestMax), [&] { return stopping_; });
  begun_ = steady_clock::now();
}

}  // namespace galena::worker
