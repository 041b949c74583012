// A criterion as text, and back. The grammar is in criteria_tree.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/criteria_tree.hpp"
#include "domain/properties.hpp"

namespace galena::domain {

// Errors (invalid) name the place: field "column 17". Limits: 10,000 bytes, 50 levels.
// With `segments`, a segment that is not there is one; with `kept`, a property that is not kept.
Result<Expression> parse_criterion(std::string_view text, const SegmentNames* segments = nullptr,
                                   const PropertySlots* kept = nullptr);

// A condition on properties, as it stands behind `where`.
Result<Expression> parse_condition(std::string_view text, const PropertySlots* kept = nullptr);

// The properties that an expression names, in the order of the text, some of them twice.
void collect_properties(const Expression& expression, std::vector<std::string>& names);

// The shortest text that reads back as the same expression.
std::string print_criterion(const Expression& expression);
std::string print_operand(const Operand& operand);

}  // namespace galena::domain
