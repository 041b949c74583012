#include "domain/criteria_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/criteria_tokens.hpp"

namespace galena::domain {
namespace {

using Kind = Expression::Kind;
using Operator = Expression::Operator;

constexpr std::pair<std::string_view, Operator> kOperators[] = {
    {"=", Operator::equal},
    {"==", Operator::equal},
    {"!=", Operator::unequal},
    {"<", Operator::less},
    {"<=", Operator::at_most},
    {">", Operator::greater},
    {">=", Operator::at_least},
    {"contains", Operator::contains},
    {"starts_with", Operator::starts_with},
    {"ends_with", Operator::ends_with}};

// Words that mean something within a condition; a property of that name is written as
// property("name").
constexpr std::string_view kTaken[] = {"and",      "or",       "not",         "in",        "exists",
                                       "property", "contains", "starts_with", "ends_with", "within",
                                       "true",     "false",    "where"};

// True if the name of a property can stand for itself.
bool is_plain_name(std::string_view name) {
  const auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  };
  const bool digit = !name.empty() && name[0] >= '0' && name[0] <= '9';
  return !name.empty() && !digit && std::ranges::all_of(name, belongs) &&
         std::ranges::find(kTaken, name) == std::end(kTaken);
}

constexpr Calendar kCalendars[] = {Calendar::day, Calendar::week, Calendar::month,
                                   Calendar::quarter, Calendar::year};

// Recursive descent over the grammar in criteria_tree.hpp, one function a rule.
class Reader {
 public:
  Reader(std::vector<Token> tokens, const SegmentNames* segments, const PropertySlots* kept)
      : tokens_(std::move(tokens)), segments_(segments), kept_(kept) {}

  Result<Expression> whole() {
    auto expression = any();
    if (!expression) return expression;
    if (now().type != Token::Type::end) {
      return wrong(fmt::format("expected \"and\", \"or\" or the end, not \"{}\"", now().text));
    }
    return expression;
  }

  Result<Expression> whole_condition() {
    in_condition_ = true;
    return whole();
  }

 private:
  static constexpr int kDepthMax = 50;

  const Token& now() const { return tokens_[at_]; }
  tl::unexpected<Error> wrong(std::string message) const {
    return wrong_at(now().column, std::move(message));
  }

  bool is(Token::Type type, std::string_view text) const {
    return now().type == type && now().text == text;
  }
  bool take(Token::Type type, std::string_view text) {
    if (!is(type, text)) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view text) { return take(Token::Type::word, text); }
  Result<> need(std::string_view symbol) {
    if (take(Token::Type::symbol, symbol)) return {};
    return wrong(fmt::format("expected \"{}\", not \"{}\"", symbol, now().text));
  }

  Result<Expression> chain(Kind kind, std::string_view word, Result<Expression> (Reader::*part)()) {
    auto first = (this->*part)();
    if (!first || !is(Token::Type::word, word)) return first;
    Expression expression{.kind = kind, .children = {}};
    expression.children.push_back(std::move(*first));
    while (take_word(word)) {
      auto next = (this->*part)();
      if (!next) return next;
      expression.children.push_back(std::move(*next));
    }
    return expression;
  }

  Result<Expression> any() { return chain(Kind::any, "or", &Reader::all); }
  Result<Expression> all() { return chain(Kind::all, "and", &Reader::unary); }

  Result<Expression> unary() {
    if (++depth_ > kDepthMax) return wrong("this is nested too deeply");
    auto expression = unary_at_depth();
    --depth_;
    return expression;
  }

  Result<Expression> unary_at_depth() {
    if (take_word("not")) {
      auto inner = unary();
      if (!inner) return inner;
      Expression expression{.kind = Kind::negation, .children = {}};
      expression.children.push_back(std::move(*inner));
      return expression;
    }
    if (take(Token::Type::symbol, "(")) {
      auto inner = any();
      if (!inner) return inner;
      if (auto closed = need(")"); !closed) return tl::unexpected(closed.error());
      return inner;
    }
    const std::size_t column = now().column;
    return checked(column, predicate());
  }

  // What the words alone do not forbid, the meaning may.
  static Result<Expression> checked(std::size_t column, Result<Expression> expression) {
    if (!expression) return expression;
    if (std::string fault = fault_of(*expression); !fault.empty()) {
      return wrong_at(column, std::move(fault));
    }
    return expression;
  }

