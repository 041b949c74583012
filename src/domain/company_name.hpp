// A company's name as people type it, in the forms in which it is compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace galena::domain {

enum class CompanyPart : std::uint8_t {
  name,
  and_company,  // "& Co", "and Sons", "& Associates"
  legal_form,   // Inc., GmbH, S.A.
};

struct CompanyToken {
  std::string_view text;  // as written, a view into the name
  CompanyPart part{};
};

// One label for each blank-separated word, in order. A name that is nothing but forms ("Limited")
// is a name.
std::vector<CompanyToken> label_company_name(std::string_view name);

struct CompanyName {
  // Latin form without points and signs, "&" as "and", the legal form in its one spelling: "Müller
  // & Söhne G.m.b.H." gives "muller und sohne gmbh".
  std::string form;
  // What people call it: without "The", "& Co" and the legal form: "muller". Equal for spellings
  // of one company, and often for a group's companies. Never empty unless the name has no letter.
  std::string short_form;
  std::string legal_form;  // "gmbh & co kg"; empty when none is told

  bool operator==(const CompanyName&) const = default;
};

CompanyName parse_company_name(std::string_view name);

}  // namespace galena::domain
