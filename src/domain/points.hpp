// Points of a score: whole micro-points in 64 bits, so that live, rebuild and backtest agree to the
// bit. One point = 1,000,000 micro-points.
//
// Sums and products end at the limits of 64 bits instead of wrapping, so that no number of rules,
// events and adjustments makes a huge score a negative one.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace galena::domain {

struct Points {
  std::int64_t micro = 0;

  static constexpr Points whole(std::int64_t points) { return {points * 1'000'000}; }
  constexpr double value() const { return static_cast<double>(micro) / 1e6; }

  friend constexpr Points operator+(Points a, Points b) {
    Points sum;
    if (__builtin_add_overflow(a.micro, b.micro, &sum.micro)) sum.micro = limit(b.micro < 0);
    return sum;
  }
  friend constexpr Points operator-(Points a, Points b) {
    Points rest;
    if (__builtin_sub_overflow(a.micro, b.micro, &rest.micro)) rest.micro = limit(b.micro > 0);
    return rest;
  }
  friend constexpr Points operator-(Points a) { return Points{} - a; }
  friend constexpr Points operator*(Points a, std::size_t times) {
    Points product;
    if (__builtin_mul_overflow(a.micro, times, &product.micro)) product.micro = limit(a.micro < 0);
    return product;
  }
  constexpr Points& operator+=(Points other) { return *this = *this + other; }
  friend constexpr auto operator<=>(Points, Points) = default;

 private:
  static constexpr std::int64_t limit(bool negative) {
    // The lower one can be negated, too.
    return negative ? -std::numeric_limits<std::int64_t>::max()
                    : std::numeric_limits<std::int64_t>::max();
  }
};

}  // namespace galena::domain
