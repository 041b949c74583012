// What two records are compared by: every feature brought into the form in which it is compared.
#pragma once

#include <string>
#include <string_view>

#include "domain/lead.hpp"
#include "domain/person_name.hpp"

namespace galena::domain {

// A person or a company as somebody told it. Whatever is not known stays empty.
struct MatchFields {
  std::string name;  // the whole name, where it is not told in parts
  std::string first_name;
  std::string last_name;
  std::string company;
  std::string company_domain;
  std::string email;
  std::string phone;
  std::string street;         // with or without its number
  std::string street_number;  // empty: taken from the street
  std::string unit;           // what else the address says: flat, building, farm, district
  std::string city;
  std::string postcode;
  std::string region;
  std::string date_of_birth;  // 1980-12-31, 19801231 or 31.12.1980
  std::string national_id;
};

struct MatchProfile {
  PersonName name;             // of the e-mail address ("jane.doe@") when no other is told
  std::string given_letters;   // the first given name, letters alone
  std::string family_letters;  // without particles: "van der Berg" gives "berg"
  std::string company;         // short form (company_name.hpp)
  std::string company_domain;  // registrable; of the e-mail address when no other is told
  std::string email;           // the address' key; empty for role addresses: many people's
  std::string phone;           // the last ten digits of seven or more, without an extension
  std::string street;          // latin form, "street" and its like in short
  std::string street_told;     // the same as told
  std::string street_number;
  std::string unit;
  std::string city;
  std::string postcode;
  std::string region;
  std::string date_of_birth;  // eight digits, year first
  std::string national_id;

  // A profile with neither a person's name nor address of their own stands for a company.
  bool is_company() const { return name.empty() && email.empty() && date_of_birth.empty(); }
};

MatchProfile make_profile(const MatchFields& fields);

MatchProfile profile_of(const Record& record);

}  // namespace galena::domain
