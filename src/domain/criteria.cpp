#include "domain/criteria.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "domain/criteria_node.hpp"
#include "domain/criteria_text.hpp"
#include "domain/criteria_values.hpp"

namespace galena::domain {

namespace {

using Node = Criterion::Node;
using Kind = Expression::Kind;
using Operator = Expression::Operator;
using Span = Node::Span;

// --- asking ----------------------------------------------------------------------------------

// Events of one name within a span. Those that a condition picks are put into `picked`.
std::span<const Event> events_in(const Node::Events& which, const Span& span,
                                 const Subject& subject, std::vector<Event>& picked) {
  if (subject.events == nullptr || which.kind == kNoKind) return {};
  const auto& list = which.any_visit ? subject.events->visits() : subject.events->of(which.kind);
  const std::size_t first = list.first_from(span.from);
  const std::size_t end = span.to == Time::max() ? list.events.size() : list.first_from(span.to);
  if (end <= first) return {};
  const auto named = std::span(list.events).subspan(first, end - first);
  if (which.where == nullptr) return named;
  static const PropertyView kNothingTold;
  const PropertyView& told = subject.properties != nullptr ? *subject.properties : kNothingTold;
  picked.clear();
  std::ranges::copy_if(named, std::back_inserter(picked),
                       [&](const Event& event) { return matches(*which.where, event, told); });
  return picked;
}

double sum_of(const Node& node, std::span<const Event> events, const Subject& subject) {
  ExactSum sum;
  if (!node.property || subject.properties == nullptr) return sum.value();
  for (const Event& event : events) {
    const PropertyValue* value = subject.properties->find(*node.property, event.position);
    const auto number = value != nullptr ? number_in(*value) : std::nullopt;
    if (number) sum.add(*number);
  }
  return sum.value();
}

// How many there are if those about one message count once.
double count_once(std::span<const Event> events) {
  std::unordered_set<std::uint64_t> messages;
  double count = 0;
  for (const Event& event : events) {
    if (event.object == 0 || messages.insert(event.object).second) ++count;
  }
  return count;
}

Value operand_value(const Node& node, const Subject& subject) {
  const Operand& operand = node.source->operand;
  if (operand.kind == Operand::Kind::attribute) return value_of(operand.attribute, subject);
  const Span span = span_of(node, subject.now);
  std::vector<Event> picked;
  const auto events = events_in(node.events, span, subject, picked);
  if (operand.kind == Operand::Kind::share) {
    std::vector<Event> picked_of;
    const double all = count_once(events_in(node.of, span, subject, picked_of));
    return all > 0 ? Value{count_once(events) / all} : Value{};
  }
  if (operand.kind == Operand::Kind::sum) return sum_of(node, events, subject);
  if (operand.kind == Operand::Kind::count) return static_cast<double>(events.size());
  if (events.empty()) return {};
  return operand.kind == Operand::Kind::first ? events.front().at : events.back().at;
}

bool moment_in_order(Time at, Operator op, const Span& day) {
  switch (op) {
    case Operator::equal:
      return at >= day.from && at < day.to;
    case Operator::unequal:
      return at < day.from || at >= day.to;
    case Operator::less:
      return at < day.from;
    case Operator::at_most:
      return at < day.to;
    case Operator::greater:
      return at >= day.to;
    default:
      return at >= day.from;
  }
}

std::string form_of(const Node& node, const Value& value) {
  return value_form(node.source->operand.attribute, std::get<std::string_view>(value));
}

bool compare(const Node& node, const Value& value, Time now) {
  const Operator op = node.source->op;
  if (const bool* truth = std::get_if<bool>(&value)) return *truth == node.truth_wanted;
  if (const double* number = std::get_if<double>(&value)) {
    return in_order(*number, op, node.number);
  }
  if (const Time* at = std::get_if<Time>(&value)) {
    if (!node.ago) return moment_in_order(*at, op, node.moment);
    return moment_in_order(*at, op, {now - *node.ago, now - *node.ago + Duration{1}});
  }
  return compare_text(form_of(node, value), op, node.text);
}

bool is_member(const Node& node, const Value& value) {
  if (const double* number = std::get_if<double>(&value)) {
    return std::ranges::find(node.numbers, *number) != node.numbers.end();
  }
  if (const Time* at = std::get_if<Time>(&value)) {
    return std::ranges::any_of(
        node.moments, [&](const Span& day) { return moment_in_order(*at, Operator::equal, day); });
  }
  return node.texts.contains(form_of(node, value));
}

// Step by step, the events that end a chain up to there: an event can go on from the latest such
// event before it.
bool sequence_holds(const Node& node, const Subject& subject) {
  const Span span = span_of(node, subject.now);
  std::vector<std::vector<Event>> picked(node.steps.size());
  std::vector<const Event*> ends;
  for (const Event& event : events_in(node.steps.front().events, span, subject, picked.front())) {
    ends.push_back(&event);
  }
  const auto before = [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.position < b.position;
  };
  for (std::size_t i = 1; i < node.steps.size() && !ends.empty(); ++i) {
    const Node::CompiledStep& step = node.steps[i];
    std::vector<const Event*> next;
    std::size_t earlier = 0;
    for (const Event& event : events_in(step.events, span, subject, picked[i])) {
      while (earlier < ends.size() && before(*ends[earlier], event)) ++earlier;
      if (earlier == 0) continue;
      if (!step.within || event.at - ends[earlier - 1]->at <= *step.within) next.push_back(&event);
    }
    ends = std::move(next);
  }
  return !ends.empty();
}

bool evaluate(const Node& node, const Subject& subject) {
  if (node.always) return *node.always;
  const auto holds = [&](const Node& child) { return evaluate(child, subject); };
  switch (node.source->kind) {
    case Kind::all:
      return std::ranges::all_of(node.children, holds);
    case Kind::any:
      return std::ranges::any_of(node.children, holds);
    case Kind::negation:
      return !holds(node.children.front());
    case Kind::sequence:
      return sequence_holds(node, subject);
    case Kind::segment:
      return node.segment &&
             std::ranges::find(subject.segments, *node.segment) != subject.segments.end();
    default:
      break;
  }
  return holds_for(node, operand_value(node, subject), subject.now);
}

// --- time ------------------------------------------------------------------------------------

// True if the points that the part reads may turn it when nothing but time comes in. Who somebody
// is does not fade, and what is too low stays so where time cannot lift it: so most leads need no
// look at every step of their score.
bool points_may_turn(const Node& node, const Subject& subject) {
  const Expression& part = *node.source;
  const Attribute attribute = part.operand.attribute;
  const bool fading = part.operand.kind == Operand::Kind::attribute &&
                      (attribute == Attribute::score || attribute == Attribute::interest);
  if (!fading || part.kind == Kind::existence || subject.standing == nullptr) return false;
  if (part.kind != Kind::comparison) return true;
  const Standing& standing = *subject.standing;
  const Points now = attribute == Attribute::score ? standing.score() : standing.interest;
  const Points ceiling = standing.ceiling - standing.score() + now;
  switch (part.op) {
    case Operator::less:
    case Operator::at_least:
      return now.value() >= node.number || ceiling.value() >= node.number;
    case Operator::at_most:
    case Operator::greater:
      return now.value() > node.number || ceiling.value() > node.number;
    default:
      return true;
  }
}

// Until when the points that it rests on are known.
Time points_known_until(const Node& node, const Subject& subject) {
  Time until = Time::max();
  for (const Node& child : node.children) {
    until = std::min(until, points_known_until(child, subject));
  }
  const bool is_leaf = node.children.empty() && !node.always;
  if (is_leaf && points_may_turn(node, subject)) {
    until = std::min(until, subject.standing->valid_until);
  }
  return until;
}

// False for what only something that comes in can turn.
bool is_timed(const Node& node) {
  if (node.always) return false;
  if (!node.children.empty()) return std::ranges::any_of(node.children, is_timed);
  const Window::Kind window = node.window.kind;
  const Operand& operand = node.source->operand;
  const bool points =
      operand.kind == Operand::Kind::attribute &&
      (operand.attribute == Attribute::score || operand.attribute == Attribute::interest);
  return node.ago || points || window == Window::Kind::last || window == Window::Kind::present ||
         window == Window::Kind::previous;
}

// A moment so long ago passes `at` as soon as that is `ago` old, or one step later.
void note_ago(const Node& node, const Subject& subject, Time& next) {
  const Value value = operand_value(node, subject);
  const Time* at = std::get_if<Time>(&value);
  if (at == nullptr || !node.ago) return;
  for (const Time passes : {*at + *node.ago, *at + *node.ago + Duration{1}}) {
    if (passes > subject.now) next = std::min(next, passes);
  }
}

// When the oldest event within the window leaves it, or the calendar turns its page.
void note_window(const Node& node, const Node::Events& which, const Subject& subject, Time& next) {
  if (node.window.kind == Window::Kind::present || node.window.kind == Window::Kind::previous) {
    next = std::min(next, node.zone.begin_of(node.window.calendar, subject.now, 1));
  }
  if (node.window.kind != Window::Kind::last) return;
  std::vector<Event> picked;
  const auto events = events_in(which, span_of(node, subject.now), subject, picked);
  if (!events.empty()) next = std::min(next, events.front().at + node.window.length);
}

// The next moment at which any part may be another.
Time next_moment(const Node& node, const Subject& subject) {
  Time next = Time::max();
  if (node.always) return next;
  for (const Node& child : node.children) next = std::min(next, next_moment(child, subject));
  if (!node.children.empty()) return next;
  for (const Node::CompiledStep& step : node.steps) note_window(node, step.events, subject, next);
  if (node.source->kind == Kind::sequence || node.source->kind == Kind::segment) return next;
  if (node.source->operand.kind != Operand::Kind::attribute) {
    note_window(node, node.events, subject, next);
    note_window(node, node.of, subject, next);
  }
  note_ago(node, subject, next);
  return std::min(next, points_known_until(node, subject));
}

// --- explaining ------------------------------------------------------------------------------

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* at = std::get_if<Time>(&value)) return format_time(*at);
  return "nothing";
}

