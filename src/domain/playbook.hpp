// The playbook: everything a workspace may tune, one versioned document, as TOML text that a
// marketer can read. A Playbook is immutable once compiled.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "domain/criteria.hpp"
#include "domain/event_kinds.hpp"
#include "domain/lifecycle.hpp"
#include "domain/score_model.hpp"
#include "domain/segments.hpp"

namespace galena::domain {

struct Icp {
  std::vector<std::string> target_industries;
  std::vector<std::string> adjacent_industries;
  std::vector<std::string> target_regions;
};

// Two leads that may be one person (match.hpp): from which probability on that is proposed, and
// from which it is done unasked (ADR 0013).
struct Matching {
  double propose_from = 0.85;
  std::optional<double> merge_from;  // nothing: never

  bool operator==(const Matching&) const = default;
};

struct Playbook {
  std::string market = "b2b";  // or "b2c"
  Icp icp;
  Matching matching;
  std::vector<std::string> event_properties;  // to be kept, besides those that criteria ask for
  Points threshold = Points::whole(50);       // hand-off: the score of an MQL
  std::vector<CapGroup> groups;
  std::vector<Rule> rules;
  std::vector<StageRule> stages;
  std::vector<SegmentRule> segments;
};

// The segments by which the two definitions of an MQL are compared: the score's and the rule's.
inline constexpr std::string_view kMqlByScore = "MQL by score";
inline constexpr std::string_view kMqlByRule = "MQL by rule";

// The playbook every new workspace starts with: REQUIREMENTS SCO, exactly.
const Playbook& standard_playbook();

// Reads TOML. Sections and keys that the text leaves out stay as they are in `base`; an array
// (rules, stages, segments) is replaced whole. Errors name the line and the key: field "line 12".
// Limits: 256 KB, 500 rules, 50 stages, 200 segments, 50 properties (properties.hpp).
Result<Playbook> read_playbook(std::string_view toml, const Playbook& base);

// Writes the whole playbook as TOML; read_playbook of it gives the same playbook.
std::string write_playbook(const Playbook& playbook);

// One thing that differs between two playbooks.
struct PlaybookChange {
  std::string path;    // "scoring.rule \"Demo request\" points"
  std::string before;  // empty: was not there
  std::string after;   // empty: is gone
};
// Empty only if the two are the same; another order of stages, rules, groups or segments is a
// change too.
std::vector<PlaybookChange> diff_playbooks(const Playbook& before, const Playbook& after);

// A playbook made ready to run.
struct CompiledPlaybook {
  std::uint32_t version = 0;
  Playbook source;
  ScoreModel model;
  Lifecycle lifecycle;
  Segments segments;
  PropertySlots properties;  // all that are asked for
  // Forms of the event names (event_name_form) that rules, stages and segments wait for: no event
  // of that name had come when this was compiled.
  std::unordered_set<std::string> awaited;
};

// What of it criteria may name.
CriteriaNames names_of(const CompiledPlaybook& playbook);

// Compiles; `kinds` gives the codes of event names, `segment_names` those of the segments of the
// workspace's earlier playbooks (Segments::names). Errors name the rule: field "scoring.rule[3]".
Result<std::shared_ptr<const CompiledPlaybook>> compile_playbook(
    const Playbook& playbook, std::uint32_t version, const KindTable& kinds,
    const std::vector<std::string>& segment_names = {});

// The properties of events that a playbook asks for, by itself and in its criteria, in alphabetical
// order. Criteria that cannot be read ask for nothing.
std::vector<std::string> properties_asked(const Playbook& playbook);

// True if an event rule, stage or segment waits for this name: once it has come, compile again.
bool awaits(const CompiledPlaybook& playbook, std::string_view name);

}  // namespace galena::domain
