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
    char separator = '[';
    for (const auto& [from, into] : outcome.merged) {
      fmt::format_to(end, "{}[{},{}]", separator, from, into);
      separator = ',';
    }
    out += ']';
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

void read_member(std::string_view name, const json::value& value, Outcome& outcome) {
  if (name == "persons") {
    read_persons(value, outcome);
  } else if (name == "under") {
    outcome.under = value.to_number<PersonOrdinal>();
  } else if (name == "merged") {
    for (const json::value& pair : value.as_array()) {
      outcome.merged.emplace_back(pair.as_array().at(0).to_number<LeadOrdinal>(),
                                  pair.as_array().at(1).to_number<LeadOrdinal>());
    }
  } else if (name == "shared") {
    for (const json::value& person : value.as_array()) {
      outcome.shared.push_back(person.to_number<PersonOrdinal>());
    }
  } else if (name == "stages") {
    read_stages(value, outcome);
  } else if (name == "segments") {
    read_segments(value, outcome);
  } else if (name == "rescore") {
    outcome.rescore_next = value.to_number<LeadOrdinal>();
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
