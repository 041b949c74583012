// What was known of accounts by when: for an undo, which asks again what was decided then.
#pragma once

#include <map>
#include <vector>

#include "domain/draft.hpp"

namespace galena::domain {

class AccountStories {
 public:
  // What was known from that input on, until the next.
  struct Chapter {
    Position position = 0;
    Time at{};
    CompanyFacts known;
  };

  // Of more only what holds today is told, since when it does.
  static constexpr std::size_t kTellingsMax = 2000;

  explicit AccountStories(const Draft& draft) : draft_(draft) {}

  // Of the account that the lead is in by its own record then, as that is made up now. A fact that
  // was told again is known since it was told first.
  const CompanyFacts& known_then(const Record& own, Position position);
  // Since when it knew what, in log order. `account` may be kNoAccount.
  const std::vector<Chapter>& of(AccountOrdinal account);

 private:
  std::vector<Chapter> tell(const Account& whole) const;

  const Draft& draft_;
  std::map<AccountOrdinal, std::vector<Chapter>> stories_;
};

}  // namespace galena::domain
