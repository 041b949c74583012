#include "workspace/column_score.hpp"

#include "domain/run_score.hpp"

namespace galena::workspace {

using namespace domain;

// What the leads of a block are worth by who they are.
struct ColumnScorer::Fits {
  std::array<Points, kBlockRows> sums{};
  // Of rules in a group, for each group: what they add, and for whom one of them holds.
  std::vector<std::array<Points, kBlockRows>> group_sums;
  std::vector<BlockRows> group_rows;
};

ColumnScorer::ColumnScorer(const ScoreModel& model, const ColumnSubject& subject)
    : model_(model), subject_(subject) {
  for (const CompiledRule& rule : model.attribute_rules) {
    Points points = rule.rule.points;
    if (rule.rule.cap) points += beyond(points, *rule.rule.cap);
    rules_.push_back({ColumnFilter(*rule.criterion, subject), points, rule.group});
    has_grouped_ |= rule.group >= 0;
  }
}

void ColumnScorer::add_attributes(std::uint32_t block, const BlockRows& rows, Fits& fits) const {
  if (has_grouped_) {
    fits.group_sums.resize(model_.groups.size());
    fits.group_rows.resize(model_.groups.size());
  }
  for (const AttributeRule& rule : rules_) {
    BlockRows held = rows;
    rule.filter.narrow(block, held);
    each_row(held, [&](std::uint32_t row) { fits.sums[row] += rule.points; });
    if (rule.group < 0) continue;
    const auto group = static_cast<std::size_t>(rule.group);
    each_row(held, [&](std::uint32_t row) { fits.group_sums[group][row] += rule.points; });
    for (std::size_t word = 0; word < held.size(); ++word) {
      fits.group_rows[group][word] |= held[word];
    }
  }
}

void ColumnScorer::score(std::uint32_t block, const BlockRows& rows, ScoreColumns& scores) const {
  const auto fits = std::make_unique<Fits>();
  add_attributes(block, rows, *fits);
  RunScorer scorer(model_, subject_.told, subject_.now);
  Tally tally(model_, subject_.now);
  each_row(rows, [&](std::uint32_t row) {
    tally.fit = fits->sums[row];
    tally.interest = {};
    tally.valid_until = Time::max();
    for (std::size_t group = 0; group < tally.group_sums.size(); ++group) {
      tally.group_sums[group] = has_grouped_ ? fits->group_sums[group][row] : Points{};
      tally.group_fit[group] =
          has_grouped_ && (fits->group_rows[group][row / 64] >> row % 64 & 1) != 0;
    }
    const std::uint32_t lead = block * kBlockRows + row;
    scorer.add(subject_.columns.events.run(lead), tally);
    scores.fit[lead] = tally.fit.micro;
    scores.interest[lead] = tally.interest.micro;
    scores.valid_until[lead] = to_ms(tally.valid_until);
  });
}

void score_blocks(const ColumnScorer& scorer, const RowSet& rows, std::uint32_t blocks,
                  ScoreColumns& scores) {
  on_all_cores(blocks,
               [&](std::uint32_t block) { scorer.score(block, rows.block(block), scores); });
}

}  // namespace galena::workspace
