// The files that are imported, and what was rejected of them: DIR/imports/<workspace>-<id>.csv and
// <workspace>-<id>.rejected.csv. They hold people's data, so they go when the import is over, or
// somebody is erased; who reads one then still reads it to its end.
//
// Failures are StoreError(full) or StoreError(io); the latter says nothing of the database.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store/data_directory.hpp"
#include "store/store.hpp"

namespace galena::store {

enum class ImportFile { given, rejected };

class ImportFiles {
 public:
  // Made when the first file comes.
  explicit ImportFiles(std::string directory) : directory_(std::move(directory)) {}

  // Puts the bytes at the offset, where the file ends then, on the disk.
  void write(WorkspaceId workspace, std::int64_t id, ImportFile which, std::uint64_t offset,
             std::string_view bytes);
  // Gives the file to `take` piece by piece, from its beginning, until it is false. False if there
  // is no such file.
  bool read(WorkspaceId workspace, std::int64_t id, ImportFile which,
            const std::function<bool(std::string_view piece)>& take) const;
  bool has(WorkspaceId workspace, std::int64_t id, ImportFile which) const;
  void forget(WorkspaceId workspace, std::int64_t id, ImportFile which);
  // All of the workspace.
  void forget_all(WorkspaceId workspace);

 private:
  std::string path_of(WorkspaceId workspace, std::int64_t id, ImportFile which) const;

  std::string directory_;
};

}  // namespace galena::store
