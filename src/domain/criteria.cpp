#include "domain/criteria.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "base/text.hpp"

namespace galena::domain {

// The syntax tree. A comparison has an attribute on its left and constants on its right.
struct Criterion::Node {
  enum class Type { all, any, negation, comparison, membership, existence, truth };
  enum class Operator { equal, unequal, less, at_most, greater, at_least };

  Type type = Type::truth;
  std::vector<std::shared_ptr<const Node>> children;  // all, any, negation
  Attribute attribute{};
  Operator op = Operator::equal;
  double number = 0;
  bool truth_wanted = true;                 // truth
  std::string text;                         // in comparison form
  std::unordered_set<std::string> members;  // membership, in comparison form
  std::vector<double> numbers;              // membership among numbers
};

namespace {

using Node = Criterion::Node;
using NodePtr = std::shared_ptr<const Node>;

enum class ValueType { text, number, truth };

struct AttributeRow {
  Attribute attribute;
  std::string_view name;
  ValueType type;
  bool of_standing;  // known only after scoring
  std::optional<Field> field;
};

constexpr std::array<AttributeRow, 27> kAttributes{{
    {Attribute::email, "email", ValueType::text, false, Field::email},
    {Attribute::email_domain, "email.domain", ValueType::text, false, Field::email},
    {Attribute::email_free_mail, "email.free_mail", ValueType::truth, false, Field::email},
    {Attribute::email_disposable, "email.disposable", ValueType::truth, false, Field::email},
    {Attribute::email_role, "email.role", ValueType::truth, false, Field::email},
    {Attribute::first_name, "first_name", ValueType::text, false, Field::first_name},
    {Attribute::last_name, "last_name", ValueType::text, false, Field::last_name},
    {Attribute::phone, "phone", ValueType::text, false, Field::phone},
    {Attribute::title, "title", ValueType::text, false, Field::title},
    {Attribute::title_seniority, "title.seniority", ValueType::text, false, Field::title},
    {Attribute::title_department, "title.department", ValueType::text, false, Field::title},
    {Attribute::company_name, "company.name", ValueType::text, false, Field::company_name},
    {Attribute::company_domain, "company.domain", ValueType::text, false, Field::company_domain},
    {Attribute::company_employees, "company.employees", ValueType::number, false, Field::employees},
    {Attribute::company_industry, "company.industry", ValueType::text, false, Field::industry},
    {Attribute::country, "country", ValueType::text, false, Field::country},
    {Attribute::region, "region", ValueType::text, false, Field::region},
    {Attribute::city, "city", ValueType::text, false, Field::city},
    {Attribute::market, "market", ValueType::text, false, std::nullopt},
    {Attribute::stage, "stage", ValueType::text, true, std::nullopt},
    {Attribute::score, "score", ValueType::number, true, std::nullopt},
    {Attribute::fit, "fit", ValueType::number, true, std::nullopt},
    {Attribute::interest, "interest", ValueType::number, true, std::nullopt},
    {Attribute::own_action, "own_action", ValueType::truth, true, std::nullopt},
    {Attribute::shown_interest, "shown_interest", ValueType::truth, true, std::nullopt},
    {Attribute::unsubscribed, "unsubscribed", ValueType::truth, true, std::nullopt},
    {Attribute::threshold, "threshold", ValueType::number, false, std::nullopt},
}};

const AttributeRow& row_of(Attribute attribute) {
  return kAttributes[static_cast<std::size_t>(attribute)];
}

Value text_value(const std::string& text) {
  return text.empty() ? Value{} : Value{std::string_view(text)};
}

Value field_attribute(Attribute attribute, const Record& record) {
  const bool has_email = record[Field::email].known();
  switch (attribute) {
    case Attribute::email_domain:
      return text_value(record.email_domain);
    case Attribute::email_free_mail:
      return has_email ? Value{record.free_mail} : Value{};
    case Attribute::email_disposable:
      return has_email ? Value{record.disposable_mail} : Value{};
    case Attribute::email_role:
      return has_email ? Value{record.role_address} : Value{};
    case Attribute::title_seniority:
      return record.seniority == Seniority::unknown ? Value{} : Value{to_string(record.seniority)};
    case Attribute::title_department:
      return text_value(record.department);
    case Attribute::company_employees:
      return record.employees ? Value{static_cast<double>(*record.employees)} : Value{};
    case Attribute::company_industry:
      return text_value(record.industry_form);
    case Attribute::country:
      return text_value(record.country);
    default:
      return text_value(record[*row_of(attribute).field].value);
  }
}

Value standing_attribute(Attribute attribute, const Subject& subject) {
  if (attribute == Attribute::stage) return Value{subject.stage};
  if (subject.standing == nullptr) return {};
  const Standing& standing = *subject.standing;
  switch (attribute) {
    case Attribute::score:
      return standing.score().value();
    case Attribute::fit:
      return standing.fit.value();
    case Attribute::interest:
      return standing.interest.value();
    case Attribute::own_action:
      return standing.activity.last_own_action.has_value();
    case Attribute::shown_interest:
      return standing.activity.shown_interest;
    default:
      return standing.activity.unsubscribed;
  }
}

Value value_of(Attribute attribute, const Subject& subject) {
  const AttributeRow& row = row_of(attribute);
  if (row.of_standing) return standing_attribute(attribute, subject);
  return row.field ? field_attribute(attribute, subject.record) : Value{};
}

bool compare_numbers(double left, Node::Operator op, double right) {
  switch (op) {
    case Node::Operator::equal:
      return left == right;
    case Node::Operator::unequal:
      return left != right;
    case Node::Operator::less:
      return left < right;
    case Node::Operator::at_most:
      return left <= right;
    case Node::Operator::greater:
      return left > right;
    case Node::Operator::at_least:
      return left >= right;
  }
  return false;
}

// Countries compare by their code, everything else by its comparison form.
std::string constant_form(Attribute attribute, std::string_view text) {
  if (attribute == Attribute::country) return country_code(text);
  return comparison_form(text);
}

std::string value_form(Attribute attribute, std::string_view text) {
  // Already in the form in which they are compared.
  if (attribute == Attribute::country || attribute == Attribute::company_industry) {
    return std::string(text);
  }
  return comparison_form(text);
}

bool evaluate(const Node& node, const Subject& subject);

bool evaluate_leaf(const Node& node, const Subject& subject) {
  const Value value = value_of(node.attribute, subject);
  if (node.type == Node::Type::existence) return !is_missing(value);
  if (is_missing(value)) return false;
  if (const bool* truth = std::get_if<bool>(&value)) return *truth == node.truth_wanted;
  if (const double* number = std::get_if<double>(&value)) {
    if (node.type == Node::Type::membership) {
      return std::ranges::find(node.numbers, *number) != node.numbers.end();
    }
    return compare_numbers(*number, node.op, node.number);
  }
  const std::string form = value_form(node.attribute, std::get<std::string_view>(value));
  if (node.type == Node::Type::membership) return node.members.contains(form);
  return (form == node.text) == (node.op == Node::Operator::equal);
}

bool evaluate(const Node& node, const Subject& subject) {
  const auto holds = [&](const NodePtr& child) { return evaluate(*child, subject); };
  switch (node.type) {
    case Node::Type::all:
      return std::ranges::all_of(node.children, holds);
    case Node::Type::any:
      return std::ranges::any_of(node.children, holds);
    case Node::Type::negation:
      return !holds(node.children.front());
    default:
      return evaluate_leaf(node, subject);
  }
}

// --- reading ---------------------------------------------------------------------------------

struct Token {
  enum class Type { word, text, number, symbol, end };
  Type type = Type::end;
  std::string text;
  double number = 0;
  std::size_t column = 1;
};

tl::unexpected<Error> wrong(std::size_t column, std::string message) {
  return fail(ErrorCode::invalid, std::move(message), fmt::format("column {}", column));
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

Result<Token> quoted(std::string_view text, std::size_t& at) {
  Token token{Token::Type::text, {}, 0, at + 1};
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    token.text.push_back(text[at++]);
  }
  if (at == text.size()) return wrong(token.column, "this text has no closing quote");
  ++at;
  return token;
}

Result<Token> number_token(std::string_view text, std::size_t& at) {
  Token token{Token::Type::number, {}, 0, at + 1};
  const auto [end, error] =
      std::from_chars(text.data() + at, text.data() + text.size(), token.number);
  if (error != std::errc{} || !std::isfinite(token.number)) {
    return wrong(token.column, "this is not a number that can be compared");
  }
  at = std::size_t(end - text.data());
  return token;
}

Result<std::vector<Token>> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
      continue;
    }
    if (c == '"' || c == '\'') {
      auto token = quoted(text, at);
      if (!token) return tl::unexpected(token.error());
      tokens.push_back(std::move(*token));
    } else if ((c >= '0' && c <= '9') || c == '-') {
      auto token = number_token(text, at);
      if (!token) return tl::unexpected(token.error());
      tokens.push_back(std::move(*token));
    } else if (is_word_char(c)) {
      const std::size_t begin = at;
      while (at < text.size() && is_word_char(text[at])) ++at;
      tokens.push_back(
          {Token::Type::word, std::string(text.substr(begin, at - begin)), 0, begin + 1});
    } else {
      const std::string_view two = text.substr(at, 2);
      const bool pair = two == "!=" || two == "<=" || two == ">=" || two == "==";
      const std::string symbol(pair ? two : text.substr(at, 1));
      if (!pair && std::string_view("()=<>,").find(c) == std::string_view::npos) {
        return wrong(at + 1, fmt::format("\"{}\" is not part of a criterion", symbol));
      }
      tokens.push_back({Token::Type::symbol, symbol, 0, at + 1});
      at += symbol.size();
    }
  }
  tokens.push_back({Token::Type::end, "the end", 0, text.size() + 1});
  return tokens;
}

