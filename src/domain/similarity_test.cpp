#include "domain/similarity.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena::domain {
namespace {

// Few letters, so that texts often share some.
std::string some_text() {
  return *rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c', 'd', ' '));
}

TEST(Similarity, JaroWinklerAsPublished) {
  EXPECT_NEAR(jaro("martha", "marhta"), 0.944, 0.001);
  EXPECT_NEAR(jaro("dwayne", "duane"), 0.822, 0.001);
  EXPECT_NEAR(jaro("dixon", "dicksonx"), 0.767, 0.001);
  EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.961, 0.001);
  EXPECT_NEAR(jaro_winkler("dwayne", "duane"), 0.840, 0.001);
  EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.813, 0.001);
  EXPECT_EQ(jaro("abc", "xyz"), 0);
  EXPECT_EQ(jaro("", "x"), 0);
}

TEST(Similarity, EditsCountAnExchangeOnce) {
  EXPECT_EQ(edit_distance("smith", "simth"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("ca", "abc"), 3u);  // no part is changed twice
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abcdef", "uvwxyz", 2), 3u);
}

TEST(Similarity, SpellingsOfOneSoundShareAKey) {
  EXPECT_EQ(sound_key("meyer"), sound_key("maier"));
  EXPECT_EQ(sound_key("philipp"), sound_key("filip"));
  EXPECT_EQ(sound_key("schmidt"), sound_key("schmitt"));
  EXPECT_EQ(sound_key("catherine"), sound_key("kathrin"));
  EXPECT_NE(sound_key("smith"), sound_key("jones"));
  EXPECT_EQ(sound_key("12"), "");
}

RC_GTEST_PROP(Similarity, LikenessIsSymmetricBoundedAndOneForEqual, ()) {
  const std::string a = some_text();
  const std::string b = some_text();
  for (const auto likeness : {jaro, jaro_winkler, edit_likeness, word_likeness}) {
    RC_ASSERT(likeness(a, b) == likeness(b, a));
    RC_ASSERT(likeness(a, b) >= 0.0 && likeness(a, b) <= 1.0 + 1e-12);
    RC_ASSERT(likeness(a, a) == 1.0);
  }
  RC_ASSERT(jaro_winkler(a, b) >= jaro(a, b));
}

RC_GTEST_PROP(Similarity, OneSlipIsOneEdit, ()) {
  std::string text = *rc::gen::container<std::string>(20, rc::gen::inRange('a', 'z'));
  const std::string before = text;
  const auto at = *rc::gen::inRange<std::size_t>(0, 19);
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      text.erase(at, 1);
      break;
    case 1:
      text.insert(at, 1, 'z');
      break;
    case 2:
      text[at] = 'z';
      break;
    default:
      RC_PRE(text[at] != text[at + 1]);
      std::swap(text[at], text[at + 1]);
  }
  RC_ASSERT(edit_distance(before, text) == 1u);
}

RC_GTEST_PROP(Similarity, EditsAreBoundedAndTheLimitOnlyCuts, ()) {
  const std::string a = some_text();
  const std::string b = some_text();
  const std::size_t whole = edit_distance(a, b);
  RC_ASSERT(whole <= std::max(a.size(), b.size()));
  const auto limit = *rc::gen::inRange<std::size_t>(0, 6);
  RC_ASSERT(edit_distance(a, b, limit) == std::min(whole, limit + 1));
}

}  // namespace
}  // namespace galena::domain
