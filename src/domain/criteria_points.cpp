#include "domain/criteria_points.hpp"

#include <algorithm>
#include <cmath>

namespace galena::domain {
namespace {

using Kind = Expression::Kind;
using Operator = Expression::Operator;

// The least score that is `value` or more. (A tenth is no tenth in a double.)
Points least_from(double value) {
  constexpr double kMicroMax = 9e18;
  const double micro = std::clamp(value * 1e6, -kMicroMax, kMicroMax);
  const double near = std::round(micro);
  return {static_cast<std::int64_t>(std::abs(micro - near) < 1e-3 ? near : std::ceil(micro))};
}

void note_comparison(const Expression& expression, bool is_negated, Points threshold,
                     PointsAsked& asked) {
  const auto* number = std::get_if<double>(&expression.constants.front());
  const Points from = number ? least_from(*number) : threshold;
  const bool is_from = expression.op == (is_negated ? Operator::less : Operator::at_least);
  const bool is_above = expression.op == (is_negated ? Operator::at_most : Operator::greater);
  if (is_from) asked.steps.push_back(from);
  if (is_above) asked.steps.push_back(from + Points{1});
  if (!is_from && !is_above) asked.only_rise = false;
}

void note(const Expression& expression, bool is_negated, Points threshold, PointsAsked& asked) {
  const bool turns = expression.kind == Kind::negation;
  for (const Expression& child : expression.children) {
    note(child, is_negated != turns, threshold, asked);
  }
  const bool is_plain = expression.children.empty() && expression.kind != Kind::sequence &&
                        expression.operand.kind == Operand::Kind::attribute;
  if (!is_plain) return;
  const Attribute attribute = expression.operand.attribute;
  if (attribute == Attribute::fit || attribute == Attribute::interest) asked.only_rise = false;
  if (attribute != Attribute::score || expression.kind == Kind::existence) return;
  if (expression.kind != Kind::comparison) {
    asked.only_rise = false;
    return;
  }
  note_comparison(expression, is_negated, threshold, asked);
}

}  // namespace

PointsAsked points_asked(const Expression& expression, Points threshold) {
  PointsAsked asked;
  note(expression, false, threshold, asked);
  std::ranges::sort(asked.steps);
  return asked;
}

}  // namespace galena::domain
