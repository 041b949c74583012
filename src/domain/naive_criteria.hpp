// For tests: a criterion as its words say it (criteria_tree.hpp), read straight from the expression
// and a plain list of events. Shares nothing with criteria.cpp but the values of attributes.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "domain/criteria_values.hpp"

namespace galena::domain::naive {

// What events told, by position and name.
using Told = std::map<std::pair<std::uint32_t, std::string>, PropertyValue>;

inline Told told_in(const PropertySlots& slots, std::span<const PropertyColumnPtr> columns) {
  Told told;
  for (const auto& [name, slot] : slots) {
    columns[slot]->each([&](Position position, const PropertyValue& value) {
      told[{static_cast<std::uint32_t>(position), name}] = value;
    });
  }
  return told;
}

struct World {
  const CriteriaNames& names;
  const KindTable& kinds;
  std::vector<Event> events;  // in any order
  Told told = {};             // by them

  const PropertyValue* find(const Event& event, const std::string& property) const {
    const auto found = told.find({event.position, property});
    return found == told.end() ? nullptr : &found->second;
  }
};

inline Time begin_of(const World& world, const Moment& moment) {
  const auto day = world.names.zone.day(moment.text);
  return day ? *day : *parse_time(moment.text);
}

inline Time end_of(const World& world, const Moment& moment) {
  const auto day = world.names.zone.day(moment.text);
  if (!day) return *parse_time(moment.text) + Duration{1};
  return world.names.zone.begin_of(Calendar::day, *day, 1);
}

inline bool is_inside(const World& world, const Window& window, Time at, Time now) {
  const Zone& zone = world.names.zone;
  switch (window.kind) {
    case Window::Kind::all:
      return true;
    case Window::Kind::last:
      return now - at < window.length;
    case Window::Kind::since:
      return at >= begin_of(world, window.from);
    case Window::Kind::before:
      return at < begin_of(world, window.to);
    case Window::Kind::between:
      return at >= begin_of(world, window.from) && at < end_of(world, window.to);
    case Window::Kind::present:
      return zone.begin_of(window.calendar, at) == zone.begin_of(window.calendar, now);
    case Window::Kind::previous:
      return zone.begin_of(window.calendar, at) == zone.begin_of(window.calendar, now, -1);
  }
  return false;
}

// Whether a value is what the constant says.
inline bool is_same(const PropertyValue& value, const Constant& constant) {
  if (const auto* number = std::get_if<double>(&constant)) return number_in(value) == *number;
  if (const auto* truth = std::get_if<bool>(&constant)) return truth_in(value) == *truth;
  return text_in(value) == comparison_form(std::get<std::string>(constant));
}

inline bool compares(const PropertyValue& value, const Expression& condition) {
  using Operator = Expression::Operator;
  const Constant& constant = condition.constants.front();
  if (condition.op == Operator::equal) return is_same(value, constant);
  if (condition.op == Operator::unequal) return !is_same(value, constant);
  if (const auto* text = std::get_if<std::string>(&constant)) {
    const std::string form = text_in(value), part = comparison_form(*text);
    const std::size_t at = form.find(part);
    if (condition.op == Operator::contains) return at != std::string::npos;
    if (condition.op == Operator::starts_with) return at == 0;
    return form.size() >= part.size() && form.substr(form.size() - part.size()) == part;
  }
  const auto number = number_in(value);
  const double wanted = std::get<double>(constant);
  if (!number) return false;
  if (condition.op == Operator::less) return *number < wanted;
  if (condition.op == Operator::at_most) return *number <= wanted;
  if (condition.op == Operator::greater) return *number > wanted;
  return *number >= wanted;
}

inline bool is_meant(const World& world, const Expression& condition, const Event& event) {
  using Kind = Expression::Kind;
  const auto meant = [&](const Expression& child) { return is_meant(world, child, event); };
  if (condition.kind == Kind::all) return std::ranges::all_of(condition.children, meant);
  if (condition.kind == Kind::any) return std::ranges::any_of(condition.children, meant);
  if (condition.kind == Kind::negation) return !meant(condition.children.front());
  const PropertyValue* value = world.find(event, condition.operand.property);
  if (value == nullptr) return false;
  if (condition.kind == Kind::existence) return true;
  if (condition.kind == Kind::truth) return truth_in(*value) == true;
  if (condition.kind == Kind::comparison) return compares(*value, condition);
  const bool found = std::ranges::any_of(
      condition.constants, [&](const Constant& constant) { return is_same(*value, constant); });
  return found != condition.negated;
}

// Events of that name in the window of which the condition holds, in time order.
inline std::vector<Event> events_of(const World& world, std::string_view name,
                                    const std::vector<Expression>& where, const Window& window,
                                    Time now) {
  const KindCode kind = world.kinds.find(name);
  std::vector<Event> found;
  for (const Event& event : world.events) {
    const bool named =
        event.kind == kind ||
        (kind == kPageViewed && (event.kind == kPricingViewed || event.kind == kScreenViewed));
    const bool meant = where.empty() || is_meant(world, where.front(), event);
    if (kind != kNoKind && named && meant && event.counted &&
        is_inside(world, window, event.at, now)) {
      found.push_back(event);
    }
  }
  std::ranges::sort(found, [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.position < b.position;
  });
  return found;
}

// Events about one message are one.
inline std::size_t messages(const std::vector<Event>& events) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto same = [&](const Event& other) { return other.object == events[i].object; };
    count += events[i].object == 0 || std::none_of(events.begin(), events.begin() + int(i), same);
  }
  return count;
}

