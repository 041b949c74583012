// For tests: what must hold of accounts at any time.
#pragma once

#include <algorithm>
#include <vector>

#include "domain/find_accounts.hpp"

namespace galena::domain {

// True if the accounts that were kept while inputs came are those that are found from nothing.
inline bool accounts_are_as_found(const State& state) {
  const auto found = find_accounts(state);
  const auto key = [&](AccountOrdinal ordinal) { return state.account(ordinal).key; };
  std::size_t not_empty = 0;
  for (AccountOrdinal i = 0; i < state.account_count(); ++i) {
    const Account& account = state.account(i);
    const bool is_empty = account.tellers.empty() && account.leads.empty() &&
                          account.parts.empty() && account.told.empty() && account.known.empty();
    if (!is_empty) ++not_empty;
  }
  const bool all = std::ranges::all_of(found.accounts, [&](const Account& account) {
    const auto kept = state.find_account(account.key);
    if (!kept) return false;
    const Account& is = state.account(*kept);
    std::vector<AccountKey> parts, parts_found;
    for (const auto part : is.parts) parts.push_back(key(part));
    for (const auto part : account.parts) parts_found.push_back(found.accounts[part].key);
    return key(is.whole) == found.accounts[account.whole].key &&
           std::ranges::is_permutation(parts, parts_found) && is.tellers == account.tellers &&
           is.leads == account.leads && is.told == account.told &&
           says_the_same(is.known, account.known);
  });
  if (!all || not_empty != found.accounts.size()) return false;
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    const auto& place = found.of_lead[i];
    if (state.lead(i).account == kNoAccount) {
      if (place.account != kNoAccount) return false;
      continue;
    }
    if (place.account == kNoAccount ||
        key(state.lead(i).account) != found.accounts[place.account].key) {
      return false;
    }
    const auto& known = found.accounts[found.accounts[place.account].whole].known;
    if (!has_known(*state.lead(i).record, known)) return false;
  }
  return true;
}

}  // namespace galena::domain
