#include "domain/account_story.hpp"

#include <algorithm>

namespace galena::domain {
namespace {

struct Telling {
  const Fact* fact;
  std::size_t part;
};

// Value by value since it was told first.
std::vector<AccountStories::Chapter> told_today(const Account& whole) {
  CompanyFacts by_position = whole.known;
  std::ranges::sort(by_position, {}, [](const auto& each) { return each.second.position; });
  std::vector<AccountStories::Chapter> story;
  CompanyFacts known;
  for (const auto& each : by_position) {
    known.push_back(each);
    std::ranges::sort(known, {}, &CompanyFacts::value_type::first);
    story.push_back({each.second.position, each.second.known_at, known});
  }
  return story;
}

}  // namespace

const CompanyFacts& AccountStories::known_then(const Record& own, Position position) {
  static const CompanyFacts kNothing;
  const auto key = account_of(own);
  const auto account = key ? draft_.accounts().find(*key) : std::nullopt;
  if (!account) return kNothing;
  const std::vector<Chapter>& story = of(*account);
  const auto next = std::ranges::upper_bound(story, position, {}, &Chapter::position);
  return next == story.begin() ? kNothing : std::prev(next)->known;
}

const std::vector<AccountStories::Chapter>& AccountStories::of(AccountOrdinal account) {
  static const std::vector<Chapter> kNone;
  if (account == kNoAccount) return kNone;
  const AccountOrdinal whole = draft_.accounts().at(account).whole;
  const auto known = stories_.find(whole);
  if (known != stories_.end()) return known->second;
  return stories_.emplace(whole, tell(draft_.accounts().at(whole))).first->second;
}

std::vector<AccountStories::Chapter> AccountStories::tell(const Account& whole) const {
  std::vector<const Account*> parts{&whole};
  for (const AccountOrdinal part : whole.parts) parts.push_back(&draft_.accounts().at(part));
  std::vector<Telling> tellings;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<const Fact*> facts;
    parts[i]->tellers.each([&](PersonOrdinal teller) {
      add_tellings(draft_.person(teller), parts[i]->key, facts);
      return true;
    });
    for (const Fact* fact : facts) tellings.push_back({fact, i});
  }
  if (tellings.size() > kTellingsMax) return told_today(whole);
  std::ranges::stable_sort(tellings, {},
                           [](const Telling& telling) { return telling.fact->position; });
  std::vector<CompanyFacts> told(parts.size());
  std::vector<std::vector<const Fact*>> so_far(parts.size());
  std::vector<const CompanyFacts*> all;
  for (const CompanyFacts& each : told) all.push_back(&each);
  std::vector<Chapter> story;
  for (std::size_t i = 0; i < tellings.size(); ++i) {
    const auto& [fact, part] = tellings[i];
    so_far[part].push_back(fact);
    if (!add_telling(told[part], *fact)) told[part] = fold_tellings(so_far[part]);
    const bool goes_on =
        i + 1 < tellings.size() && tellings[i + 1].fact->position == fact->position;
    if (goes_on) continue;
    CompanyFacts known = fold_known(all);
    if (!story.empty() && says_the_same(story.back().known, known)) continue;
    story.push_back({fact->position, fact->known_at, std::move(known)});
  }
  return story;
}

}  // namespace galena::domain
