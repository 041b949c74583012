#include "domain/lifecycle.hpp"

namespace galena::domain {

std::size_t Lifecycle::index_of(std::string_view stage) const {
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].rule.name == stage) return i;
  }
  return stages.size();
}

std::vector<std::string_view> stages_entered(const Lifecycle& lifecycle, const Subject& subject,
                                             KindCode happened) {
  std::vector<std::string_view> entered;
  const std::size_t current = lifecycle.index_of(subject.stage);
  if (current < lifecycle.stages.size() && lifecycle.stages[current].rule.by_person) return entered;
  const std::size_t next = current < lifecycle.stages.size() ? current + 1 : 0;
  for (std::size_t i = next; i < lifecycle.stages.size(); ++i) {
    const Lifecycle::Stage& stage = lifecycle.stages[i];
    const bool by_criterion = stage.when && stage.when->holds(subject);
    const bool by_event = stage.on != kNoKind && stage.on == happened;
    if (by_criterion || by_event) entered.push_back(stage.rule.name);
  }
  return entered;
}

}  // namespace galena::domain
