#include "domain/outcome.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

namespace galena::domain {
namespace {

namespace json = boost::json;

// Puts a comma between the members of an object.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ = "{"; }

  void begin(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    out_.append("\"").append(name).append("\":");
  }

 private:
  std::string& out_;
};

// Each pair as [first,second].
template <class Pairs>
void append_pairs(std::string& out, const Pairs& pairs) {
  char separator = '[';
  for (const auto& [first, second] : pairs) {
    fmt::format_to(std::back_inserter(out), "{}[{},{}]", separator, first, second);
    separator = ',';
  }
  out += ']';
}

void append_restaged(std::string& out, const Outcome& outcome) {
  json::array all;
  for (const auto& [lead, stages] : outcome.restaged) {
    json::array entries;
    for (const StageEntry& entry : stages) {
      entries.push_back(json::array{entry.stage, to_ms(entry.at), entry.score.micro,
                                    entry.model_version, entry.position});
    }
    all.push_back(json::array{lead, std::move(entries)});
  }
  out += json::serialize(all);
}

void append_undo(std::string& out, Members& members, const Outcome& outcome) {
  if (!outcome.groups.empty()) {
    members.begin("groups");
    char separator = '[';
    for (const auto& [lead, persons] : outcome.groups) {
      fmt::format_to(std::back_inserter(out), "{}[{},[{}]]", separator, lead,
                     fmt::join(persons, ","));
      separator = ',';
    }
    out += ']';
  }
  if (!outcome.gone.empty()) {
    members.begin("gone");
    append_pairs(out, outcome.gone);
  }
  if (!outcome.shared_since.empty()) {
    members.begin("shared_since");
    append_pairs(out, outcome.shared_since);
  }
  if (!outcome.restaged.empty()) {
    members.begin("restaged");
    append_restaged(out, outcome);
  }
}

}  // namespace

// Written by hand: this stands on the way of every event.
std::string outcome_text(const Outcome& outcome) {
  std::string out;
  out.reserve(96);
  Members members(out);
  const auto end = std::back_inserter(out);
  if (!outcome.landings.empty()) {
    members.begin("persons");
    char separator = '{';
    for (const Landing& landing : outcome.landings) {
      fmt::format_to(end, "{}\"{}\":[{},{}]", separator, static_cast<char>(landing.role),
                     landing.person, landing.lead);
      separator = ',';
    }
    out += '}';
  }
  if (outcome.under) {
    members.begin("under");
    fmt::format_to(end, "{}", *outcome.under);
  }
  if (!outcome.merged.empty()) {
    members.begin("merged");
    append_pairs(out, outcome.merged);
  }
  if (!outcome.shared.empty()) {
    members.begin("shared");
    fmt::format_to(end, "[{}]", fmt::join(outcome.shared, ","));
  }
  if (!outcome.stages.empty()) {
    members.begin("stages");
    char separator = '[';
    for (const StageDecision& stage : outcome.stages) {
      fmt::format_to(end, "{}[{},{},{},{}]", separator, stage.lead,
                     json::serialize(json::value(stage.stage)), stage.score.micro,
                     stage.model_version);
      separator = ',';
    }
    out += ']';
  }
  if (!outcome.segments.empty()) {
    members.begin("segments");
    char separator = '[';
    for (const SegmentDecision& decided : outcome.segments) {
      fmt::format_to(end, "{}[{},{},{:d}]", separator, decided.lead,
                     json::serialize(json::value(decided.segment)), decided.entered);
      separator = ',';
    }
    out += ']';
  }
  if (outcome.rescore_next) {
    members.begin("rescore");
    fmt::format_to(end, "{}", *outcome.rescore_next);
  }
  append_undo(out, members, outcome);
  if (!outcome.erased.empty()) {
    members.begin("erased");
    fmt::format_to(end, "[{}]", fmt::join(outcome.erased, ","));
  }
  out += '}';
  return out;
}

