#include "workspace/text_dictionary.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace galena::workspace {
namespace {

TEST(TextDictionary, an_empty_text_is_not_nothing) {
  TextDictionary texts;
  const TextCode empty = texts.hold("");
  EXPECT_NE(empty, kNoText);
  EXPECT_EQ(texts.find(""), empty);
}

TEST(TextDictionary, orders_by_letters_without_accents) {
  EXPECT_LT(compare_in_alphabet("ägidius", "zoe"), 0);
  EXPECT_GT(compare_in_alphabet("ägidius", "aaron"), 0);
  EXPECT_NE(compare_in_alphabet("ä", "a"), 0);
  TextDictionary texts;
  EXPECT_LT(texts.rank(texts.hold("ägidius")), texts.rank(texts.hold("zoe")));
}

// Against a map with counts: who is held by nobody is gone, and its code is given anew.
RC_GTEST_PROP(TextDictionaryProperty, holds_what_is_held, ()) {
  TextDictionary texts;
  std::map<std::string, std::pair<TextCode, int>> model;
  for (int left = *rc::gen::inRange(0, 400); left > 0; --left) {
    const std::string text(static_cast<std::size_t>(*rc::gen::inRange(0, 20)) * 61,
                           *rc::gen::element('a', 'b', 'c'));
    const auto known = model.find(text);
    if (known != model.end() && *rc::gen::inRange(0, 5) != 0) {
      texts.let_go(known->second.first);
      if (--known->second.second == 0) model.erase(known);
      continue;
    }
    const TextCode code = texts.hold(text);
    auto& [expected, holders] = model[text];
    if (holders++ > 0) RC_ASSERT(code == expected);
    expected = code;
    for (const auto& [other, entry] : model) RC_ASSERT(other == text || entry.first != code);
  }
  for (const auto& [text, entry] : model) {
    RC_ASSERT(texts.find(text) == entry.first);
    RC_ASSERT(texts.text(entry.first) == text);
  }
  for (TextCode code = 1; code < texts.end(); ++code) {
    if (texts.is_held(code)) RC_ASSERT(model.contains(std::string(texts.text(code))));
  }
}

}  // namespace
}  // namespace galena::workspace