// Recursive descent: any := all { "or" all }, all := unary { "and" unary },
// unary := "not" unary | "(" any ")" | comparison.
class Reader {
 public:
  Reader(std::vector<Token> tokens, const CriteriaNames& names, std::vector<Attribute>& attributes)
      : tokens_(std::move(tokens)), names_(names), attributes_(attributes) {}

  Result<NodePtr> whole() {
    auto node = any();
    if (!node) return node;
    if (now().type != Token::Type::end) {
      return wrong(now().column,
                   fmt::format("expected \"and\", \"or\" or the end, not \"{}\"", now().text));
    }
    return node;
  }

 private:
  static constexpr int kDepthMax = 50;

  const Token& now() const { return tokens_[at_]; }

  bool take(Token::Type type, std::string_view text) {
    if (now().type != type || now().text != text) return false;
    ++at_;
    return true;
  }

  Result<NodePtr> chain(Node::Type type, std::string_view word, Result<NodePtr> (Reader::*part)()) {
    auto first = (this->*part)();
    if (!first || now().type != Token::Type::word || now().text != word) return first;
    auto node = std::make_shared<Node>();
    node->type = type;
    node->children.push_back(std::move(*first));
    while (take(Token::Type::word, word)) {
      auto next = (this->*part)();
      if (!next) return next;
      node->children.push_back(std::move(*next));
    }
    return node;
  }

