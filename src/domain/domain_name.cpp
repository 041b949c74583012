#include "domain/domain_name.hpp"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/punycode.hpp"

namespace galena::domain {
namespace {

constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kAsciiBytesMax = 4096;  // a name that gets longer is none anyway

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host_label(std::string_view label) {
  if (label.empty() || label.size() > kLabelBytesMax) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  for (const char c : label) {
    if (!is_letter_or_digit(c) && c != '-') return false;
  }
  return true;
}

bool is_number(std::string_view label) {
  return label.find_first_not_of("0123456789") == std::string_view::npos;
}

// UTS #46, non-transitional (faß.de is not fass.de), into A-labels. `disallowed` tells whether a
// character that no domain name may have was the only fault.
std::optional<std::string> mapped(std::string_view name, bool& disallowed) {
  static const UIDNA* const mapping = [] {
    UErrorCode status = U_ZERO_ERROR;
    UIDNA* opened = uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
    GALENA_ASSERT(U_SUCCESS(status));
    return opened;
  }();
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  std::array<char, kAsciiBytesMax> ascii;
  const std::int32_t size =
      uidna_nameToASCII_UTF8(mapping, name.data(), static_cast<std::int32_t>(name.size()),
                             ascii.data(), static_cast<std::int32_t>(ascii.size()), &info, &status);
  // "ab--cd.com" exists; only xn-- is special, and a bad one has errors of its own.
  const std::uint32_t errors = info.errors & ~static_cast<std::uint32_t>(UIDNA_ERROR_HYPHEN_3_4);
  disallowed = U_SUCCESS(status) && errors == UIDNA_ERROR_DISALLOWED;
  if (U_FAILURE(status) || errors != 0) return std::nullopt;
  return std::string(ascii.data(), static_cast<std::size_t>(size));
}

// A label with characters that Unicode had not assigned when ICU's tables were made: registries
// are quicker than distributions. The rest of the label still has to pass UTS #46.
std::optional<std::string> to_a_label_with_new_characters(std::string_view label) {
  std::u32string all;
  icu::UnicodeString known;
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(label.data(), static_cast<std::int32_t>(label.size())));
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const UChar32 c = wide.char32At(i);
    all.push_back(static_cast<char32_t>(c));
    if (u_charType(c) != U_UNASSIGNED) known.append(c);
  }
  std::string known_utf8;
  known.toUTF8String(known_utf8);
  bool disallowed = false;
  if (!known_utf8.empty() && !mapped(known_utf8, disallowed)) return std::nullopt;
  if (known_utf8 == label) return mapped(label, disallowed);
  return "xn--" + punycode(all);
}

}  // namespace

bool is_domain_name(std::string_view domain) {
  std::string_view label;
  for (std::size_t start = 0; start <= domain.size();) {
    const std::size_t end = std::min(domain.find('.', start), domain.size());
    label = domain.substr(start, end - start);
    if (!is_host_label(label)) return false;
    start = end + 1;
  }
  return !is_number(label);
}

std::optional<std::string> to_a_labels(std::string_view name) {
  bool disallowed = false;
  auto ascii = mapped(name, disallowed);
  if (ascii || !disallowed) return ascii;
  const std::string folded = comparison_form(name);
  std::string joined;
  for (std::size_t start = 0; start <= folded.size();) {
    const std::size_t end = std::min(folded.find('.', start), folded.size());
    const auto label =
        to_a_label_with_new_characters(std::string_view(folded).substr(start, end - start));
    if (!label) return std::nullopt;
    if (start > 0) joined.push_back('.');
    joined += *label;
    start = end + 1;
  }
  return joined;
}

}  // namespace galena::domain
