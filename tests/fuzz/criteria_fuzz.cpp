// Any text as a criterion: it is refused with a column, or it can be asked.
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "domain/criteria.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto criterion = domain::Criterion::parse(text, {.target_industries = {"Software"}});
  if (!criterion) {
    GALENA_ASSERT(criterion.error().field.starts_with("column "));
    return 0;
  }
  const domain::Record record;
  const domain::Standing standing;
  static_cast<void>(criterion->holds({record, &standing, "lead"}));
  return 0;
}
