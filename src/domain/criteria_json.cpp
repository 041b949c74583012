#include "domain/criteria_json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <tuple>

namespace galena::domain {
namespace {

namespace json = boost::json;
using Kind = Expression::Kind;

// --- writing ---------------------------------------------------------------------------------

json::value window_json(const Window& window) {
  switch (window.kind) {
    case Window::Kind::all:
      return nullptr;
    case Window::Kind::last:
      return {{"last", format_duration(window.length)}};
    case Window::Kind::since:
      return {{"since", window.from.text}};
    case Window::Kind::before:
      return {{"before", window.to.text}};
    case Window::Kind::between:
      return {{"between", json::array{window.from.text, window.to.text}}};
    case Window::Kind::present:
      return {{"this", to_string(window.calendar)}};
    case Window::Kind::previous:
      break;
  }
  return {{"previous", to_string(window.calendar)}};
}

void add_where(json::object& object, std::string_view key, const std::vector<Expression>& where) {
  if (!where.empty()) object[key] = criterion_json(where.front());
}

json::value operand_json(const Operand& operand) {
  if (operand.kind == Operand::Kind::attribute)
    return json::value(attribute_name(operand.attribute));
  if (operand.kind == Operand::Kind::property) return {{"property", operand.property}};
  json::object inner{{"event", operand.event}};
  add_where(inner, "where", operand.where);
  if (operand.kind == Operand::Kind::share) inner["of"] = operand.of;
  add_where(inner, "of_where", operand.of_where);
  if (operand.kind == Operand::Kind::sum) inner["property"] = operand.property;
  if (operand.window.kind != Window::Kind::all) inner["window"] = window_json(operand.window);
  return json::object{{to_string(operand.kind), std::move(inner)}};
}

json::value constant_json(const Constant& constant) {
  if (const auto* number = std::get_if<double>(&constant)) return *number;
  if (const auto* truth = std::get_if<bool>(&constant)) return *truth;
  if (const auto* moment = std::get_if<Moment>(&constant)) return {{"moment", moment->text}};
  if (const auto* text = std::get_if<std::string>(&constant)) return json::value(*text);
  if (const auto* ago = std::get_if<Ago>(&constant)) {
    return {{"ago", format_duration(ago->length)}};
  }
  return {{"name", "threshold"}};
}

json::value membership_json(const Expression& expression) {
  json::value right;
  if (!expression.list.empty()) {
    right = {{"list", expression.list}};
  } else {
    json::array members;
    for (const Constant& constant : expression.constants) {
      members.push_back(constant_json(constant));
    }
    right = std::move(members);
  }
  return json::object{{expression.negated ? "not_in" : "in",
                       json::array{operand_json(expression.operand), std::move(right)}}};
}

json::value sequence_json(const Expression& expression) {
  json::array steps;
  for (const Step& step : expression.steps) {
    json::object one{{"event", step.event}};
    add_where(one, "where", step.where);
    if (step.within) one["within"] = format_duration(*step.within);
    steps.push_back(std::move(one));
  }
  json::object inner{{"steps", std::move(steps)}};
  if (expression.window.kind != Window::Kind::all) inner["window"] = window_json(expression.window);
  return json::object{{"sequence", std::move(inner)}};
}

// --- reading ---------------------------------------------------------------------------------

// A place in the document. Each reader gets the place of what it reads, for its errors.
using Place = std::string;

tl::unexpected<Error> wrong(const Place& place, std::string message) {
  return fail(ErrorCode::invalid, std::move(message), place.empty() ? "/" : place);
}

// The one member of an object that has exactly one.
struct Member {
  std::string_view name;
  const json::value& value;
  Place place;
};
std::optional<Member> only_member(const json::value& value, const Place& place) {
  if (!value.is_object() || value.get_object().size() != 1) return std::nullopt;
  const auto& member = *value.get_object().begin();
  return Member{member.key(), member.value(),
                fmt::format("{}/{}", place, std::string_view(member.key()))};
}

// Refuses members that nobody reads.
Result<> only_known(const json::object& object, const Place& place,
                    std::initializer_list<std::string_view> known) {
  for (const auto& member : object) {
    if (std::ranges::find(known, std::string_view(member.key())) == known.end()) {
      return wrong(fmt::format("{}/{}", place, std::string_view(member.key())),
                   "is not known here");
    }
  }
  return {};
}

Result<std::string> text_at(const json::object& object, std::string_view key, const Place& place) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) {
    return wrong(fmt::format("{}/{}", place, key), "must be a text");
  }
  return std::string(value->get_string());
}

Result<Duration> read_length(const json::value& value, const Place& place) {
  if (!value.is_string()) return wrong(place, "must be a length of time like \"30 days\"");
  auto length = parse_duration(std::string_view(value.get_string()));
  if (!length) return wrong(place, length.error().message);
  return *length;
}

