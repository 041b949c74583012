#include "workspace/search_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace galena::workspace {
namespace {

std::set<std::uint32_t> found(const SearchText& text, const std::vector<std::string>& words) {
  RowSet found;
  text.find(words, found);
  std::set<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < kBlockRows; ++row) {
    if (found.contains(row)) rows.insert(row);
  }
  return rows;
}

TEST(SearchText, finds_any_part_of_a_word_and_all_words_together) {
  SearchText text;
  text.put(0, "anna muller\tanna@acme.com\tacme gmbh");
  text.put(3, "bruno acker\tbruno@beta.de");
  EXPECT_EQ(found(text, {"ac"}), (std::set<std::uint32_t>{0, 3}));
  EXPECT_EQ(found(text, {"ULLE"}), std::set<std::uint32_t>{});  // asked in its form
  EXPECT_EQ(found(text, {"ulle"}), std::set<std::uint32_t>{0});
  EXPECT_EQ(found(text, {"acme", "ann"}), std::set<std::uint32_t>{0});
  EXPECT_EQ(found(text, {"acme", "bruno"}), std::set<std::uint32_t>{});
  EXPECT_EQ(found(text, {}), std::set<std::uint32_t>{});
}

TEST(SearchText, a_match_ends_with_its_text) {
  SearchText text;
  text.put(0, "anna");
  text.put(1, "bruno");
  EXPECT_EQ(found(text, {"ab"}), std::set<std::uint32_t>{});
}

// So many bytes that several threads look, each at some of them; the rows come in no order.
TEST(SearchText, finds_all_in_many_bytes) {
  constexpr std::uint32_t kRows = 20011;
  SearchText text;
  for (std::uint32_t i = 0; i < kRows; ++i) {
    const std::uint32_t row = i * 7919 % kRows;
    const bool is_odd = row % 2 == 1;
    text.put(row, std::string(600, 'x') + (is_odd ? "odd" : "even") + std::to_string(row));
  }
  RowSet odd, one, all;
  text.find({"od"}, odd);
  text.find({"n20000", "x"}, one);
  text.find({"x"}, all);
  EXPECT_EQ(all.count(), kRows);
  EXPECT_EQ(odd.count(), kRows / 2);
  for (std::uint32_t row = 0; row < kRows; ++row) ASSERT_EQ(odd.contains(row), row % 2 == 1);
  EXPECT_EQ(one.count(), 1);
  EXPECT_TRUE(one.contains(20000));
}

// Against texts that are looked at one by one, while they change.
RC_GTEST_PROP(SearchTextProperty, finds_what_is_there_now, ()) {
  SearchText text;
  std::map<std::uint32_t, std::string> model;
  const auto letters = [](int most) {
    return *rc::gen::container<std::string>(static_cast<std::size_t>(*rc::gen::inRange(0, most)),
                                            rc::gen::element('a', 'b', ' ', '\t'));
  };
  for (int left = *rc::gen::inRange(0, 300); left > 0; --left) {
    const auto row = *rc::gen::inRange(0u, 200u);
    std::string put = letters(8);
    // Now and then a long one, so that what is free is given back.
    if (*rc::gen::inRange(0, 4) == 0) put.append(900, 'c');
    text.put(row, put);
    model[row] = put;
  }
  for (int left = 5; left > 0; --left) {
    const std::vector<std::string> words{"a" + letters(3), letters(2) + "b"};
    std::set<std::uint32_t> expected;
    for (const auto& [row, kept] : model) {
      if (kept.find(words[0]) == std::string::npos) continue;
      if (kept.find(words[1]) != std::string::npos) expected.insert(row);
    }
    RC_ASSERT(found(text, words) == expected);
  }
}

}  // namespace
}  // namespace galena::workspace
