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
  auto criterion = Criterion::parse(text, names_of(state.playbook()->source), *state.kinds());
  if (criterion) return LeadFilter(std::move(*criterion), state, now);
  const Error& error = criterion.error();
  return fail(ErrorCode::invalid, fmt::format("{}: {}", error.field, error.message), "?filter");
}

template <class Ask>
auto LeadFilter::ask(const Lead& lead, Ask ask) const {
  const Standing standing = standing_at(*state_, lead, now_);
  EventIndex events;
  if (!criterion_.events().empty()) events = EventIndex(events_of(*state_, lead));
  return ask(Subject{*lead.record, &standing, lead.stage(), &events, now_, lead.created_at});
}

bool LeadFilter::holds(const Lead& lead) const {
  return ask(lead, [&](const Subject& subject) { return criterion_.holds(subject); });
}

Explanation LeadFilter::explain(const Lead& lead) const {
  return ask(lead, [&](const Subject& subject) { return criterion_.explain(subject); });
}

namespace {

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

}  // namespace

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
