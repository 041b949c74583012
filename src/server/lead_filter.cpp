#include "server/lead_filter.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "domain/decide.hpp"
#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/problem.hpp"

namespace galena::server {

namespace json = boost::json;
using namespace domain;

Result<LeadFilter> LeadFilter::read(const std::string& text, const workspace::Version& state,
                                    Time now) {
  auto criterion = Criterion::parse(text, names_of(*state.playbook()), *state.kinds());
  if (criterion) return LeadFilter(std::move(*criterion), state, now);
  const Error& error = criterion.error();
  return fail(ErrorCode::invalid, fmt::format("{}: {}", error.field, error.message), "?filter");
}

AskedLead::AskedLead(const workspace::Version& state, const Lead& lead, Time now, bool with_events)
    : lead_(lead), now_(now), standing_(standing_at(state, lead, now)), told_(state.properties()) {
  if (with_events) events_ = EventIndex(events_of(state, lead));
  if (!lead.segments) return;
  for (const SegmentChange& entry : lead.segments->current) segments_.push_back(entry.segment);
}

Subject AskedLead::subject() const {
  return {*lead_.record, &standing_,       lead_.stage(), &events_,
          now_,          lead_.created_at, segments_,     &told_};
}

AskedLead LeadFilter::asked(const Lead& lead) const {
  return {*state_, lead, now_, !criterion_.events().empty()};
}

bool LeadFilter::holds(const Lead& lead) const {
  return criterion_.holds(asked(lead).subject());
}

Explanation LeadFilter::explain(const Lead& lead) const {
  return criterion_.explain(asked(lead).subject());
}

json::object explanation_json(const Explanation& explanation) {
  json::array parts;
  for (const Explanation& part : explanation.parts) parts.push_back(explanation_json(part));
  json::value found;
  if (!explanation.found.empty()) found = explanation.found;
  return {{"text", explanation.text},
          {"holds", explanation.holds},
          {"found", std::move(found)},
          {"parts", std::move(parts)}};
}

Response get_lead_why(const Call& call) {
  const workspace::VersionPtr state = call.state();
  const auto ordinal = state ? find_lead(*state, call.parameters.front()) : std::nullopt;
  if (!ordinal) return no_such_lead(state, call.parameters.front());
  const auto filter =
      LeadFilter::read(call.query("filter"), *state, call.services.engine.clock().now());
  if (!filter) return problem(filter.error());
  return {.body = json::serialize(explanation_json(filter->explain(state->lead(*ordinal))))};
}

}  // namespace galena::server
