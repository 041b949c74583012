// Cells that a spreadsheet would run as formulas, and the apostrophe that keeps it from that.
//
// OWASP's list without exceptions: what begins with = + - @, a tab, a return or a newline, also in
// full width. Numbers (-5) and telephone numbers (+45 12) are guarded, too: whether a text is a
// plain number depends on the spreadsheet's language, and the guard can be taken off again. What
// already has apostrophes before such a sign gets one more, so taking one off gives back exactly
// what there was.
#pragma once

#include <string_view>

namespace galena {

// True for what needs the guard: apostrophes, if any, and then one of the signs.
bool needs_formula_guard(std::string_view cell);

// The cell without its guard, if it has one.
std::string_view without_formula_guard(std::string_view cell);

}  // namespace galena