  Result<Expression> predicate() {
    if (take_word("exists")) return existence();
    if (!in_condition_ && take_word("sequence")) return sequence();
    if (!in_condition_ && take_word("in_segment")) return segment();
    auto operand = this->operand();
    if (!operand) return tl::unexpected(operand.error());
    Expression expression{.children = {}, .operand = std::move(*operand)};
    const bool negated = is(Token::Type::word, "not") && is_next_word("in");
    if (negated) ++at_;
    if (take_word("in")) return membership(std::move(expression), negated);
    for (const auto& [word, op] : kOperators) {
      if (now().text != word || now().type == Token::Type::text) continue;
      const std::size_t column = now().column;
      ++at_;
      expression.kind = Kind::comparison;
      expression.op = op;
      if (auto fault = operator_fault(expression); !fault.empty()) return wrong_at(column, fault);
      auto constant = this->constant(expression.operand);
      if (!constant) return tl::unexpected(constant.error());
      expression.constants.push_back(std::move(*constant));
      return expression;
    }
    const ValueType type = type_of(expression.operand);
    if (in_condition_ && is(Token::Type::symbol, "(")) {
      return wrong("behind where stand properties of the event, and nothing that counts");
    }
    if (type != ValueType::truth && type != ValueType::any) {
      return wrong(fmt::format("expected =, !=, <, <=, >, >= or \"in\", not \"{}\"", now().text));
    }
    expression.kind = Kind::truth;
    return expression;
  }

  bool is_next_word(std::string_view text) const {
    return at_ + 1 < tokens_.size() && tokens_[at_ + 1].type == Token::Type::word &&
           tokens_[at_ + 1].text == text;
  }

  Result<Expression> existence() {
    if (auto open = need("("); !open) return tl::unexpected(open.error());
    auto operand = this->operand();
    if (!operand) return tl::unexpected(operand.error());
    if (auto closed = need(")"); !closed) return tl::unexpected(closed.error());
    return Expression{.kind = Kind::existence, .children = {}, .operand = std::move(*operand)};
  }

  Result<Expression> segment() {
    if (auto open = need("("); !open) return tl::unexpected(open.error());
    if (now().type != Token::Type::text) {
      return wrong(fmt::format("expected the name of a segment in quotes, not \"{}\"", now().text));
    }
    if (segments_ != nullptr && !segments_->contains(now().text)) {
      return wrong(fmt::format("there is no segment \"{}\"", now().text));
    }
    Expression expression{.kind = Kind::segment, .children = {}};
    expression.segment = tokens_[at_++].text;
    if (auto closed = need(")"); !closed) return tl::unexpected(closed.error());
    return expression;
  }

  Result<Expression> sequence() {
    if (auto open = need("("); !open) return tl::unexpected(open.error());
    Expression expression{.kind = Kind::sequence, .children = {}};
    do {
      if (now().type == Token::Type::word) {
        auto window = this->window();
        if (!window) return tl::unexpected(window.error());
        expression.window = std::move(*window);
        break;
      }
      auto step = this->step();
      if (!step) return tl::unexpected(step.error());
      expression.steps.push_back(std::move(*step));
    } while (take(Token::Type::symbol, ","));
    if (auto closed = need(")"); !closed) return tl::unexpected(closed.error());
    return expression;
  }

  Result<Step> step() {
    Step step{.event = {}, .within = {}};
    if (auto read = events(step.event, step.where); !read) return tl::unexpected(read.error());
    if (!take_word("within")) return step;
    auto within = duration();
    if (!within) return tl::unexpected(within.error());
    step.within = *within;
    return step;
  }

  Result<std::string> event() {
    if (now().type != Token::Type::text) {
      return wrong(fmt::format("expected the name of an event in quotes, not \"{}\"", now().text));
    }
    return tokens_[at_++].text;
  }

  // Events of a name, and which of them.
  Result<> events(std::string& name, std::vector<Expression>& where) {
    auto event = this->event();
    if (!event) return tl::unexpected(event.error());
    name = std::move(*event);
    if (!take_word("where")) return {};
    in_condition_ = true;
    auto condition = any();
    in_condition_ = false;
    if (!condition) return tl::unexpected(condition.error());
    where.push_back(std::move(*condition));
    return {};
  }

  // The name of a property: a word, or in quotes.
  Result<std::string> property() {
    const std::size_t column = now().column;
    std::string name;
    if (take_word("property")) {
      if (auto open = need("("); !open) return tl::unexpected(open.error());
      if (now().type != Token::Type::text) {
        return wrong(
            fmt::format("expected the name of a property in quotes, not \"{}\"", now().text));
      }
      name = tokens_[at_++].text;
      if (auto closed = need(")"); !closed) return tl::unexpected(closed.error());
    } else if (now().type == Token::Type::word && is_plain_name(now().text)) {
      name = tokens_[at_++].text;
    } else {
      return wrong(fmt::format("expected a property like amount, not \"{}\"", now().text));
    }
    if (std::string fault = property_fault(name); !fault.empty()) return wrong_at(column, fault);
    if (kept_ != nullptr && !kept_->contains(name)) {
      return wrong_at(column,
                      fmt::format("the property \"{}\" of events is not kept; add it to the "
                                  "playbook: [events] properties = [\"{}\"]",
                                  name, name));
    }
    return name;
  }