namespace {

void read_stages(const json::value& value, Outcome& outcome) {
  for (const json::value& entry : value.as_array()) {
    const json::array& parts = entry.as_array();
    outcome.stages.push_back({parts.at(0).to_number<LeadOrdinal>(),
                              std::string(parts.at(1).as_string()),
                              {parts.at(2).to_number<std::int64_t>()},
                              parts.at(3).to_number<std::uint32_t>()});
  }
}

void read_segments(const json::value& value, Outcome& outcome) {
  for (const json::value& entry : value.as_array()) {
    const json::array& parts = entry.as_array();
    outcome.segments.push_back({parts.at(0).to_number<LeadOrdinal>(),
                                std::string(parts.at(1).as_string()),
                                parts.at(2).to_number<int>() != 0});
  }
}

void read_persons(const json::value& value, Outcome& outcome) {
  for (const auto& [role, entry] : value.as_object()) {
    if (role.size() != 1 || std::string_view("aeup").find(role[0]) == std::string_view::npos) {
      throw std::runtime_error("unknown key role");
    }
    const json::array& parts = entry.as_array();
    outcome.landings.push_back({static_cast<KeyRole>(role[0]),
                                parts.at(0).to_number<PersonOrdinal>(),
                                parts.at(1).to_number<LeadOrdinal>()});
  }
}

// Pairs of numbers.
template <class Pairs>
void read_pairs(const json::value& value, Pairs& pairs) {
  for (const json::value& pair : value.as_array()) {
    pairs.emplace_back(pair.as_array().at(0).to_number<typename Pairs::value_type::first_type>(),
                       pair.as_array().at(1).to_number<typename Pairs::value_type::second_type>());
  }
}

void read_groups(const json::value& value, Outcome& outcome) {
  for (const json::value& group : value.as_array()) {
    auto& [lead, persons] = outcome.groups.emplace_back();
    lead = group.as_array().at(0).to_number<LeadOrdinal>();
    for (const json::value& person : group.as_array().at(1).as_array()) {
      persons.push_back(person.to_number<PersonOrdinal>());
    }
  }
}

void read_restaged(const json::value& value, Outcome& outcome) {
  for (const json::value& restaged : value.as_array()) {
    auto& [lead, stages] = outcome.restaged.emplace_back();
    lead = restaged.as_array().at(0).to_number<LeadOrdinal>();
    for (const json::value& entry : restaged.as_array().at(1).as_array()) {
      const json::array& parts = entry.as_array();
      stages.push_back({std::string(parts.at(0).as_string()),
                        from_ms(parts.at(1).to_number<std::int64_t>()),
                        {parts.at(2).to_number<std::int64_t>()},
                        parts.at(3).to_number<std::uint32_t>(),
                        parts.at(4).to_number<std::uint32_t>()});
    }
  }
}

void read_member(std::string_view name, const json::value& value, Outcome& outcome) {
  if (name == "persons") {
    read_persons(value, outcome);
  } else if (name == "under") {
    outcome.under = value.to_number<PersonOrdinal>();
  } else if (name == "merged") {
    read_pairs(value, outcome.merged);
  } else if (name == "shared" || name == "erased") {
    for (const json::value& person : value.as_array()) {
      (name == "shared" ? outcome.shared : outcome.erased)
          .push_back(person.to_number<PersonOrdinal>());
    }
  } else if (name == "stages") {
    read_stages(value, outcome);
  } else if (name == "segments") {
    read_segments(value, outcome);
  } else if (name == "rescore") {
    outcome.rescore_next = value.to_number<LeadOrdinal>();
  } else if (name == "groups") {
    read_groups(value, outcome);
  } else if (name == "gone") {
    read_pairs(value, outcome.gone);
  } else if (name == "shared_since") {
    read_pairs(value, outcome.shared_since);
  } else if (name == "restaged") {
    read_restaged(value, outcome);
  } else {
    throw std::runtime_error("unknown member " + std::string(name));
  }
}

}  // namespace

Result<Outcome> read_outcome(std::string_view text) {
  try {
    Outcome outcome;
    const json::value value = json::parse(text);
    for (const auto& [name, member] : value.as_object()) read_member(name, member, outcome);
    return outcome;
  } catch (const std::exception& error) {
    return fail(
        ErrorCode::internal,
        fmt::format("the log holds an outcome that this version cannot read: {}", error.what()));
  }
}

}  // namespace galena::domain