  Result<NodePtr> any() { return chain(Node::Type::any, "or", &Reader::all); }
  Result<NodePtr> all() { return chain(Node::Type::all, "and", &Reader::unary); }

  Result<NodePtr> unary() {
    if (++depth_ > kDepthMax) return wrong(now().column, "this is nested too deeply");
    auto node = unary_at_depth();
    --depth_;
    return node;
  }

  Result<NodePtr> unary_at_depth() {
    if (take(Token::Type::word, "not")) {
      auto inner = unary();
      if (!inner) return inner;
      auto node = std::make_shared<Node>();
      node->type = Node::Type::negation;
      node->children.push_back(std::move(*inner));
      return node;
    }
    if (take(Token::Type::symbol, "(")) {
      auto inner = any();
      if (!inner) return inner;
      if (!take(Token::Type::symbol, ")")) return wrong(now().column, "expected \")\"");
      return inner;
    }
    return comparison();
  }

  Result<const AttributeRow*> attribute() {
    if (now().type == Token::Type::word) {
      for (const AttributeRow& row : kAttributes) {
        if (row.name == now().text) {
          ++at_;
          attributes_.push_back(row.attribute);
          return &row;
        }
      }
      return wrong(now().column, fmt::format("\"{}\" is not known here", now().text));
    }
    return wrong(now().column, fmt::format("expected a name, not \"{}\"", now().text));
  }

