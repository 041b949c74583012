// Names in the one alphabet in which they are compared.
#pragma once

#include <string>
#include <string_view>

namespace galena::domain {

// Lower case ASCII letters, digits and signs: case and width folded, accents taken off, other
// scripts transliterated by ICU's rules ("ＭÜＬＬＥＲ" gives "muller", "Øster" "oster", "Петров"
// "petrov"). Blanks trimmed and folded. For comparing only, never shown: it loses too much.
std::string latin_form(std::string_view text);

// The letters and digits of a latin form alone: "o'neil-smith 3" gives "oneilsmith3".
std::string letters_of(std::string_view latin);

}  // namespace galena::domain
