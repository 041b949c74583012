// What waits for the writer of one workspace. Whoever sends little does not wait behind those who
// send much: beside an import, single events and clicks go on as before. Not for several threads at
// once.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "engine/engine.hpp"

namespace galena::engine {

struct Submission {
  std::vector<domain::Input> inputs;
  Done done;
};

class Mailbox {
 public:
  static constexpr std::size_t kFewMax = 10;  // inputs of one who sends little

  // False if there would be more inputs than that, all told.
  bool post(Submission submission, std::size_t inputs_max);
  bool empty() const { return few_.empty() && many_.empty(); }

  // What is to be decided before the next commit: about so many inputs. In each kind in the order
  // in which they came. One of those with many is always among it, so none waits for ever.
  std::vector<Submission> take(std::size_t inputs_max);

 private:
  static constexpr int kAloneFrom = 16;

  std::deque<Submission> few_;
  std::deque<Submission> many_;
  std::size_t inputs_ = 0;
  int turns_without_few_ = 0;
};

}  // namespace galena::engine
