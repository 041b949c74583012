// The stages a lead entered, each with its reason in words. A reason is never logged: it follows
// from the input at the entry's position and from the lifecycle's rule.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "domain/decide.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/log_rows.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

// One lead being explained.
struct Story {
  const Call& call;
  const workspace::Version& state;
  LeadOrdinal ordinal;
  std::vector<Event> events;
  std::map<Position, ShownRow> rows;
};

std::string points_text(Points points) {
  std::string text = fmt::format("{:.2f}", points.value());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// An author of the log as colleagues know them.
std::string author_words(const Call& call, std::string_view author) {
  std::int64_t id = 0;
  const std::string_view number = author.substr(std::min(author.find(' ') + 1, author.size()));
  std::from_chars(number.data(), number.data() + number.size(), id);
  if (author.starts_with("user ")) {
    const auto user = call.services.store.user(id);
    if (user && user->workspace == call.principal.workspace) return user->email;
  }
  if (author.starts_with("key ")) {
    for (const store::KeyRow& key : call.services.store.keys()) {
      if (key.id == id && key.workspace == call.principal.workspace) {
        return fmt::format("the API key \"{}\"", key.name);
      }
    }
    return "an API key";
  }
  return author == "local" ? "the command line" : std::string(author);
}

std::string event_words(const Story& story, Position position) {
  const auto event = std::ranges::find(story.events, position, &Event::position);
  if (event == story.events.end()) return {};
  switch (event->kind) {
    case kIdentified:
      return "Said who they are";
    case kImported:
      return "Imported from a file";
    case kGrouped:
      return "Said which company they belong to";
    case kAliased:
      return "Two ids found to be one person";
    default:
      return std::string(story.state.kinds()->name(event->kind));
  }
}

bool acted_before(const Story& story, Position position) {
  return std::ranges::any_of(story.events, [&](const Event& event) {
    return event.counted && event.position < position && kind_traits(event.kind).own_action;
  });
}

// The lead that brought this stage along when it was found to be the same person.
std::optional<LeadOrdinal> merged_with(const Story& story, const StageEntry& entry,
                                       const Outcome& outcome) {
  for (const auto& [from, into] : outcome.merged) {
    if (into != story.ordinal || from >= story.state.lead_count()) continue;
    const StageEntry& theirs = story.state.lead(from).stages.back();
    if (theirs.stage == entry.stage && theirs.score == entry.score) return from;
  }
  return std::nullopt;
}

std::string event_reason(const Story& story, const StageEntry& entry, const ShownRow& row) {
  if (const auto outcome = read_outcome(row.outcome)) {
    if (const auto from = merged_with(story, entry, *outcome)) {
      return "Merged from " + lead_id(*from);
    }
  }
  const std::string what = event_words(story, entry.position);
  const Lifecycle& lifecycle = story.state.playbook()->lifecycle;
  const std::size_t index = lifecycle.index_of(entry.stage);
  if (index == lifecycle.stages.size() || !lifecycle.stages[index].when) return what;
  const auto& reads = lifecycle.stages[index].when->attributes();
  if (std::ranges::find(reads, Attribute::score) == reads.end()) return what;
  // Fit alone may have reached the score long before: then what was missing was an action.
  const bool waits_for_action = std::ranges::find(reads, Attribute::own_action) != reads.end();
  const std::string_view how = waits_for_action && !acted_before(story, entry.position)
                                   ? "First action of their own, score"
                                   : "Score reached";
  return fmt::format("{} {}: {}", how, points_text(entry.score), what);
}

std::string adjustment_reason(const Story& story, const ShownRow& row) {
  const auto input = read_input(InputKind::adjustment, json::serialize(row.input));
  if (!input) return {};
  const auto& made = std::get<AdjustmentInput>(*input);
  return fmt::format("Adjusted by {} ({}{}): {}", author_words(story.call, made.author),
                     made.points.micro < 0 ? "" : "+", points_text(made.points), made.reason);
}

std::string time_reason(const Story& story, const StageEntry& entry) {
  const Lifecycle& lifecycle = story.state.playbook()->lifecycle;
  const std::size_t index = lifecycle.index_of(entry.stage);
  if (index == lifecycle.stages.size() || !lifecycle.stages[index].when) return "Time passed";
  const Criterion& when = *lifecycle.stages[index].when;
  const auto& reads = when.attributes();
  const bool points_alone = when.events().empty() && when.segments().empty() &&
                            std::ranges::find(reads, Attribute::score) != reads.end();
  return points_alone ? "Time passed: negative points faded" : "Time passed";
}

std::string by_hand_words(const Story& story, std::string_view what, const ShownRow& row) {
  const std::string_view reason = text_in(row.input, "reason");
  return fmt::format("{} by {}{}{}", what,
                     author_words(story.call, std::string(text_in(row.input, "author"))),
                     reason.empty() ? "" : ": ", reason);
}

// Empty where the log does not say it any more.
std::string reason_of(const Story& story, const StageEntry& entry, bool is_first) {
  if (is_first) return "First seen";
  const auto row = story.rows.find(entry.position);
  if (row == story.rows.end()) return {};
  switch (row->second.kind) {
    case InputKind::event:
      return event_reason(story, entry, row->second);
    case InputKind::adjustment:
      return adjustment_reason(story, row->second);
    case InputKind::playbook:
    case InputKind::rescore:
      return fmt::format("Playbook version {}", entry.model_version);
    case InputKind::merge:
      return by_hand_words(story, "Merged with another lead", row->second);
    case InputKind::voiding:
      return by_hand_words(story, "Something else was taken back", row->second);
    case InputKind::distinct:
    case InputKind::erasure:
    case InputKind::time:
      break;
  }
  return time_reason(story, entry);
}

}  // namespace

Response get_lead_stages(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const Lead& lead = state->lead(*ordinal);
  std::vector<Position> positions;
  for (const StageEntry& entry : lead.stages) positions.push_back(entry.position);
  const Story story{call, *state, *ordinal, events_of(*state, lead), read_rows(call, positions)};
  json::array data;
  std::string_view before;
  for (const StageEntry& entry : lead.stages) {
    data.push_back(json::object{{"from", text_or_null(before)},
                                {"to", entry.stage},
                                {"at", format_time(entry.at)},
                                {"score", json_number(entry.score.micro)},
                                {"model_version", entry.model_version},
                                {"event_id", event_id(entry.position)},
                                {"reason", text_or_null(reason_of(story, entry, before.empty()))}});
    before = entry.stage;
  }
  std::ranges::reverse(data);  // newest first
  return {.body = json::serialize(json::object{{"data", std::move(data)}})};
}

// The stages a lead may stand at, in order, with what it takes to enter each.
Response get_lifecycle(const Call& call) {
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  json::array data;
  for (const Lifecycle::Stage& stage : state->playbook()->lifecycle.stages) {
    data.push_back(json::object{{"name", stage.rule.name},
                                {"when", text_or_null(stage.rule.when)},
                                {"on", text_or_null(stage.rule.on)},
                                {"by_person", stage.rule.by_person}});
  }
  return {.body = json::serialize(json::object{{"data", std::move(data)}})};
}

}  // namespace galena::server
