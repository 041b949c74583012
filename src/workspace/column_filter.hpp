// A criterion asked of all leads, a block at a time: the same criterion tree as Criterion::holds,
// and the same answers. What only looks at attributes is decided once for each distinct text; what
// looks at events reads their columns; what the columns do not have is asked lead by lead.
#pragma once

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

class ColumnFilter {
 public:
  // The criterion and all that is asked about have to outlive it.
  ColumnFilter(const domain::Criterion& criterion, const ColumnSubject& subject);
  ~ColumnFilter();
  ColumnFilter(ColumnFilter&&) noexcept;

  // Leaves in `rows`, which are leads of the block, those for whom it holds.
  void narrow(std::uint32_t block, BlockRows& rows) const;

  class Part;

 private:
  std::unique_ptr<const Part> root_;
};

}  // namespace galena::workspace
