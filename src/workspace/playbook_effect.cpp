#include "workspace/playbook_effect.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "domain/decide.hpp"
#include "domain/standpoint.hpp"
#include "workspace/column_score.hpp"

namespace galena::workspace {

using namespace domain;

namespace {

std::size_t bucket_of(std::int64_t micro) {
  if (micro < 0) return 0;
  return std::min<std::size_t>(static_cast<std::size_t>(micro / 10'000'000), 10) + 1;
}

// One change being looked at.
class Rehearsal {
 public:
  Rehearsal(const LeadTable::Look& look, const CompiledPlaybook& next, const PropertyView& told)
      : look_(look),
        columns_(look.columns()),
        next_(next),
        told_(told),
        segments_(next.segments.names.size()),
        subject_{columns_, scores_, segments_, told, look.now()} {}

  PlaybookEffect run() {
    find_rows();
    scores_.resize(columns_.flags.size());
    score_blocks(ColumnScorer(next_.model, subject_), rows_, columns_.blocks(), scores_);
    find_members(SegmentPhase::before_stages);
    find_movers();
    find_members(SegmentPhase::behind_stages);
    for (const auto& [lead, standpoint] : moved_) put_members(lead, standpoint);
    for (std::uint32_t block = 0; block < columns_.blocks(); ++block) note_scores(block);
    note_segments();
    return std::move(effect_);
  }

 private:
  // Everybody who is known by name.
  void find_rows() {
    for (std::uint32_t row = 0; row < columns_.rows(); ++row) {
      rows_.set(row, (columns_.flags[row] & (kListed | kVisitor)) == kListed);
    }
    effect_.scored = rows_.count();
  }

  // Who holds each criterion, into the sets; all of them are asked of a block at a time, in order.
  void find_holders(const std::vector<const Criterion*>& criteria,
                    const std::vector<RowSet*>& holders) const {
    ColumnFilters filters(subject_);
    for (const Criterion* criterion : criteria) filters.add(*criterion);
    for (RowSet* set : holders) set->make_room(columns_.blocks());
    on_all_cores(columns_.blocks(), [&](std::uint32_t block) {
      filters.each(block, rows_.block(block), [&](std::size_t number, const BlockRows& held) {
        holders[number]->put(block, held);
      });
    });
  }

  // As domain::find_members, for all at once. Who stands at another stage then is put right later.
  void find_members(SegmentPhase phase) {
    std::vector<const Criterion*> criteria;
    std::vector<RowSet*> holders;
    for (const std::size_t index : next_.segments.order) {
      const Segments::Segment& segment = next_.segments.all[index];
      if (segment.reads_stage != (phase == SegmentPhase::behind_stages)) continue;
      criteria.push_back(&segment.when);
      holders.push_back(&segments_[segment.code]);
    }
    find_holders(criteria, holders);
  }

  // Who enters a stage is decided about one by one: one stage may lead to the next.
  void find_movers() {
    const auto& stages = next_.lifecycle.stages;
    std::vector<RowSet> holds(stages.size());
    std::vector<const Criterion*> criteria;
    std::vector<RowSet*> holders;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (!stages[i].when) continue;
      criteria.push_back(&*stages[i].when);
      holders.push_back(&holds[i]);
    }
    find_holders(criteria, holders);
    const TextColumn& column = *columns_.text(Attribute::stage);
    for (std::uint32_t block = 0; block < columns_.blocks(); ++block) {
      each_row(rows_.block(block), [&](std::uint32_t in_block) {
        const LeadOrdinal lead = block * kBlockRows + in_block;
        const auto& ahead = ahead_of(column.codes[lead], lead);
        const bool moves = std::ranges::any_of(
            ahead, [&](std::size_t stage) { return holds[stage].contains(lead); });
        if (moves) moved_.emplace_back(lead, standpoint(lead));
      });
    }
  }

