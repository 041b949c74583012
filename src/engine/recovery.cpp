#include "engine/recovery.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstring>
#include <stdexcept>

#include "base/text.hpp"
#include "domain/decide.hpp"
#include "engine/evidence.hpp"
#include "workspace/snapshot.hpp"

namespace galena::engine {
namespace {

using store::LogRow;

Fingerprint seal_of(store::Store& store, store::WorkspaceId workspace, domain::Position position) {
  Fingerprint seal{};
  const store::Position wanted = position;
  store.read_rows(workspace, std::span(&wanted, 1), [&](const LogRow& row) {
    seal = fingerprint(fmt::format("{}|{}|{}|{}|{}", row.position, to_ms(row.received_at), row.kind,
                                   row.input, row.outcome));
  });
  return seal;
}

workspace::Workspace from_snapshot(store::Store& store, store::WorkspaceId id) {
  const auto found = store.newest_snapshot(id);
  if (!found) return workspace::Workspace();
  const auto& [position, bytes] = *found;
  Fingerprint seal{};
  if (bytes.size() < sizeof(seal)) return workspace::Workspace();
  std::memcpy(seal.data(), bytes.data(), sizeof(seal));
  if (position == 0 || seal != seal_of(store, id, position)) {
    spdlog::warn("workspace {}: the snapshot at {} is not of this log; reading the log", id,
                 position);
    return workspace::Workspace();
  }
  auto version = workspace::decode_snapshot(std::string_view(bytes).substr(sizeof(seal)));
  if (!version) {
    spdlog::warn("workspace {}: {}; reading the log", id, version.error().message);
    return workspace::Workspace();
  }
  return workspace::Workspace(std::move(*version));
}

Result<domain::Changes> recall_row(store::Store& store, store::WorkspaceId id,
                                   const workspace::Workspace& workspace, const LogRow& row) {
  auto input = domain::read_input(static_cast<domain::InputKind>(row.kind), row.input);
  if (!input) return tl::unexpected(input.error());
  const auto outcome = domain::read_outcome(row.outcome);
  if (!outcome) return tl::unexpected(outcome.error());
  if (auto* undo = std::get_if<domain::VoidInput>(&*input)) {
    add_evidence(*undo, workspace.now(),
                 [&](auto positions, const auto& visit) { store.read_rows(id, positions, visit); });
  }
  if (auto* playbook = std::get_if<domain::PlaybookInput>(&*input)) {
    add_evidence(*playbook, workspace.now(), [&](domain::Position after, const auto& visit) {
      store.read_log(id, after, visit);
    });
  }
  return domain::recall(workspace.now(), *input, *outcome, row.received_at);
}

// Timers go on where the log ends, so that each turn since is decided as of its own moment. What is
// shown is the score of now.
void compute_standings(workspace::Workspace& workspace, Time now) {
  const workspace::Version& state = workspace.now();
  if (!state.playbook()) return;
  const Time log_end = state.log_time();
  for (domain::LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    auto lead = std::make_shared<domain::Lead>(state.lead(i));
    lead->standing = domain::standing_of(state, *lead, log_end);
    lead->due_at = domain::next_change(state, *lead).value_or(Time::max());
    const bool waits = state.rescore_next() && i >= *state.rescore_next();
    if (waits && lead->due_at == log_end) lead->due_at = Time::max();  // it is decided anyway
    if (lead->standing.valid_until <= now) {
      lead->standing = domain::standing_of(state, *lead, now);
    }
    workspace.refresh(i, std::move(lead));
  }
}

}  // namespace

workspace::Workspace recover(store::Store& store, store::WorkspaceId id, Time now) {
  workspace::Workspace workspace = from_snapshot(store, id);
  store.read_log(id, workspace.now().last_position(), [&](const LogRow& row) {
    auto changes = recall_row(store, id, workspace, row);
    if (!changes || changes->position != row.position) {
      throw std::runtime_error(
          fmt::format("workspace {}: log row {} cannot be replayed: {}", id, row.position,
                      changes ? fmt::format("expected position {}", changes->position)
                              : changes.error().message));
    }
    workspace.apply(*changes);
    return true;
  });
  workspace.find_accounts();
  compute_standings(workspace, std::max(now, workspace.now().log_time()));
  return workspace;
}

void write_sealed(store::Store& store, store::WorkspaceId id, const workspace::Version& version,
                  const store::SnapshotSink& sink) {
  const Fingerprint seal = seal_of(store, id, version.last_position());
  sink({reinterpret_cast<const char*>(seal.data()), sizeof(seal)});
  workspace::encode_snapshot(version, sink);
}

}  // namespace galena::engine
