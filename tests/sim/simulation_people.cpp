// What is said of people by hand, and who is erased.
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "simulation.hpp"

namespace galena::sim {

using namespace domain;

void Simulation::send_by_hand() {
  const std::uint32_t dice = random_.below(100);
  if (dice < 40) {
    send_merge();
  } else if (dice < 80) {
    send_void();
  } else if (dice < 93) {
    send_erasure();
  } else {
    allow_again();
  }
}

// That two leads are one, or that they are two.
void Simulation::send_merge() {
  const WorkspaceId workspace = some_workspace();
  const std::string mark = mark_of(book_.size());
  const std::string key = random_.percent(30) ? fmt::format("user 3:{}", random_.below(99)) : "";
  const std::uint32_t known = engine_->read(workspace)->lead_count();
  const SaidOfTwo said{random_.below(known + 1), random_.below(known + 1), "alike", mark, key};
  const std::size_t number = note({.workspace = workspace,
                                   .mark = mark,
                                   .text = fmt::format("\"author\":\"{}\"", mark),
                                   .identity = key,
                                   .may_be_refused = true});
  ++figures_.merges;
  submit(workspace, {random_.percent(75) ? Input(MergeInput{said}) : Input(DistinctInput{said})},
         {number});
}

// Of anything that stands in the log; often of what was said by hand.
void Simulation::send_void() {
  const WorkspaceId workspace = some_workspace();
  const std::string mark = mark_of(book_.size());
  const std::string key = random_.percent(30) ? fmt::format("user 4:{}", random_.below(99)) : "";
  const auto& by_hand = workspaces_.at(workspace).deeds.by_hand();
  const auto last = static_cast<std::uint32_t>(engine_->read(workspace)->last_position());
  const Position voids = by_hand.empty() || random_.percent(60)
                             ? 1 + random_.below(last)
                             : by_hand[random_.below(static_cast<std::uint32_t>(by_hand.size()))];
  VoidInput input{.voids = voids,
                  .reason = "a mistake",
                  .author = mark,
                  .idempotency_key = key,
                  .evidence = {}};
  const std::size_t number = note({.workspace = workspace,
                                   .mark = mark,
                                   .text = fmt::format("\"author\":\"{}\"", mark),
                                   .identity = key,
                                   .may_be_refused = true});
  ++figures_.voids;
  submit(workspace, {std::move(input)}, {number});
}

void Simulation::send_erasure() {
  const WorkspaceId workspace = some_workspace();
  const std::string mark = mark_of(book_.size());
  EraseInput input{.lead = random_.below(engine_->read(workspace)->lead_count() + 1),
                   .author = mark,
                   .idempotency_key = {},
                   .secret = fmt::format("{:016x}{:016x}", random_.next(), random_.next()),
                   .suppress = {},
                   .lift = {},
                   .keys = {}};
  const std::size_t number = note({.workspace = workspace,
                                   .mark = mark,
                                   .text = fmt::format("\"author\":\"{}\"", mark),
                                   .identity = {},
                                   .may_be_refused = true});
  submit(workspace, {std::move(input)}, {number});
}

// Whoever was erased may come again, but not before the work on it is done, as it is with the API.
void Simulation::allow_again() {
  const WorkspaceId workspace = some_workspace();
  const auto erasures = engine_->erasures(workspace);
  if (!std::ranges::all_of(erasures, &engine::ErasureProgress::done)) return;
  const std::string mark = mark_of(book_.size());
  EraseInput input{.lead = std::nullopt,
                   .author = mark,
                   .idempotency_key = {},
                   .secret = {},
                   .suppress = {},
                   .lift = {},
                   .keys = {}};
  const auto suppressions = engine_->read(workspace)->suppressions();
  for (const auto& [print, entry] : suppressions->entries) {
    if (!entry.lifted) input.lift.push_back(print);
  }
  if (input.lift.empty()) return;
  const std::size_t number = note({.workspace = workspace,
                                   .mark = mark,
                                   .text = fmt::format("\"author\":\"{}\"", mark),
                                   .identity = {},
                                   .may_be_refused = true});
  submit(workspace, {std::move(input)}, {number});
}

// The leads as their users see them, by keys and not by numbers. Without their stages: an undo asks
// for them again by what is remembered of facts, which is less than was told (ADR 0008).
std::multiset<std::string> Simulation::portraits(WorkspaceId workspace, Time now) const {
  std::multiset<std::string> leads;
  const workspace::VersionPtr state = engine_->read(workspace);
  for (LeadOrdinal i = 0; i < state->lead_count(); ++i) {
    const Lead& lead = state->lead(i);
    if (lead.merged_into) continue;
    std::set<std::string> persons;
    for (const PersonOrdinal person : lead.persons) {
      persons.insert(fmt::format("{}:{}:{}", person, state->person(person).key.text,
                                 state->person(person).shared_since));
    }
    std::string text =
        fmt::format("{} {} {}", fmt::join(persons, " "), lead.visitor, to_ms(lead.created_at));
    for (const FieldValue& value : lead.record->fields) {
      if (value.known()) text += fmt::format(", {}@{}", value.value, value.position);
    }
    std::vector<LedgerLine> ledger;
    const Standing standing = standing_of(*state, lead, now, &ledger);
    text += fmt::format(" = {} + {}", standing.fit.micro, standing.interest.micro);
    for (const LedgerLine& line : ledger) {
      text += fmt::format(" {}@{}:{}", line.rule, line.position, line.points.micro);
    }
    leads.insert(std::move(text));
  }
  return leads;
}

// Whether it was taken in, at once, and the program lived through it.
bool Simulation::told(WorkspaceId workspace, Input input, std::size_t number) {
  bool is_taken = false;
  const std::size_t submission = book_.submit(workspace, {number});
  engine_->submit(workspace, {std::move(input)}, [&](Result<engine::Receipts> receipts) {
    book_.answer(submission, receipts);
    is_taken = receipts && receipts->front();
    if (receipts && !receipts->front()) refusal_ = receipts->front().error().message;
  });
  return survives([&] { engine_->step(); }) && is_taken;
}

// A merge that is taken back never was, even if the program died in between.
void Simulation::merge_and_undo() {
  clear_faults();
  const WorkspaceId workspace = some_workspace();
  if (!decide_all() || engine_->read(workspace)->lead_count() == 0) return;
  const Time now = log_now(workspace);
  const auto before = portraits(workspace, now);
  const std::uint32_t known = engine_->read(workspace)->lead_count();
  const auto note_said = [&](const std::string& mark) {
    return note({.workspace = workspace,
                 .mark = mark,
                 .text = fmt::format("\"author\":\"{}\"", mark),
                 .identity = {},
                 .may_be_refused = true});
  };
  std::string mark = mark_of(book_.size());
  const SaidOfTwo said{random_.below(known), random_.below(known), "alike", mark, {}};
  if (!told(workspace, MergeInput{said}, note_said(mark))) return;
  const Position merged = sqlite_->last_position(workspace);
  if (random_.percent(30)) {
    die_by_bad_luck();
    clear_faults();
  }
  refusal_.clear();
  mark = mark_of(book_.size());
  VoidInput undo{.voids = merged,
                 .reason = "a mistake",
                 .author = mark,
                 .idempotency_key = {},
                 .evidence = {}};
  const bool is_undone = told(workspace, std::move(undo), note_said(mark));
  require(is_undone || refusal_.empty(), "workspace {}: the merge at {} cannot be taken back: {}",
          workspace, merged, refusal_);
  if (!is_undone) return;
  const auto after = portraits(workspace, now);
  if (after != before) {
    std::vector<std::string> is, should;
    std::ranges::set_difference(after, before, std::back_inserter(is));
    std::ranges::set_difference(before, after, std::back_inserter(should));
    require(false,
            "workspace {}: the merge at {} was taken back, but there is\n  {}\nand was\n  {}",
            workspace, merged, fmt::join(is, "\n  "), fmt::join(should, "\n  "));
  }
  ++figures_.undone;
}

// Who sleeps has nothing to erase, and is not woken by being asked.
bool Simulation::is_erasing(WorkspaceId id) const {
  return engine_->read_if_awake(id) &&
         !std::ranges::all_of(engine_->erasures(id), &engine::ErasureProgress::done);
}

void Simulation::read_before_erasing() {
  for (auto& [id, workspace] : workspaces_) {
    if (!is_erasing(id)) continue;
    workspace.deeds.follow(*store_, id, *engine_->read(id));
    workspace.replica.follow(*store_, id, workspace.deeds);
  }
}

// The power goes, or the program is killed, at any point of the work on an erasure.
void Simulation::disturb_erasing() {
  const bool is_at_work =
      std::ranges::any_of(workspaces_, [&](const auto& each) { return is_erasing(each.first); });
  if (!is_at_work || random_.percent(40)) return;
  if (random_.percent(50)) return vfs_.disk().inject(store::Fault::crash, 1 + random_.below(150));
  if (random_.percent(20)) return vfs_.disk().inject(store::Fault::full, 1 + random_.below(60));
  store_->kill_at(random_.between(1, 9), random_.percent(50));
}

// The disk in memory, and what stands beside the database in real files.
std::vector<std::string> Simulation::all_files() {
  namespace fs = std::filesystem;
  std::vector<std::string> files = vfs_.disk().contents();
  for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return files;
}

// Once it is done, nobody finds who it was.
void Simulation::check_erasures(WorkspaceId id) {
  if (!engine_->read_if_awake(id)) return;
  const auto erasures = engine_->erasures(id);
  if (erasures.empty() || !std::ranges::all_of(erasures, &engine::ErasureProgress::done)) return;
  Workspace& workspace = workspaces_.at(id);
  figures_.erasures += erasures.size() - workspace.erasures_done;
  workspace.erasures_done = erasures.size();
  workspace.deeds.check_forgotten(*engine_->read(id), all_files());
}

}  // namespace galena::sim
