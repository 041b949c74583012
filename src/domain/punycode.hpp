// RFC 3492, encoding only: for the rare domain label with a character that is newer than ICU's
// tables. Everything ICU knows goes through ICU.
#pragma once

#include <string>
#include <string_view>

namespace galena::domain {

// "bücher" gives "bcher-kva" (without the "xn--").
std::string punycode(std::u32string_view label);

}  // namespace galena::domain
