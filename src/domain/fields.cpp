#include "domain/fields.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"

namespace galena::domain {
namespace {

constexpr std::array<std::string_view, kFieldCount> kNames{
    "email",          "first_name",        "last_name",        "title",   "phone",  "company.name",
    "company.domain", "company.employees", "company.industry", "country", "region", "city",
    "company.id"};

struct TraitName {
  std::string_view object;
  std::string_view key;  // lower case, without blanks, underscores and hyphens
  Field field;
};

constexpr TraitName kTraits[] = {
    {"", "email", Field::email},
    {"", "emailaddress", Field::email},
    {"", "firstname", Field::first_name},
    {"", "givenname", Field::first_name},
    {"", "lastname", Field::last_name},
    {"", "familyname", Field::last_name},
    {"", "surname", Field::last_name},
    {"", "title", Field::title},
    {"", "jobtitle", Field::title},
    {"", "position", Field::title},
    {"", "phone", Field::phone},
    {"", "phonenumber", Field::phone},
    {"", "mobilephone", Field::phone},
    {"", "company", Field::company_name},
    {"", "companyname", Field::company_name},
    {"", "organization", Field::company_name},
    {"", "companydomain", Field::company_domain},
    {"", "employees", Field::employees},
    {"", "employeecount", Field::employees},
    {"", "companysize", Field::employees},
    {"", "numberofemployees", Field::employees},
    {"", "industry", Field::industry},
    {"", "country", Field::country},
    {"", "countrycode", Field::country},
    {"", "region", Field::region},
    {"", "state", Field::region},
    {"", "city", Field::city},
    {"company", "name", Field::company_name},
    {"company", "id", Field::company_id},
    {"company", "domain", Field::company_domain},
    {"company", "website", Field::company_domain},
    {"company", "employees", Field::employees},
    {"company", "employeecount", Field::employees},
    {"company", "companysize", Field::employees},
    {"company", "size", Field::employees},
    {"company", "industry", Field::industry},
    {"company", "country", Field::country},
    {"address", "country", Field::country},
    {"address", "countrycode", Field::country},
    {"address", "region", Field::region},
    {"address", "state", Field::region},
    {"address", "city", Field::city},
};

std::string key_form(std::string_view key) {
  std::string form;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    form.push_back(c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c);
  }
  return form;
}

// The first whole number in the text, thousands separators skipped; nothing if there is none.
std::string first_number(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digits.push_back(c);
      continue;
    }
    const bool separator =
        (c == ',' || c == '\'' || c == '.') && !digits.empty() && i + 3 < text.size() &&
        std::all_of(text.begin() + std::ptrdiff_t(i) + 1, text.begin() + std::ptrdiff_t(i) + 4,
                    [](char d) { return d >= '0' && d <= '9'; });
    if (separator) continue;
    if (!digits.empty()) break;
    if (c == '-') return {};  // a negative head count says nothing
  }
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, digits.empty() ? 0 : std::min(zeros, digits.size() - 1));
  return digits.size() > 10 ? std::string() : digits;
}

}  // namespace

std::string_view field_name(Field field) {
  return kNames[static_cast<std::size_t>(field)];
}

std::optional<Field> field_of_trait(std::string_view object, std::string_view key) {
  const std::string form = key_form(key);
  for (const TraitName& trait : kTraits) {
    if (trait.object == object && trait.key == form) return trait.field;
  }
  return std::nullopt;
}

std::string normalise_field(Field field, std::string_view value) {
  const std::string_view kept = cut_utf8(trimmed(value), 1000);
  if (field == Field::employees) return first_number(kept);
  return std::string(kept);
}

std::string country_code(std::string_view country) {
  // ICU's own table of countries, by two- and three-letter code and English name.
  static const auto* codes = [] {
    auto* table = new std::unordered_map<std::string, std::string>;
    for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
      const icu::Locale locale("", *code);
      icu::UnicodeString display;
      locale.getDisplayCountry(icu::Locale::getEnglish(), display);
      std::string english;
      display.toUTF8String(english);
      table->emplace(comparison_form(*code), *code);
      table->emplace(comparison_form(locale.getISO3Country()), *code);
      table->emplace(comparison_form(english), *code);
    }
    for (const auto& [name, code] : {std::pair{"usa", "US"},
                                     {"united states of america", "US"},
                                     {"uk", "GB"},
                                     {"great britain", "GB"},
                                     {"england", "GB"},
                                     {"deutschland", "DE"},
                                     {"österreich", "AT"},
                                     {"schweiz", "CH"},
                                     {"czech republic", "CZ"},
                                     {"holland", "NL"},
                                     {"the netherlands", "NL"}}) {
      table->emplace(comparison_form(name), code);
    }
    return table;
  }();
  std::string form = comparison_form(country);
  const auto found = codes->find(form);
  return found == codes->end() ? form : found->second;
}

}  // namespace galena::domain
