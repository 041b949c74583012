// What an agreement is worth: how often each one is seen between two records of one party, and
// how often by chance.
//
// The method is that of I. P. Fellegi and A. B. Sunter, "A theory for record linkage", JASA 64
// (1969): traits are weighed by m / u, the ratio of the two frequencies. An equal value is weighed
// by its own frequency (W. E. Winkler, "Frequency-based matching in Fellegi-Sunter model of record
// linkage", 2000). m and the shares of the classes are refined by expectation maximisation (A. P.
// Dempster, N. M. Laird, D. B. Rubin, 1977) on the data at hand, held near the built-in ones by as
// many imagined pairs as it takes to keep small sets sane.
//
// Two records are not just one party's or two strangers'. They may be of one household (the same
// street and family name, other given names) or one company (colleagues): what such parties share
// is no proof. Each class of pairs therefore has a share for each trait: how often they have it in
// common as if they were one.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/match_traits.hpp"

namespace galena::domain {

class MatchModel {
 public:
  // The built-in model, for comparing without a population.
  MatchModel();

  // The model of these profiles. `agreements` are those of all pairs that may be one party's, or
  // nearly all; their order says nothing. Deterministic.
  static MatchModel learn(std::span<const MatchProfile> profiles,
                          std::span<const PackedAgreements> agreements);

  struct Verdict {
    double probability = 0;  // that both are one party's
    // log2 of m / u for each trait: what speaks for (positive) and against one party.
    std::array<double, kTraitCount> bits{};
  };
  Verdict judge(const MatchProfile& a, const MatchProfile& b, const Agreements& agreements) const;

  // An upper bound of the probability that costs a fraction of `judge`.
  bool may_reach(const Agreements& agreements, double probability) const;

  // How often the profile's value of the trait is there, from 0 to 1, as the model believes.
  double frequency(const MatchProfile& profile, Trait trait) const;

 private:
  static constexpr std::size_t kClassCount = 3;  // one party, and two classes of near ones
  using Table = std::array<std::array<double, kAgreementCount>, kTraitCount>;
  using Ratios = std::array<double, kTraitCount>;
  struct Count {
    std::uint64_t value = 0;  // hash
    std::uint32_t profiles = 0;
  };
  struct Pattern;

  // Profiles with the value, one left out: it is no evidence of how many others there are.
  double others_with(const std::string& value, Trait trait) const;
  void count_values(std::span<const MatchProfile> profiles);
  void learn_chances(std::span<const MatchProfile> profiles);
  void learn_agreements(std::span<const Pattern> patterns, std::size_t profiles);
  void hold_given_names();
  double ratio(const Agreements& agreements, Trait trait) const;
  std::array<double, kClassCount> class_odds(const Ratios& ratios,
                                             const Agreements& agreements) const;
  std::array<double, kClassCount> odds_of(const Pattern& pattern) const;

  Table same_;                                          // m
  Table chance_;                                        // u
  std::array<double, kClassCount> per_profile_{};       // expected pairs of each class
  double population_ = 0;                               // profiles that there may be
  double profiles_ = 0;                                 // those that were counted
  std::array<std::vector<Count>, kTraitCount> counts_;  // ascending by value
};

}  // namespace galena::domain
