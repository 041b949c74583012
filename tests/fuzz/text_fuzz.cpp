// Text from anywhere: the comparison form is a fixed point and well formed, a cut keeps UTF-8
// whole.
#include "base/text.hpp"

#include "base/result.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::string form = comparison_form(text);
  GALENA_ASSERT(comparison_form(form) == form);
  if (is_utf8(text)) {
    GALENA_ASSERT(is_utf8(form));
    GALENA_ASSERT(is_utf8(cut_utf8(text, size / 2)));
  }
  std::string decoded;
  from_base64(text, decoded);
  return 0;
}
