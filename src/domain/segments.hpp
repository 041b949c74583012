// Segments: named groups of leads, each a criterion. Who is in one follows from the criterion at
// every moment; coming in and going out is a promise, recorded when it is decided.
//
// A criterion may ask for another segment: in_segment("Name"). Then that one is decided first, so
// they may not go round in a circle. Those that read the stage, themselves or through others, are
// decided behind the stages, all others before: so a stage may ask for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/criteria.hpp"

namespace galena::domain {

// A segment as the playbook states it.
struct SegmentRule {
  std::string name;
  std::string when;  // a criterion: whoever it holds for is in it
};

// The segments of one playbook version. Immutable.
struct Segments {
  static constexpr std::size_t kNamesMax = 60'000;  // that segments of one workspace ever had

  struct Segment {
    SegmentRule rule;
    Criterion when;
    SegmentCode code = 0;
    bool reads_stage = false;
  };
  std::vector<Segment> all;        // as the playbook lists them
  std::vector<std::size_t> order;  // in which they are decided; those that read the stage last
  std::vector<std::string> names;  // by code; the code of a name never changes
  SegmentNames codes;              // of those there are now

  const Segment* find(std::string_view name) const;
  // Also of segments that an earlier playbook had.
  std::optional<SegmentCode> code_of(std::string_view name) const;
};

// Makes them ready. `names`: those that segments had so far, by code. Errors name the segment and
// the column, or the circle: field "segment "Name"".
Result<Segments> compile_segments(const std::vector<SegmentRule>& rules, CriteriaNames names,
                                  const KindTable& kinds, std::vector<std::string> codes);

enum class SegmentPhase : std::uint8_t { before_stages, behind_stages };

// Puts into `members`, which holds those found so far, the segments of the phase that the lead is
// in. `subject.segments` is left aside.
void find_members(const Segments& segments, SegmentPhase phase, Subject subject,
                  std::vector<SegmentCode>& members);

// The lead comes into the segment, or goes out of it: noted in its story.
void note_change(SegmentStory& story, const SegmentChange& change);

}  // namespace galena::domain
