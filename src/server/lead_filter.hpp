// The query parameter `filter`: a criterion that is asked about leads as they stand now.
#pragma once

#include <string>

#include "base/result.hpp"
#include "domain/criteria.hpp"
#include "workspace/workspace.hpp"

namespace galena::server {

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
  template <class Ask>
  auto ask(const domain::Lead& lead, Ask ask) const;

  domain::Criterion criterion_;
  const workspace::Version* state_;
  Time now_;
};

}  // namespace galena::server
