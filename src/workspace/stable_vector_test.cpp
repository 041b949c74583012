#include "workspace/stable_vector.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace galena::workspace {
namespace {

TEST(StableVector, elements_never_move) {
  StableVector<std::uint64_t> vector;
  std::vector<const std::uint64_t*> places;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    vector.set(i, i * 3);
    places.push_back(&vector[i]);
  }
  for (std::uint64_t i = 0; i < places.size(); ++i) {
    ASSERT_EQ(&vector[i], places[i]);
    ASSERT_EQ(*places[i], i * 3);
  }
}

// 256 elements, then twice as many each time: 0, 256, 768, 1,792 …
TEST(StableVector, no_element_is_lost_at_the_edges_of_its_chunks) {
  StableVector<std::uint32_t> vector;
  for (std::uint32_t i = 0; i < 8000; ++i) vector.set(i, ~i);
  for (std::uint32_t i = 0; i < 8000; ++i) ASSERT_EQ(vector[i], ~i) << i;
}

// The end is taken back after a failed commit and written anew.
RC_GTEST_PROP(StableVectorProperty, is_a_vector_whose_end_may_be_taken_back, ()) {
  StableVector<int> vector;
  std::vector<int> model;
  int value = 0;
  for (int step = *rc::gen::inRange(1, 30); step > 0; --step) {
    if (*rc::gen::inRange(0, 3) == 0) {
      model.resize(*rc::gen::inRange<std::size_t>(0, model.size() + 1));
    }
    for (int more = *rc::gen::inRange(0, 400); more > 0; --more) {
      vector.set(model.size(), ++value);
      model.push_back(value);
    }
  }
  bool equal = true;
  for (std::size_t i = 0; i < model.size(); ++i) equal &= vector[i] == model[i];
  RC_ASSERT(equal);
}

}  // namespace
}  // namespace galena::workspace
