#include "domain/lifecycle.hpp"

namespace galena::domain {

std::size_t Lifecycle::index_of(std::string_view stage) const {
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].rule.name == stage) return i;
  }
  return stages.size();
}

namespace {

// Everybody's start, then what is off the way, then the way itself.
std::size_t weight_of(const Lifecycle& lifecycle, std::size_t index) {
  std::size_t end_of_way = lifecycle.stages.size();
  while (end_of_way > 1 && lifecycle.stages[end_of_way - 1].rule.by_person) --end_of_way;
  if (index == 0) return 0;
  if (index >= end_of_way) return 1 + index - end_of_way;
  return 1 + lifecycle.stages.size() - end_of_way + index;
}

}  // namespace

bool Lifecycle::outweighs(std::string_view stage, std::string_view other) const {
  const std::size_t index = index_of(stage);
  const std::size_t other_index = index_of(other);
  if (index == stages.size() || other_index == stages.size()) return false;
  return weight_of(*this, index) > weight_of(*this, other_index);
}

std::span<const Lifecycle::Stage> Lifecycle::ahead_of(std::string_view stage) const {
  const std::size_t current = index_of(stage);
  if (current == stages.size()) return stages;
  if (stages[current].rule.by_person) return {};
  return std::span(stages).subspan(current + 1);
}

std::vector<std::string_view> stages_entered(const Lifecycle& lifecycle, const Subject& subject,
                                             KindCode happened) {
  std::vector<std::string_view> entered;
  for (const Lifecycle::Stage& stage : lifecycle.ahead_of(subject.stage)) {
    const bool by_criterion = stage.when && stage.when->holds(subject);
    const bool by_event = stage.on != kNoKind && stage.on == happened;
    if (by_criterion || by_event) entered.push_back(stage.rule.name);
  }
  return entered;
}

}  // namespace galena::domain