Result<Moment> read_moment(const json::value& value, const Place& place) {
  if (!value.is_string() || !is_moment(std::string_view(value.get_string()))) {
    return wrong(place, "must be a day like \"2026-01-15\" or a time with its zone");
  }
  return Moment{std::string(value.get_string())};
}

Result<Window> read_between(const Member& member) {
  if (!member.value.is_array() || member.value.get_array().size() != 2) {
    return wrong(member.place, "must be a beginning and an end");
  }
  auto from = read_moment(member.value.get_array()[0], member.place + "/0");
  if (!from) return tl::unexpected(from.error());
  auto to = read_moment(member.value.get_array()[1], member.place + "/1");
  if (!to) return tl::unexpected(to.error());
  return Window{.kind = Window::Kind::between, .from = std::move(*from), .to = std::move(*to)};
}

Result<Window> read_calendar(const Member& member) {
  for (const Calendar known :
       {Calendar::day, Calendar::week, Calendar::month, Calendar::quarter, Calendar::year}) {
    if (member.value.is_string() && member.value.get_string() == to_string(known)) {
      const bool present = member.name == "this";
      return Window{.kind = present ? Window::Kind::present : Window::Kind::previous,
                    .from = {},
                    .to = {},
                    .calendar = known};
    }
  }
  return wrong(member.place, "must be \"day\", \"week\", \"month\", \"quarter\" or \"year\"");
}

Result<Window> read_window(const json::value& value, const Place& place) {
  const auto member = only_member(value, place);
  if (!member) return wrong(place, "must be one of last, since, before, between, this, previous");
  if (member->name == "last") {
    auto length = read_length(member->value, member->place);
    if (!length) return tl::unexpected(length.error());
    return Window{.kind = Window::Kind::last, .length = *length, .from = {}, .to = {}};
  }
  if (member->name == "since" || member->name == "before") {
    auto moment = read_moment(member->value, member->place);
    if (!moment) return tl::unexpected(moment.error());
    if (member->name == "since") {
      return Window{.kind = Window::Kind::since, .from = std::move(*moment), .to = {}};
    }
    return Window{.kind = Window::Kind::before, .from = {}, .to = std::move(*moment)};
  }
  if (member->name == "between") return read_between(*member);
  if (member->name == "this" || member->name == "previous") return read_calendar(*member);
  return wrong(member->place, "must be one of last, since, before, between, this, previous");
}

// The member "window" of an object, if there is one.
Result<Window> window_of(const json::object& object, const Place& place) {
  const json::value* window = object.if_contains("window");
  if (window == nullptr) return Window{.from = {}, .to = {}};
  return read_window(*window, place + "/window");
}

Result<Constant> read_constant(const json::value& value, const Place& place) {
  if (value.is_number()) return Constant{value.to_number<double>()};
  if (value.is_bool()) return Constant{value.get_bool()};
  if (value.is_string()) return Constant{std::string(value.get_string())};
  const auto member = only_member(value, place);
  if (member && member->name == "moment") {
    auto moment = read_moment(member->value, member->place);
    if (!moment) return tl::unexpected(moment.error());
    return Constant{std::move(*moment)};
  }
  if (member && member->name == "ago") {
    auto length = read_length(member->value, member->place);
    if (!length) return tl::unexpected(length.error());
    return Constant{Ago{*length}};
  }
  if (member && member->name == "name" && member->value == "threshold") {
    return Constant{Threshold{}};
  }
  return wrong(place,
               "must be a number, a text, true, false, a moment, a time ago or the threshold");
}

class Reader {
 public:
  Result<Expression> read(const json::value& value, const Place& place) {
    constexpr int kDepthMax = 50;
    if (++depth_ > kDepthMax) return wrong(place, "this is nested too deeply");
    auto expression = read_at_depth(value, place);
    --depth_;
    if (!expression) return expression;
    if (std::string fault = fault_of(*expression); !fault.empty()) {
      return wrong(place, std::move(fault));
    }
    return expression;
  }

 private:
  // Which events of a name: the member `key`, if it is there.
  Result<std::vector<Expression>> read_where(const json::object& object, std::string_view key,
                                             const Place& place) {
    std::vector<Expression> where;
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return where;
    in_condition_ = true;
    auto condition = read(*value, fmt::format("{}/{}", place, key));
    in_condition_ = false;
    if (!condition) return tl::unexpected(condition.error());
    where.push_back(std::move(*condition));
    return where;
  }

