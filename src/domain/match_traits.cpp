#include "domain/match_traits.hpp"

#include <algorithm>
#include <cstddef>

#include "domain/latin_form.hpp"
#include "domain/name_words.hpp"
#include "domain/similarity.hpp"

namespace galena::domain {
namespace {

// One edit, or two in a long text: what fingers, scanners and ears do to a word.
bool is_slip(std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer < 3) return false;
  const std::size_t limit = longer >= 8 ? 2 : 1;
  return edit_distance(a, b, limit) <= limit;
}

// ü as ue, ö as oe, ä as ae, and doubled letters: one name in different countries' spelling.
std::string loose_spelling(std::string_view letters) {
  std::string loose;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char c = letters[i];
    if (c == 'e' && !loose.empty() && std::string_view("aou").contains(loose.back())) continue;
    if (!loose.empty() && loose.back() == c) continue;
    loose.push_back(c);
  }
  return loose;
}

Agreement compare_given(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  if (a == b) return Agreement::equal;
  if (a.size() == 1 || b.size() == 1) {
    return a.front() == b.front() ? Agreement::partial : Agreement::different;
  }
  if (are_nicknames(a, b)) return Agreement::variant;
  if (is_slip(a, b) || loose_spelling(a) == loose_spelling(b)) return Agreement::slip;
  const bool contained = a.size() >= 3 && b.size() >= 3 && (a.starts_with(b) || b.starts_with(a));
  return contained || jaro_winkler(a, b) >= 0.87 ? Agreement::similar : Agreement::different;
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find_first_of(" -", at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

Agreement compare_family(const MatchProfile& a, const MatchProfile& b) {
  const std::string& left = a.family_letters;
  const std::string& right = b.family_letters;
  if (left.empty() || right.empty()) return Agreement::unknown;
  if (left == right) return Agreement::equal;
  if (left.size() == 1 || right.size() == 1) {
    return left.front() == right.front() ? Agreement::partial : Agreement::different;
  }
  if (loose_spelling(left) == loose_spelling(right)) return Agreement::variant;
  if (is_slip(left, right)) return Agreement::slip;
  if (has_word(a.name.family, right) || has_word(b.name.family, left)) return Agreement::partial;
  return jaro_winkler(left, right) >= 0.88 ? Agreement::similar : Agreement::different;
}

bool agrees_well(Agreement agreement) {
  return agreement == Agreement::equal || agreement == Agreement::slip ||
         agreement == Agreement::variant;
}

void compare_names(const MatchProfile& a, const MatchProfile& b, Agreement& given,
                   Agreement& family) {
  given = compare_given(a.given_letters, b.given_letters);
  if (given == Agreement::different || given == Agreement::similar) {
    const auto called = [](const MatchProfile& one, const MatchProfile& other) {
      return !one.name.nickname.empty() && letters_of(one.name.nickname) == other.given_letters;
    };
    // "Robert Andrew Smith" who goes by Andrew, and Junghoo (John) Cho
    const bool by_middle = (!a.name.middle.empty() && has_word(a.name.middle, b.given_letters)) ||
                           (!b.name.middle.empty() && has_word(b.name.middle, a.given_letters));
    const bool whole = std::min(a.given_letters.size(), b.given_letters.size()) > 1;
    if (called(a, b) || called(b, a) || (by_middle && whole)) {
      given = Agreement::variant;
    }
  }
  family = compare_family(a, b);
  if (agrees_well(given) || agrees_well(family)) return;
  const Agreement crossed = compare_given(a.given_letters, b.family_letters);
  const Agreement back = compare_given(a.family_letters, b.given_letters);
  if (agrees_well(crossed) && agrees_well(back)) {
    given = family = Agreement::exchanged;
  } else if (crossed == Agreement::equal || back == Agreement::equal) {
    given = Agreement::exchanged;  // one in the other's place; the rest is wrong or missing
  }
}

Agreement compare_middle(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  if (a == b) return Agreement::equal;
  if (a.front() == b.front() && (a.size() == 1 || b.size() == 1)) return Agreement::partial;
  if (is_slip(a, b)) return Agreement::slip;
  return a.front() == b.front() ? Agreement::similar : Agreement::different;
}

Agreement compare_birth(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  if (a == b) return Agreement::equal;
  const auto year = a.substr(0, 4) == b.substr(0, 4);
  const auto month = a.substr(4, 2) == b.substr(4, 2);
  const auto day = a.substr(6, 2) == b.substr(6, 2);
  const bool turned = year && a.substr(4, 2) == b.substr(6, 2) && a.substr(6, 2) == b.substr(4, 2);
  if (turned || edit_distance(a, b, 1) <= 1) return Agreement::slip;
  return int{year} + int{month} + int{day} == 2 ? Agreement::partial : Agreement::different;
}

// Lines of an address: equal but for signs and blanks, alike, or not.
Agreement compare_line(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  const std::string left = letters_of(a);
  const std::string right = letters_of(b);
  if (left == right) return Agreement::equal;
  if (is_slip(left, right)) return Agreement::slip;
  const std::size_t shorter = std::min(left.size(), right.size());
  const std::size_t limit = std::max(left.size(), right.size()) * 3 / 10;
  const bool alike = edit_distance(left, right, limit) <= limit ||
                     (left.front() == right.front() && jaro_winkler(left, right) >= 0.93) ||
                     (shorter > 4 && word_likeness(a, b) > 0.6);
  return alike ? Agreement::similar : Agreement::different;
}

// As told and in short: "baseby lace" is a slip of "baseby place", not of "baseby pl".
Agreement compare_street(const MatchProfile& a, const MatchProfile& b) {
  const Agreement in_short = compare_line(a.street, b.street);
  if (in_short == Agreement::equal || in_short == Agreement::unknown) return in_short;
  return std::min(in_short, compare_line(a.street_told, b.street_told));
}

bool alike(Agreement agreement) {
  return agreement == Agreement::equal || agreement == Agreement::slip ||
         agreement == Agreement::similar;
}

// The street with its number: equal; slip (alike, the number is the same); variant (alike, a number
// is not told); similar (alike, the numbers differ); partial (the number alone).
Agreement with_number(Agreement line, std::string_view a, std::string_view b) {
  const bool told = !a.empty() && !b.empty();
  if (line == Agreement::unknown) return told && a == b ? Agreement::partial : Agreement::unknown;
  if (!alike(line)) return told && a == b ? Agreement::partial : Agreement::different;
  if (!told) return Agreement::variant;
  if (a != b) return Agreement::similar;
  return line == Agreement::equal ? Agreement::equal : Agreement::slip;
}

void compare_address(const MatchProfile& a, const MatchProfile& b, Agreement& street,
                     Agreement& unit) {
  const Agreement line = compare_street(a, b);
  unit = compare_line(a.unit, b.unit);
  street = with_number(line, a.street_number, b.street_number);
  if (alike(line) || alike(unit)) return;
  const Agreement crossed = compare_line(a.street_told, b.unit);
  const Agreement back = compare_line(a.unit, b.street_told);
  if (!alike(crossed) && !alike(back)) return;
  street = Agreement::exchanged;
  const bool both = alike(crossed) && alike(back);
  unit = both ? Agreement::exchanged : Agreement::unknown;
}

// City and postcode say nearly the same, so they are one trait. equal: both; slip: one, the other
// nearly; variant: one, the other not told; partial: one, the other differs; similar: nearly one.
Agreement compare_place(const MatchProfile& a, const MatchProfile& b) {
  const Agreement city = compare_line(a.city, b.city);
  Agreement code = Agreement::unknown;
  if (!a.postcode.empty() && !b.postcode.empty()) {
    code = a.postcode == b.postcode                        ? Agreement::equal
           : edit_distance(a.postcode, b.postcode, 1) <= 1 ? Agreement::slip
                                                           : Agreement::different;
  }
  const bool same_city = city == Agreement::equal;
  const bool same_code = code == Agreement::equal;
  if (same_city && same_code) return Agreement::equal;
  if (same_city || same_code) {
    const Agreement other = same_city ? code : city;
    if (other == Agreement::unknown) return Agreement::variant;
    return alike(other) ? Agreement::slip : Agreement::partial;
  }
  // Postcodes of one region differ by little: beside another city that says nothing.
  if (alike(city) || (alike(code) && city == Agreement::unknown)) return Agreement::similar;
  if (city != Agreement::unknown || code != Agreement::unknown) return Agreement::different;
  return Agreement::unknown;
}

Agreement compare_number(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  if (a == b) return Agreement::equal;
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter < 6) return Agreement::different;
  if (a.ends_with(b) || b.ends_with(a)) return Agreement::variant;
  return edit_distance(a, b, 1) <= 1 ? Agreement::slip : Agreement::different;
}

// Whether a local part can be made of the name: jsmith, john.smith, smith.j, johns.
bool may_be_of(std::string_view local, std::string_view given, std::string_view family) {
  if (given.empty() || family.empty()) return false;
  const std::string letters = letters_of(local);
  const std::string first(given);
  const std::string last(family);
  const std::string initial = first.substr(0, 1);
  const std::string forms[] = {first + last,    initial + last, last + first, last + initial,
                               first + last[0], first,          last};
  return std::ranges::find(forms, letters) != std::end(forms);
}

bool has_digit_edit(std::string_view a, std::string_view b) {
  const auto digits = [](std::string_view text) {
    std::string kept;
    for (const char c : text) {
      if (c >= '0' && c <= '9') kept.push_back(c);
    }
    return kept;
  };
  return digits(a) != digits(b);
}

// variant: an alias (jsmith@, john.smith@) in one domain; partial: the same local part elsewhere;
// similar: one company's addresses of other names.
Agreement compare_email(const MatchProfile& a, const MatchProfile& b) {
  if (a.email.empty() || b.email.empty()) return Agreement::unknown;
  if (a.email == b.email) return Agreement::equal;
  const std::string_view left = std::string_view(a.email).substr(0, a.email.rfind('@'));
  const std::string_view right = std::string_view(b.email).substr(0, b.email.rfind('@'));
  const bool same_domain = a.email.substr(left.size()) == b.email.substr(right.size());
  const auto of = [&](const MatchProfile& who) {
    return may_be_of(left, who.given_letters, who.family_letters) &&
           may_be_of(right, who.given_letters, who.family_letters);
  };
  // john.smith2@ is the second John Smith and jsmith@ beside dsmith@ is Dora, not a slip.
  const bool own_names = a.given_letters != b.given_letters &&
                         may_be_of(left, a.given_letters, a.family_letters) &&
                         may_be_of(right, b.given_letters, b.family_letters);
  if (!own_names && !has_digit_edit(a.email, b.email) && edit_distance(a.email, b.email, 1) <= 1) {
    return Agreement::slip;
  }
  if (!same_domain) {  // every John Smith is john.smith@ somewhere
    const bool telling = left == right && left.size() >= 5 && !of(a) && !of(b);
    return telling ? Agreement::partial : Agreement::different;
  }
  if (of(a) || of(b) || letters_of(left) == letters_of(right)) {
    return has_digit_edit(left, right) ? Agreement::similar : Agreement::variant;
  }
  const bool company = !a.company_domain.empty() && a.company_domain == b.company_domain;
  return company ? Agreement::similar : Agreement::different;
}

// equal: the domain or the name; partial: all words of the shorter name are in the longer.
Agreement compare_company(const MatchProfile& a, const MatchProfile& b) {
  const bool domains = !a.company_domain.empty() && !b.company_domain.empty();
  if (domains && a.company_domain == b.company_domain) return Agreement::equal;
  if (a.company.empty() || b.company.empty()) {
    return domains ? Agreement::different : Agreement::unknown;
  }
  const std::string left = letters_of(a.company);
  const std::string right = letters_of(b.company);
  if (left == right) return Agreement::equal;
  if (is_slip(left, right)) return Agreement::slip;
  const bool longer = left.size() >= right.size();
  const std::string& words = longer ? a.company : b.company;
  const std::string& part = longer ? b.company : a.company;
  bool all = part.size() >= 4;
  for (std::size_t at = 0; all && at < part.size();) {
    const std::size_t end = std::min(part.find(' ', at), part.size());
    all = has_word(words, std::string_view(part).substr(at, end - at));
    at = end + 1;
  }
  if (all) return Agreement::partial;
  const bool near = word_likeness(a.company, b.company) >= 0.6 || jaro_winkler(left, right) >= 0.92;
  return near ? Agreement::similar : Agreement::different;
}

Agreement compare_generation(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  return a == b ? Agreement::equal : Agreement::different;
}

}  // namespace

