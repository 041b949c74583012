// Snapshots as files: DIR/snapshots/<workspace>-<position>.snap, with a checksum.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/store.hpp"

namespace galena::store {

class SnapshotFiles {
 public:
  explicit SnapshotFiles(std::string directory);

  void save(WorkspaceId workspace, Position position, std::string_view bytes);
  std::optional<std::pair<Position, std::string>> newest(WorkspaceId workspace);

 private:
  std::vector<std::pair<Position, std::string>> files_of(WorkspaceId workspace);  // newest first

  std::string directory_;
};

}  // namespace galena::store
