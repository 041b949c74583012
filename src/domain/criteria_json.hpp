// A criterion as JSON, and back: for programs and the editor.
//
//   {"and": [A, B]}  {"or": [A, B]}  {"not": A}  {"exists": OPERAND}  {"is": OPERAND}
//   {"=": [OPERAND, CONSTANT]}   also != < <= > >= contains starts_with ends_with
//   {"in": [OPERAND, [CONSTANT, …]]}  {"in": [OPERAND, {"list": "icp.target_regions"}]}  {"not_in":
//   …}
//   {"sequence": {"steps": [{"event": "A"}, {"event": "B", "within": "7 days"}], "window": WINDOW}}
//   OPERAND   "title.seniority" or {"count": {"event": "A", "window": WINDOW}}, also first and last
//   CONSTANT  5, true, "vp", {"moment": "2026-01-15"}, {"name": "threshold"}
//   WINDOW    {"last": "30 days"}, {"since": DAY}, {"before": DAY}, {"between": [DAY, DAY]},
//             {"this": "month"}, {"previous": "week"}
#pragma once

#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "domain/criteria_tree.hpp"

namespace galena::domain {

boost::json::value criterion_json(const Expression& expression);

// Errors (invalid) name the place by JSON Pointer: field "/and/0/=". At most 50 levels.
Result<Expression> read_criterion_json(const boost::json::value& json);

}  // namespace galena::domain
