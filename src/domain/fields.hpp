// THE TABLE OF FIELDS: what is known about a person and their company, under which names it comes
// in, and how a value is brought into its one form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace galena::domain {

enum class Field : std::uint8_t {
  email,
  first_name,
  last_name,
  title,
  phone,
  company_name,
  company_domain,
  employees,
  industry,
  country,
  region,
  city,
  company_id,
};
constexpr std::size_t kFieldCount = 13;

// The field's name in criteria and the API: "company.employees".
std::string_view field_name(Field field);

// Which field a trait means: its key ("firstName", "job_title") within an object ("company",
// "address") or at the top (""). A group's traits are read as within "company", its address as a
// person's.
std::optional<Field> field_of_trait(std::string_view object, std::string_view key);

// The value in the form in which it is kept: blanks trimmed, 1,000 bytes at most; employees as a
// whole number ("51-200" is 51, "1,000+" is 1000). Empty when there is nothing to keep.
std::string normalise_field(Field field, std::string_view value);

// "Germany", "germany", "DE" and "DEU" give "DE"; unknown names give their comparison form.
std::string country_code(std::string_view country);

}  // namespace galena::domain
