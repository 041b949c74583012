#include "base/csv_guard.hpp"

#include <algorithm>
#include <array>

namespace galena {
namespace {

constexpr std::string_view kSigns = "=+-@\t\r\n";
constexpr std::array<std::string_view, 4> kWideSigns{"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                                     "\xEF\xBC\xA0"};

}  // namespace

bool needs_formula_guard(std::string_view cell) {
  cell.remove_prefix(std::min(cell.find_first_not_of('\''), cell.size()));
  if (cell.empty()) return false;
  if (kSigns.contains(cell.front())) return true;
  return std::ranges::any_of(kWideSigns,
                             [&](std::string_view sign) { return cell.starts_with(sign); });
}

std::string_view without_formula_guard(std::string_view cell) {
  return cell.starts_with('\'') && needs_formula_guard(cell) ? cell.substr(1) : cell;
}

}  // namespace galena