  Result<NodePtr> existence() {
    if (!take(Token::Type::symbol, "(")) return wrong(now().column, "expected \"(\"");
    auto row = attribute();
    if (!row) return tl::unexpected(row.error());
    if (!take(Token::Type::symbol, ")")) return wrong(now().column, "expected \")\"");
    auto node = std::make_shared<Node>();
    node->type = Node::Type::existence;
    node->attribute = (*row)->attribute;
    return node;
  }

  Result<NodePtr> comparison() {
    if (now().type == Token::Type::word && now().text == "exists") {
      ++at_;
      return existence();
    }
    auto row = attribute();
    if (!row) return tl::unexpected(row.error());
    auto node = std::make_shared<Node>();
    node->attribute = (*row)->attribute;
    if (take(Token::Type::word, "in")) {
      node->type = Node::Type::membership;
      if (auto read = members(*node, **row); !read) return tl::unexpected(read.error());
      return constant(std::move(node), **row);
    }
    if ((*row)->type == ValueType::truth && now().type != Token::Type::symbol) {
      node->type = Node::Type::truth;
      return node;
    }
    if ((*row)->type == ValueType::truth && (now().text == ")" || now().text == ",")) {
      node->type = Node::Type::truth;
      return node;
    }
    node->type = Node::Type::comparison;
    if (auto read = right_side(*node, **row); !read) return tl::unexpected(read.error());
    return constant(std::move(node), **row);
  }

  // What depends on the playbook alone is decided now: `market = "b2b"` becomes always or never.
  Result<NodePtr> constant(std::shared_ptr<Node> node, const AttributeRow& row) {
    if (row.attribute == Attribute::threshold) {
      return wrong(now().column, "threshold stands on the right side: score >= threshold");
    }
    if (row.attribute != Attribute::market) return node;
    const std::string market = names_.b2b ? "b2b" : "b2c";
    const bool equal = node->type == Node::Type::membership ? node->members.contains(market)
                                                            : node->text == market;
    const bool holds = node->op == Node::Operator::unequal ? !equal : equal;
    auto fixed = std::make_shared<Node>();
    fixed->type = holds ? Node::Type::all : Node::Type::any;  // of nothing: true, false
    return fixed;
  }

  // Reads operator and constant.
  Result<> right_side(Node& node, const AttributeRow& row) {
    static constexpr std::pair<std::string_view, Node::Operator> kOperators[] = {
        {"=", Node::Operator::equal},    {"==", Node::Operator::equal},
        {"!=", Node::Operator::unequal}, {"<", Node::Operator::less},
        {"<=", Node::Operator::at_most}, {">", Node::Operator::greater},
        {">=", Node::Operator::at_least}};
    const std::size_t column = now().column;
    bool found = false;
    for (const auto& [symbol, op] : kOperators) {
      if (!found && take(Token::Type::symbol, symbol)) {
        node.op = op;
        found = true;
      }
    }
    if (!found) {
      return wrong(column,
                   fmt::format("expected =, !=, <, <=, >, >= or \"in\", not \"{}\"", now().text));
    }
    const bool ordered = node.op != Node::Operator::equal && node.op != Node::Operator::unequal;
    if (row.type != ValueType::number && ordered) {
      return wrong(column, fmt::format("{} is no number, it cannot be more or less", row.name));
    }
    return right_constant(node, row);
  }

