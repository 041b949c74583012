// A person's name as people type it, taken apart into the parts that are compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace galena::domain {

enum class NamePart : std::uint8_t {
  prefix_marital,  // Mr, Mrs
  prefix_other,    // Dr., State Senator
  given,
  first_initial,
  middle,
  middle_initial,
  surname,
  last_initial,
  suffix_generational,  // Jr., III
  suffix_other,         // MD, Esq.
  nickname,             // (Bill), "Buck"
  conjunction,          // between two people
};

struct NameToken {
  std::string_view text;  // as written, a view into the name
  NamePart part{};
};

// One label for each blank-separated word of the name, in order.
std::vector<NameToken> label_person_name(std::string_view name);

// All parts in latin form (latin_form.hpp), words separated by single blanks, no points. Empty
// where the name says nothing.
struct PersonName {
  std::string given;       // the first given name, or the only one's initial
  std::string middle;      // further given names and initials
  std::string family;      // with its particles: "van der berg"
  std::string generation;  // "jr", "sr", "ii" … in one form: "junior" is "jr", "2nd" is "ii"
  std::string nickname;    // told with the name: Robert "Bob" Smith

  bool empty() const { return given.empty() && family.empty(); }
  bool operator==(const PersonName&) const = default;
};

// "Dr. Smith, John A., Jr.", "John A. Smith Jr" and "JOHN SMITH" in the parts they have. Of two
// people ("Ann and Bob Smith") the first one, with the family name that they share.
PersonName parse_person_name(std::string_view name);

// From the two fields of a record, each read by the same rules: titles and generations may stand
// in either, the first may hold middle names, and either may hold the whole name while the other
// is empty or repeats it.
PersonName parse_person_name(std::string_view first, std::string_view last);

}  // namespace galena::domain
