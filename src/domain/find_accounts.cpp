#include "domain/find_accounts.hpp"

#include <algorithm>
#include <unordered_map>

#include "domain/record.hpp"

namespace galena::domain {
namespace {

class Finder {
 public:
  explicit Finder(const State& state) : state_(state) {}

  FoundAccounts find() {
    for (PersonOrdinal i = 0; i < state_.person_count(); ++i) hear(i);
    for (AccountOrdinal i = 0; i < tellings_.size(); ++i) {
      accounts()[i].told = fold_tellings(std::move(tellings_[i]));
    }
    for (AccountOrdinal i = 0; i < accounts().size(); ++i) join(i);
    for (Account& account : accounts()) {
      if (account.whole == ordinal_of(account.key)) account.known = known_to_all_of(account);
    }
    std::vector<std::shared_ptr<const Record>> own;
    for (LeadOrdinal i = 0; i < state_.lead_count(); ++i) own.push_back(place(i));
    for (LeadOrdinal i = 0; i < state_.lead_count(); ++i) fold(i, own[i]);
    return std::move(found_);
  }

 private:
  std::vector<Account>& accounts() { return found_.accounts; }

  AccountOrdinal ordinal_of(const AccountKey& key) {
    const auto [place, is_new] =
        ordinals_.emplace(key, static_cast<AccountOrdinal>(accounts().size()));
    if (is_new) {
      accounts().emplace_back().key = key;
      accounts().back().whole = place->second;
      tellings_.emplace_back();
    }
    return place->second;
  }

  void hear(PersonOrdinal ordinal) {
    const Person& person = state_.person(ordinal);
    if (person.told_of == nullptr) return;
    for (const ToldOf& told : *person.told_of) {
      const AccountOrdinal account = ordinal_of(told.account);
      accounts()[account].tellers.insert(ordinal);
      add_tellings(person, told.account, tellings_[account]);
    }
  }

  void join(AccountOrdinal part) {
    const auto domain = part_of(accounts()[part]);
    if (!domain) return;
    const AccountOrdinal whole = ordinal_of(*domain);
    accounts()[part].whole = whole;
    accounts()[whole].parts.push_back(part);
  }

  CompanyFacts known_to_all_of(const Account& whole) const {
    std::vector<const CompanyFacts*> told{&whole.told};
    for (const AccountOrdinal part : whole.parts) told.push_back(&found_.accounts[part].told);
    return fold_known(told);
  }

  // The lead's account by its own record, which is given; null: it is in none.
  std::shared_ptr<const Record> place(LeadOrdinal ordinal) {
    found_.of_lead.emplace_back();
    const Lead& lead = state_.lead(ordinal);
    std::vector<const Person*> persons;
    for (const PersonOrdinal person : lead.persons) persons.push_back(&state_.person(person));
    if (!may_be_in_account(lead, persons)) return nullptr;
    const bool is_own = std::ranges::none_of(lead.record->fields, &FieldValue::of_account);
    std::shared_ptr<const Record> own = is_own ? lead.record : fold_record(persons);
    const auto key = account_of(*own);
    if (!key && is_own) return nullptr;
    if (key) {
      found_.of_lead.back().account = ordinal_of(*key);
      accounts()[found_.of_lead.back().account].leads.insert(ordinal);
    }
    return own;
  }

  void fold(LeadOrdinal ordinal, const std::shared_ptr<const Record>& own) {
    if (own == nullptr) return;
    FoundAccounts::Place& place = found_.of_lead[ordinal];
    static const CompanyFacts kNothing;
    const CompanyFacts& known =
        place.account == kNoAccount ? kNothing : accounts()[accounts()[place.account].whole].known;
    if (has_known(*state_.lead(ordinal).record, known) && own == state_.lead(ordinal).record)
      return;
    auto record = std::make_shared<Record>(*own);
    add_known(*record, known);
    place.record = std::move(record);
  }

  const State& state_;
  FoundAccounts found_;
  std::unordered_map<AccountKey, AccountOrdinal, AccountKeyHash> ordinals_;
  std::vector<std::vector<const Fact*>> tellings_;  // by account
};

}  // namespace

FoundAccounts find_accounts(const State& state) {
  return Finder(state).find();
}

}  // namespace galena::domain
