#include "domain/criteria_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "domain/properties.hpp"

namespace galena::domain {
namespace {

struct AttributeRow {
  Attribute attribute;
  std::string_view name;
  ValueType type;
  bool of_standing;
};

constexpr std::array<AttributeRow, 30> kAttributes{{
    {Attribute::email, "email", ValueType::text, false},
    {Attribute::email_domain, "email.domain", ValueType::text, false},
    {Attribute::email_free_mail, "email.free_mail", ValueType::truth, false},
    {Attribute::email_disposable, "email.disposable", ValueType::truth, false},
    {Attribute::email_role, "email.role", ValueType::truth, false},
    {Attribute::first_name, "first_name", ValueType::text, false},
    {Attribute::last_name, "last_name", ValueType::text, false},
    {Attribute::phone, "phone", ValueType::text, false},
    {Attribute::title, "title", ValueType::text, false},
    {Attribute::title_seniority, "title.seniority", ValueType::text, false},
    {Attribute::title_department, "title.department", ValueType::text, false},
    {Attribute::company_id, "company.id", ValueType::text, false},
    {Attribute::company_name, "company.name", ValueType::text, false},
    {Attribute::company_domain, "company.domain", ValueType::text, false},
    {Attribute::company_employees, "company.employees", ValueType::number, false},
    {Attribute::company_industry, "company.industry", ValueType::text, false},
    {Attribute::country, "country", ValueType::text, false},
    {Attribute::region, "region", ValueType::text, false},
    {Attribute::city, "city", ValueType::text, false},
    {Attribute::market, "market", ValueType::text, false},
    {Attribute::stage, "stage", ValueType::text, true},
    {Attribute::score, "score", ValueType::number, true},
    {Attribute::fit, "fit", ValueType::number, true},
    {Attribute::interest, "interest", ValueType::number, true},
    {Attribute::own_action, "own_action", ValueType::truth, true},
    {Attribute::shown_interest, "shown_interest", ValueType::truth, true},
    {Attribute::unsubscribed, "unsubscribed", ValueType::truth, true},
    {Attribute::created_at, "created_at", ValueType::moment, true},
    {Attribute::first_seen, "first_seen", ValueType::moment, true},
    {Attribute::last_seen, "last_seen", ValueType::moment, true},
}};

const AttributeRow& row_of(Attribute attribute) {
  const AttributeRow& row = kAttributes[static_cast<std::size_t>(attribute)];
  GALENA_ASSERT(row.attribute == attribute);
  return row;
}

constexpr std::string_view kLists[] = {"icp.target_industries", "icp.adjacent_industries",
                                       "icp.target_regions"};

bool fits(const Constant& constant, ValueType type) {
  switch (type) {
    case ValueType::text:
      return std::holds_alternative<std::string>(constant);
    case ValueType::number:
      return std::holds_alternative<double>(constant) ||
             std::holds_alternative<Threshold>(constant);
    case ValueType::truth:
      return std::holds_alternative<bool>(constant);
    case ValueType::moment:
      if (const auto* ago = std::get_if<Ago>(&constant)) return ago->length.count() > 0;
      return std::holds_alternative<Moment>(constant) && is_moment(std::get<Moment>(constant).text);
    case ValueType::any:
      return std::holds_alternative<double>(constant) || std::holds_alternative<bool>(constant) ||
             std::holds_alternative<std::string>(constant);
  }
  return false;
}

std::string window_fault(const Window& window) {
  const bool needs_from =
      window.kind == Window::Kind::since || window.kind == Window::Kind::between;
  const bool needs_to = window.kind == Window::Kind::before || window.kind == Window::Kind::between;
  if (needs_from && !is_moment(window.from.text)) return "a time window needs its beginning";
  if (needs_to && !is_moment(window.to.text)) return "a time window needs its end";
  if (window.kind == Window::Kind::last && window.length.count() <= 0) {
    return "a time window needs a length";
  }
  return {};
}

std::string operand_fault(const Operand& operand) {
  if (operand.kind == Operand::Kind::attribute) return {};
  const bool of_property =
      operand.kind == Operand::Kind::property || operand.kind == Operand::Kind::sum;
  if (of_property) {
    if (std::string fault = property_fault(operand.property); !fault.empty()) return fault;
  }
  if (operand.kind == Operand::Kind::property) return {};
  const bool share = operand.kind == Operand::Kind::share;
  if (operand.event.empty() || (share && operand.of.empty())) return "an event needs a name";
  return window_fault(operand.window);
}

// Beyond that, nothing is kept of a text to compare with.
std::string long_text_fault(const Expression& expression) {
  const bool too_long = std::ranges::any_of(expression.constants, [](const Constant& constant) {
    const auto* text = std::get_if<std::string>(&constant);
    return text != nullptr && comparison_form(*text).size() > PropertyLimits::kTextBytes;
  });
  if (!too_long) return {};
  return fmt::format("of a property {} bytes are compared", PropertyLimits::kTextBytes);
}

std::string membership_fault(const Expression& expression) {
  const ValueType type = type_of(expression.operand);
  if (type == ValueType::truth) return "true or false is no list";
  if (!expression.list.empty()) {
    const bool known = std::ranges::find(kLists, expression.list) != std::end(kLists);
    if (known && type == ValueType::text && expression.constants.empty()) return {};
    return fmt::format("\"{}\" is no list known here", expression.list);
  }
  if (expression.constants.empty()) return "a list needs a member";
  const bool fit = std::ranges::all_of(
      expression.constants, [&](const Constant& constant) { return fits(constant, type); });
  const auto is_ago = [](const Constant& one) { return std::holds_alternative<Ago>(one); };
  if (std::ranges::any_of(expression.constants, is_ago)) return "a list has days, not times ago";
  return fit ? "" : "the members of a list are of the type of what is looked for";
}

std::string sequence_fault(const Expression& expression) {
  constexpr std::size_t kStepsMax = 20;
  if (expression.steps.size() < 2) return "a sequence has two steps or more";
  if (expression.steps.size() > kStepsMax) return "a sequence may have 20 steps";
  if (expression.steps.front().within) return "nothing comes before the first step of a sequence";
  const bool named =
      std::ranges::none_of(expression.steps, [](const Step& step) { return step.event.empty(); });
  if (!named) return "an event needs a name";
  return window_fault(expression.window);
}

}  // namespace

std::optional<Attribute> attribute_named(std::string_view name) {
  const auto* found = std::ranges::find(kAttributes, name, &AttributeRow::name);
  if (found == kAttributes.end()) return std::nullopt;
  return found->attribute;
}

std::string_view attribute_name(Attribute attribute) {
  return row_of(attribute).name;
}

bool is_of_standing(Attribute attribute) {
  return row_of(attribute).of_standing;
}

ValueType type_of(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::attribute:
      return row_of(operand.attribute).type;
    case Operand::Kind::count:
    case Operand::Kind::share:
    case Operand::Kind::sum:
      return ValueType::number;
    case Operand::Kind::property:
      return ValueType::any;
    case Operand::Kind::first:
    case Operand::Kind::last:
      break;
  }
  return ValueType::moment;
}

