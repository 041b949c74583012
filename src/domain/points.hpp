// Points of a score: whole micro-points in 64 bits, so that live, rebuild and backtest agree to the
// bit. One point = 1,000,000 micro-points.
#pragma once

#include <compare>
#include <cstdint>

namespace galena::domain {

struct Points {
  std::int64_t micro = 0;

  static constexpr Points whole(std::int64_t points) { return {points * 1'000'000}; }
  constexpr double value() const { return static_cast<double>(micro) / 1e6; }

  constexpr Points& operator+=(Points other) {
    micro += other.micro;
    return *this;
  }
  friend constexpr Points operator+(Points a, Points b) { return {a.micro + b.micro}; }
  friend constexpr Points operator-(Points a, Points b) { return {a.micro - b.micro}; }
  friend constexpr Points operator-(Points a) { return {-a.micro}; }
  friend constexpr auto operator<=>(Points, Points) = default;
};

}  // namespace galena::domain
