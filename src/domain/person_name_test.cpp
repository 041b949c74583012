#include "domain/person_name.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "domain/latin_form.hpp"
#include "domain/name_words.hpp"

namespace galena::domain {
namespace {

void expect_parts(std::string_view name, const PersonName& parts) {
  const PersonName parsed = parse_person_name(name);
  EXPECT_EQ(parsed.given, parts.given) << name;
  EXPECT_EQ(parsed.middle, parts.middle) << name;
  EXPECT_EQ(parsed.family, parts.family) << name;
  EXPECT_EQ(parsed.generation, parts.generation) << name;
  EXPECT_EQ(parsed.nickname, parts.nickname) << name;
}

TEST(LatinForm, OneAlphabet) {
  EXPECT_EQ(latin_form("  ＭÜＬＬＥＲ  Ann "), "muller ann");
  EXPECT_EQ(latin_form("Øster Łukasz Straße"), "oster lukasz strasse");
  EXPECT_EQ(latin_form("Петров"), "petrov");
  EXPECT_EQ(latin_form(""), "");
  EXPECT_EQ(letters_of("o'neil-smith 3"), "oneilsmith3");
}

TEST(PersonName, OrdersTitlesAndSuffixes) {
  expect_parts("John Smith", {.given = "john", .family = "smith"});
  expect_parts("Dr. John A. Smith Jr., MD",
               {.given = "john", .middle = "a", .family = "smith", .generation = "jr"});
  expect_parts("SMITH JR, JOHN A",
               {.given = "john", .middle = "a", .family = "smith", .generation = "jr"});
  expect_parts("Smith, John", {.given = "john", .family = "smith"});
  expect_parts("John Smith 3rd", {.given = "john", .family = "smith", .generation = "iii"});
  expect_parts("Prof. Dr. Jürgen Müller", {.given = "jurgen", .family = "muller"});
  expect_parts("", {});
  expect_parts(" , ", {});
}

TEST(PersonName, FamilyNamesOfSeveralWords) {
  expect_parts("Andre van der Hoek", {.given = "andre", .family = "van der hoek"});
  expect_parts("van der Berg, Jan", {.given = "jan", .family = "van der berg"});
  expect_parts("Mario De La Guardia", {.given = "mario", .family = "de la guardia"});
  expect_parts("Ludwig v. Beethoven", {.given = "ludwig", .middle = "v", .family = "beethoven"});
}

TEST(PersonName, NicknamesAndCouples) {
  expect_parts("Robert \"Bob\" Smith", {.given = "robert", .family = "smith", .nickname = "bob"});
  expect_parts("Junghoo (John) Cho", {.given = "junghoo", .family = "cho", .nickname = "john"});
  expect_parts("Ann and Bob Smith", {.given = "ann", .family = "smith"});
  expect_parts("Ann Jones & Bob Smith", {.given = "ann", .family = "jones"});
  expect_parts("Mr. and Mrs. Max McGlamry", {.given = "max", .family = "mcglamry"});
}

TEST(PersonName, TwoFields) {
  const PersonName plain = parse_person_name("John", "Smith");
  EXPECT_EQ(plain, parse_person_name("John Smith", ""));
  EXPECT_EQ(plain, parse_person_name("", "Smith, John"));
  EXPECT_EQ(plain, parse_person_name("John", "John Smith"));
  EXPECT_EQ(plain, parse_person_name("Mr. John", "SMITH"));
  EXPECT_EQ(parse_person_name("John", "Smith Jr.").generation, "jr");
  EXPECT_EQ(parse_person_name("Ann Mary", "de la Cruz"),
            (PersonName{.given = "ann", .middle = "mary", .family = "de la cruz"}));
}

TEST(PersonName, NicknamesByTheTable) {
  EXPECT_TRUE(are_nicknames("bill", "william"));
  EXPECT_TRUE(are_nicknames("bob", "robert"));
  EXPECT_TRUE(are_nicknames("hans", "johannes"));
  EXPECT_TRUE(are_nicknames("peggy", "margaret"));
  EXPECT_TRUE(are_nicknames("sasha", "alexander"));
  EXPECT_FALSE(are_nicknames("anna", "lena"));
  EXPECT_FALSE(are_nicknames("john", "robert"));
  EXPECT_FALSE(are_nicknames("john", "john"));
  EXPECT_FALSE(are_nicknames("", "john"));
}

// Nothing but spaces, of which the no-break and the ideographic one are two.
bool is_blank(std::string text) {
  for (const std::string_view space : {"\xC2\xA0", "\xE3\x80\x80"}) {
    for (auto at = text.find(space); at != std::string::npos; at = text.find(space)) {
      text.replace(at, space.size(), " ");
    }
  }
  return trimmed(text).empty();
}

RC_GTEST_PROP(PersonName, EveryWordHasOneLabelAndNothingIsInvented, (const std::string& text)) {
  std::size_t at = 0;
  for (const NameToken& token : label_person_name(text)) {
    const std::size_t found = text.find(token.text, at);
    RC_ASSERT(found != std::string::npos);
    RC_ASSERT(is_blank(text.substr(at, found - at)));
    at = found + token.text.size();
  }
  RC_ASSERT(is_blank(text.substr(at)));
}

RC_GTEST_PROP(PersonName, TheOrderOfWritingSaysNothing, ()) {
  const std::string given = *rc::gen::element<std::string>("Ann", "Zoë", "Jean-Luc", "William");
  const std::string middle = *rc::gen::element<std::string>("", " M.", " Rose");
  const std::string family =
      *rc::gen::element<std::string>("Smith", "van der Berg", "O'Neal", "Müller-Lüdenscheidt");
  const std::string suffix = *rc::gen::element<std::string>("", " Jr", " III");
  const PersonName usual = parse_person_name(given + middle + " " + family + suffix);
  RC_ASSERT(usual == parse_person_name(family + suffix + ", " + given + middle));
  RC_ASSERT(usual == parse_person_name(given + middle, family + suffix));
  RC_ASSERT(usual == parse_person_name("Dr. " + given + middle + " " + family + "," + suffix));
}

}  // namespace
}  // namespace galena::domain
