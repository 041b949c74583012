// What the reports database says of a workspace: the rows of its leads and accounts as of a
// version, and which of them may be other ones than as of an earlier version. Pure: time is passed
// in.
#pragma once

#include <string>
#include <vector>

#include "store/report_rows.hpp"
#include "workspace/workspace.hpp"

namespace galena::worker {

// The row of the lead, if lists show it. Its texts live as long as the version.
store::LeadSlot lead_slot(const workspace::Version& state, domain::LeadOrdinal lead, Time now);

// The row of the account of this id, if there is one that is shown.
store::AccountSlot account_slot(const workspace::Version& state, const std::string& id, Time now);

// Of everybody else the rows of both versions, made at the same moment, are the same.
struct Changed {
  std::vector<domain::LeadOrdinal> leads;  // ascending
  std::vector<std::string> accounts;       // ids, ascending
};
// Both of one workspace, and under one playbook: another one may change everything.
Changed changed_since(const workspace::Version& before, const workspace::Version& now);

}  // namespace galena::worker
