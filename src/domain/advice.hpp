// "What would bring this lead to 50?": single steps that would add points, and how far each leads.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/playbook.hpp"
#include "domain/score.hpp"

namespace galena::domain {

struct Advice {
  std::string action;  // in words: "Demo Requested", "learn the title"
  std::string rule;
  Points points{};  // what it would add now, caps and repeat limits considered
  Points score_after{};
  bool reaches_threshold = false;
};

// Steps for a lead at `now`, the strongest first: every event rule that would still pay, and every
// attribute rule whose attributes nobody has told yet. Empty if the threshold is reached.
std::vector<Advice> advise(const CompiledPlaybook& playbook, const Record& record,
                           std::span<const Event> events, Time now);

}  // namespace galena::domain
