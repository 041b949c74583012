// What a checker says when something does not hold.
#pragma once

#include <fmt/format.h>

#include <stdexcept>

namespace galena::sim {

class Complaint : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class... Values>
void require(bool holds, fmt::format_string<Values...> complaint, Values&&... values) {
  if (!holds) throw Complaint(fmt::format(complaint, std::forward<Values>(values)...));
}

}  // namespace galena::sim
