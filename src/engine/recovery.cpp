#include "engine/recovery.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/text.hpp"
#include "domain/decide.hpp"
#include "engine/evidence.hpp"
#include "workspace/base_codec.hpp"

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

// The newest sound snapshot, if it is of this log.
std::optional<workspace::OpenedBase> from_snapshot(store::Store& store, store::WorkspaceId id) {
  const auto found = store.newest_snapshot(id);
  if (!found) return std::nullopt;
  Fingerprint seal{};
  if (found->bytes.size() < sizeof(seal)) return std::nullopt;
  std::memcpy(seal.data(), found->bytes.data(), sizeof(seal));
  if (found->position == 0 || seal != seal_of(store, id, found->position)) {
    spdlog::warn("workspace {}: the snapshot at {} is not of this log; reading the log", id,
                 found->position);
    return std::nullopt;
  }
  auto opened = workspace::open_base({found->holder, found->bytes.substr(sizeof(seal))},
                                     workspace::derivation());
  if (!opened) {
    spdlog::warn("workspace {}: {}; reading the log", id, opened.error().message);
    return std::nullopt;
  }
  return std::move(*opened);
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
void compute_standing(workspace::Workspace& workspace, domain::LeadOrdinal ordinal, Time now) {
  const workspace::Version& state = workspace.now();
  const Time log_end = state.log_time();
  auto lead = std::make_shared<domain::Lead>(state.lead(ordinal));
  lead->standing = domain::standing_of(state, *lead, log_end);
  lead->due_at = domain::next_change(state, *lead).value_or(Time::max());
  const bool waits = state.rescore_next() && ordinal >= *state.rescore_next();
  if (waits && lead->due_at == log_end) lead->due_at = Time::max();  // it is decided anyway
  if (lead->standing.valid_until <= now) lead->standing = domain::standing_of(state, *lead, now);
  workspace.refresh(ordinal, std::move(lead));
}

// So many leads may have been read from the base before they are forgotten again.
constexpr std::size_t kSlice = 4096;

void compute_all(workspace::Workspace& workspace, Time now) {
  for (domain::LeadOrdinal i = 0; i < workspace.now().lead_count(); ++i) {
    compute_standing(workspace, i, now);
    if (i % kSlice == 0) workspace.forget_reads();
  }
}

// Of those whom a row touched since the base.
void compute_touched(workspace::Workspace& workspace, const workspace::Version& base, Time now) {
  std::vector<domain::LeadOrdinal> leads;
  workspace.now().each_lead_changed_since(base, [&](auto lead) { leads.push_back(lead); });
  workspace.now().each_person_changed_since(
      base, [&](auto person) { leads.push_back(workspace.now().person(person).lead); });
  std::ranges::sort(leads);
  leads.erase(std::ranges::unique(leads).begin(), leads.end());
  for (std::size_t i = 0; i < leads.size(); ++i) {
    compute_standing(workspace, leads[i], now);
    if (i % kSlice == 0) workspace.forget_reads();
  }
}

// True if what everybody is worth and waits for may be another after it.
bool concerns_everybody(const LogRow& row) {
  const auto kind = static_cast<domain::InputKind>(row.kind);
  return kind == domain::InputKind::playbook || kind == domain::InputKind::rescore;
}

}  // namespace

Recovered recover_with_columns(store::Store& store, store::WorkspaceId id, Time now) {
  auto opened = from_snapshot(store, id);
  Recovered recovered;
  if (opened) recovered.workspace = workspace::Workspace(workspace::Version(opened->version));
  workspace::Workspace& workspace = recovered.workspace;
  bool all = !opened || !opened->is_derived_alike;
  std::size_t rows = 0;
  store.read_log(id, workspace.now().last_position(), [&](const LogRow& row) {
    auto changes = recall_row(store, id, workspace, row);
    if (!changes || changes->position != row.position) {
      throw std::runtime_error(
          fmt::format("workspace {}: log row {} cannot be replayed: {}", id, row.position,
                      changes ? fmt::format("expected position {}", changes->position)
                              : changes.error().message));
    }
    workspace.apply(*changes);
    all = all || concerns_everybody(row);
    if (++rows % kSlice == 0) workspace.forget_reads();
    return true;
  });
  if (workspace.now().keeps_accounts() && opened) {
    workspace.hear_accounts(opened->version);
  } else {
    if (opened) workspace.fold_records();
    workspace.find_accounts();
  }
  const Time shown = std::max(now, workspace.now().log_time());
  if (!workspace.now().playbook()) return recovered;
  if (all) {
    compute_all(workspace, shown);
  } else {
    compute_touched(workspace, opened->version, shown);
  }
  workspace.forget_reads();
  if (!opened || !opened->is_derived_alike) return recovered;
  recovered.base = std::make_shared<const workspace::Version>(opened->version);
  return recovered;
}

std::unique_ptr<workspace::LeadColumns> columns_of(const workspace::Version& base) {
  const std::string_view bytes = base.base()->part(workspace::BasePart::columns);
  auto columns = std::make_unique<workspace::LeadColumns>();
  if (bytes.empty() || !columns->read(bytes)) return nullptr;
  return columns;
}

workspace::Workspace recover(store::Store& store, store::WorkspaceId id, Time now) {
  return recover_with_columns(store, id, now).workspace;
}

workspace::BasePtr open_written(store::Store& store, store::WorkspaceId id,
                                domain::Position position) {
  auto opened = from_snapshot(store, id);
  if (!opened || opened->version.last_position() != position) return nullptr;
  return opened->version.base();
}

void write_sealed(store::Store& store, store::WorkspaceId id, const workspace::Version& version,
                  std::string_view columns, const store::SnapshotSink& sink) {
  const Fingerprint seal = seal_of(store, id, version.last_position());
  sink({reinterpret_cast<const char*>(seal.data()), sizeof(seal)});
  const auto give_columns = [&](const workspace::BaseSink& give) {
    constexpr std::size_t kPieceBytes = 64 << 10;
    for (std::size_t at = 0; at < columns.size(); at += kPieceBytes) {
      give(columns.substr(at, kPieceBytes));
    }
  };
  workspace::write_base(version, workspace::derivation(), give_columns, sink);
}

}  // namespace galena::engine
