// Snapshots as files: DIR/snapshots/<workspace>-<position>.snap, each with its checksum.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace galena::store {

class SnapshotFiles {
 public:
  // The directory must be there. Removes what a crash left half-written.
  explicit SnapshotFiles(std::string directory);

  // The two newest of each workspace are kept. Throws StoreError.
  void save(WorkspaceId workspace, Position position, const SnapshotSource& source);
  // Removes those from before the position. Throws StoreError.
  void forget(WorkspaceId workspace, Position before);
  // Mapped into memory. Skips damaged ones with a warning: all of it is read once for that.
  std::optional<Snapshot> newest(WorkspaceId workspace);
  SnapshotsInfo info(WorkspaceId workspace);

 private:
  std::string path_of(WorkspaceId workspace, Position position) const;
  std::vector<Position> positions_of(WorkspaceId workspace) const;  // newest first

  std::string directory_;
  // The directory is read once: to look through the files of thousands of workspaces for those of
  // one takes longer than to read them.
  mutable std::mutex mutex_;
  std::map<WorkspaceId, std::set<Position>> positions_;
};

}  // namespace galena::store
