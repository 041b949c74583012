// The rows that are kept by writing what changed are those that are made from nothing.
#include "worker/shown_rows.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "store/report_dump.hpp"
#include "store/reports.hpp"
#include "store/test_directory.hpp"
#include "workspace/random_history.hpp"

namespace galena::worker {
namespace {

using namespace domain;
using workspace::VersionPtr;

// A reports database of one workspace.
class Written {
 public:
  Written() : reports_(file_, ""), opened_(reports_.open(logs_)) {}

  void put(const workspace::Version& state, const Changed& changed, Time now) {
    const store::ReportsTurn turn{opened_.file, 1, 1};
    std::vector<store::LeadSlot> leads;
    for (const LeadOrdinal lead : changed.leads) leads.push_back(lead_slot(state, lead, now));
    RC_ASSERT(reports_.put(turn, leads));
    std::vector<store::AccountSlot> accounts;
    for (const std::string& id : changed.accounts) accounts.push_back(account_slot(state, id, now));
    RC_ASSERT(reports_.put(turn, accounts));
  }

  void put_all(const workspace::Version& state, Time now) {
    Changed all;
    for (LeadOrdinal i = 0; i < state.lead_count(); ++i) all.leads.push_back(i);
    for (AccountOrdinal i = 0; i < state.account_count(); ++i) {
      all.accounts.push_back(state.account(i).key.text);
    }
    put(state, all, now);
  }

  std::vector<std::string> rows() const { return store::dump_reports(file_); }

 private:
  store::TestDirectory directory_;
  std::string file_ = directory_ / "reports.db";
  std::vector<store::ReportedLog> logs_{
      {.id = 1, .name = "", .created_at = kTestTime, .position = 1}};
  store::Reports reports_;
  store::Reports::Opened opened_;
};

std::optional<Input> random_erasure(const workspace::Version& state) {
  if (state.lead_count() == 0) return std::nullopt;
  EraseInput erase{.lead = *rc::gen::inRange<LeadOrdinal>(0, state.lead_count()),
                   .author = "user 1",
                   .idempotency_key = {},
                   .secret = std::string(32, 's'),
                   .suppress = {},
                   .lift = {},
                   .keys = {}};
  complete_erasure(erase, state);
  return erase;
}

RC_GTEST_PROP(ShownRows, kept_by_changes_are_those_made_from_nothing, ()) {
  workspace::RandomHistory history;
  std::vector<VersionPtr> versions{history.workspace.publish()};
  for (int parts = *rc::gen::inRange(1, 8); parts > 0; --parts) {
    history.take_some(*rc::gen::inRange(0, 12));
    if (*rc::gen::inRange(0, 4) == 0) {
      if (const auto erase = random_erasure(history.workspace.now())) history.take_one(*erase);
    }
    versions.push_back(history.workspace.publish());
  }
  const Time now = history.now();
  Written kept, made;
  kept.put_all(*versions.front(), now);
  for (std::size_t i = 1; i < versions.size(); ++i) {
    const workspace::Version& state = *versions[i];
    kept.put(state, changed_since(*versions[i - 1], state), now);
    if (versions[i - 1]->playbook()->version != state.playbook()->version) kept.put_all(state, now);
  }
  made.put_all(*versions.back(), now);
  RC_ASSERT(kept.rows() == made.rows());
}

}  // namespace
}  // namespace galena::worker
