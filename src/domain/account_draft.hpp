// Accounts under way: what is known of organisations by what persons of a draft tell (ADR 0011).
#pragma once

#include <vector>

#include "domain/account.hpp"
#include "domain/edits.hpp"
#include "domain/state.hpp"

namespace galena::domain {

class Draft;

// True if the lead's record was folded with what is known of its account by now.
bool has_heard(const State& state, const Lead& lead);

class AccountDraft {
 public:
  AccountDraft(const State& state, const Draft& draft)
      : state_(state), draft_(draft), count_(state.account_count()) {}

  const Account& at(AccountOrdinal ordinal) const;
  std::optional<AccountOrdinal> find(const AccountKey& key) const;

  // Where a lead is by its own record, made if it is new; kNoAccount: nowhere, or none are kept.
  AccountOrdinal home_of(const Record& own);
  // What is known to the leads that are in it.
  const CompanyFacts& known_in(AccountOrdinal ordinal) const;
  // True if the lead's record was folded with something else.
  bool is_news_to(const Lead& lead) const;
  void move_lead(LeadOrdinal lead, AccountOrdinal from, AccountOrdinal to);

  // What the person tells of the organisation is another than before. Something that was only
  // `added` is looked at alone where that will do.
  enum class Retelling { added, anew };
  void retell(const AccountKey& key, PersonOrdinal teller, Retelling how);

  // The leads of a whole account with the lowest ordinals, ascending.
  std::vector<LeadOrdinal> first_leads(AccountOrdinal whole, std::size_t count_max) const;
  // Calls `visit` with each lead of a whole account.
  template <class Visit>
  void each_lead(AccountOrdinal whole, Visit visit) const {
    const auto in = [&](const Account& account) {
      account.leads.each([&](LeadOrdinal lead) {
        visit(lead);
        return true;
      });
    };
    in(at(whole));
    for (const AccountOrdinal part : at(whole).parts) in(at(part));
  }
  // Whole accounts that know something else since.
  const std::vector<AccountOrdinal>& changed() const { return changed_; }
  // Those of which something was told anew, whether it is something else or not.
  const std::vector<AccountOrdinal>& retold() const { return retold_; }

  std::vector<std::pair<AccountOrdinal, AccountPtr>> finish();

 private:
  AccountOrdinal find_or_add(const AccountKey& key);
  Account& edit(AccountOrdinal ordinal);
  CompanyFacts told_anew(const Account& account) const;
  void renew_whole(AccountOrdinal ordinal);
  void renew_known(AccountOrdinal whole);

  const State& state_;
  const Draft& draft_;
  AccountOrdinal count_;
  std::vector<Edit<Account>> edits_;
  std::vector<AccountOrdinal> changed_;
  std::vector<AccountOrdinal> retold_;
};

}  // namespace galena::domain