  Result<Operand> property_operand() {
    auto name = property();
    if (!name) return tl::unexpected(name.error());
    Operand operand{.kind = Operand::Kind::property, .event = {}, .window = {}};
    operand.property = std::move(*name);
    return operand;
  }

  Result<Operand> operand() {
    if (in_condition_) return property_operand();
    if (now().type != Token::Type::word) {
      return wrong(fmt::format("expected a name, not \"{}\"", now().text));
    }
    if (take_word("count")) return aggregate(Operand::Kind::count);
    if (take_word("first")) return aggregate(Operand::Kind::first);
    if (take_word("last")) return aggregate(Operand::Kind::last);
    if (take_word("share")) return aggregate(Operand::Kind::share);
    if (take_word("sum")) return aggregate(Operand::Kind::sum);
    const auto attribute = attribute_named(now().text);
    if (!attribute && now().text == "threshold") {
      return wrong("threshold stands on the right side: score >= threshold");
    }
    if (!attribute) return wrong(fmt::format("\"{}\" is not known here", now().text));
    ++at_;
    return Operand{.attribute = *attribute, .event = {}, .window = {}};
  }

  Result<Operand> aggregate(Operand::Kind kind) {
    if (auto open = need("("); !open) return tl::unexpected(open.error());
    Operand operand{.kind = kind, .event = {}, .window = {}};
    if (auto read = events(operand.event, operand.where); !read) {
      return tl::unexpected(read.error());
    }
    if (kind == Operand::Kind::share || kind == Operand::Kind::sum) {
      if (auto comma = need(","); !comma) return tl::unexpected(comma.error());
      if (auto read = second_part(operand); !read) return tl::unexpected(read.error());
    }
    if (take(Token::Type::symbol, ",")) {
      auto window = this->window();
      if (!window) return tl::unexpected(window.error());
      operand.window = std::move(*window);
    }
    if (auto closed = need(")"); !closed) return tl::unexpected(closed.error());
    return operand;
  }

  // What the events are a share of, or what of them is added up.
  Result<> second_part(Operand& operand) {
    if (operand.kind == Operand::Kind::share) return events(operand.of, operand.of_where);
    auto name = property();
    if (!name) return tl::unexpected(name.error());
    operand.property = std::move(*name);
    return {};
  }

  Result<Window> window() {
    if (take_word("last")) {
      auto length = duration();
      if (!length) return tl::unexpected(length.error());
      return Window{.kind = Window::Kind::last, .length = *length, .from = {}, .to = {}};
    }
    if (take_word("since")) return since();
    if (take_word("before")) {
      auto to = moment();
      if (!to) return tl::unexpected(to.error());
      return Window{.kind = Window::Kind::before, .from = {}, .to = std::move(*to)};
    }
    if (take_word("between")) return between();
    if (take_word("this")) return calendar(Window::Kind::present);
    if (take_word("previous")) return calendar(Window::Kind::previous);
    return wrong(
        fmt::format("expected a time like \"last 30 days\", \"this month\" or "
                    "\"since 2026-01-15\", not \"{}\"",
                    now().text));
  }

  Result<Window> since() {
    auto from = moment();
    if (!from) return tl::unexpected(from.error());
    return Window{.kind = Window::Kind::since, .from = std::move(*from), .to = {}};
  }

  Result<Window> between() {
    auto from = moment();
    if (!from) return tl::unexpected(from.error());
    if (!take_word("and")) return wrong(fmt::format("expected \"and\", not \"{}\"", now().text));
    auto to = moment();
    if (!to) return tl::unexpected(to.error());
    return Window{.kind = Window::Kind::between, .from = std::move(*from), .to = std::move(*to)};
  }

  Result<Window> calendar(Window::Kind kind) {
    for (const Calendar known : kCalendars) {
      if (take_word(to_string(known))) {
        return Window{.kind = kind, .from = {}, .to = {}, .calendar = known};
      }
    }
    return wrong(fmt::format("expected day, week, month, quarter or year, not \"{}\"", now().text));
  }

