#include "base/text.hpp"
#include "domain/criteria_node.hpp"
#include "domain/criteria_text.hpp"
#include "domain/criteria_values.hpp"

namespace galena::domain {
namespace {

using Node = Criterion::Node;
using Kind = Expression::Kind;
using Operator = Expression::Operator;
using Span = Node::Span;

class Compiler {
 public:
  Compiler(const CriteriaNames& names, const KindTable& kinds) : names_(names), kinds_(kinds) {}

  Node compile(const Expression& expression) const {
    Node node{.source = &expression};
    node.zone = names_.zone;
    for (const Expression& child : expression.children) node.children.push_back(compile(child));
    node.events = events(expression.operand.event, expression.operand.where);
    node.of = events(expression.operand.of, expression.operand.of_where);
    if (const auto found = names_.properties.find(expression.operand.property);
        found != names_.properties.end()) {
      node.property = found->second;
    }
    if (const auto found = names_.segments.find(expression.segment);
        expression.kind == Kind::segment && found != names_.segments.end()) {
      node.segment = found->second;
    }
    const bool sequence = expression.kind == Kind::sequence;
    node.window = window(sequence ? expression.window : expression.operand.window);
    for (const Step& step : expression.steps) {
      node.steps.push_back({events(step.event, step.where), step.within});
    }
    for (const Constant& constant : expression.constants) add(node, constant);
    if (const auto* list = named_list(expression.list)) {
      for (const std::string& member : *list) add(node, Constant{member});
    }
    if (reads_market(expression)) node.always = market(node);
    return node;
  }

 private:
  Node::Events events(std::string_view name, const std::vector<Expression>& where) const {
    if (name.empty()) return {};
    const KindCode kind = kinds_.find(name);
    Node::Events made{kind, kind == kPageViewed, nullptr};
    if (!where.empty()) made.where = std::make_shared<const Node>(compile(where.front()));
    return made;
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
      node.truths.push_back(*truth);
    } else if (const auto* text = std::get_if<std::string>(&constant)) {
      const Operand& operand = node.source->operand;
      const bool property = operand.kind == Operand::Kind::property;
      node.text = property ? comparison_form(*text) : constant_form(operand.attribute, *text);
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

}  // namespace

Criterion::Node compiled(const Expression& expression, const CriteriaNames& names,
                         const KindTable& kinds) {
  return Compiler(names, kinds).compile(expression);
}

}  // namespace galena::domain
