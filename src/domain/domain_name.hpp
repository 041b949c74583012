// Names of machines in the DNS: what a well-formed one is, and international ones in ASCII.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace galena::domain {

// Letters, digits and hyphens in labels of 1 to 63 bytes; a last label of digits alone is none
// (10.0.0.1 is no name). Both cases; the length of the whole is the caller's business.
bool is_domain_name(std::string_view name);

// UTS #46, non-transitional: "Bücher。DE" gives "xn--bcher-kva.de". Nothing when a character or an
// A-label in it is not allowed. Characters newer than ICU's tables are let through as they are.
// `name` is UTF-8.
std::optional<std::string> to_a_labels(std::string_view name);

}  // namespace galena::domain