  // The events of an aggregate, and what else it has but its window.
  Result<> read_events(Operand& operand, const json::object& inner, const Place& place) {
    const bool share = operand.kind == Operand::Kind::share;
    const bool sum = operand.kind == Operand::Kind::sum;
    for (const auto& [wanted, key, text] :
         {std::tuple(true, "event", &operand.event), std::tuple(share, "of", &operand.of),
          std::tuple(sum, "property", &operand.property)}) {
      if (!wanted) continue;
      auto read = text_at(inner, key, place);
      if (!read) return tl::unexpected(read.error());
      *text = std::move(*read);
    }
    for (const auto& [key, where] :
         {std::pair("where", &operand.where), std::pair("of_where", &operand.of_where)}) {
      auto read = read_where(inner, key, place);
      if (!read) return tl::unexpected(read.error());
      *where = std::move(*read);
    }
    return {};
  }

  Result<Operand> read_aggregate(Operand::Kind kind, const Member& member) {
    if (!member.value.is_object()) return wrong(member.place, "must be an object with an event");
    const json::object& inner = member.value.get_object();
    const auto known =
        kind == Operand::Kind::share
            ? only_known(inner, member.place, {"event", "where", "of", "of_where", "window"})
        : kind == Operand::Kind::sum
            ? only_known(inner, member.place, {"event", "where", "property", "window"})
            : only_known(inner, member.place, {"event", "where", "window"});
    if (!known) return tl::unexpected(known.error());
    Operand operand{.kind = kind, .event = {}, .window = {}};
    if (auto read = read_events(operand, inner, member.place); !read) {
      return tl::unexpected(read.error());
    }
    auto window = window_of(inner, member.place);
    if (!window) return tl::unexpected(window.error());
    operand.window = std::move(*window);
    return operand;
  }

  // Behind where stand properties, and nothing else.
  static Result<Operand> read_property(const json::value& value, const Place& place) {
    const auto member = only_member(value, place);
    if (!member || member->name != "property" || !member->value.is_string()) {
      return wrong(place, "must be a property of the event, like {\"property\": \"amount\"}");
    }
    Operand operand{.kind = Operand::Kind::property, .event = {}, .window = {}};
    operand.property = member->value.get_string();
    return operand;
  }

  Result<Operand> read_operand(const json::value& value, const Place& place) {
    if (in_condition_) return read_property(value, place);
    if (value.is_string()) {
      const auto attribute = attribute_named(std::string_view(value.get_string()));
      if (attribute) return Operand{.attribute = *attribute, .event = {}, .window = {}};
      return wrong(place, fmt::format("\"{}\" is not known here",
                                      std::string_view(value.get_string()).substr(0, 64)));
    }
    const auto member = only_member(value, place);
    for (const auto kind : {Operand::Kind::count, Operand::Kind::first, Operand::Kind::last,
                            Operand::Kind::share, Operand::Kind::sum}) {
      if (member && member->name == to_string(kind)) return read_aggregate(kind, *member);
    }
    return wrong(place,
                 "must be the name of an attribute, or one of count, first, last, share, sum");
  }

  Result<Expression> read_at_depth(const json::value& value, const Place& place) {
    const auto member = only_member(value, place);
    if (!member) return wrong(place, "must be an object with one member, like \"and\"");
    if (member->name == "and" || member->name == "or") return chain(*member);
    if (member->name == "not") return negation(*member);
    if (member->name == "exists") return of_operand(Kind::existence, *member);
    if (member->name == "is") return of_operand(Kind::truth, *member);
    if (member->name == "in" || member->name == "not_in") return membership(*member);
    if (member->name == "sequence" && !in_condition_) return sequence(*member);
    if (member->name == "in_segment" && !in_condition_) return segment(*member);
    return comparison(*member);
  }

  Result<Expression> chain(const Member& member) {
    if (!member.value.is_array()) return wrong(member.place, "must be a list of criteria");
    Expression expression{.kind = member.name == "and" ? Kind::all : Kind::any, .children = {}};
    std::size_t number = 0;
    for (const json::value& value : member.value.get_array()) {
      auto child = read(value, fmt::format("{}/{}", member.place, number++));
      if (!child) return child;
      expression.children.push_back(std::move(*child));
    }
    return expression;
  }

  Result<Expression> negation(const Member& member) {
    auto child = read(member.value, member.place);
    if (!child) return child;
    Expression expression{.kind = Kind::negation, .children = {}};
    expression.children.push_back(std::move(*child));
    return expression;
  }

  Result<Expression> of_operand(Kind kind, const Member& member) {
    auto operand = read_operand(member.value, member.place);
    if (!operand) return tl::unexpected(operand.error());
    return Expression{.kind = kind, .children = {}, .operand = std::move(*operand)};
  }

  // The left side of what has two sides.
  Result<Expression> two_sides(Kind kind, const Member& member) {
    if (!member.value.is_array() || member.value.get_array().size() != 2) {
      return wrong(member.place, "must be a list of two: what is looked at, and with what");
    }
    auto operand = read_operand(member.value.get_array()[0], member.place + "/0");
    if (!operand) return tl::unexpected(operand.error());
    return Expression{.kind = kind, .children = {}, .operand = std::move(*operand)};
  }

