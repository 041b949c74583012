#include "domain/latin_form.hpp"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "base/result.hpp"
#include "base/text.hpp"

namespace galena::domain {
namespace {

// ICU builds it from rules, which takes milliseconds: once per thread, as it keeps state while it
// works.
const icu::Transliterator& to_latin() {
  thread_local const std::unique_ptr<icu::Transliterator> rules = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
        "Any-Latin; Latin-ASCII; [:^ASCII:] Remove", UTRANS_FORWARD, status));
    GALENA_ASSERT(U_SUCCESS(status) && made != nullptr);
    return made;
  }();
  return *rules;
}

}  // namespace

std::string latin_form(std::string_view text) {
  const std::string folded = comparison_form(text);
  if (is_ascii(folded)) return folded;
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(folded);
  to_latin().transliterate(wide);
  std::string latin;
  wide.toUTF8String(latin);
  return comparison_form(latin);
}

std::string letters_of(std::string_view latin) {
  std::string letters;
  for (const char c : latin) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters.push_back(c);
  }
  return letters;
}

}  // namespace galena::domain
