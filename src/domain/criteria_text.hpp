// A criterion as text, and back. The grammar is in criteria_tree.hpp.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/criteria_tree.hpp"

namespace galena::domain {

// Errors (invalid) name the place: field "column 17". Limits: 10,000 bytes, 50 levels.
// Errors name the column: field "column 17". With `segments`, a segment that is not there is one.
Result<Expression> parse_criterion(std::string_view text, const SegmentNames* segments = nullptr);

// The shortest text that reads back as the same expression.
std::string print_criterion(const Expression& expression);
std::string print_operand(const Operand& operand);

}  // namespace galena::domain
