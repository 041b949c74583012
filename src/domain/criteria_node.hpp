// What runs when a criterion is asked: its expression, made ready.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/criteria.hpp"
#include "domain/criteria_values.hpp"

namespace galena::domain {

// What runs: the expression with its constants in the form in which they are compared. A moment is
// the time from `from` up to `to`: a whole day, or one millisecond.
struct Criterion::Node {
  struct Events {  // whose they are: the name's, or all page views
    KindCode kind = kNoKind;
    bool any_visit = false;
    std::shared_ptr<const Node> where;  // null: all of them
  };
  struct Span {
    Time from = Time::min();
    Time to = Time::max();
  };
  struct TimeWindow {
    Window::Kind kind = Window::Kind::all;
    Duration length{};
    Span fixed;
    Calendar calendar{};
  };
  struct CompiledStep {
    Events events;
    std::optional<Duration> within;
  };

  const Expression* source = nullptr;
  std::vector<Node> children;
  std::optional<bool> always;  // decided by the playbook alone
  Events events;
  Events of;  // share
  TimeWindow window;
  Zone zone = Zone::utc();
  double number = 0;
  bool truth_wanted = true;
  std::string text;
  Span moment;
  std::optional<Duration> ago;           // instead of a moment
  std::optional<SegmentCode> segment;    // none: there is no such segment
  std::optional<PropertySlot> property;  // none: it was never told
  std::set<std::string, std::less<>> texts;
  std::vector<double> numbers;
  std::vector<bool> truths;
  std::vector<Span> moments;
  std::vector<CompiledStep> steps;
};

// A condition as it is asked of one event.
bool matches(const Criterion::Node& node, const Event& event, const PropertyView& properties);

// Makes the expression ready, which has to outlive what is made.
Criterion::Node compiled(const Expression& expression, const CriteriaNames& names,
                         const KindTable& kinds);

// The sides of a comparison in order.
template <class Left>
bool in_order(const Left& left, Expression::Operator op, const Left& right) {
  using Operator = Expression::Operator;
  switch (op) {
    case Operator::equal:
      return left == right;
    case Operator::unequal:
      return left != right;
    case Operator::less:
      return left < right;
    case Operator::at_most:
      return left <= right;
    case Operator::greater:
      return left > right;
    default:
      return left >= right;
  }
}

// A text in its comparison form against another.
bool compare_text(std::string_view form, Expression::Operator op, std::string_view wanted);

// What a part means, for whoever asks it about many leads at once (workspace/column_filter.hpp).
bool holds(const Criterion::Node& node, const Subject& subject);
// Of a part about an operand, what its value decides. Missing: holds for no comparison.
bool holds_for(const Criterion::Node& node, const Value& value, Time now);
// The same of a text that is there, in the form in which the operand's texts are compared.
bool holds_for_text(const Criterion::Node& node, std::string_view form);
// When its events have to be, at that moment.
Criterion::Node::Span span_of(const Criterion::Node& node, Time now);

}  // namespace galena::domain