Explanation explanation(const Node& node, const Subject& subject) {
  Explanation made{.text = print_criterion(*node.source),
                   .holds = evaluate(node, subject),
                   .found = {},
                   .parts = {}};
  for (const Node& child : node.children) made.parts.push_back(explanation(child, subject));
  const bool has_operand = node.children.empty() && node.source->kind != Kind::sequence &&
                           node.source->kind != Kind::segment;
  if (has_operand && !node.always) made.found = shown(operand_value(node, subject));
  return made;
}

// What an expression names.
struct Named {
  std::vector<Attribute>& attributes;
  std::vector<std::string>& events;
  std::vector<std::string>& segments;
};

void collect(const Expression& expression, Named named) {
  for (const Expression& child : expression.children) collect(child, named);
  for (const Step& step : expression.steps) named.events.push_back(step.event);
  if (expression.kind == Kind::segment) named.segments.push_back(expression.segment);
  if (!expression.children.empty() || expression.kind == Kind::sequence ||
      expression.kind == Kind::segment) {
    return;
  }
  if (expression.operand.kind == Operand::Kind::attribute) {
    named.attributes.push_back(expression.operand.attribute);
    return;
  }
  named.events.push_back(expression.operand.event);
  if (!expression.operand.of.empty()) named.events.push_back(expression.operand.of);
}

}  // namespace

