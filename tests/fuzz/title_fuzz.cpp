// Any bytes can be read as a title, and blanks around it change nothing.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/title.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace domain = galena::domain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const domain::TitleReading reading = domain::read_title(text);
  GALENA_ASSERT(domain::seniority_from_string(domain::to_string(reading.seniority)) ==
                reading.seniority);
  if (size < 100) GALENA_ASSERT(domain::read_title("  " + std::string(text) + " ") == reading);
  return 0;
}
