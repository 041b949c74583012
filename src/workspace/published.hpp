// The newest version that readers may have: one writer puts it there, any thread takes it.
#pragma once

#include <mutex>
#include <utility>

#include "workspace/workspace.hpp"

namespace galena::workspace {

// A mutex held for the copy of a pointer. (The std::atomic<std::shared_ptr> of libstdc++ 12 lets go
// of its lock without ordering what it read under it, which ThreadSanitizer finds.)
class Published {
 public:
  explicit Published(VersionPtr version = nullptr) : version_(std::move(version)) {}

  VersionPtr load() const {
    const std::lock_guard lock(mutex_);
    return version_;
  }

  // What was there before may be freed here: by the writer, and not under the lock.
  void store(VersionPtr version) {
    const std::lock_guard lock(mutex_);
    version_.swap(version);
  }

 private:
  mutable std::mutex mutex_;
  VersionPtr version_;
};

}  // namespace galena::workspace
