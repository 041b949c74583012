// Any text as a criterion: it is refused with a column, or it can be written again and asked.
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "domain/criteria.hpp"
#include "domain/criteria_json.hpp"
#include "domain/criteria_text.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto criterion = domain::Criterion::parse(text, {.target_industries = {"Software"}});
  if (!criterion) {
    GALENA_ASSERT(criterion.error().field.starts_with("column "));
    return 0;
  }
  const domain::Expression& expression = criterion->expression();
  const std::string printed = domain::print_criterion(expression);
  const auto again = domain::parse_criterion(printed);
  // Printed, it may be longer than what may be read.
  GALENA_ASSERT(again ? *again == expression : printed.size() > 10'000);
  const auto from_json = domain::read_criterion_json(domain::criterion_json(expression));
  GALENA_ASSERT(from_json && *from_json == expression);
  const domain::Record record;
  const domain::Standing standing;
  static_cast<void>(criterion->holds({record, &standing, "lead"}));
  return 0;
}
