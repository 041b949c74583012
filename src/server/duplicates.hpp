// Leads that may be one, as they were found last.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "store/store.hpp"
#include "workspace/duplicate_leads.hpp"

namespace galena::server {

// Finding proposals takes seconds where there are many leads (docs/matching.md). So what was found
// is kept, and found again by one request at a time: when something has happened since, and ten
// times as long as it took has passed. Safe to call from any thread.
class Duplicates {
 public:
  using List = std::shared_ptr<const std::vector<workspace::Proposal>>;

  // The likeliest first. May name leads that have become one since.
  List find(store::WorkspaceId workspace, const workspace::Version& state, double threshold);

 private:
  struct Found {
    std::mutex mutex;
    List list;
    domain::Position position = 0;
    double threshold = 0;
    std::chrono::steady_clock::time_point good_until;
  };

  std::mutex mutex_;
  std::map<store::WorkspaceId, Found> found_;
};

}  // namespace galena::server
