// What a criterion asks of the score, so that nobody is looked at who cannot get there: scores step
// down every hour, and most criteria wait for them to rise.
#pragma once

#include <vector>

#include "domain/criteria_tree.hpp"
#include "domain/points.hpp"

namespace galena::domain {

struct PointsAsked {
  // A score that falls, or is made of fit and interest in another way, never makes it hold.
  bool only_rise = true;
  // The scores at which a part of it comes to hold from below, in order. With only_rise, no other
  // change of points makes it hold; none at all where this is empty.
  std::vector<Points> steps;
};

PointsAsked points_asked(const Expression& expression, Points threshold);

}  // namespace galena::domain
