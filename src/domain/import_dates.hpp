// Dates as people and programs write them into cells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galena::domain {

// What "03/04/2025" means.
enum class DateOrder : std::uint8_t { unknown, day_first, month_first };

std::string_view to_string(DateOrder order);
std::optional<DateOrder> date_order(std::string_view word);

// A date or a moment in ISO form: "2025-03-04", or "2025-03-04T09:30:00.000Z". Read are ISO 8601,
// "03/04/2025 9:30 AM", "4.3.25", "4. März 2025", "Mar 4, 2025", seconds and milliseconds since
// 1970, and the day numbers of spreadsheets. Without a zone it is UTC.
//
// With points the day is first. With slashes or hyphens `order` says which is, unless the numbers
// do. The Error has a message and no field.
Result<std::string> read_date(std::string_view text, DateOrder order);

// The order that dates in a column have, as far as one of them says so. Where they contradict each
// other, and where none says anything, it is unknown.
class DateOrderGuess {
 public:
  void look_at(std::string_view cell);
  DateOrder order() const;

 private:
  bool day_first_ = false;
  bool month_first_ = false;
};

}  // namespace galena::domain
