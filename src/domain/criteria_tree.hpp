// The syntax tree of a criterion: plain data, the same whether it was read from text
// (criteria_text.hpp) or JSON (criteria_json.hpp), and checked by whoever read it.
//
// Grammar of the text form; words are case-sensitive, blanks are free:
//
//   criterion  = all { "or" all }
//   all        = unary { "and" unary }
//   unary      = "not" unary | "(" criterion ")" | predicate
//   predicate  = "exists" "(" operand ")"
//              | "in_segment" "(" text ")"
//              | "sequence" "(" step "," step { "," step } [ "," window ] ")"
//              | operand                                         a truth
//              | operand ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) constant
//              | operand ( "contains" | "starts_with" | "ends_with" ) text
//              | operand [ "not" ] "in" ( "(" constant { "," constant } ")" | list )
//   operand    = attribute | ( "count" | "first" | "last" ) "(" events [ "," window ] ")"
//              | "share" "(" events "," events [ "," window ] ")"
//              | "sum" "(" events "," property [ "," window ] ")"
//   step       = events [ "within" duration ]                    of the step before
//   events     = text [ "where" condition ]
//   condition  = a criterion of properties alone: property where an attribute would stand, no
//                segments, no events
//   property   = a word like amount or cart.total | "property" "(" text ")"
//   window     = "last" duration | "since" moment | "before" moment
//              | "between" moment "and" moment
//              | ( "this" | "previous" ) ( "day" | "week" | "month" | "quarter" | "year" )
//   constant   = number | text | "true" | "false" | moment | "threshold"
//   duration   = number unit                                     30 days, 24h
//   moment     = 2026-01-15 | 2026-01-15T10:00:00Z               a day begins in the zone of the
//   workspace; as a constant also
//              | duration "ago"                                  that long before now
//
// Meaning: two-valued. A comparison with a missing value is false (`!=`, `not in` too), `not`
// negates, `exists` tests. `count` is never missing; `first` and `last` are moments, missing if
// there is no such event. `share(A, B)` is how many events A there are for each event B, missing if
// there is no B; of events about one message (email_id) one counts. `last 30 days` is 30 × 86,400 s
// before now: age < 30 days. A sequence holds if there are events of these names in this order,
// each at most `within` after the one before, all of them in the window.
//
// Events with `where` are those for which the condition holds. A property is compared as what the
// constant is: with a number if it is one, also as a text ("99.5"); with a text as it is written.
// What cannot be compared so is unequal. `sum` adds the numbers up in millionths (properties.hpp)
// and is never missing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "base/zone.hpp"

namespace galena::domain {

// THE TABLE OF ATTRIBUTES that a criterion may name (criteria_attributes.cpp).
enum class Attribute : std::uint8_t {
  email,
  email_domain,
  email_free_mail,
  email_disposable,
  email_role,
  first_name,
  last_name,
  phone,
  title,
  title_seniority,
  title_department,
  company_id,
  company_name,
  company_domain,
  company_employees,
  company_industry,
  country,
  region,
  city,
  market,
  stage,
  score,
  fit,
  interest,
  own_action,
  shown_interest,
  unsubscribed,
  created_at,
  first_seen,
  last_seen,
};

// A moment as it was written.
struct Moment {
  std::string text;

  bool operator==(const Moment&) const = default;
};

// Which events count. Kind::all: every one.
struct Window {
  enum class Kind : std::uint8_t { all, last, since, before, between, present, previous };
  Kind kind = Kind::all;
  Duration length{};    // last
  Moment from;          // since, between
  Moment to;            // before, between
  Calendar calendar{};  // present, previous

  bool operator==(const Window&) const = default;
};

struct Expression;

struct Operand {
  enum class Kind : std::uint8_t { attribute, count, first, last, share, sum, property };
  Kind kind = Kind::attribute;
  Attribute attribute{};
  std::string event;  // all but attribute and property
  Window window;
  std::string of = {};  // share: the events that it is a share of
  // Which of these events: one expression of properties, or none.
  std::vector<Expression> where;
  std::vector<Expression> of_where;
  std::string property = {};  // property, and what sum adds up

  bool operator==(const Operand&) const = default;
};

struct Threshold {  // the playbook's
  bool operator==(const Threshold&) const = default;
};
struct Ago {  // a moment so long before now
  Duration length{};

  bool operator==(const Ago&) const = default;
};
using Constant = std::variant<double, std::string, bool, Moment, Threshold, Ago>;

struct Step {
  std::string event;
  std::optional<Duration> within;  // never of the first
  std::vector<Expression> where;

  bool operator==(const Step&) const = default;
};

struct Expression {
  enum class Kind : std::uint8_t {
    all,         // children
    any,         // children
    negation,    // one child
    existence,   // operand
    truth,       // operand
    comparison,  // operand, op, constants[0]
    membership,  // operand, negated, constants or list
    sequence,    // steps, window
    segment,     // segment
  };
  enum class Operator : std::uint8_t {
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    contains,
    starts_with,
    ends_with,
  };
  Kind kind = Kind::truth;
  std::vector<Expression> children;
  Operand operand;
  Operator op = Operator::equal;
  std::vector<Constant> constants;
  std::string list;      // a list of the playbook: "icp.target_industries"
  bool negated = false;  // not in
  std::vector<Step> steps;
  Window window;
  std::string segment = {};  // the name of one

  bool operator==(const Expression&) const = default;
};

// The type of an operand's value. A property of an event may be a text, a number or a truth.
enum class ValueType : std::uint8_t { text, number, truth, moment, any };

std::optional<Attribute> attribute_named(std::string_view name);
std::string_view attribute_name(Attribute attribute);
ValueType type_of(const Operand& operand);
// True if the attribute is known only after scoring.
bool is_of_standing(Attribute attribute);

// The segments there are, and the codes by which leads name them (lead.hpp).
using SegmentNames = std::map<std::string, std::uint16_t, std::less<>>;

// What is wrong with an expression without regard to its children; empty: nothing. Readers call it
// for every expression they have read, and add the place.
std::string fault_of(const Expression& expression);

// The same for the operator and the type of its left side alone.
std::string operator_fault(const Expression& expression);

// True for "2026-01-15" and for a time with its zone.
bool is_moment(std::string_view text);

std::string_view to_string(Expression::Operator op);
std::string_view to_string(Operand::Kind kind);  // "count"; empty for an attribute or property
std::string_view to_string(Calendar calendar);

}  // namespace galena::domain
