// Accounts found from nothing: how they are when the log has been read, and what they must be at
// any time.
#pragma once

#include <memory>
#include <vector>

#include "domain/state.hpp"

namespace galena::domain {

struct FoundAccounts {
  struct Place {
    AccountOrdinal account = kNoAccount;
    std::shared_ptr<const Record> record;  // null: the one that the lead has
  };

  std::vector<Account> accounts;
  std::vector<Place> of_lead;
};

// By persons and leads of the state alone.
FoundAccounts find_accounts(const State& state);

}  // namespace galena::domain
