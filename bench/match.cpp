// Proposals of duplicates among the made-up people of a town: match_bench [RECORDS].
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "domain/made_up_people.hpp"
#include "domain/match.hpp"
#include "domain/match_blocks.hpp"

int main(int argc, char** argv) {
  using namespace galena::domain;
  using Clock = std::chrono::steady_clock;
  const std::size_t wanted = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const auto seconds_since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };

  const Town town = TownMaker({.seed = 3,
                               .people = wanted * 10 / 12,
                               .second_record_share = 1.0 / 6,
                               .household_share = 0.3,
                               .twin_share = 0.01})
                        .make();
  auto start = Clock::now();
  std::vector<MatchProfile> profiles;
  for (const MatchFields& record : town.records) profiles.push_back(make_profile(record));
  std::printf("%zu records, profiles in %.1f s\n", profiles.size(), seconds_since(start));

  start = Clock::now();
  const std::size_t pairs = candidate_pairs(profiles).size();
  std::printf("%zu candidate pairs (%.1f for each record) in %.1f s\n", pairs,
              static_cast<double>(pairs) / static_cast<double>(profiles.size()),
              seconds_since(start));

  start = Clock::now();
  const auto proposals = propose_duplicates(profiles);
  const double taken = seconds_since(start);
  std::size_t right = 0;
  for (const DuplicateProposal& proposal : proposals) {
    right += town.parties[proposal.first] == town.parties[proposal.second] ? 1 : 0;
  }
  std::printf("%zu proposals, %zu of them right, in %.1f s (%.0f records/s)\n", proposals.size(),
              right, taken, static_cast<double>(profiles.size()) / taken);
}
