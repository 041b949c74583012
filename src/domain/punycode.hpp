// RFC 3492, for the rare domain label with a character that is newer than ICU's tables. Everything
// ICU knows goes through ICU.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace galena::domain {

// "bücher" gives "bcher-kva" (without the "xn--"). Code points only.
std::string punycode(std::u32string_view label);

// The other way round; nothing when the text is no Punycode. Lower case only.
std::optional<std::u32string> from_punycode(std::string_view encoded);

}  // namespace galena::domain
