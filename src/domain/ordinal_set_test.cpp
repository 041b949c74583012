#include "domain/ordinal_set.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace galena::domain {
namespace {

std::vector<std::uint32_t> in_order(const OrdinalSet& set) {
  std::vector<std::uint32_t> all;
  set.each([&](std::uint32_t ordinal) {
    all.push_back(ordinal);
    return true;
  });
  return all;
}

RC_GTEST_PROP(OrdinalSetProperty, is_a_sorted_set_and_copies_stay_as_they_were, ()) {
  OrdinalSet set;
  std::set<std::uint32_t> plain;
  OrdinalSet copy;
  std::set<std::uint32_t> plain_copy;
  const auto range = *rc::gen::element<std::uint32_t>(3, 500, 5000);
  for (int count = *rc::gen::inRange(0, 3000); count > 0; --count) {
    const auto ordinal = *rc::gen::resize(100, rc::gen::inRange<std::uint32_t>(0, range));
    if (*rc::gen::inRange(0, 4) == 0) {
      RC_ASSERT(set.erase(ordinal) == (plain.erase(ordinal) == 1));
    } else {
      RC_ASSERT(set.insert(ordinal) == plain.insert(ordinal).second);
    }
    if (count == 1000) {
      copy = set;
      plain_copy = plain;
    }
  }
  for (const auto& [is, should] : {std::pair(&set, &plain), std::pair(&copy, &plain_copy)}) {
    RC_ASSERT(in_order(*is) == std::vector(should->begin(), should->end()));
    RC_ASSERT(is->size() == should->size());
    RC_ASSERT(is->empty() == should->empty());
  }
  RC_ASSERT((set == copy) == (plain == plain_copy));
}

TEST(OrdinalSet, many_in_order_are_found_and_may_go) {
  OrdinalSet set;
  for (std::uint32_t i = 0; i < 10'000; ++i) EXPECT_TRUE(set.insert(2 * i));
  for (std::uint32_t i = 0; i < 20'000; ++i) EXPECT_EQ(set.contains(i), i % 2 == 0);
  EXPECT_FALSE(set.insert(4));
  for (std::uint32_t i = 0; i < 10'000; ++i) EXPECT_TRUE(set.erase(2 * i));
  EXPECT_TRUE(set.empty());
  EXPECT_EQ(set, OrdinalSet());
}

}  // namespace
}  // namespace galena::domain