  Result<> right_constant(Node& node, const AttributeRow& row) {
    const Token token = now();
    ++at_;
    if (row.type == ValueType::truth) {
      if (token.type != Token::Type::word || (token.text != "true" && token.text != "false")) {
        return wrong(token.column, fmt::format("{} is true or false", row.name));
      }
      node.type = Node::Type::truth;
      node.truth_wanted = (token.text == "true") == (node.op == Node::Operator::equal);
      return {};
    }
    if (row.type == ValueType::number) {
      if (token.type == Token::Type::word && token.text == "threshold") {
        node.number = names_.threshold;
        return {};
      }
      if (token.type != Token::Type::number) {
        return wrong(token.column, fmt::format("{} is compared with a number", row.name));
      }
      node.number = token.number;
      return {};
    }
    if (token.type != Token::Type::text) {
      return wrong(token.column, fmt::format("{} is compared with a text in quotes", row.name));
    }
    node.text = constant_form(row.attribute, token.text);
    return {};
  }

  const std::vector<std::string>* named_list(std::string_view name) const {
    if (name == "icp.target_industries") return &names_.target_industries;
    if (name == "icp.adjacent_industries") return &names_.adjacent_industries;
    if (name == "icp.target_regions") return &names_.target_regions;
    return nullptr;
  }

  Result<> members(Node& node, const AttributeRow& row) {
    if (row.type == ValueType::truth) return wrong(now().column, "true or false is no list");
    if (now().type == Token::Type::word) {
      const auto* list = named_list(now().text);
      if (list == nullptr || row.type != ValueType::text) {
        return wrong(now().column, fmt::format("\"{}\" is no list known here", now().text));
      }
      ++at_;
      for (const std::string& text : *list) node.members.insert(constant_form(row.attribute, text));
      return {};
    }
    if (!take(Token::Type::symbol, "(")) return wrong(now().column, "expected \"(\" or a list");
    do {
      const bool number = row.type == ValueType::number;
      if (now().type != (number ? Token::Type::number : Token::Type::text)) {
        return wrong(now().column, number ? "expected a number" : "expected a text in quotes");
      }
      if (number) node.numbers.push_back(now().number);
      if (!number) node.members.insert(constant_form(row.attribute, now().text));
      ++at_;
    } while (take(Token::Type::symbol, ","));
    if (!take(Token::Type::symbol, ")")) return wrong(now().column, "expected \",\" or \")\"");
    return {};
  }

  std::vector<Token> tokens_;
  const CriteriaNames& names_;
  std::vector<Attribute>& attributes_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Criterion> Criterion::parse(std::string_view text, const CriteriaNames& names) {
  static constexpr std::size_t kBytesMax = 10'000;
  if (text.size() > kBytesMax) return wrong(1, "a criterion may have 10,000 characters");
  auto tokens = tokens_of(text);
  if (!tokens) return tl::unexpected(tokens.error());
  Criterion criterion;
  criterion.text_ = text;
  auto root = Reader(std::move(*tokens), names, criterion.attributes_).whole();
  if (!root) return tl::unexpected(root.error());
  criterion.root_ = std::move(*root);
  return criterion;
}

bool Criterion::holds(const Subject& subject) const {
  return evaluate(*root_, subject);
}

bool Criterion::reads_standing() const {
  return std::ranges::any_of(attributes_,
                             [](Attribute attribute) { return row_of(attribute).of_standing; });
}

std::optional<Field> field_behind(Attribute attribute) {
  return row_of(attribute).field;
}

std::string_view attribute_name(Attribute attribute) {
  return row_of(attribute).name;
}

}  // namespace galena::domain
