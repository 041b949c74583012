// Scores of all leads under a model: the same as domain::score of each, to the bit.
#pragma once

#include <functional>

#include "domain/score_model.hpp"
#include "workspace/column_filter.hpp"

namespace galena::workspace {

// Puts the scores of these rows under the model, as of subject.now, into `scores` (not that of the
// subject's). `subject.scores` and segments are not looked at.
class ColumnScorer {
 public:
  // The model and all that is asked about have to outlive it.
  ColumnScorer(const domain::ScoreModel& model, const ColumnSubject& subject);

  // May be called by several threads, each with blocks of its own.
  void score(std::uint32_t block, const BlockRows& rows, ScoreColumns& scores) const;

 private:
  struct AttributeRule {
    ColumnFilter filter;
    domain::Points points;  // beneath the rule's cap
    int group = -1;
  };
  struct Fits;

  void add_attributes(std::uint32_t block, const BlockRows& rows, Fits& fits) const;

  const domain::ScoreModel& model_;
  const ColumnSubject& subject_;
  std::vector<AttributeRule> rules_;
  bool has_grouped_ = false;
};

// The same for rows of many blocks, on all cores if there are many.
void score_blocks(const ColumnScorer& scorer, const RowSet& rows, std::uint32_t blocks,
                  ScoreColumns& scores);

}  // namespace galena::workspace