  Result<Moment> moment() {
    if (now().type != Token::Type::moment || !is_moment(now().text)) {
      return wrong(
          fmt::format("expected a day like 2026-01-15 or a time like 2026-01-15T10:00:00Z, "
                      "not \"{}\"",
                      now().text));
    }
    return Moment{tokens_[at_++].text};
  }

  Result<Duration> duration() {
    const std::size_t column = now().column;
    std::string text;
    if (now().type == Token::Type::number) text = tokens_[at_++].text;
    if (!text.empty() && now().type == Token::Type::word) text += " " + tokens_[at_++].text;
    auto read = parse_duration(text);
    if (!read) return wrong_at(column, read.error().message);
    return *read;
  }

  Result<Constant> ago() {
    auto length = duration();
    if (!length) return tl::unexpected(length.error());
    if (!take_word("ago")) return wrong(fmt::format("expected \"ago\", not \"{}\"", now().text));
    return Constant{Ago{*length}};
  }

  // A constant of the operand's type.
  Result<Constant> constant(const Operand& operand) {
    const Token& token = now();
    switch (type_of(operand)) {
      case ValueType::truth:
        if (take_word("true")) return Constant{true};
        if (take_word("false")) return Constant{false};
        return wrong(fmt::format("{} is true or false", print_operand(operand)));
      case ValueType::number:
        if (take_word("threshold")) return Constant{Threshold{}};
        if (token.type == Token::Type::number) return Constant{tokens_[at_++].number};
        return wrong(fmt::format("{} is compared with a number", print_operand(operand)));
      case ValueType::moment: {
        if (token.type == Token::Type::number && tokens_[at_ + 1].type == Token::Type::word) {
          return ago();
        }
        auto read = moment();
        if (!read) return tl::unexpected(read.error());
        return Constant{std::move(*read)};
      }
      case ValueType::any:
        return property_constant(operand);
      case ValueType::text:
        break;
    }
    if (token.type != Token::Type::text) {
      return wrong(fmt::format("{} is compared with a text in quotes", print_operand(operand)));
    }
    return Constant{tokens_[at_++].text};
  }

  Result<Constant> property_constant(const Operand& operand) {
    if (take_word("true")) return Constant{true};
    if (take_word("false")) return Constant{false};
    if (now().type == Token::Type::number) return Constant{tokens_[at_++].number};
    if (now().type == Token::Type::text) return Constant{tokens_[at_++].text};
    return wrong(fmt::format("{} is compared with a number, a text in quotes, true or false",
                             print_operand(operand)));
  }

  Result<Expression> membership(Expression expression, bool negated) {
    expression.kind = Kind::membership;
    expression.negated = negated;
    if (type_of(expression.operand) == ValueType::truth) return wrong("true or false is no list");
    if (now().type == Token::Type::word) {
      expression.list = tokens_[at_++].text;
      if (std::string fault = fault_of(expression); !fault.empty()) {
        return wrong_at(tokens_[at_ - 1].column, std::move(fault));
      }
      return expression;
    }
    if (!take(Token::Type::symbol, "(")) return wrong("expected \"(\" or a list");
    do {
      auto constant = this->constant(expression.operand);
      if (!constant) return tl::unexpected(constant.error());
      expression.constants.push_back(std::move(*constant));
    } while (take(Token::Type::symbol, ","));
    if (!take(Token::Type::symbol, ")")) return wrong("expected \",\" or \")\"");
    return expression;
  }

