// What a change of the playbook would do to the leads there are, before it is made: found over the
// columns, equal to deciding about each lead.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "domain/playbook.hpp"
#include "workspace/lead_table.hpp"

namespace galena::workspace {

struct PlaybookEffect {
  static constexpr std::size_t kSampleMax = 20;  // leads named for each thing that changes

  // Whom it happens to, and some of them by name: the oldest.
  struct Moved {
    std::uint64_t count = 0;
    std::vector<domain::LeadOrdinal> sample;

    void add(domain::LeadOrdinal lead) {
      ++count;
      if (sample.size() < kSampleMax) sample.push_back(lead);
    }
  };
  struct Change {
    domain::LeadOrdinal lead = 0;
    domain::Points before{}, after{};
    std::string stage_before, stage_after;
  };
  // How many have how many points: beneath 0, from 0, from 10 … from 90, and 100 or more.
  using Distribution = std::array<std::uint64_t, 12>;

  std::uint64_t scored = 0;
  std::uint64_t changed = 0;  // another score or stage
  std::map<std::pair<std::string, std::string>, Moved> stages;
  std::map<std::string, std::pair<Moved, Moved>> segments;  // who comes in, who goes out
  std::vector<Change> sample;                               // of those changed: the oldest
  Distribution before{}, after{};
};

// `told`: what events told of the properties that the next playbook asks for, by its slots.
PlaybookEffect effect_of(const LeadTable::Look& look, const domain::CompiledPlaybook& next,
                         const domain::PropertyView& told);

}  // namespace galena::workspace
