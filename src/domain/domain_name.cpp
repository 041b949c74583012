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

// UTS #46, non-transitional (faß.de is not fass.de), into A-labels. `perhaps_new` tells whether
// the only fault are characters that ICU does not allow or, in an A-label, does not know.
std::optional<std::string> mapped(std::string_view name, bool& perhaps_new) {
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
  constexpr std::uint32_t kCharacterErrors = UIDNA_ERROR_DISALLOWED | UIDNA_ERROR_INVALID_ACE_LABEL;
  perhaps_new = U_SUCCESS(status) && errors != 0 && (errors & ~kCharacterErrors) == 0;
  if (U_FAILURE(status) || errors != 0) return std::nullopt;
  return std::string(ascii.data(), static_cast<std::size_t>(size));
}

std::u32string to_utf32(std::string_view text) {
  std::u32string points;
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    points.push_back(static_cast<char32_t>(wide.char32At(i)));
  }
  return points;
}

std::string to_utf8(const std::u32string& points) {
  icu::UnicodeString wide;
  for (const char32_t c : points) wide.append(static_cast<UChar32>(c));
  std::string text;
  wide.toUTF8String(text);
  return text;
}

std::string in_punycode(const std::u32string& label) {
  const bool ascii = std::all_of(label.begin(), label.end(), [](char32_t c) { return c < 0x80; });
  return ascii ? to_utf8(label) : "xn--" + punycode(label);
}

// A label with characters that Unicode had not assigned when ICU's tables were made: registries
// are quicker than distributions. The rest of it has to be what UTS #46 would make of it.
std::optional<std::string> with_new_characters(const std::u32string& label) {
  std::u32string known;
  for (const char32_t c : label) {
    if (u_charType(static_cast<UChar32>(c)) != U_UNASSIGNED) known.push_back(c);
  }
  if (known.size() == label.size()) return std::nullopt;
  bool perhaps_new = false;
  if (!known.empty() && mapped(to_utf8(known), perhaps_new) != in_punycode(known)) {
    return std::nullopt;
  }
  return in_punycode(label);
}

std::optional<std::string> to_a_label(std::string_view label) {
  bool perhaps_new = false;
  auto ascii = mapped(label, perhaps_new);
  if (ascii || !perhaps_new) return ascii;
  if (!label.starts_with("xn--")) return with_new_characters(to_utf32(label));
  const auto decoded = from_punycode(label.substr(4));
  ascii = decoded ? with_new_characters(*decoded) : std::nullopt;
  return ascii == label ? ascii : std::nullopt;
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
  bool perhaps_new = false;
  auto ascii = mapped(name, perhaps_new);
  if (ascii || !perhaps_new) return ascii;
  const std::string folded = comparison_form(name);
  std::string joined;
  for (std::size_t start = 0; start <= folded.size();) {
    const std::size_t end = std::min(folded.find('.', start), folded.size());
    const auto label = to_a_label(std::string_view(folded).substr(start, end - start));
    if (!label) return std::nullopt;
    if (start > 0) joined.push_back('.');
    joined += *label;
    start = end + 1;
  }
  return joined;
}

}  // namespace galena::domain
