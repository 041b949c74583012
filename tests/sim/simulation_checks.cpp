// What must hold, in quiet moments, after each start, and while time passes.
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "engine/recovery.hpp"
#include "simulation.hpp"
#include "workspace/dump.hpp"

namespace galena::sim {

using std::chrono::hours;

namespace {

// The log alone, up to a position.
class LogAlone final : public store::ForwardingStore {
 public:
  LogAlone(store::Store& to, Position until) : ForwardingStore(to), until_(until) {}

  std::optional<store::Snapshot> newest_snapshot(WorkspaceId) override { return std::nullopt; }
  void read_log(WorkspaceId workspace, Position after,
                const std::function<bool(const store::LogRow&)>& visit) override {
    ForwardingStore::read_log(workspace, after, [&](const store::LogRow& row) {
      return row.position <= until_ && visit(row);
    });
  }

 private:
  Position until_;
};

// What the stages of a lead follow from.
std::string story_of(const domain::State& state, domain::LeadOrdinal ordinal, Time now) {
  const domain::Lead& lead = state.lead(ordinal);
  const domain::Standing& kept = lead.standing;
  std::string story =
      fmt::format("at {}: {} with {} points of {}, by {} kept until {}; now {}", format_time(now),
                  lead.stage(), kept.score().value(), state.playbook()->source.threshold.value(),
                  format_time(kept.computed_at),
                  kept.valid_until == Time::max() ? "the end" : format_time(kept.valid_until),
                  domain::standing_of(state, lead, now).score().value());
  for (const domain::StageRule& stage : state.playbook()->source.stages) {
    if (!stage.when.empty()) story += fmt::format("\n    {}: {}", stage.name, stage.when);
  }
  return story;
}

std::string dump_of_recovered(store::Store& store, WorkspaceId workspace, Time now) {
  try {
    return workspace::canonical_dump(engine::recover(store, workspace, now).now());
  } catch (const store::StoreError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Complaint(error.what());
  }
}

}  // namespace

bool Simulation::has_begun(WorkspaceId workspace) const {
  return engine_->read(workspace)->playbook() != nullptr;
}

void Simulation::check_all() {
  ++figures_.checks;
  for (const auto& [id, workspace] : workspaces_) check(id);
  figures_.acknowledged = book_.acknowledged();
}

void Simulation::check(WorkspaceId id) {
  const workspace::VersionPtr version = state_of(id);
  const Time now = log_now(id);
  Deeds& deeds = workspaces_.at(id).deeds;
  deeds.follow(*store_, id, *version);
  book_.check(*store_, id);
  deeds.check(*version);
  check_erasures(id);
  Replica& replica = workspaces_.at(id).replica;
  replica.follow(*store_, id, deeds);
  replica.check(*version, now);
  check_people(*version);
  check_accounts(*version);
  check_isolation(*version, id);
  check_scores(*version, now);
  check_criteria(*version, random_, now);
  check_recovery(id);
}

void Simulation::check_recovery(WorkspaceId id) {
  const std::string live = workspace::canonical_dump(*state_of(id));
  LogAlone log(*store_, UINT64_MAX);
  require(dump_of_recovered(log, id, clock_.now()) == live,
          "workspace {}: recovered from the log alone it is another", id);
  require(dump_of_recovered(*store_, id, clock_.now()) == live,
          "workspace {}: recovered from its snapshot it is another", id);
}

// What readers saw before the program died is what the log tells of that moment.
void Simulation::check_what_was_published(WorkspaceId id) {
  Workspace& workspace = workspaces_.at(id);
  if (workspace.published == 0) return;
  require(store_->last_position(id) >= workspace.published,
          "workspace {}: {} was published, the log ends at {}", id, workspace.published,
          store_->last_position(id));
  LogAlone log(*store_, workspace.published);
  require(dump_of_recovered(log, id, clock_.now()) == workspace.dump,
          "workspace {}: at {} another state was published", id, workspace.published);
  workspace.published = 0;
}

workspace::VersionPtr Simulation::state_of(WorkspaceId id) const {
  if (workspace::VersionPtr version = engine_->read_if_awake(id)) return version;
  return engine::recover(*store_, id, clock_.now()).publish();
}

Simulation::Moved Simulation::moved() const {
  Moved moved;
  for (const auto& [id, workspace] : workspaces_) {
    const workspace::VersionPtr version = state_of(id);
    for (domain::LeadOrdinal lead = 0; lead < version->lead_count(); ++lead) {
      moved[id].push_back(version->lead(lead).stages.size());
    }
  }
  return moved;
}

// The leads that will move by time alone. None while the clock is not believed.
std::vector<Due> Simulation::due_until(Time target, WorkspaceId id) {
  std::vector<Due> due;
  if (book_.time(id).is_held()) return due;
  const workspace::VersionPtr version = state_of(id);
  const Time now = log_now(id);
  for (domain::LeadOrdinal lead = 0; lead < version->lead_count(); ++lead) {
    const auto overdue = stages_at(*version, lead, now);
    require(overdue.empty(), "workspace {}: lead {} should have entered {} already\n  {}", id, lead,
            overdue.empty() ? "" : overdue.front(), story_of(*version, lead, now));
    if (auto found = first_due(*version, lead, now, target)) due.push_back(std::move(*found));
  }
  return due;
}

// Exactly those that are due have moved since, at this very moment.
void Simulation::expect_moved(const Moved& before,
                              const std::map<WorkspaceId, std::vector<Due>>& due) {
  for (const auto& [id, leads] : moved()) {
    if (!due.contains(id)) continue;
    const workspace::VersionPtr version = state_of(id);
    for (domain::LeadOrdinal lead = 0; lead < leads.size(); ++lead) {
      const auto& stages = version->lead(lead).stages;
      const std::size_t old = before.at(id)[lead];
      std::vector<std::string> entered;
      for (std::size_t i = old; i < stages.size(); ++i) entered.push_back(stages[i].stage);
      const auto found = std::ranges::find_if(due.at(id), [&](const Due& each) {
        return each.at == clock_.now() && each.lead == lead;
      });
      const bool is_due = found != due.at(id).end();
      require(entered == (is_due ? found->stages : std::vector<std::string>{}),
              "workspace {}: lead {} should have entered {} and entered {}\n  {}", id, lead,
              is_due ? fmt::format("{}", fmt::join(found->stages, ", ")) : "nothing",
              entered.empty() ? "nothing" : fmt::format("{}", fmt::join(entered, ", ")),
              story_of(*version, lead, clock_.now()));
      require(!is_due || stages.back().at == clock_.now(), "workspace {}: lead {} moved at {}", id,
              lead, format_time(stages.back().at));
      figures_.moved_by_time += is_due;
    }
  }
}

void Simulation::look_at(Time moment, std::map<WorkspaceId, std::vector<Due>>& due) {
  const Moved before = moved();
  clock_.pass(moment - clock_.now());
  const bool is_late = options_.plant == Plant::late_timers;
  if (!is_late) look_after();
  expect_moved(before, due);
}

void Simulation::let_time_pass() {
  clear_faults();
  // Twice: what is done for the clock of before, then what has come due by it.
  if (!decide_all() || !look_after()) return;
  const std::array<Duration, 4> spans{hours{1}, hours{5}, hours{12}, hours{70}};
  const Time target = clock_.now() + random_.within(random_.pick(spans));
  std::map<WorkspaceId, std::vector<Due>> due;
  for (const auto& [id, workspace] : workspaces_) {
    // After a clock ran ahead and came back, timers wait for it where log time does not.
    const bool is_ahead = log_now(id) > clock_.now();
    if (!is_ahead || book_.time(id).is_held()) due[id] = due_until(target, id);
  }
  while (clock_.now() < target) {
    Time next = target;
    for (const auto& [id, leads] : due) {
      for (const Due& each : leads) next = std::min(next, each.at);
    }
    if (next - Duration{1} > clock_.now()) look_at(next - Duration{1}, due);
    look_at(next, due);
    for (auto& [id, leads] : due) {
      std::vector<Due> rest;
      for (Due& each : leads) {
        if (each.at > next)
          rest.push_back(std::move(each));
        else if (auto later = first_due(*state_of(id), each.lead, next, target)) {
          rest.push_back(std::move(*later));
        }
      }
      leads = std::move(rest);
    }
  }
  for (const auto& [id, leads] : due) {
    if (!book_.time(id).is_held()) check_segments(*state_of(id), clock_.now());
  }
}

}  // namespace galena::sim
