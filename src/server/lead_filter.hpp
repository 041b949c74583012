// The query parameter `filter`: a criterion that is asked about leads as they stand now.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/criteria.hpp"
#include "workspace/workspace.hpp"

namespace galena::server {

// A lead with all that criteria may ask about it.
class AskedLead {
 public:
  AskedLead(const workspace::Version& state, const domain::Lead& lead, Time now,
            bool with_events = true);

  // Lasts as long as this.
  domain::Subject subject() const;

 private:
  const domain::Lead& lead_;
  Time now_;
  domain::Standing standing_;
  domain::PropertyView told_;
  domain::EventIndex events_;
  std::vector<domain::SegmentCode> segments_;
};

class LeadFilter {
 public:
  // An Error (invalid) for "?filter" with the column of the mistake. The state must outlive it.
  static Result<LeadFilter> read(const std::string& text, const workspace::Version& state,
                                 Time now);

  bool holds(const domain::Lead& lead) const;
  domain::Explanation explain(const domain::Lead& lead) const;

 private:
  LeadFilter(domain::Criterion criterion, const workspace::Version& state, Time now)
      : criterion_(std::move(criterion)), state_(&state), now_(now) {}
  AskedLead asked(const domain::Lead& lead) const;

  domain::Criterion criterion_;
  const workspace::Version* state_;
  Time now_;
};

// An explanation as the API shows it.
boost::json::object explanation_json(const domain::Explanation& explanation);

}  // namespace galena::server
