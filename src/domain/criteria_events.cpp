// Which events a criterion means: conditions on their properties.
#include <algorithm>

#include "domain/criteria_node.hpp"
#include "domain/criteria_text.hpp"

namespace galena::domain {
namespace {

using Node = Criterion::Node;
using Kind = Expression::Kind;
using Operator = Expression::Operator;

bool equals_one(const Node& node, const PropertyValue& value) {
  const auto number = node.numbers.empty() ? std::nullopt : number_in(value);
  if (number && std::ranges::find(node.numbers, *number) != node.numbers.end()) return true;
  const auto truth = node.truths.empty() ? std::nullopt : truth_in(value);
  if (truth && std::ranges::find(node.truths, *truth) != node.truths.end()) return true;
  return !node.texts.empty() && node.texts.contains(text_in(value));
}

bool compares(const Node& node, const PropertyValue& value) {
  const Operator op = node.source->op;
  if (op == Operator::equal || op == Operator::unequal) {
    return equals_one(node, value) == (op == Operator::equal);
  }
  if (node.numbers.empty()) return compare_text(text_in(value), op, node.text);
  const auto number = number_in(value);
  return number && in_order(*number, op, node.number);
}

}  // namespace

bool compare_text(std::string_view form, Expression::Operator op, std::string_view wanted) {
  switch (op) {
    case Expression::Operator::equal:
      return form == wanted;
    case Expression::Operator::unequal:
      return form != wanted;
    case Expression::Operator::contains:
      return form.find(wanted) != std::string::npos;
    case Expression::Operator::starts_with:
      return form.starts_with(wanted);
    default:
      return form.ends_with(wanted);
  }
}

bool matches(const Criterion::Node& node, const Event& event, const PropertyView& properties) {
  const auto holds = [&](const Criterion::Node& child) {
    return matches(child, event, properties);
  };
  switch (node.source->kind) {
    case Expression::Kind::all:
      return std::ranges::all_of(node.children, holds);
    case Expression::Kind::any:
      return std::ranges::any_of(node.children, holds);
    case Expression::Kind::negation:
      return !holds(node.children.front());
    default:
      break;
  }
  const PropertyValue* value =
      node.property ? properties.find(*node.property, event.position) : nullptr;
  if (value == nullptr) return false;
  switch (node.source->kind) {
    case Expression::Kind::existence:
      return true;
    case Expression::Kind::truth:
      return truth_in(*value).value_or(false);
    case Expression::Kind::membership:
      return equals_one(node, *value) != node.source->negated;
    default:
      return compares(node, *value);
  }
}

Result<EventCondition> EventCondition::parse(std::string_view text, const CriteriaNames& names) {
  auto read = parse_condition(text);
  if (read) read = parse_condition(text, &names.properties);
  if (!read) return tl::unexpected(read.error());
  auto expression = std::make_shared<const Expression>(std::move(*read));
  auto root = std::make_shared<const Criterion::Node>(compiled(*expression, names, KindTable()));
  return EventCondition(std::move(expression), std::move(root));
}

bool EventCondition::holds(const Event& event, const PropertyView& properties) const {
  return matches(*root_, event, properties);
}

}  // namespace galena::domain
