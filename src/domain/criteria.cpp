#include "domain/criteria.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "domain/criteria_text.hpp"
#include "domain/criteria_values.hpp"

namespace galena::domain {

// What runs: the expression with its constants in the form in which they are compared. A moment is
// the time from `from` up to `to`: a whole day, or one millisecond.
struct Criterion::Node {
  struct Events {  // whose they are: the name's, or all page views
    KindCode kind = kNoKind;
    bool any_visit = false;
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
  std::optional<Duration> ago;         // instead of a moment
  std::optional<SegmentCode> segment;  // none: there is no such segment
  std::unordered_set<std::string> texts;
  std::vector<double> numbers;
  std::vector<Span> moments;
  std::vector<CompiledStep> steps;
};

namespace {

using Node = Criterion::Node;
using Kind = Expression::Kind;
using Operator = Expression::Operator;
using Span = Node::Span;

// --- compiling -------------------------------------------------------------------------------

class Compiler {
 public:
  Compiler(const CriteriaNames& names, const KindTable& kinds) : names_(names), kinds_(kinds) {}

  Node compile(const Expression& expression) const {
    Node node{.source = &expression};
    node.zone = names_.zone;
    for (const Expression& child : expression.children) node.children.push_back(compile(child));
    node.events = events(expression.operand.event);
    node.of = events(expression.operand.of);
    if (const auto found = names_.segments.find(expression.segment);
        expression.kind == Kind::segment && found != names_.segments.end()) {
      node.segment = found->second;
    }
    const bool sequence = expression.kind == Kind::sequence;
    node.window = window(sequence ? expression.window : expression.operand.window);
    for (const Step& step : expression.steps) {
      node.steps.push_back({events(step.event), step.within});
    }
    for (const Constant& constant : expression.constants) add(node, constant);
    if (const auto* list = named_list(expression.list)) {
      for (const std::string& member : *list) add(node, Constant{member});
    }
    if (reads_market(expression)) node.always = market(node);
    return node;
  }

 private:
  Node::Events events(std::string_view name) const {
    if (name.empty()) return {};
    const KindCode kind = kinds_.find(name);
    return {kind, kind == kPageViewed};
  }

  Span moment(const Moment& moment) const {
    if (const auto begin = names_.zone.day(moment.text)) {
      return {*begin, names_.zone.begin_of(Calendar::day, *begin, 1)};
    }
    const auto at = parse_time(moment.text);
    GALENA_ASSERT(at.has_value());  // its reader has looked
    return {*at, *at + Duration{1}};
  }

  Node::TimeWindow window(const Window& window) const {
    Node::TimeWindow made{
        .kind = window.kind, .length = window.length, .fixed = {}, .calendar = window.calendar};
    if (!window.from.text.empty()) made.fixed.from = moment(window.from).from;
    if (window.kind == Window::Kind::before) made.fixed.to = moment(window.to).from;
    // Whoever says "between the 1st and the 31st" means the 31st, too.
    if (window.kind == Window::Kind::between) made.fixed.to = moment(window.to).to;
    return made;
  }

  void add(Node& node, const Constant& constant) const {
    if (const auto* truth = std::get_if<bool>(&constant)) {
      node.truth_wanted = *truth == (node.source->op == Operator::equal);
    } else if (const auto* text = std::get_if<std::string>(&constant)) {
      node.text = constant_form(node.source->operand.attribute, *text);
      node.texts.insert(node.text);
    } else if (const auto* at = std::get_if<Moment>(&constant)) {
      node.moment = moment(*at);
      node.moments.push_back(node.moment);
    } else if (const auto* ago = std::get_if<Ago>(&constant)) {
      node.ago = ago->length;
    } else {
      const auto* number = std::get_if<double>(&constant);
      node.number = number != nullptr ? *number : names_.threshold;
      node.numbers.push_back(node.number);
    }
  }

  const std::vector<std::string>* named_list(std::string_view name) const {
    if (name == "icp.target_industries") return &names_.target_industries;
    if (name == "icp.adjacent_industries") return &names_.adjacent_industries;
    if (name == "icp.target_regions") return &names_.target_regions;
    return nullptr;
  }

  static bool reads_market(const Expression& expression) {
    return (expression.kind == Kind::comparison || expression.kind == Kind::membership ||
            expression.kind == Kind::existence) &&
           expression.operand.kind == Operand::Kind::attribute &&
           expression.operand.attribute == Attribute::market;
  }

