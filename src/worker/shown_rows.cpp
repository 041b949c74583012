#include "worker/shown_rows.hpp"

#include <algorithm>

#include "domain/shown_account.hpp"
#include "domain/shown_lead.hpp"

namespace galena::worker {

using namespace domain;
using workspace::Version;

namespace {

std::vector<store::ReportedStage> stages_of(const Lead& lead) {
  std::vector<store::ReportedStage> stages;
  stages.reserve(lead.stages.size());
  for (const StageEntry& entry : lead.stages) {
    stages.push_back(
        {entry.stage, entry.at, entry.score.micro, entry.model_version, entry.position});
  }
  return stages;
}

std::vector<store::ReportedSegment> segments_of(const Version& state, const Lead& lead) {
  std::vector<store::ReportedSegment> segments;
  if (!lead.segments) return segments;
  const std::vector<std::string>& names = state.playbook()->segments.names;
  for (const SegmentChange& entry : lead.segments->current) {
    segments.push_back({names[entry.segment], entry.at, entry.position});
  }
  return segments;
}

void add_standing(store::ReportedLead& row, const Version& state, const Lead& lead, Time now) {
  const Standing standing = standing_at(state, lead, now);
  row.score = standing.score().micro;
  row.fit = standing.fit.micro;
  row.interest = standing.interest.micro;
  row.fit_grade = fit_grade(standing.fit);
  row.interest_level = interest_level(standing.interest);
  row.temperature = to_string(temperature(standing.activity, now));
  row.first_seen_at = standing.activity.first_seen;
  row.last_seen_at = standing.activity.last_seen;
  row.scored_at = now;
}

}  // namespace

store::LeadSlot lead_slot(const Version& state, LeadOrdinal ordinal, Time now) {
  store::LeadSlot slot{.number = ordinal + 1, .row = std::nullopt};
  if (!is_listed(state, ordinal)) return slot;
  const Lead& lead = state.lead(ordinal);
  const Record& record = *lead.record;
  store::ReportedLead& row = slot.row.emplace();
  row.email = record[Field::email].value;
  row.first_name = record[Field::first_name].value;
  row.last_name = record[Field::last_name].value;
  row.name = full_name(record);
  row.title = record[Field::title].value;
  row.seniority = to_string(record.seniority);
  row.department = record.department;
  row.phone = record[Field::phone].value;
  row.company_name = record[Field::company_name].value;
  row.company_domain = shown_company_domain(record);
  row.company_employees = record.employees;
  row.company_industry = record[Field::industry].value;
  if (auto account = account_of_lead(state, lead)) {
    row.account_id = std::move(account->id);
    row.account_name = std::move(account->name);
  }
  row.country = record.country;
  row.created_at = lead.created_at;
  row.visitor = lead.visitor;
  add_standing(row, state, lead, now);
  row.stages = stages_of(lead);
  row.segments = segments_of(state, lead);
  return slot;
}

namespace {

store::ReportedAccount account_row(const Version& state, const Account& whole,
                                   const AccountFigures& figures, Time now) {
  ShownAccount shown = shown_account(state, whole);
  store::ReportedAccount row;
  row.name = std::move(shown.name);
  row.domain = std::move(shown.domain);
  row.employees = shown.employees;
  row.industry = std::move(shown.industry);
  row.country = std::move(shown.country);
  row.people = figures.people;
  row.visitors = figures.visitors;
  if (figures.best) {
    row.score = figures.score.micro;
    row.best_lead = *figures.best + 1;
  }
  row.temperature = to_string(figures.temperature);
  row.last_seen_at = figures.last_seen;
  row.scored_at = now;
  return row;
}

}  // namespace

store::AccountSlot account_slot(const Version& state, const std::string& id, Time now) {
  store::AccountSlot slot{.id = id, .row = std::nullopt};
  for (const AccountKind kind : {AccountKind::group, AccountKind::domain}) {
    const auto found = state.find_account({kind, id});
    if (!found || state.account(*found).whole != *found) continue;
    const Account& whole = state.account(*found);
    const AccountFigures figures = figures_of(state, whole, now);
    if (!is_shown(whole, figures)) continue;
    slot.row = account_row(state, whole, figures, now);
    break;
  }
  return slot;
}

namespace {

// What leads show of the account that they are in.
std::pair<std::string_view, std::string_view> shown_in_leads(const Version& state,
                                                             AccountOrdinal account) {
  const Account& whole = state.account(state.account(account).whole);
  return {whole.key.text, known_value(whole, Field::company_name)};
}

void add_account(Changed& changed, const Version& state, AccountOrdinal account) {
  if (account == kNoAccount) return;
  changed.accounts.push_back(state.account(state.account(account).whole).key.text);
  changed.accounts.push_back(state.account(account).key.text);
}

template <class Item>
void sort_and_unite(std::vector<Item>& items) {
  std::ranges::sort(items);
  const auto rest = std::ranges::unique(items);
  items.erase(rest.begin(), rest.end());
}

}  // namespace

Changed changed_since(const Version& before, const Version& now) {
  Changed changed;
  now.each_lead_changed_since(before, [&](LeadOrdinal lead) {
    changed.leads.push_back(lead);
    add_account(changed, now, now.lead(lead).account);
  });
  // Whoever comes into an account or leaves it changes it.
  now.each_account_changed_since(before, [&](AccountOrdinal account) {
    add_account(changed, now, account);
    const bool is_new = account >= before.account_count();
    if (!is_new && shown_in_leads(before, account) == shown_in_leads(now, account)) return;
    each_lead_of(now, now.account(account),
                 [&](LeadOrdinal lead) { changed.leads.push_back(lead); });
  });
  sort_and_unite(changed.leads);
  sort_and_unite(changed.accounts);
  return changed;
}

}  // namespace galena::worker