  Result<Expression> membership(const Member& member) {
    auto expression = two_sides(Kind::membership, member);
    if (!expression) return expression;
    expression->negated = member.name == "not_in";
    const json::value& right = member.value.get_array()[1];
    const Place place = member.place + "/1";
    if (const auto list = only_member(right, place); list && list->name == "list") {
      if (!list->value.is_string()) return wrong(list->place, "must be the name of a list");
      expression->list = list->value.get_string();
      return expression;
    }
    if (!right.is_array()) return wrong(place, "must be a list");
    std::size_t number = 0;
    for (const json::value& value : right.get_array()) {
      auto constant = read_constant(value, fmt::format("{}/{}", place, number++));
      if (!constant) return tl::unexpected(constant.error());
      expression->constants.push_back(std::move(*constant));
    }
    return expression;
  }

  Result<Expression> comparison(const Member& member) {
    for (int op = 0; op <= static_cast<int>(Expression::Operator::ends_with); ++op) {
      const auto known = static_cast<Expression::Operator>(op);
      if (member.name != to_string(known)) continue;
      auto expression = two_sides(Kind::comparison, member);
      if (!expression) return expression;
      expression->op = known;
      auto constant = read_constant(member.value.get_array()[1], member.place + "/1");
      if (!constant) return tl::unexpected(constant.error());
      expression->constants.push_back(std::move(*constant));
      return expression;
    }
    return wrong(member.place, "is not known here");
  }

  static Result<Expression> segment(const Member& member) {
    if (!member.value.is_string()) return wrong(member.place, "must be the name of a segment");
    Expression expression{.kind = Kind::segment, .children = {}};
    expression.segment = member.value.get_string();
    return expression;
  }

  Result<Expression> sequence(const Member& member) {
    if (!member.value.is_object() || !member.value.get_object().if_contains("steps") ||
        !member.value.get_object().at("steps").is_array()) {
      return wrong(member.place, "must be an object with a list of steps");
    }
    const json::object& inner = member.value.get_object();
    if (auto known = only_known(inner, member.place, {"steps", "window"}); !known) {
      return tl::unexpected(known.error());
    }
    Expression expression{.kind = Kind::sequence, .children = {}};
    std::size_t number = 0;
    for (const json::value& value : inner.at("steps").get_array()) {
      auto step = read_step(value, fmt::format("{}/steps/{}", member.place, number++));
      if (!step) return tl::unexpected(step.error());
      expression.steps.push_back(std::move(*step));
    }
    auto window = window_of(inner, member.place);
    if (!window) return tl::unexpected(window.error());
    expression.window = std::move(*window);
    return expression;
  }

  Result<Step> read_step(const json::value& value, const Place& place) {
    if (!value.is_object()) return wrong(place, "must be an object with an event");
    const json::object& object = value.get_object();
    if (auto known = only_known(object, place, {"event", "where", "within"}); !known) {
      return tl::unexpected(known.error());
    }
    auto event = text_at(object, "event", place);
    if (!event) return tl::unexpected(event.error());
    auto where = read_where(object, "where", place);
    if (!where) return tl::unexpected(where.error());
    Step step{.event = std::move(*event), .within = {}, .where = std::move(*where)};
    if (const json::value* within = object.if_contains("within")) {
      auto length = read_length(*within, place + "/within");
      if (!length) return tl::unexpected(length.error());
      step.within = *length;
    }
    return step;
  }

  int depth_ = 0;
  bool in_condition_ = false;
};

}  // namespace

json::value criterion_json(const Expression& expression) {
  switch (expression.kind) {
    case Kind::all:
    case Kind::any: {
      json::array children;
      for (const Expression& child : expression.children) {
        children.push_back(criterion_json(child));
      }
      return json::object{{expression.kind == Kind::all ? "and" : "or", std::move(children)}};
    }
    case Kind::negation:
      return json::object{{"not", criterion_json(expression.children.front())}};
    case Kind::existence:
      return json::object{{"exists", operand_json(expression.operand)}};
    case Kind::truth:
      return json::object{{"is", operand_json(expression.operand)}};
    case Kind::comparison:
      return json::object{
          {to_string(expression.op), json::array{operand_json(expression.operand),
                                                 constant_json(expression.constants.front())}}};
    case Kind::membership:
      return membership_json(expression);
    case Kind::segment:
      return json::object{{"in_segment", expression.segment}};
    case Kind::sequence:
      break;
  }
  return sequence_json(expression);
}

Result<Expression> read_criterion_json(const json::value& value) {
  return Reader().read(value, "");
}

}  // namespace galena::domain