Span span_of(const Node& node, Time now) {
  switch (node.window.kind) {
    case Window::Kind::last:
      return {now - node.window.length + Duration{1}, Time::max()};
    case Window::Kind::present:
      return {node.zone.begin_of(node.window.calendar, now),
              node.zone.begin_of(node.window.calendar, now, 1)};
    case Window::Kind::previous:
      return {node.zone.begin_of(node.window.calendar, now, -1),
              node.zone.begin_of(node.window.calendar, now)};
    default:
      return node.window.fixed;
  }
}

bool holds(const Node& node, const Subject& subject) {
  return evaluate(node, subject);
}

bool holds_for(const Node& node, const Value& value, Time now) {
  if (node.source->kind == Expression::Kind::existence) return !is_missing(value);
  if (is_missing(value)) return false;
  if (node.source->kind == Expression::Kind::truth) return std::get<bool>(value);
  if (node.source->kind == Expression::Kind::membership) {
    return is_member(node, value) != node.source->negated;
  }
  return compare(node, value, now);
}

bool holds_for_text(const Node& node, std::string_view form) {
  if (node.source->kind == Expression::Kind::existence) return true;
  if (node.source->kind == Expression::Kind::membership) {
    return node.texts.contains(form) != node.source->negated;
  }
  return compare_text(form, node.source->op, node.text);
}

Result<Criterion> Criterion::parse(std::string_view text, const CriteriaNames& names,
                                   const KindTable& kinds) {
  auto expression = parse_criterion(text, &names.segments);
  // A mistake is told before what is not kept: the playbook keeps what its sound criteria ask for.
  if (expression) expression = parse_criterion(text, &names.segments, &names.properties);
  if (!expression) return tl::unexpected(expression.error());
  Criterion criterion(std::move(*expression), names, kinds);
  criterion.text_ = text;
  return criterion;
}

Criterion::Criterion(Expression expression, const CriteriaNames& names, const KindTable& kinds)
    : text_(print_criterion(expression)),
      expression_(std::make_shared<const Expression>(std::move(expression))),
      root_(std::make_shared<const Node>(compiled(*expression_, names, kinds))) {
  collect(*expression_, {attributes_, events_, segments_});
  collect_properties(*expression_, properties_);
  timed_ = is_timed(*root_);
}

bool Criterion::holds(const Subject& subject) const {
  return evaluate(*root_, subject);
}

Explanation Criterion::explain(const Subject& subject) const {
  return explanation(*root_, subject);
}

std::optional<Time> Criterion::next_change(const Subject& subject) const {
  constexpr int kLooksMax = 64;
  if (!timed_) return std::nullopt;
  const bool holds_now = holds(subject);
  // Beyond it the score is another, which has to be computed first.
  const Time known_until = points_known_until(*root_, subject);
  Subject later = subject;
  for (int look = 0; look < kLooksMax; ++look) {
    later.now = next_moment(*root_, later);
    if (later.now == Time::max()) return std::nullopt;
    if (later.now >= known_until || holds(later) != holds_now) break;
  }
  return later.now;
}

bool Criterion::reads_standing() const {
  return !events_.empty() || !segments_.empty() || std::ranges::any_of(attributes_, is_of_standing);
}

}  // namespace galena::domain
