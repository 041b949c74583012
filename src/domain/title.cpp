#include "domain/title.hpp"

#include <array>
#include <utility>

namespace galena::domain {
namespace {

constexpr std::array<std::string_view, 8> kWords = {"",        "student",  "retired", "staff",
                                                    "manager", "director", "vp",      "c_level"};

}  // namespace

std::string_view to_string(Seniority seniority) {
  return kWords[static_cast<std::size_t>(seniority)];
}

std::optional<Seniority> seniority_from_string(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] == word) return static_cast<Seniority>(i);
  }
  return std::nullopt;
}

}  // namespace galena::domain
