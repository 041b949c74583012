// What was decided about an input, and must not be decided again: the log row's `outcome` (ADR
// 0001). Holds ordinals, never personal data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/event.hpp"
#include "domain/points.hpp"
#include "domain/sighting.hpp"
#include "domain/stage_entry.hpp"

namespace galena::domain {

struct Landing {
  KeyRole role{};
  PersonOrdinal person = 0;
  LeadOrdinal lead = 0;

  bool operator==(const Landing&) const = default;
};

struct StageDecision {
  LeadOrdinal lead = 0;
  std::string stage;
  Points score{};
  std::uint32_t model_version = 0;

  bool operator==(const StageDecision&) const = default;
};

struct SegmentDecision {
  LeadOrdinal lead = 0;
  std::string segment;
  bool entered = false;  // else left

  bool operator==(const SegmentDecision&) const = default;
};

struct Outcome {
  std::vector<Landing> landings;                            // each key's person and lead
  std::optional<PersonOrdinal> under;                       // where the event went
  std::vector<std::pair<LeadOrdinal, LeadOrdinal>> merged;  // from, into
  std::vector<PersonOrdinal> shared;                        // devices found to be shared
  std::vector<StageDecision> stages;
  std::vector<SegmentDecision> segments;
  std::optional<LeadOrdinal> rescore_next;  // leads from here on wait for the new model
  // Of an undo (ADR 0008): leads with their persons, in ascending order those that are new last;
  // leads that are part of another now (from, into); devices, shared since a position or (0) not;
  // leads with all their stages.
  std::vector<std::pair<LeadOrdinal, std::vector<PersonOrdinal>>> groups;
  std::vector<std::pair<LeadOrdinal, LeadOrdinal>> gone;
  std::vector<std::pair<PersonOrdinal, std::uint32_t>> shared_since;
  std::vector<std::pair<LeadOrdinal, std::vector<StageEntry>>> restaged;

  std::vector<PersonOrdinal> erased;  // of an erasure (ADR 0010)

  bool operator==(const Outcome&) const = default;
};

std::string outcome_text(const Outcome& outcome);
Result<Outcome> read_outcome(std::string_view text);

}  // namespace galena::domain