  std::vector<Token> tokens_;
  const SegmentNames* segments_;
  const PropertySlots* kept_;
  bool in_condition_ = false;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// --- writing ---------------------------------------------------------------------------------

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

std::string print_window(const Window& window) {
  switch (window.kind) {
    case Window::Kind::all:
      return {};
    case Window::Kind::last:
      return "last " + format_duration(window.length);
    case Window::Kind::since:
      return "since " + window.from.text;
    case Window::Kind::before:
      return "before " + window.to.text;
    case Window::Kind::between:
      return fmt::format("between {} and {}", window.from.text, window.to.text);
    case Window::Kind::present:
      return fmt::format("this {}", to_string(window.calendar));
    case Window::Kind::previous:
      break;
  }
  return fmt::format("previous {}", to_string(window.calendar));
}

std::string print_constant(const Constant& constant) {
  if (const auto* number = std::get_if<double>(&constant)) return fmt::format("{}", *number);
  if (const auto* truth = std::get_if<bool>(&constant)) return *truth ? "true" : "false";
  if (const auto* moment = std::get_if<Moment>(&constant)) return moment->text;
  if (const auto* text = std::get_if<std::string>(&constant)) return quoted(*text);
  if (const auto* ago = std::get_if<Ago>(&constant)) return format_duration(ago->length) + " ago";
  return "threshold";
}

std::string print_chain(const Expression& expression, std::string_view word) {
  std::string out;
  for (const Expression& child : expression.children) {
    const bool inner = child.kind == Kind::any || child.kind == Kind::all;
    if (!out.empty()) out += word;
    // `and` binds tighter than `or`; the rest would be read as part of this chain.
    const bool plain = !inner || (expression.kind == Kind::any && child.kind == Kind::all);
    out += plain ? print_criterion(child) : "(" + print_criterion(child) + ")";
  }
  return out;
}

std::string print_members(const Expression& expression) {
  std::string out = print_operand(expression.operand) + (expression.negated ? " not in " : " in ");
  if (!expression.list.empty()) return out + expression.list;
  std::string members;
  for (const Constant& constant : expression.constants) {
    members += (members.empty() ? "" : ", ") + print_constant(constant);
  }
  return out + "(" + members + ")";
}

std::string print_property(std::string_view name) {
  return is_plain_name(name) ? std::string(name) : "property(" + quoted(name) + ")";
}

std::string print_events(std::string_view name, const std::vector<Expression>& where) {
  return quoted(name) + (where.empty() ? "" : " where " + print_criterion(where.front()));
}

std::string print_sequence(const Expression& expression) {
  std::string out;
  for (const Step& step : expression.steps) {
    out += (out.empty() ? "" : ", ") + print_events(step.event, step.where);
    if (step.within) out += " within " + format_duration(*step.within);
  }
  if (const std::string window = print_window(expression.window); !window.empty()) {
    out += ", " + window;
  }
  return "sequence(" + out + ")";
}

Result<std::vector<Token>> tokens_within_limits(std::string_view text) {
  constexpr std::size_t kBytesMax = 10'000;
  if (text.size() > kBytesMax) return wrong_at(1, "a criterion may have 10,000 characters");
  return tokens_of(text);
}

}  // namespace

Result<Expression> parse_criterion(std::string_view text, const SegmentNames* segments,
                                   const PropertySlots* kept) {
  auto tokens = tokens_within_limits(text);
  if (!tokens) return tl::unexpected(tokens.error());
  return Reader(std::move(*tokens), segments, kept).whole();
}

Result<Expression> parse_condition(std::string_view text, const PropertySlots* kept) {
  auto tokens = tokens_within_limits(text);
  if (!tokens) return tl::unexpected(tokens.error());
  return Reader(std::move(*tokens), nullptr, kept).whole_condition();
}

void collect_properties(const Expression& expression, std::vector<std::string>& names) {
  const auto collect_all = [&](const std::vector<Expression>& expressions) {
    for (const Expression& each : expressions) collect_properties(each, names);
  };
  collect_all(expression.children);
  collect_all(expression.operand.where);
  collect_all(expression.operand.of_where);
  for (const Step& step : expression.steps) collect_all(step.where);
  if (!expression.operand.property.empty()) names.push_back(expression.operand.property);
}

std::string print_operand(const Operand& operand) {
  if (operand.kind == Operand::Kind::attribute) {
    return std::string(attribute_name(operand.attribute));
  }
  if (operand.kind == Operand::Kind::property) return print_property(operand.property);
  std::string out =
      fmt::format("{}({}", to_string(operand.kind), print_events(operand.event, operand.where));
  if (operand.kind == Operand::Kind::share)
    out += ", " + print_events(operand.of, operand.of_where);
  if (operand.kind == Operand::Kind::sum) out += ", " + print_property(operand.property);
  const std::string window = print_window(operand.window);
  return out + (window.empty() ? "" : ", " + window) + ")";
}

std::string print_criterion(const Expression& expression) {
  switch (expression.kind) {
    case Kind::all:
      return print_chain(expression, " and ");
    case Kind::any:
      return print_chain(expression, " or ");
    case Kind::negation: {
      const Expression& inner = expression.children.front();
      const bool chain = inner.kind == Kind::all || inner.kind == Kind::any;
      return "not " + (chain ? "(" + print_criterion(inner) + ")" : print_criterion(inner));
    }
    case Kind::existence:
      return "exists(" + print_operand(expression.operand) + ")";
    case Kind::truth:
      return print_operand(expression.operand);
    case Kind::comparison:
      return fmt::format("{} {} {}", print_operand(expression.operand), to_string(expression.op),
                         print_constant(expression.constants.front()));
    case Kind::membership:
      return print_members(expression);
    case Kind::segment:
      return "in_segment(" + quoted(expression.segment) + ")";
    case Kind::sequence:
      break;
  }
  return print_sequence(expression);
}

}  // namespace galena::domain
