#include "workspace/flat_index.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace galena::workspace {
namespace {

constexpr auto kAny = [](std::uint32_t) { return true; };

// Every reference under the hash that is offered to the caller.
std::multiset<std::uint32_t> offered(const FlatIndex& index, std::uint64_t hash) {
  std::multiset<std::uint32_t> all;
  index.find(hash, [&](std::uint32_t reference) {
    all.insert(reference);
    return false;
  });
  return all;
}

TEST(FlatIndex, an_empty_one_finds_and_erases_nothing) {
  FlatIndex index;
  index.erase(5, 0);
  EXPECT_EQ(index.find(5, kAny), std::nullopt);
}

TEST(FlatIndex, gives_the_reference_that_the_caller_takes) {
  FlatIndex index;
  for (std::uint32_t reference : {0u, 7u, 4'294'967'293u}) index.insert(42, reference);
  EXPECT_EQ(offered(index, 42), (std::multiset<std::uint32_t>{0, 7, 4'294'967'293u}));
  EXPECT_EQ(index.find(42, [](std::uint32_t reference) { return reference == 7; }), 7u);
  EXPECT_EQ(index.find(42, [](std::uint32_t) { return false; }), std::nullopt);
}

TEST(FlatIndex, finds_all_of_many_while_it_grows) {
  FlatIndex index;
  constexpr std::uint32_t kMany = 200'000;
  const auto hash = [](std::uint32_t i) { return stable_hash(std::to_string(i)); };
  for (std::uint32_t i = 0; i < kMany; ++i) {
    index.insert(hash(i), i);
    const std::uint32_t older = i / 2;
    ASSERT_EQ(index.find(hash(older), [&](std::uint32_t found) { return found == older; }), older);
  }
  std::size_t wrong = 0;  // another's of the same 32 bits may be offered, but hardly ever
  for (std::uint32_t i = kMany; i < 2 * kMany; ++i) wrong += !offered(index, hash(i)).empty();
  EXPECT_LT(wrong, 100u);
}

// Failed commits erase what was just inserted, for ever and ever.
TEST(FlatIndex, what_comes_and_goes_takes_no_room_and_does_not_hide_what_stays) {
  FlatIndex index;
  const std::uint64_t kept = stable_hash("kept");
  index.insert(kept, 1);
  for (std::uint32_t round = 0; round < 1'000'000; ++round) {
    const std::uint64_t hash = kept + (std::uint64_t{round} << 32);  // of the same part
    index.insert(hash, 2);
    index.erase(hash, 2);
  }
  EXPECT_LE(index.capacity(), 16u);
  EXPECT_EQ(index.find(kept, kAny), 1u);
  EXPECT_EQ(index.find(stable_hash("other"), kAny), std::nullopt);
}

// Hashes of few parts and few tags, so that entries collide, are erased between each other and come
// back.
RC_GTEST_PROP(FlatIndexProperty, is_a_multimap, ()) {
  FlatIndex index;
  std::multimap<std::uint64_t, std::uint32_t> model;
  const auto some_hash = [] {
    return (*rc::gen::inRange<std::uint64_t>(0, 40) << 32) + *rc::gen::inRange<std::uint64_t>(0, 2);
  };
  std::vector<std::uint64_t> hashes{some_hash()};
  const int steps = *rc::gen::inRange(1, 300);
  for (int step = 0; step < steps; ++step) {
    const bool again = *rc::gen::inRange(0, 3) == 0;
    const std::uint64_t hash = again ? *rc::gen::elementOf(hashes) : some_hash();
    hashes.push_back(hash);
    const auto reference = *rc::gen::inRange(0u, 5u);
    if (*rc::gen::inRange(0, 3) != 0) {
      index.insert(hash, reference);
      model.emplace(hash, reference);
    } else {
      index.erase(hash, reference);
      const auto [begin, end] = model.equal_range(hash);
      const auto found =
          std::find_if(begin, end, [&](const auto& entry) { return entry.second == reference; });
      if (found != end) model.erase(found);
    }
  }
  for (const std::uint64_t hash : hashes) {
    std::multiset<std::uint32_t> expected;
    const auto [begin, end] = model.equal_range(hash);
    for (auto entry = begin; entry != end; ++entry) expected.insert(entry->second);
    RC_ASSERT(offered(index, hash) == expected);
  }
}

}  // namespace
}  // namespace galena::workspace
