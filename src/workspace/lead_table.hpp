// The columns over all leads of a workspace, kept up with what is published: by whoever looks, at
// the cost of what has changed since somebody looked last. Safe to use from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "workspace/column_filter.hpp"
#include "workspace/lead_columns.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

class LeadTable {
 public:
  // All leads as they stand at `now`, as of a version. While one has it nothing is changed, so hold
  // it for one question, not for a job.
  class Look {
   public:
    const Version& state() const { return *version_; }
    const VersionPtr& version() const { return version_; }
    const LeadColumns& columns() const { return *columns_; }
    Time now() const { return now_; }
    // Holds on to it: lasts as long as this.
    ColumnSubject subject() const {
      return {*columns_, columns_->scores, columns_->segments,
              domain::PropertyView(version_->properties()), now_};
    }

    // Whoever has the table lives as long as this.
    void keep(std::shared_ptr<const void> owner) { owner_ = std::move(owner); }

   private:
    friend class LeadTable;
    std::shared_ptr<const void> owner_;  // goes last
    std::shared_lock<std::shared_mutex> lock_;
    VersionPtr version_;
    const LeadColumns* columns_ = nullptr;
    Time now_{};
  };

  // As of that version, or of a later one that somebody else has looked at; with scores of `now`.
  Look look(const VersionPtr& version, Time now);

  // The same if there are columns; nothing if nobody keeps them.
  std::optional<Look> look_if_any(const VersionPtr& version, Time now);

  // Starts from columns that were written beside a version (LeadColumns::write): before anybody
  // looks.
  void begin(const VersionPtr& version, std::unique_ptr<LeadColumns> columns);

  // Without a look: brings it up to the version, so that the next look costs less.
  void follow(const VersionPtr& version, Time now);

  // Gives its room back, until somebody looks again.
  void forget();

  std::size_t memory() const;

 private:
  bool is_fresh(const Version& version, Time now) const;
  void follow_alone(const VersionPtr& version, Time now);
  void refresh_few(const RowSet& stale, Time now);
  void refresh_scores(Time now);

  std::mutex turn_;  // whoever wants to change it comes between those who look
  mutable std::shared_mutex mutex_;
  VersionPtr followed_;  // as it was given
  VersionPtr version_;   // a copy, which keeps nothing that was read from the base for others
  std::unique_ptr<LeadColumns> columns_;  // null as the version is: nobody has looked
  std::int64_t scores_until_ = 0;         // all of them are right until then: ms
  Time scores_at_{};                      // from then on: somebody else may have looked later
};

}  // namespace galena::workspace
