// The segments, who is in them, and who came and went.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "domain/criteria_json.hpp"
#include "server/causes.hpp"
#include "server/handlers.hpp"
#include "server/lead_filter.hpp"
#include "server/lead_list.hpp"
#include "server/lead_view.hpp"
#include "server/list_page.hpp"
#include "server/page_query.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;

json::array list_of(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

json::object segment_json(const workspace::Version& state, const Segments::Segment& segment) {
  return {{"name", segment.rule.name},
          {"when", segment.rule.when},
          {"members", state.members_of(segment.code)},
          {"asks", list_of(segment.when.segments())}};
}

// The segment that the address names; null if there is none.
const Segments::Segment* named(const Call& call, const workspace::Version& state) {
  return state.playbook()->segments.find(call.parameters.front());
}

Response no_segment() {
  return problem({ErrorCode::not_found, "there is no such segment", ""});
}

struct Move {
  SegmentChange change;
  LeadOrdinal lead = 0;

  // The newest first.
  auto rank() const { return std::pair(change.position, lead); }
};

// The newest changes of the segment behind `page.after`, and whether there are more. A look at all
// leads, as for any list of them.
std::vector<Move> newest_moves(const workspace::Version& state, SegmentCode segment,
                               const PageQuery& page, bool& more) {
  std::vector<Move> moves;
  const auto look_at = [&](const workspace::Version& slice, LeadOrdinal ordinal) {
    const Lead& lead = slice.lead(ordinal);
    if (!lead.segments || lead.merged_into || is_erased(slice, ordinal)) return;
    for (const SegmentChange& change : lead.segments->changes) {
      const Move move{change, ordinal};
      const bool before = !page.after || move.rank() < std::pair(std::uint32_t(page.after->first),
                                                                 page.after->second);
      if (change.segment == segment && before) moves.push_back(move);
    }
  };
  state.each_slice([&](const workspace::Version& slice, LeadOrdinal begin, LeadOrdinal end) {
    for (LeadOrdinal ordinal = begin; ordinal < end; ++ordinal) look_at(slice, ordinal);
  });
  more = moves.size() > page.limit;
  const auto count = std::ptrdiff_t(std::min(moves.size(), page.limit));
  std::ranges::partial_sort(moves, moves.begin() + count, std::ranges::greater{}, &Move::rank);
  moves.resize(std::size_t(count));
  return moves;
}

json::value since(const SegmentChange* entry) {
  return entry == nullptr ? json::value(nullptr) : json::value(format_time(entry->at));
}

const SegmentChange* current_entry(const Lead& lead, SegmentCode segment) {
  if (!lead.segments) return nullptr;
  const auto& current = lead.segments->current;
  const auto found = std::ranges::find(current, segment, &SegmentChange::segment);
  return found == current.end() ? nullptr : &*found;
}

std::map<Position, ShownRow> rows_of(const Call& call, const std::vector<SegmentChange>& changes) {
  std::vector<Position> positions;
  for (const SegmentChange& change : changes) {
    if (positions.empty() || positions.back() != change.position) {
      positions.push_back(change.position);
    }
  }
  return read_rows(call, positions);
}

json::value reason_at(const std::map<Position, ShownRow>& rows, Position position) {
  const auto row = rows.find(position);
  return row == rows.end() ? json::value(nullptr) : text_or_null(cause_words(row->second));
}

}  // namespace

Response list_segments(const Call& call) {
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  json::array data;
  for (const Segments::Segment& segment : state->playbook()->segments.all) {
    data.push_back(segment_json(*state, segment));
  }
  const std::size_t total = data.size();
  return list_page(call, std::move(data), "", total);
}

Response get_segment(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto* segment = state ? named(call, *state) : nullptr;
  if (segment == nullptr) return no_segment();
  json::object body = segment_json(*state, *segment);
  body["criterion"] = criterion_json(segment->when.expression());
  return {.body = json::serialize(body)};
}

Response list_segment_changes(const Call& call) {
  const auto page = PageQuery::read(call);
  if (!page) return problem(page.error());
  const workspace::VersionPtr state = call.state();
  const auto* segment = state ? named(call, *state) : nullptr;
  if (segment == nullptr) return no_segment();
  bool more = false;
  const std::vector<Move> moves = newest_moves(*state, segment->code, *page, more);
  std::vector<SegmentChange> changes;
  for (const Move& move : moves) changes.push_back(move.change);
  const auto rows = rows_of(call, changes);
  json::array data;
  for (const Move& move : moves) {
    data.push_back(json::object{{"lead", lead_name_json(*state, move.lead)},
                                {"entered", move.change.entered},
                                {"at", format_time(move.change.at)},
                                {"event_id", event_id(move.change.position)},
                                {"reason", reason_at(rows, move.change.position)}});
  }
  const auto cursor = [&] { return page_cursor(moves.back().change.position, moves.back().lead); };
  return list_page(call, std::move(data), more ? cursor() : "");
}

Response get_lead_segments(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const Lead& lead = state->lead(*ordinal);
  const AskedLead asked(*state, lead, call.services.engine.clock().now());
  static const SegmentStory kNone;
  const SegmentStory& story = lead.segments ? *lead.segments : kNone;
  std::vector<SegmentChange> all = story.current;
  all.insert(all.end(), story.changes.begin(), story.changes.end());
  const auto rows = rows_of(call, all);
  json::array data, changes;
  for (const Segments::Segment& segment : state->playbook()->segments.all) {
    const SegmentChange* entry = current_entry(lead, segment.code);
    data.push_back(json::object{
        {"name", segment.rule.name},
        {"when", segment.rule.when},
        {"member", entry != nullptr},
        {"since", since(entry)},
        {"event_id",
         entry == nullptr ? json::value(nullptr) : json::value(event_id(entry->position))},
        {"reason", entry == nullptr ? json::value(nullptr) : reason_at(rows, entry->position)},
        {"why", explanation_json(segment.when.explain(asked.subject()))}});
  }
  for (auto change = story.changes.rbegin(); change != story.changes.rend(); ++change) {
    changes.push_back(json::object{{"segment", state->playbook()->segments.names[change->segment]},
                                   {"entered", change->entered},
                                   {"at", format_time(change->at)},
                                   {"event_id", event_id(change->position)},
                                   {"reason", reason_at(rows, change->position)}});
  }
  return {.body = json::serialize(
              json::object{{"data", std::move(data)}, {"changes", std::move(changes)}})};
}

// The two definitions of an MQL, and the leads about which they differ.
Response list_mql(const Call& call) {
  const auto look = call.services.engine.look(call.principal.workspace);
  if (!look) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const CompiledPlaybook& playbook = *look->state().playbook();
  const bool has_both = playbook.segments.find(kMqlByScore) != nullptr &&
                        playbook.segments.find(kMqlByRule) != nullptr;
  if (!has_both) {
    return problem({ErrorCode::conflict,
                    "the playbook needs the segments \"MQL by score\" and \"MQL by rule\"; see"
                    " galena playbook pack mql",
                    ""});
  }
  auto query = read_lead_query(call, look->state());
  if (!query) return problem(query.error());
  const std::string differ = fmt::format(R"(in_segment("{0}") and not in_segment("{1}"))"
                                         R"( or in_segment("{1}") and not in_segment("{0}"))",
                                         kMqlByScore, kMqlByRule);
  query->filter = Criterion::parse(differ, names_of(playbook)).value();
  return lead_list(call, *look, *query);
}

}  // namespace galena::server