  // The places of the stages that a lead at this one may enter; asked once for each stage.
  const std::vector<std::size_t>& ahead_of(TextCode code, LeadOrdinal lead) {
    if (code >= ahead_.size()) ahead_.resize(code + std::size_t{1});
    auto& known = ahead_[code];
    if (known) return *known;
    known.emplace();
    const auto& stages = next_.lifecycle.stages;
    for (const auto& stage : next_.lifecycle.ahead_of(look_.state().lead(lead).stage())) {
      if (stage.when) known->push_back(static_cast<std::size_t>(&stage - stages.data()));
    }
    return *known;
  }

  Standpoint standpoint(LeadOrdinal ordinal) const {
    const Version state(look_.state());  // with which goes what had to be read from the base
    const Lead& lead = state.lead(ordinal);
    const EventIndex events(events_of(state, lead));
    const Standing after = score(next_.model, *lead.record, events, look_.now(), nullptr, told_);
    return standpoint_of(
        next_,
        {*lead.record, &after, lead.stage(), &events, look_.now(), lead.created_at, {}, &told_},
        kNoKind);
  }

  void put_members(LeadOrdinal lead, const Standpoint& standpoint) {
    for (const Segments::Segment& segment : next_.segments.all) {
      const bool is_in = std::ranges::binary_search(standpoint.segments, segment.code);
      segments_[segment.code].set(lead, is_in);
    }
  }

  void note_scores(std::uint32_t block) {
    auto mover = std::ranges::lower_bound(moved_, block * kBlockRows, {},
                                          &std::pair<LeadOrdinal, Standpoint>::first);
    each_row(rows_.block(block), [&](std::uint32_t in_block) {
      const LeadOrdinal lead = block * kBlockRows + in_block;
      const Points before{columns_.scores.score(lead)};
      const Points after{scores_.score(lead)};
      ++effect_.before[bucket_of(before.micro)];
      ++effect_.after[bucket_of(after.micro)];
      const bool moves = mover != moved_.end() && mover->first == lead;
      if (before == after && !moves) return;
      ++effect_.changed;
      const bool shown = effect_.sample.size() < PlaybookEffect::kSampleMax;
      if (!moves && !shown) return;
      const std::string& stage = look_.state().lead(lead).stage();
      PlaybookEffect::Change change{lead, before, after, stage, stage};
      if (moves) {
        change.stage_after = mover->second.stages.back();
        effect_.stages[{stage, change.stage_after}].add(lead);
        ++mover;
      }
      if (shown) effect_.sample.push_back(std::move(change));
    });
  }

  void note_segments() {
    static const RowSet kNobody;
    const auto& known = columns_.segments;
    for (std::size_t code = 0; code < next_.segments.names.size(); ++code) {
      const RowSet& before = code < known.size() ? known[code] : kNobody;
      PlaybookEffect::Moved in, out;
      for (std::uint32_t block = 0; block < columns_.blocks(); ++block) {
        BlockRows comes = segments_[code].block(block);
        BlockRows goes = before.block(block);
        for (std::size_t word = 0; word < comes.size(); ++word) {
          const std::uint64_t both = comes[word] & goes[word];
          comes[word] &= ~both;
          goes[word] &= ~both & rows_.block(block)[word];
        }
        each_row(comes, [&](std::uint32_t row) { in.add(block * kBlockRows + row); });
        each_row(goes, [&](std::uint32_t row) { out.add(block * kBlockRows + row); });
      }
      if (in.count + out.count == 0) continue;
      effect_.segments[next_.segments.names[code]] = {std::move(in), std::move(out)};
    }
  }

  const LeadTable::Look& look_;
  const LeadColumns& columns_;
  const CompiledPlaybook& next_;
  const PropertyView& told_;
  RowSet rows_;
  ScoreColumns scores_;
  std::vector<RowSet> segments_;
  ColumnSubject subject_;  // how all stand under the next playbook
  std::vector<std::optional<std::vector<std::size_t>>> ahead_;  // by code of the stage
  std::vector<std::pair<LeadOrdinal, Standpoint>> moved_;
  PlaybookEffect effect_;
};

}  // namespace

PlaybookEffect effect_of(const LeadTable::Look& look, const CompiledPlaybook& next,
                         const PropertyView& told) {
  return Rehearsal(look, next, told).run();
}

}  // namespace galena::workspace