bool is_moment(std::string_view text) {
  constexpr std::size_t kDayBytes = 10;
  if (text.size() == kDayBytes) return parse_time(std::string(text) + "T00:00:00Z").has_value();
  // A time says its zone, so that it is the same everywhere.
  const bool zoned =
      text.size() > kDayBytes + 3 && text[kDayBytes] == 'T' &&
      (text.ends_with('Z') || text[text.size() - 6] == '+' || text[text.size() - 6] == '-');
  return zoned && parse_time(text).has_value();
}

std::string operator_fault(const Expression& expression) {
  using Operator = Expression::Operator;
  const ValueType type = type_of(expression.operand);
  if (type == ValueType::any) return {};  // it depends on what it is compared with
  const bool equality = expression.op == Operator::equal || expression.op == Operator::unequal;
  const bool of_text = expression.op == Operator::contains ||
                       expression.op == Operator::starts_with ||
                       expression.op == Operator::ends_with;
  const std::string name = expression.operand.kind == Operand::Kind::attribute
                               ? std::string(attribute_name(expression.operand.attribute))
                               : "this";
  if (of_text && type != ValueType::text) return name + " is no text";
  const bool ordered = type == ValueType::number || type == ValueType::moment;
  if (!equality && !of_text && !ordered) {
    return name + " is no number, it cannot be more or less";
  }
  return {};
}

