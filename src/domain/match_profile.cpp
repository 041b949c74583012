#include "domain/match_profile.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/company_name.hpp"
#include "domain/email_address.hpp"
#include "domain/latin_form.hpp"
#include "domain/mail_domain.hpp"
#include "domain/name_words.hpp"

namespace galena::domain {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) digits.push_back(c);
  }
  return digits;
}

std::string phone_form(std::string_view phone) {
  const std::string latin = latin_form(phone);
  const std::string_view number =
      std::string_view(latin).substr(0, latin.find_first_of("x#;", latin.empty() ? 0 : 1));
  std::string digits = digits_of(number.substr(0, number.find("ext")));
  if (digits.size() < 7) return {};
  return digits.size() > 10 ? digits.substr(digits.size() - 10) : digits;
}

// Year first. "31.12.1980" and "12/31/1980" end with the year; which of the others is the day is
// left to the comparison, which takes both exchanged for a slip.
std::string birth_form(std::string_view date) {
  const std::string digits = digits_of(date.substr(0, date.find('T')));
  if (digits.size() != 8) return {};
  const std::size_t sign = date.find_first_of("./-");
  if (sign == 1 || sign == 2) return digits.substr(4) + digits.substr(2, 2) + digits.substr(0, 2);
  return digits;
}

std::string short_street_word(const std::string& word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kShort{
      {{"street", "st"},   {"road", "rd"},        {"avenue", "ave"},  {"av", "ave"},
       {"drive", "dr"},    {"boulevard", "blvd"}, {"lane", "ln"},     {"court", "ct"},
       {"place", "pl"},    {"crescent", "cres"},  {"circuit", "cct"}, {"close", "cl"},
       {"square", "sq"},   {"parkway", "pkwy"},   {"highway", "hwy"}, {"terrace", "tce"},
       {"north", "n"},     {"south", "s"},        {"east", "e"},      {"west", "w"},
       {"strasse", "str"}, {"platz", "pl"},       {"suite", "ste"},   {"apartment", "apt"}}};
  const auto* found =
      std::ranges::find(kShort, word, &std::pair<std::string_view, std::string_view>::first);
  if (found != kShort.end()) return std::string(found->second);
  if (word.size() > 9 && word.ends_with("strasse")) return word.substr(0, word.size() - 4);
  return word;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : latin_form(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || is_digit(c);
    if (letter) {
      words.back().push_back(c);
    } else if (c == ' ' || c == '-' || c == ',' || c == '/') {
      if (!words.back().empty()) words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text.push_back(' ');
    text += word;
  }
  return text;
}

void set_street(const MatchFields& fields, MatchProfile& profile) {
  std::vector<std::string> words = words_of(fields.street);
  profile.street_number = joined(words_of(fields.street_number));
  if (profile.street_number.empty() && words.size() > 1) {  // before the street or behind it
    const bool before = is_digit(words.front().front());
    const bool behind = is_digit(words.back().front());
    if (before || behind) {
      profile.street_number = before ? words.front() : words.back();
      words.erase(before ? words.begin() : words.end() - 1);
    }
  }
  profile.street_told = joined(words);
  for (std::string& word : words) word = short_street_word(word);
  profile.street = joined(words);
}

std::string family_core(std::string_view family) {
  std::string core;
  std::string_view rest = family;
  while (true) {
    const std::size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) break;
    if (!is_name_word(rest.substr(0, blank), NameWord::particle)) break;
    rest.remove_prefix(blank + 1);
  }
  return letters_of(rest);
}

// "jane.doe@" is Jane Doe's, if nobody told a name; "sales.team@" is a role's and never asked.
PersonName name_in(std::string_view local) {
  const std::size_t sign = local.find_first_of("._");
  if (sign == std::string_view::npos) return {};
  const std::string first = latin_form(local.substr(0, sign));
  const std::string last = latin_form(local.substr(sign + 1));
  const auto is_word = [](std::string_view text) {
    return text.size() >= 2 &&
           std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
  };
  if (!is_word(first) || !is_word(last)) return {};
  return {.given = first, .family = last};
}

void set_mail(std::string_view email, MatchProfile& profile) {
  const auto address = parse_email(email);
  if (!address) return;
  if (!is_role_address(address->local)) {
    profile.email = address->key;
    if (profile.name.empty()) profile.name = name_in(address->local);
  }
  if (profile.company_domain.empty()) profile.company_domain = company_domain(address->domain);
}

}  // namespace

MatchProfile make_profile(const MatchFields& fields) {
  MatchProfile profile;
  const bool whole = fields.first_name.empty() && fields.last_name.empty();
  profile.name = whole ? parse_person_name(fields.name)
                       : parse_person_name(fields.first_name, fields.last_name);
  const bool in_parts = fields.first_name.empty() != fields.last_name.empty();
  const std::string& part = fields.first_name.empty() ? fields.last_name : fields.first_name;
  // A single word in one of two fields is what that field says it is.
  if (!whole && in_parts && part.find(' ') == std::string::npos) {
    std::string word = profile.name.given + profile.name.family;
    profile.name = {};
    (fields.first_name.empty() ? profile.name.family : profile.name.given) = std::move(word);
  }
  profile.company = parse_company_name(fields.company).short_form;
  profile.company_domain = company_domain_told(fields.company_domain);
  set_mail(fields.email, profile);
  profile.given_letters = letters_of(profile.name.given);
  profile.family_letters = family_core(profile.name.family);
  profile.phone = phone_form(fields.phone);
  set_street(fields, profile);
  profile.unit = joined(words_of(fields.unit));
  profile.city = joined(words_of(fields.city));
  profile.postcode = letters_of(latin_form(fields.postcode));
  profile.region = joined(words_of(fields.region));
  profile.date_of_birth = birth_form(fields.date_of_birth);
  profile.national_id = letters_of(latin_form(fields.national_id));
  return profile;
}

MatchProfile profile_of(const Record& record) {
  return make_profile({.first_name = record[Field::first_name].value,
                       .last_name = record[Field::last_name].value,
                       .company = record[Field::company_name].value,
                       .company_domain = record[Field::company_domain].value,
                       .email = record[Field::email].value,
                       .phone = record[Field::phone].value,
                       .city = record[Field::city].value,
                       .region = record[Field::region].value});
}

}  // namespace galena::domain
