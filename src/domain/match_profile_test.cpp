#include "domain/match_profile.hpp"

#include <gtest/gtest.h>

#include "domain/match_blocks.hpp"

namespace galena::domain {
namespace {

TEST(MatchProfile, AddressesInOneForm) {
  const MatchProfile before = make_profile({.street = "6 Tullaroop Street"});
  const MatchProfile behind = make_profile({.street = "Tullaroop St. 6"});
  const MatchProfile apart = make_profile({.street = "tullaroop street", .street_number = "6"});
  for (const MatchProfile& profile : {before, behind, apart}) {
    EXPECT_EQ(profile.street, "tullaroop st");
    EXPECT_EQ(profile.street_number, "6");
  }
  EXPECT_EQ(make_profile({.street = "Lindenstraße 5"}).street,
            make_profile({.street = "Lindenstr. 5"}).street);
  EXPECT_EQ(make_profile({.postcode = "SW1A 1AA"}).postcode, "sw1a1aa");
}

TEST(MatchProfile, NumbersInOneForm) {
  for (const std::string phone :
       {"+1 (212) 555-0187", "212.555.0187", "1-212-555-0187 ext. 12", "212 555 0187 x3"}) {
    EXPECT_EQ(make_profile({.phone = phone}).phone, "2125550187") << phone;
  }
  EXPECT_EQ(make_profile({.phone = "n/a"}).phone, "");
  for (const std::string date : {"1980-12-31", "19801231", "31.12.1980", "1980-12-31T00:00:00Z"}) {
    EXPECT_EQ(make_profile({.date_of_birth = date}).date_of_birth, "19801231") << date;
  }
  EXPECT_EQ(make_profile({.date_of_birth = "1980"}).date_of_birth, "");
}

TEST(MatchProfile, MailSaysCompanyAndName) {
  const MatchProfile jane = make_profile({.email = "Jane.Doe@mail.acme.co.uk"});
  EXPECT_EQ(jane.company_domain, "acme.co.uk");
  EXPECT_EQ(jane.given_letters, "jane");
  EXPECT_EQ(jane.family_letters, "doe");
  EXPECT_FALSE(jane.is_company());
  EXPECT_EQ(make_profile({.email = "jane@gmail.com"}).company_domain, "");
  EXPECT_EQ(make_profile({.email = "info@acme.co.uk"}).email, "");
  EXPECT_TRUE(make_profile({.company = "Acme", .email = "info@acme.co.uk"}).is_company());
  EXPECT_EQ(make_profile({.company_domain = "https://www.acme.co.uk/about"}).company_domain,
            "acme.co.uk");
}

TEST(MatchProfile, OfARecord) {
  Record record;
  const auto set = [&](Field field, std::string value) {
    record.fields[static_cast<std::size_t>(field)].value = std::move(value);
  };
  set(Field::first_name, "Dr. Ann");
  set(Field::last_name, "van der Berg");
  set(Field::company_name, "The Acme Company, Inc.");
  set(Field::phone, "+49 30 1234567");
  set(Field::city, "Köln");
  const MatchProfile profile = profile_of(record);
  EXPECT_EQ(profile.given_letters, "ann");
  EXPECT_EQ(profile.family_letters, "berg");
  EXPECT_EQ(profile.name.family, "van der berg");
  EXPECT_EQ(profile.company, "acme");
  EXPECT_EQ(profile.phone, "9301234567");
  EXPECT_EQ(profile.city, "koln");
}

TEST(MatchBlocks, OneWrongFieldLosesNoPair) {
  const MatchFields person{.first_name = "Ann",
                           .last_name = "Harrington",
                           .street = "6 Tullaroop Street",
                           .city = "St James",
                           .postcode = "4011",
                           .date_of_birth = "19801209"};
  for (std::string MatchFields::*field :
       {&MatchFields::first_name, &MatchFields::last_name, &MatchFields::street, &MatchFields::city,
        &MatchFields::postcode, &MatchFields::date_of_birth}) {
    MatchFields other = person;
    other.*field = "20010203";
    EXPECT_EQ(candidate_pairs(std::vector{make_profile(person), make_profile(other)}).size(), 1u);
  }
  const MatchFields stranger{.first_name = "Zoe", .last_name = "Quill", .city = "Perth"};
  EXPECT_TRUE(candidate_pairs(std::vector{make_profile(person), make_profile(stranger)}).empty());
}

}  // namespace
}  // namespace galena::domain
