// A criterion asked of all leads, a block at a time: the same criterion tree as Criterion::holds,
// and the same answers. What only looks at attributes is decided once for each distinct text; what
// looks at events reads their columns; what the columns do not have is asked lead by lead.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "domain/criteria.hpp"
#include "workspace/lead_columns.hpp"

namespace galena::workspace {

// What is asked about: leads as they stand, or as they would stand under another playbook.
struct ColumnSubject {
  const LeadColumns& columns;
  const ScoreColumns& scores;
  const std::vector<RowSet>& segments;
  domain::PropertyView told;
  Time now{};
};

class ColumnPart;   // of a criterion, made ready for these columns
class EventCounts;  // that several criteria ask for

class ColumnFilter {
 public:
  // The criterion and all that is asked about have to outlive it.
  ColumnFilter(const domain::Criterion& criterion, const ColumnSubject& subject);
  ~ColumnFilter();
  ColumnFilter(ColumnFilter&&) noexcept;

  // Leaves in `rows`, which are leads of the block, those for whom it holds. May be called by
  // several threads at once.
  void narrow(std::uint32_t block, BlockRows& rows) const;

 private:
  std::unique_ptr<const ColumnPart> root_;
};

// Many criteria asked of the same leads: the events of a lead are counted once for all of them.
class ColumnFilters {
 public:
  // All that is asked about has to outlive it, and so do the criteria.
  explicit ColumnFilters(const ColumnSubject& subject);
  ~ColumnFilters();
  ColumnFilters(const ColumnFilters&) = delete;
  ColumnFilters& operator=(const ColumnFilters&) = delete;

  void add(const domain::Criterion& criterion);

  // Calls `take` for each criterion, in the order in which they were added, with its number and
  // those of `rows`, leads of the block, for whom it holds. Those that come later may ask for what
  // it puts into the subject's segments. May be called by several threads, each with blocks of its
  // own.
  using Take = std::function<void(std::size_t number, const BlockRows& held)>;
  void each(std::uint32_t block, const BlockRows& rows, const Take& take) const;

 private:
  const ColumnSubject& subject_;
  std::unique_ptr<EventCounts> counts_;
  std::vector<std::unique_ptr<const ColumnPart>> roots_;
};

}  // namespace galena::workspace