PackedAgreements packed(const Agreements& agreements) {
  PackedAgreements bits = 0;
  for (std::size_t i = kTraitCount; i-- > 0;) {
    bits = bits << 4 | static_cast<std::uint64_t>(agreements[i]);
  }
  return bits;
}

Agreements unpacked(PackedAgreements bits) {
  Agreements agreements{};
  for (Agreement& agreement : agreements) {
    agreement = static_cast<Agreement>(bits & 0xF);
    bits >>= 4;
  }
  return agreements;
}

Agreements compare_traits(const MatchProfile& a, const MatchProfile& b) {
  Agreements found{};
  const auto at = [&](Trait trait) -> Agreement& { return found[static_cast<std::size_t>(trait)]; };
  compare_names(a, b, at(Trait::given), at(Trait::family));
  at(Trait::middle) = compare_middle(a.name.middle, b.name.middle);
  at(Trait::generation) = compare_generation(a.name.generation, b.name.generation);
  at(Trait::birth) = compare_birth(a.date_of_birth, b.date_of_birth);
  compare_address(a, b, at(Trait::street), at(Trait::unit));
  at(Trait::place) = compare_place(a, b);
  at(Trait::phone) = compare_number(a.phone, b.phone);
  at(Trait::email) = compare_email(a, b);
  at(Trait::company) = compare_company(a, b);
  at(Trait::national_id) = compare_number(a.national_id, b.national_id);
  return found;
}

std::string trait_value(const MatchProfile& profile, Trait trait) {
  switch (trait) {
    case Trait::given:
      return profile.given_letters;
    case Trait::family:
      return profile.family_letters;
    case Trait::middle:
      return profile.name.middle;
    case Trait::generation:
      return profile.name.generation;
    case Trait::birth:
      return profile.date_of_birth;
    case Trait::street:
      if (profile.street.empty()) return {};
      return letters_of(profile.street) + "/" + profile.street_number;
    case Trait::unit:
      return letters_of(profile.unit);
    case Trait::place:
      if (profile.city.empty() || profile.postcode.empty()) return {};
      return profile.postcode + "/" + letters_of(profile.city);
    case Trait::phone:
      return profile.phone;
    case Trait::email:
      return profile.email;
    case Trait::company:
      return profile.company.empty() ? profile.company_domain : letters_of(profile.company);
    case Trait::national_id:
      return profile.national_id;
  }
  return {};
}

}  // namespace galena::domain
