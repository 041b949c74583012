// A workspace out of what is durable: the newest sound snapshot and the log rows after it.
#pragma once

#include <string>

#include "base/time.hpp"
#include "store/store.hpp"
#include "workspace/workspace.hpp"

namespace galena::engine {

// Replays without deciding again; then computes every lead's standing at `now`. Throws StoreError,
// and std::runtime_error naming the position when a row cannot be replayed.
workspace::Workspace recover(store::Store& store, store::WorkspaceId workspace, Time now);

// What the store's write_snapshot takes: the version's bytes, tied to the log row at its position,
// so that a snapshot beside another log (an older backup) is not believed.
void write_sealed(store::Store& store, store::WorkspaceId workspace,
                  const workspace::Version& version, const store::SnapshotSink& sink);

}  // namespace galena::engine
