#include "engine/mailbox.hpp"

#include <algorithm>
#include <utility>

namespace galena::engine {

bool Mailbox::post(Submission submission, std::size_t inputs_max) {
  const std::size_t inputs = submission.inputs.size();
  if (inputs_ + inputs > inputs_max && inputs_ > 0) return false;
  inputs_ += inputs;
  (inputs <= kFewMax ? few_ : many_).push_back(std::move(submission));
  return true;
}

std::vector<Submission> Mailbox::take(std::size_t inputs_max) {
  std::vector<Submission> taken;
  std::size_t inputs = 0;
  const auto take_from = [&](std::deque<Submission>& waiting) {
    inputs += waiting.front().inputs.size();
    taken.push_back(std::move(waiting.front()));
    waiting.pop_front();
  };
  turns_without_few_ = few_.empty() ? std::min(turns_without_few_ + 1, kAloneFrom) : 0;
  while (!few_.empty() && (taken.empty() || inputs < inputs_max)) take_from(few_);
  if (!many_.empty()) take_from(many_);
  // A larger step costs less for each, but somebody with little may come in the midst of it.
  const bool alone = turns_without_few_ == kAloneFrom;
  while (alone && !many_.empty() && inputs < inputs_max) take_from(many_);
  inputs_ -= inputs;
  return taken;
}

}  // namespace galena::engine
