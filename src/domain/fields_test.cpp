#include "domain/fields.hpp"

#include <gtest/gtest.h>

namespace galena::domain {
namespace {

TEST(Fields, names) {
  EXPECT_EQ(field_name(Field::email), "email");
  EXPECT_EQ(field_name(Field::employees), "company.employees");
  EXPECT_EQ(field_name(Field::city), "city");
}

TEST(Fields, a_trait_is_known_in_any_way_of_writing) {
  for (const auto* key : {"firstName", "first_name", "First Name", "FIRSTNAME", "first-name"}) {
    EXPECT_EQ(field_of_trait("", key), Field::first_name) << key;
  }
  for (const auto* key : {"employees", "employee_count", "companySize", "numberOfEmployees"}) {
    EXPECT_EQ(field_of_trait("", key), Field::employees) << key;
  }
  EXPECT_EQ(field_of_trait("company", "employees"), Field::employees);
  EXPECT_EQ(field_of_trait("company", "name"), Field::company_name);
  EXPECT_EQ(field_of_trait("company", "industry"), Field::industry);
  EXPECT_EQ(field_of_trait("", "industry"), Field::industry);
  EXPECT_EQ(field_of_trait("address", "state"), Field::region);
  EXPECT_EQ(field_of_trait("", "title"), Field::title);
}

TEST(Fields, a_trait_of_another_object_is_another_trait) {
  EXPECT_EQ(field_of_trait("", "name"), std::nullopt);  // read as first and last name
  EXPECT_EQ(field_of_trait("company", "title"), std::nullopt);
  EXPECT_EQ(field_of_trait("address", "email"), std::nullopt);
  EXPECT_EQ(field_of_trait("", "favourite colour"), std::nullopt);
}

TEST(Fields, values_are_trimmed_and_cut_at_a_character) {
  EXPECT_EQ(normalise_field(Field::title, "  VP  Sales\n"), "VP  Sales");
  EXPECT_EQ(normalise_field(Field::title, " \t "), "");
  const std::string long_title = std::string(999, 'x') + "é";
  EXPECT_EQ(normalise_field(Field::title, long_title), std::string(999, 'x'));
}

TEST(Fields, head_counts_are_whole_numbers) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"200", "200"},
      {"51-200", "51"},
      {"1,000+", "1000"},
      {"1'000", "1000"},
      {"1.000", "1000"},
      {"10 000", "10"},
      {"about 75", "75"},
      {"> 200", "200"},
      {"250.0", "250"},
      {"12.5", "12"},
      {"1,234,567", "1234567"},
      {"-5", ""},
      {"0", "0"},
      {"007", "7"},
      {"many", ""},
      {"", ""},
      {"99999999999", ""},
      {"9999999999", "9999999999"},
      {"000", "0"},
  };
  for (const auto& [text, count] : cases) {
    EXPECT_EQ(normalise_field(Field::employees, text), count) << text;
  }
}

TEST(Fields, countries_have_one_code) {
  for (const auto* name : {"Germany", "germany", " GERMANY ", "DE", "de", "DEU", "Deutschland"}) {
    EXPECT_EQ(country_code(name), "DE") << name;
  }
  for (const auto* name : {"US", "USA", "usa", "United States", "United States of America"}) {
    EXPECT_EQ(country_code(name), "US") << name;
  }
  EXPECT_EQ(country_code("UK"), "GB");
  EXPECT_EQ(country_code("Österreich"), "AT");
  EXPECT_EQ(country_code("Middle  Earth"), "middle earth");
  EXPECT_EQ(country_code(""), "");
}

}  // namespace
}  // namespace galena::domain