  bool market(const Node& node) const {
    if (node.source->kind == Kind::existence) return true;
    const bool equal = node.texts.contains(names_.b2b ? "b2b" : "b2c");
    const bool negated = node.source->kind == Kind::membership
                             ? node.source->negated
                             : node.source->op == Operator::unequal;
    return equal != negated;
  }

  const CriteriaNames& names_;
  const KindTable& kinds_;
};

// --- asking ----------------------------------------------------------------------------------

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

// Events of one name within a span.
std::span<const Event> events_in(const Node::Events& which, const Span& span,
                                 const Subject& subject) {
  if (subject.events == nullptr || which.kind == kNoKind) return {};
  const auto& list = which.any_visit ? subject.events->visits() : subject.events->of(which.kind);
  const std::size_t first = list.first_from(span.from);
  const std::size_t end = span.to == Time::max() ? list.events.size() : list.first_from(span.to);
  if (end <= first) return {};
  return std::span(list.events).subspan(first, end - first);
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
  const auto events = events_in(node.events, span, subject);
  if (operand.kind == Operand::Kind::share) {
    const double all = count_once(events_in(node.of, span, subject));
    return all > 0 ? Value{count_once(events) / all} : Value{};
  }
  if (operand.kind == Operand::Kind::count) return static_cast<double>(events.size());
  if (events.empty()) return {};
  return operand.kind == Operand::Kind::first ? events.front().at : events.back().at;
}

template <class Left>
bool in_order(const Left& left, Operator op, const Left& right) {
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

bool compare_text(const std::string& form, Operator op, const std::string& wanted) {
  switch (op) {
    case Operator::equal:
      return form == wanted;
    case Operator::unequal:
      return form != wanted;
    case Operator::contains:
      return form.find(wanted) != std::string::npos;
    case Operator::starts_with:
      return form.starts_with(wanted);
    default:
      return form.ends_with(wanted);
  }
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
  const std::string form =
      value_form(node.source->operand.attribute, std::get<std::string_view>(value));
  return compare_text(form, op, node.text);
}

bool is_member(const Node& node, const Value& value) {
  if (const double* number = std::get_if<double>(&value)) {
    return std::ranges::find(node.numbers, *number) != node.numbers.end();
  }
  if (const Time* at = std::get_if<Time>(&value)) {
    return std::ranges::any_of(
        node.moments, [&](const Span& day) { return moment_in_order(*at, Operator::equal, day); });
  }
  const auto form = value_form(node.source->operand.attribute, std::get<std::string_view>(value));
  return node.texts.contains(form);
}

// Step by step, the events that end a chain up to there: an event can go on from the latest such
// event before it.
bool sequence_holds(const Node& node, const Subject& subject) {
  const Span span = span_of(node, subject.now);
  std::vector<const Event*> ends;
  for (const Event& event : events_in(node.steps.front().events, span, subject)) {
    ends.push_back(&event);
  }
  const auto before = [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.position < b.position;
  };
  for (std::size_t i = 1; i < node.steps.size() && !ends.empty(); ++i) {
    const Node::CompiledStep& step = node.steps[i];
    std::vector<const Event*> next;
    std::size_t earlier = 0;
    for (const Event& event : events_in(step.events, span, subject)) {
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
  const Value value = operand_value(node, subject);
  if (node.source->kind == Kind::existence) return !is_missing(value);
  if (is_missing(value)) return false;
  if (node.source->kind == Kind::truth) return std::get<bool>(value);
  if (node.source->kind == Kind::membership) {
    return is_member(node, value) != node.source->negated;
  }
  return compare(node, value, subject.now);
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
  const auto events = events_in(which, span_of(node, subject.now), subject);
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

Result<Criterion> Criterion::parse(std::string_view text, const CriteriaNames& names,
                                   const KindTable& kinds) {
  auto expression = parse_criterion(text, &names.segments);
  if (!expression) return tl::unexpected(expression.error());
  Criterion criterion(std::move(*expression), names, kinds);
  criterion.text_ = text;
  return criterion;
}

Criterion::Criterion(Expression expression, const CriteriaNames& names, const KindTable& kinds)
    : text_(print_criterion(expression)),
      expression_(std::make_shared<const Expression>(std::move(expression))),
      root_(std::make_shared<const Node>(Compiler(names, kinds).compile(*expression_))) {
  collect(*expression_, {attributes_, events_, segments_});
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
