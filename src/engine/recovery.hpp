// A workspace out of what is durable: the newest sound snapshot and the log rows after it.
#pragma once

#include <memory>
#include <string>

#include "base/time.hpp"
#include "store/store.hpp"
#include "workspace/lead_columns.hpp"
#include "workspace/workspace.hpp"

namespace galena::engine {

struct Recovered {
  workspace::Workspace workspace;
  workspace::VersionPtr
      base;  // as the snapshot has it, if what is derived is to be believed; or null
};

// Maps the snapshot and replays what came after it, without deciding again; then computes the
// standings, at `now`, of whom that touched. Where there is no snapshot, or what it says of derived
// values is not to be believed, those of everybody. Throws StoreError, and std::runtime_error
// naming the position when a row cannot be replayed.
Recovered recover_with_columns(store::Store& store, store::WorkspaceId workspace, Time now);
workspace::Workspace recover(store::Store& store, store::WorkspaceId workspace, Time now);

// The columns that lie beside the version in its base; null: there are none.
std::unique_ptr<workspace::LeadColumns> columns_of(const workspace::Version& base);

// The base that was written for the position, checked and mapped; null: it cannot be read.
workspace::BasePtr open_written(store::Store& store, store::WorkspaceId workspace,
                                domain::Position position);

// What the store's write_snapshot takes: the version's bytes, tied to the log row at its position,
// so that a snapshot beside another log (an older backup) is not believed. With columns of that
// very version (LeadColumns::write), or none.
void write_sealed(store::Store& store, store::WorkspaceId workspace,
                  const workspace::Version& version, std::string_view columns,
                  const store::SnapshotSink& sink);

}  // namespace galena::engine
