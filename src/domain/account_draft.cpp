#include "domain/account_draft.hpp"

#include <algorithm>

#include "domain/draft.hpp"

namespace galena::domain {

bool has_heard(const State& state, const Lead& lead) {
  if (lead.account == kNoAccount) return true;
  return has_known(*lead.record, state.account(state.account(lead.account).whole).known);
}

const Account& AccountDraft::at(AccountOrdinal ordinal) const {
  const auto* edit = find_edit(edits_, ordinal);
  return edit != nullptr ? *edit->record : state_.account(ordinal);
}

Account& AccountDraft::edit(AccountOrdinal ordinal) {
  if (const auto* edit = find_edit(edits_, ordinal)) return *edit->record;
  edits_.push_back({ordinal, std::make_shared<Account>(state_.account(ordinal))});
  return *edits_.back().record;
}

std::optional<AccountOrdinal> AccountDraft::find(const AccountKey& key) const {
  if (const auto known = state_.find_account(key)) return known;
  for (const Edit<Account>& edit : edits_) {
    if (edit.record->key == key) return edit.ordinal;
  }
  return std::nullopt;
}

AccountOrdinal AccountDraft::find_or_add(const AccountKey& key) {
  if (const auto known = find(key)) return *known;
  auto made = std::make_shared<Account>();
  made->key = key;
  made->whole = count_;
  edits_.push_back({count_, std::move(made)});
  return count_++;
}

AccountOrdinal AccountDraft::home_of(const Record& own) {
  if (!state_.keeps_accounts()) return kNoAccount;
  const auto key = account_of(own);
  return key ? find_or_add(*key) : kNoAccount;
}

const CompanyFacts& AccountDraft::known_in(AccountOrdinal ordinal) const {
  static const CompanyFacts kNothing;
  return ordinal == kNoAccount ? kNothing : at(at(ordinal).whole).known;
}

bool AccountDraft::is_news_to(const Lead& lead) const {
  return lead.account != kNoAccount && !has_known(*lead.record, known_in(lead.account));
}

void AccountDraft::move_lead(LeadOrdinal lead, AccountOrdinal from, AccountOrdinal to) {
  if (from == to) return;
  if (from != kNoAccount) edit(from).leads.erase(lead);
  if (to != kNoAccount) edit(to).leads.insert(lead);
}

CompanyFacts AccountDraft::told_anew(const Account& account) const {
  std::vector<const Fact*> tellings;
  account.tellers.each([&](PersonOrdinal teller) {
    add_tellings(draft_.person(teller), account.key, tellings);
    return true;
  });
  return fold_tellings(std::move(tellings));
}

void AccountDraft::retell(const AccountKey& key, PersonOrdinal teller, Retelling how) {
  const AccountOrdinal ordinal = find_or_add(key);
  Account& account = edit(ordinal);
  std::vector<const Fact*> tellings;
  const bool tells = add_tellings(draft_.person(teller), key, tellings);
  tells ? account.tellers.insert(teller) : account.tellers.erase(teller);
  const bool is_added =
      how == Retelling::added && std::ranges::all_of(tellings, [&](const Fact* fact) {
        return add_telling(account.told, *fact);
      });
  if (!is_added) account.told = told_anew(account);
  retold_.push_back(account.whole);
  renew_whole(ordinal);
  retold_.push_back(account.whole);
}

std::vector<LeadOrdinal> AccountDraft::first_leads(AccountOrdinal whole,
                                                   std::size_t count_max) const {
  std::vector<LeadOrdinal> first;
  const auto add = [&](const Account& account) {
    std::size_t left = count_max;
    account.leads.each([&](LeadOrdinal lead) {
      if (left == 0) return false;
      --left;
      first.push_back(lead);
      return true;
    });
  };
  add(at(whole));
  for (const AccountOrdinal part : at(whole).parts) add(at(part));
  std::ranges::sort(first);
  if (first.size() > count_max) first.resize(count_max);
  return first;
}

// Finds out of which account it is a part now.
void AccountDraft::renew_whole(AccountOrdinal ordinal) {
  const AccountOrdinal before = at(ordinal).whole;
  const auto domain = part_of(at(ordinal));
  const AccountOrdinal whole = domain ? find_or_add(*domain) : ordinal;
  if (whole != before) {
    edit(ordinal).whole = whole;
    if (before != ordinal) std::erase(edit(before).parts, ordinal);
    if (whole != ordinal) {
      auto& parts = edit(whole).parts;
      parts.insert(std::ranges::upper_bound(parts, ordinal), ordinal);
    }
    renew_known(before);
    changed_.push_back(whole);  // to those who have joined it
  }
  renew_known(whole);
}

void AccountDraft::renew_known(AccountOrdinal ordinal) {
  const Account& whole = at(ordinal);
  std::vector<const CompanyFacts*> told{&whole.told};
  for (const AccountOrdinal part : whole.parts) told.push_back(&at(part).told);
  CompanyFacts known = fold_known(told);
  if (whole.whole != ordinal) known.clear();  // it is part of another
  if (says_the_same(known, whole.known)) return;
  edit(ordinal).known = std::move(known);
  changed_.push_back(ordinal);
}

std::vector<std::pair<AccountOrdinal, AccountPtr>> AccountDraft::finish() {
  std::vector<std::pair<AccountOrdinal, AccountPtr>> accounts;
  std::ranges::sort(edits_, {}, &Edit<Account>::ordinal);
  for (auto& edit : edits_) accounts.emplace_back(edit.ordinal, std::move(edit.record));
  return accounts;
}

}  // namespace galena::domain
