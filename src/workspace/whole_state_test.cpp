// However a state was come by, it is the same to the byte: decided, recalled from the log, or read
// from a snapshot anywhere in it; published often or seldom.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <span>

#include "domain/account_draft.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

// What the snapshot does not hold follows from it: every score and how long it stays. Of leads
// that have become part of another nobody asks.
bool same_standings(const State& a, const State& b, Time now) {
  for (LeadOrdinal i = 0; i < a.lead_count(); ++i) {
    if (a.lead(i).merged_into && b.lead(i).merged_into) continue;
    std::vector<LedgerLine> lines_a, lines_b;
    const Standing one = standing_of(a, a.lead(i), now, &lines_a);
    const Standing other = standing_of(b, b.lead(i), now, &lines_b);
    const bool same = one.fit == other.fit && one.interest == other.interest &&
                      one.valid_until == other.valid_until &&
                      one.model_version == other.model_version &&
                      lines_a.size() == lines_b.size() && a.lead(i).visitor == b.lead(i).visitor;
    if (!same) return false;
  }
  return true;
}

void recall_from(Workspace& workspace, std::span<const LoggedRow> log, std::size_t begin = 0) {
  for (const LoggedRow& row : log.subspan(begin)) {
    workspace.apply(recall_row(workspace.now(), row, log));
  }
}

RC_GTEST_PROP(WholeStateProperty, live_is_what_the_log_tells, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(1, 120));
  Workspace recalled;
  recall_from(recalled, history.rows);
  recalled.find_accounts();
  RC_ASSERT(dump(recalled) == dump(history.workspace));
  RC_ASSERT(same_standings(recalled.now(), history.workspace.now(), history.now()));
}

// What is kept of a lead, in all that it says now.
bool says_the_same(const Version& a, const Version& b, LeadOrdinal lead) {
  const Standing& one = a.lead(lead).standing;
  const Standing& other = b.lead(lead).standing;
  return one.fit == other.fit && one.interest == other.interest &&
         one.valid_until == other.valid_until && one.model_version == other.model_version &&
         one.ceiling == other.ceiling && one.activity == other.activity &&
         a.lead(lead).due_at == b.lead(lead).due_at && a.due_at(lead) == b.due_at(lead) &&
         a.lead(lead).record->fields == b.lead(lead).record->fields &&
         a.lead(lead).record->seniority == b.lead(lead).record->seniority;
}

RC_GTEST_PROP(WholeStateProperty, live_is_a_base_and_the_rest_of_the_log, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 80));
  const std::size_t place = history.rows.size();
  const VersionPtr written = history.workspace.publish();
  auto opened = open_base(in_memory(base_bytes(*written)), "test");
  RC_ASSERT(opened.has_value() && opened->is_derived_alike);
  RC_ASSERT(canonical_dump(opened->version) == canonical_dump(*written));
  RC_ASSERT(accounts_are_as_found(opened->version));
  for (LeadOrdinal i = 0; i < written->lead_count(); ++i) {
    if (written->lead(i).merged_into) continue;
    const bool told = has_heard(*written, written->lead(i));
    RC_ASSERT(!told || says_the_same(*written, opened->version, i));
  }
  history.take_some(*rc::gen::inRange(0, 60));
  const Version base = opened->version;
  Workspace recalled(std::move(opened->version));
  recall_from(recalled, history.rows, place);
  recalled.hear_accounts(base);
  RC_ASSERT(dump(recalled) == dump(history.workspace));
  RC_ASSERT(accounts_are_as_found(recalled.now()));
  RC_ASSERT(same_standings(recalled.now(), history.workspace.now(), history.now()));
}

// Who was there before is found by whoever follows from there, also upon another base.
RC_GTEST_PROP(WholeStateProperty, what_changed_is_known_across_bases, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 40));
  const VersionPtr before = history.workspace.publish();
  std::vector<LeadPtr> leads;
  std::vector<bool> have_heard;
  for (LeadOrdinal i = 0; i < before->lead_count(); ++i) {
    leads.push_back(std::make_shared<const Lead>(before->lead(i)));
    have_heard.push_back(has_heard(*before, before->lead(i)));
  }
  history.take_some(*rc::gen::inRange(0, 60));
  const Version& now = history.workspace.now();
  std::vector<bool> touched(now.lead_count());
  now.each_lead_changed_since(*before, [&](LeadOrdinal lead) { touched[lead] = true; });
  for (LeadOrdinal i = 0; i < now.lead_count(); ++i) {
    if (now.lead(i).merged_into) continue;  // nobody asks, and nobody keeps up what it was
    const bool same = i < leads.size() && leads[i]->stages == now.lead(i).stages &&
                      leads[i]->persons == now.lead(i).persons &&
                      leads[i]->standing.fit == now.lead(i).standing.fit &&
                      leads[i]->standing.interest == now.lead(i).standing.interest &&
                      leads[i]->account == now.lead(i).account &&
                      leads[i]->record->fields == now.lead(i).record->fields;
    // Who has not heard of the account's news is told when the base is written, and is due.
    const bool is_told = i < leads.size() && !have_heard[i] && now.due_at(i) <= now.log_time();
    RC_ASSERT(same || touched[i] || is_told);
  }
}

// What comes next is decided alike, too: by who saw it all, by who recalled it, and by who was
// published at other places and lost a batch here and there.
RC_GTEST_PROP(WholeStateProperty, batches_and_starts_change_no_decision, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(1, 100));
  Workspace batched;
  VersionPtr published = batched.publish();
  std::size_t published_row = 0;
  for (std::size_t at = 0; at < history.rows.size();) {
    const auto changes = decide(batched.now(), history.inputs[at], history.rows[at].at);
    RC_ASSERT(changes.has_value());
    RC_ASSERT(outcome_text(changes->outcome) == history.rows[at].outcome);
    batched.apply(*changes);
    ++at;
    switch (*rc::gen::inRange(0, 12)) {
      case 0:
      case 1:
        published = batched.publish();
        published_row = at;
        break;
      case 2:
        batched.revert_to(*published);
        at = published_row;
        break;
      case 3: {
        auto opened = open_base(in_memory(base_bytes(*batched.publish())), "test");
        RC_ASSERT(opened.has_value());
        batched = Workspace(std::move(opened->version));
        published = batched.publish();
        published_row = at;
        break;
      }
      default:
        break;
    }
  }
  RC_ASSERT(dump(batched) == dump(history.workspace));
  RC_ASSERT(accounts_are_as_found(batched.now()));
}

// The workspace with its indexes, tables and shared records against plain vectors.
RC_GTEST_PROP(WholeStateProperty, the_plain_reference_decides_the_same, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(1, 100));
  PlainState plain;
  for (std::size_t at = 0; at < history.rows.size(); ++at) {
    const auto changes = decide(plain, history.inputs[at], history.rows[at].at);
    RC_ASSERT(changes.has_value());
    RC_ASSERT(outcome_text(changes->outcome) == history.rows[at].outcome);
    plain.apply(*changes);
  }
  RC_ASSERT(plain.lead_count() == history.workspace.now().lead_count());
  RC_ASSERT(accounts_are_as_found(plain));
  RC_ASSERT(same_standings(plain, history.workspace.now(), history.now()));
}

}  // namespace
}  // namespace galena::workspace