// To the millionth where it matters here: of few numbers.
inline double sum(const World& world, const std::vector<Event>& events,
                  const std::string& property) {
  long double micro = 0;
  for (const Event& event : events) {
    const PropertyValue* value = world.find(event, property);
    const auto number = value != nullptr ? number_in(*value) : std::nullopt;
    if (number) micro += std::round(*number * 1e6);
  }
  return static_cast<double>(micro / 1e6L);
}

inline Value value(const World& world, const Operand& operand, const Subject& subject) {
  if (operand.kind == Operand::Kind::attribute) {
    if (operand.attribute == Attribute::market) {
      return std::string_view(world.names.b2b ? "b2b" : "b2c");
    }
    return value_of(operand.attribute, subject);
  }
  const auto events = events_of(world, operand.event, operand.where, operand.window, subject.now);
  if (operand.kind == Operand::Kind::sum) return sum(world, events, operand.property);
  if (operand.kind == Operand::Kind::share) {
    const auto all =
        messages(events_of(world, operand.of, operand.of_where, operand.window, subject.now));
    return all == 0 ? Value{} : Value{double(messages(events)) / double(all)};
  }
  if (operand.kind == Operand::Kind::count) return double(events.size());
  if (events.empty()) return {};
  return operand.kind == Operand::Kind::first ? events.front().at : events.back().at;
}

// -1, 0, 1, or 2 where the two cannot be put in order.
inline int order(const World& world, const Operand& operand, const Value& left,
                 const Constant& right, Time now = {}) {
  const auto three_way = [](auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; };
  if (const auto* number = std::get_if<double>(&left)) {
    const auto* constant = std::get_if<double>(&right);
    return three_way(*number, constant ? *constant : world.names.threshold);
  }
  if (const auto* at = std::get_if<Time>(&left)) {
    if (const auto* ago = std::get_if<Ago>(&right)) {
      return three_way(ago->length, now - *at);
    }
    const auto& moment = std::get<Moment>(right);
    return *at < begin_of(world, moment) ? -1 : *at >= end_of(world, moment) ? 1 : 0;
  }
  if (const auto* truth = std::get_if<bool>(&left)) return *truth == std::get<bool>(right) ? 0 : 2;
  return value_form(operand.attribute, std::get<std::string_view>(left)) ==
                 constant_form(operand.attribute, std::get<std::string>(right))
             ? 0
             : 2;
}

inline bool compares(const World& world, const Expression& expression, const Value& left,
                     Time now) {
  using Operator = Expression::Operator;
  const Constant& right = expression.constants.front();
  if (const auto* text = std::get_if<std::string_view>(&left)) {
    const std::string form = value_form(expression.operand.attribute, *text);
    const std::string part =
        constant_form(expression.operand.attribute, std::get<std::string>(right));
    if (expression.op == Operator::contains) return form.find(part) != std::string::npos;
    if (expression.op == Operator::starts_with) return form.substr(0, part.size()) == part;
    if (expression.op == Operator::ends_with) {
      return form.size() >= part.size() && form.substr(form.size() - part.size()) == part;
    }
  }
  const int found = order(world, expression.operand, left, right, now);
  switch (expression.op) {
    case Operator::equal:
      return found == 0;
    case Operator::unequal:
      return found != 0;
    case Operator::less:
      return found == -1;
    case Operator::at_most:
      return found == -1 || found == 0;
    case Operator::greater:
      return found == 1;
    default:
      return found == 1 || found == 0;
  }
}

// Every way to choose one event for each step.
inline bool chain(const World& world, const Expression& expression, std::size_t step,
                  const Event* before, Time now) {
  if (step == expression.steps.size()) return true;
  const Step& wanted = expression.steps[step];
  for (const Event& event : events_of(world, wanted.event, wanted.where, expression.window, now)) {
    if (before != nullptr) {
      const bool later =
          event.at > before->at || (event.at == before->at && event.position > before->position);
      if (!later || (wanted.within && event.at - before->at > *wanted.within)) continue;
    }
    if (chain(world, expression, step + 1, &event, now)) return true;
  }
  return false;
}

inline std::vector<Constant> members(const World& world, const Expression& expression) {
  if (expression.list.empty()) return expression.constants;
  const auto& list = expression.list == "icp.target_industries" ? world.names.target_industries
                     : expression.list == "icp.adjacent_industries"
                         ? world.names.adjacent_industries
                         : world.names.target_regions;
  return {list.begin(), list.end()};
}

inline bool holds(const World& world, const Expression& expression, const Subject& subject) {
  using Kind = Expression::Kind;
  const auto child_holds = [&](const Expression& child) { return holds(world, child, subject); };
  switch (expression.kind) {
    case Kind::all:
      return std::ranges::all_of(expression.children, child_holds);
    case Kind::any:
      return std::ranges::any_of(expression.children, child_holds);
    case Kind::negation:
      return !child_holds(expression.children.front());
    case Kind::sequence:
      return chain(world, expression, 0, nullptr, subject.now);
    case Kind::segment: {
      const auto named = world.names.segments.find(expression.segment);
      return named != world.names.segments.end() &&
             std::ranges::count(subject.segments, named->second) > 0;
    }
    default:
      break;
  }
  const Value left = value(world, expression.operand, subject);
  if (expression.kind == Kind::existence) return !is_missing(left);
  if (is_missing(left)) return false;
  if (expression.kind == Kind::truth) return std::get<bool>(left);
  if (expression.kind == Kind::comparison) return compares(world, expression, left, subject.now);
  const auto all = members(world, expression);
  const bool found = std::ranges::any_of(all, [&](const Constant& member) {
    return order(world, expression.operand, left, member) == 0;
  });
  return found != expression.negated;
}

}  // namespace galena::domain::naive