namespace {

// A property is compared as what the constant is.
std::string property_comparison_fault(const Expression& expression) {
  using Operator = Expression::Operator;
  const Constant& constant = expression.constants.front();
  const bool equality = expression.op == Operator::equal || expression.op == Operator::unequal;
  const bool ordered = expression.op >= Operator::less && expression.op <= Operator::at_least;
  if (ordered && !std::holds_alternative<double>(constant)) {
    return fmt::format("{} is compared with a number", to_string(expression.op));
  }
  if (!equality && !ordered && !std::holds_alternative<std::string>(constant)) {
    return fmt::format("{} is compared with a text in quotes", to_string(expression.op));
  }
  return {};
}

std::string comparison_fault(const Expression& expression) {
  if (std::string fault = operator_fault(expression); !fault.empty()) return fault;
  const bool fit = expression.constants.size() == 1 &&
                   fits(expression.constants.front(), type_of(expression.operand));
  if (!fit) return "the two sides of a comparison are of one type";
  if (expression.operand.kind == Operand::Kind::property) {
    return property_comparison_fault(expression);
  }
  const bool equality = expression.op == Expression::Operator::equal ||
                        expression.op == Expression::Operator::unequal;
  if (equality && std::holds_alternative<Ago>(expression.constants.front())) {
    return "a time ago is compared with <, <=, > or >=";
  }
  return {};
}

}  // namespace

std::string fault_of(const Expression& expression) {
  using Kind = Expression::Kind;
  if (std::string fault = operand_fault(expression.operand); !fault.empty()) return fault;
  if (expression.operand.kind == Operand::Kind::property) {
    if (std::string fault = long_text_fault(expression); !fault.empty()) return fault;
  }
  switch (expression.kind) {
    case Kind::all:
    case Kind::any:
      return expression.children.size() < 2 ? "\"and\" and \"or\" need two parts or more" : "";
    case Kind::negation:
      return expression.children.size() != 1 ? "\"not\" needs one part" : "";
    case Kind::existence:
      return {};
    case Kind::truth:
      return type_of(expression.operand) == ValueType::truth ||
                     type_of(expression.operand) == ValueType::any
                 ? ""
                 : "this is not true or false";
    case Kind::comparison:
      return comparison_fault(expression);
    case Kind::membership:
      return membership_fault(expression);
    case Kind::segment:
      return expression.segment.empty() ? "a segment needs a name" : "";
    case Kind::sequence:
      break;
  }
  return sequence_fault(expression);
}

std::string_view to_string(Expression::Operator op) {
  static constexpr std::string_view kNames[] = {"=",  "!=",       "<",           "<=",       ">",
                                                ">=", "contains", "starts_with", "ends_with"};
  return kNames[static_cast<std::size_t>(op)];
}

std::string_view to_string(Operand::Kind kind) {
  static constexpr std::string_view kNames[] = {"", "count", "first", "last", "share", "sum", ""};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Calendar calendar) {
  static constexpr std::string_view kNames[] = {"day", "week", "month", "quarter", "year"};
  return kNames[static_cast<std::size_t>(calendar)];
}

}  // namespace galena::domain
