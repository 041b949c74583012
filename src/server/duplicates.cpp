#include "server/duplicates.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "server/handlers.hpp"
#include "server/lead_view.hpp"
#include "server/list_page.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;
using workspace::Proposal;

json::object proposal_json(const workspace::Version& state, const Proposal& proposal, Time now) {
  json::array leads;
  for (const LeadOrdinal lead : {proposal.first, proposal.second}) {
    leads.push_back(lead_json(state, lead, standing_at(state, state.lead(lead), now), now));
  }
  json::array reasons;
  for (const MatchReason& reason : proposal.result.reasons) {
    reasons.push_back({{"text", reason.text},
                       {"bits", std::round(reason.bits * 10) / 10},
                       {"speaks", reason.bits >= 0 ? "for" : "against"}});
  }
  return {{"leads", std::move(leads)},
          {"probability", std::round(proposal.result.probability * 1e4) / 1e4},
          {"reasons", std::move(reasons)}};
}

Result<double> read_threshold(const Call& call, double otherwise) {
  const std::string text = call.query("threshold");
  if (text.empty()) return otherwise;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || !(value >= 0.5 && value <= 1)) {
    return tl::unexpected(wrong_parameter("threshold", "must be a number from 0.5 to 1"));
  }
  return value;
}

}  // namespace

Duplicates::List Duplicates::find(store::WorkspaceId workspace, const workspace::Version& state,
                                  double threshold) {
  Found* found = nullptr;
  {
    const std::lock_guard lock(mutex_);
    found = &found_[workspace];
  }
  const std::lock_guard lock(found->mutex);
  const auto began = std::chrono::steady_clock::now();
  const bool is_current = found->position == state.last_position() || began < found->good_until;
  if (found->list && found->threshold == threshold && is_current) return found->list;
  found->list =
      std::make_shared<const std::vector<Proposal>>(workspace::duplicate_leads(state, threshold));
  found->position = state.last_position();
  found->threshold = threshold;
  const auto ended = std::chrono::steady_clock::now();
  found->good_until = ended + 10 * (ended - began);
  return found->list;
}

Response list_duplicates(const Call& call) {
  const auto limit = page_limit(call);
  if (!limit) return problem(limit.error());
  const workspace::VersionPtr state = call.state();
  if (!state) return problem({ErrorCode::not_found, "there is no such workspace", ""});
  const double propose_from = state->playbook()->source.matching.propose_from;
  const auto threshold = read_threshold(call, propose_from);
  if (!threshold) return problem(threshold.error());
  const Time now = call.services.engine.clock().now();
  json::array data;
  std::size_t total = 0;
  const auto found = call.services.duplicates.find(call.principal.workspace, *state, *threshold);
  for (const Proposal& proposal : *found) {
    if (!is_open(*state, proposal)) continue;
    if (++total <= *limit) data.push_back(proposal_json(*state, proposal, now));
  }
  return {.body = json::serialize(json::object{
              {"data", std::move(data)}, {"total", total}, {"threshold", *threshold}})};
}

}  // namespace galena::server
