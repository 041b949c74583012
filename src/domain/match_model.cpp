#include "domain/match_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"

namespace galena::domain {
namespace {

constexpr std::size_t index(Trait trait) {
  return static_cast<std::size_t>(trait);
}
constexpr std::size_t index(Agreement agreement) {
  return static_cast<std::size_t>(agreement);
}

// What is known before any data: m and u of each agreement, and how frequent a value is that
// nobody has seen. The agreements: equal, variant, slip, partial, exchanged, similar, different.
struct Prior {
  std::array<double, 7> same;
  std::array<double, 7> chance;
  double value;   // frequency of an unseen value
  double weight;  // of that, in profiles
  bool refined;   // by expectation maximisation
};
constexpr std::array<Prior, kTraitCount> kPriors{{
    // given
    {{.85, .04, .05, .02, .015, .015, .010},
     {.006, .003, .003, .03, 1e-5, .02, .94},
     .004,
     400,
     true},
    // family
    {{.88, .02, .05, .01, .015, .01, .02},
     {.001, 2e-4, 5e-4, .001, .002, .005, .99},
     6e-4,
     1000,
     true},
    // middle
    {{.7, .0, .04, .2, .0, .02, .04}, {.02, .0, .005, .05, .0, .1, .83}, .02, 200, true},
    // generation
    {{.99, 0, 0, 0, 0, 0, .01}, {.4, 0, 0, 0, 0, 0, .6}, .4, 1e9, false},
    // birth
    {{.9, 0, .06, .015, 0, 0, .025}, {4e-5, 0, 8e-4, .004, 0, 0, .995}, 5e-5, 2e4, true},
    // street
    {{.76, .03, .08, .01, .01, .04, .07},
     {2e-5, 3e-4, 1e-5, .008, 3e-4, .002, .989},
     2e-5,
     5e4,
     true},
    // unit
    {{.8, 0, .08, 0, .02, .03, .07}, {.001, 0, .001, 0, 3e-4, .004, .994}, .001, 1000, true},
    // place
    {{.75, .06, .06, .05, 0, .03, .05}, {.002, .02, 5e-4, .004, 0, .003, .97}, .003, 1000, true},
    // phone
    {{.7, .05, .04, 0, 0, 0, .21}, {2e-5, 2e-5, 2e-5, 0, 0, 0, .9999}, 2e-5, 5e4, true},
    // email; variant and similar are seen within one domain, which the company has weighed
    {{.55, .5, .04, .06, 0, .12, .35}, {1e-6, .02, 1e-5, 1e-4, 0, .95, .9998}, 1e-6, 1e5, false},
    // company
    {{.72, 0, .05, .06, 0, .05, .12}, {.003, 0, 5e-4, .002, 0, .003, .99}, .002, 1000, true},
    // national id
    {{.93, .01, .04, 0, 0, 0, .02}, {1e-7, 1e-7, 1e-6, 0, 0, 0, .99999}, 1e-7, 1e7, false},
}};

// How often pairs of a class that are two parties have a trait in common as if they were one.
using Shares = std::array<double, kTraitCount>;
struct NearClasses {
  std::array<Shares, 2> shares;
};
// given family middle generation birth street unit place phone email company national_id
constexpr NearClasses kOfPersons{{{
    {.03, .85, .03, 0, .02, .95, .9, .97, .5, .05, .05, 0},  // household; twins among them
    {0, .02, 0, 0, 0, .5, .3, .7, .3, 0, .97, 0},            // colleagues
}}};
constexpr NearClasses kOfCompanies{{{
    {0, 0, 0, 0, 0, .02, .05, .2, .15, .3, .95, 0},  // branches
    {0, 0, 0, 0, 0, .95, .3, .98, .1, .02, .03, 0},  // neighbours
}}};

// Pairs of each class that a profile is in, before any data, and how many profiles' worth of
// belief that is.
constexpr std::array<double, 3> kPerProfile{.15, .3, .3};
constexpr std::array<double, 3> kPerProfileWeight{200, 50, 50};
constexpr double kPopulationMin = 3000;  // a small set is a sample of a larger world
constexpr double kPriorPairs = 60;       // imagined pairs behind each m
constexpr double kPriorChances = 2000;   // and behind each u
constexpr std::size_t kSamplePairs = 100'000;
constexpr int kRounds = 12;
constexpr double kGivenErrorsMax = 2;  // how much oftener given names are wrong than other fields

// The commonest names share a good part of the frequency of all; without data this keeps "John
// Smith" from being proof. Per mille, rounded, as in the census of several countries.
double common_name(Trait trait, std::string_view value) {
  static const std::map<std::string_view, double> kGiven{
      {"james", 15}, {"john", 15},    {"robert", 14}, {"michael", 16},  {"david", 14},
      {"mary", 12},  {"william", 11}, {"thomas", 12}, {"maria", 14},    {"anna", 10},
      {"peter", 10}, {"daniel", 9},   {"richard", 8}, {"christian", 9}, {"andreas", 9},
      {"jose", 10},  {"martin", 8},   {"stefan", 8},  {"mohammed", 10}, {"ali", 8},
      {"paul", 8},   {"mark", 8},     {"chris", 7},   {"sarah", 7},     {"jennifer", 8},
      {"linda", 7},  {"susan", 6},    {"wei", 10},    {"patricia", 7},  {"elizabeth", 7}};
  static const std::map<std::string_view, double> kFamily{
      {"smith", 9},     {"johnson", 7},   {"williams", 6}, {"brown", 6},     {"jones", 6},
      {"garcia", 7},    {"miller", 4},    {"davis", 4},    {"rodriguez", 6}, {"martinez", 6},
      {"hernandez", 5}, {"lopez", 5},     {"gonzalez", 6}, {"wilson", 3},    {"anderson", 3},
      {"taylor", 4},    {"martin", 4},    {"lee", 6},      {"nguyen", 8},    {"muller", 9},
      {"schmidt", 6},   {"schneider", 4}, {"fischer", 3},  {"meyer", 3},     {"wang", 20},
      {"li", 20},       {"zhang", 18},    {"chen", 14},    {"kim", 15},      {"singh", 12},
      {"kumar", 10},    {"khan", 8},      {"patel", 6},    {"silva", 8},     {"ivanov", 4},
      {"rossi", 3},     {"novak", 4},     {"hansen", 5},   {"jensen", 5},    {"nielsen", 5}};
  if (trait != Trait::given && trait != Trait::family) return 0;
  const auto& table = trait == Trait::given ? kGiven : kFamily;
  const auto found = table.find(value);
  return found == table.end() ? 0 : found->second / 1000;
}

// The agreements on which the value itself is the same.
bool is_equal_value(Agreement agreement) {
  return agreement == Agreement::equal;
}

// A generator with no state but its seed: the same sample of pairs for the same data.
std::uint64_t mix(std::uint64_t seed) {
  seed += 0x9E3779B97F4A7C15ULL;  // splitmix64 (G. Steele, D. Lea, C. Flood, 2014)
  seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
  return seed ^ (seed >> 31);
}

// Neither has a name, an address or a date of birth of their own to compare.
bool are_companies(const Agreements& agreements) {
  return agreements[index(Trait::given)] == Agreement::unknown &&
         agreements[index(Trait::family)] == Agreement::unknown &&
         agreements[index(Trait::birth)] == Agreement::unknown &&
         agreements[index(Trait::email)] == Agreement::unknown;
}

}  // namespace

// Pairs that agree in the same way.
struct MatchModel::Pattern {
  Agreements agreements{};
  double pairs = 0;
};

MatchModel::MatchModel() : per_profile_(kPerProfile), population_(kPopulationMin) {
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    same_[trait][0] = chance_[trait][0] = 1;  // what is unknown says nothing
    for (std::size_t level = 1; level < kAgreementCount; ++level) {
      same_[trait][level] = std::max(kPriors[trait].same[level - 1], 1e-4);
      chance_[trait][level] = std::max(kPriors[trait].chance[level - 1], 1e-7);
    }
  }
}

double MatchModel::others_with(const std::string& value, Trait trait) const {
  const auto& counts = counts_[index(trait)];
  const std::uint64_t hash = stable_hash(value);
  const auto found = std::ranges::lower_bound(counts, hash, {}, &Count::value);
  const bool known = found != counts.end() && found->value == hash;
  return known ? static_cast<double>(found->profiles) - 1 : 0;
}

double MatchModel::frequency(const MatchProfile& profile, Trait trait) const {
  const std::string value = trait_value(profile, trait);
  const Prior& prior = kPriors[index(trait)];
  const double unseen = std::max(prior.value, common_name(trait, value));
  if (value.empty()) return unseen;
  return (others_with(value, trait) + prior.weight * unseen) / (profiles_ + prior.weight);
}

double MatchModel::ratio(const Agreements& agreements, Trait trait) const {
  const std::size_t level = index(agreements[index(trait)]);
  return same_[index(trait)][level] / chance_[index(trait)][level];
}

std::array<double, MatchModel::kClassCount> MatchModel::class_odds(
    const Ratios& ratios, const Agreements& agreements) const {
  const NearClasses& near = are_companies(agreements) ? kOfCompanies : kOfPersons;
  std::array<double, kClassCount> odds{1, 1, 1};
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    odds[0] *= ratios[trait];
    for (std::size_t i = 0; i < near.shares.size(); ++i) {
      const double share = near.shares[i][trait];
      odds[i + 1] *= share * ratios[trait] + 1 - share;
    }
  }
  const double pairs_per_profile = (population_ - 1) / 2;
  for (std::size_t i = 0; i < kClassCount; ++i) odds[i] *= per_profile_[i] / pairs_per_profile;
  return odds;
}

MatchModel::Verdict MatchModel::judge(const MatchProfile& a, const MatchProfile& b,
                                      const Agreements& agreements) const {
  Verdict verdict;
  Ratios ratios{};
  for (std::size_t i = 0; i < kTraitCount; ++i) {
    const auto trait = static_cast<Trait>(i);
    ratios[i] = ratio(agreements, trait);
    const bool equal = is_equal_value(agreements[i]);
    const bool name_slip =
        (trait == Trait::given || trait == Trait::family) &&
        (agreements[i] == Agreement::slip || agreements[i] == Agreement::variant);
    if (equal || name_slip) {
      const double own = std::max(frequency(a, trait), frequency(b, trait));
      const double usual = chance_[i][index(Agreement::equal)];
      // A slip in a rare name is worth more than one in a common name, within bounds.
      ratios[i] = equal ? same_[i][1] / own : ratios[i] * std::clamp(usual / own, 0.125, 4.0);
    }
    verdict.bits[i] = std::log2(ratios[i]);
  }
  auto odds = class_odds(ratios, agreements);
  if (agreements[index(Trait::company)] == Agreement::equal && !are_companies(agreements)) {
    // Few colleagues are candidates, so the candidates do not say how many there are.
    const double colleagues =
        std::max(others_with(trait_value(a, Trait::company), Trait::company),
                 others_with(trait_value(b, Trait::company), Trait::company)) /
        2;
    odds[2] *= std::max(1.0, colleagues / per_profile_[2]);
  }
  verdict.probability = odds[0] / (odds[0] + odds[1] + odds[2] + 1);
  return verdict;
}

bool MatchModel::may_reach(const Agreements& agreements, double probability) const {
  double odds = per_profile_[0] / ((population_ - 1) / 2);
  for (std::size_t i = 0; i < kTraitCount; ++i) {
    const Prior& prior = kPriors[i];
    const double rarest = prior.weight * prior.value / (profiles_ + prior.weight);
    odds *=
        is_equal_value(agreements[i])
            ? same_[i][1] / rarest
            : ratio(agreements, static_cast<Trait>(i)) *
                  (agreements[i] == Agreement::slip || agreements[i] == Agreement::variant ? 4 : 1);
  }
  return 2 * odds * (1 - probability) >= probability;
}

// One trait after the other, so that the memory for a million profiles stays small.
void MatchModel::count_values(std::span<const MatchProfile> profiles) {
  for (std::size_t i = 0; i < kTraitCount; ++i) {
    std::vector<std::uint64_t> values;
    values.reserve(profiles.size());
    for (const MatchProfile& profile : profiles) {
      const std::string value = trait_value(profile, static_cast<Trait>(i));
      if (!value.empty()) values.push_back(stable_hash(value));
    }
    std::ranges::sort(values);
    counts_[i].clear();
    for (const std::uint64_t value : values) {
      if (counts_[i].empty() || counts_[i].back().value != value) counts_[i].push_back({value, 0});
      ++counts_[i].back().profiles;
    }
    std::erase_if(counts_[i], [](const Count& count) { return count.profiles < 2; });
    counts_[i].shrink_to_fit();
  }
}

// u from a sample of pairs, nearly all of which are strangers'.
void MatchModel::learn_chances(std::span<const MatchProfile> profiles) {
  const std::size_t size = profiles.size();
  if (size < 2) return;
  std::array<std::array<double, kAgreementCount>, kTraitCount> seen{};
  const std::size_t sample = std::min(kSamplePairs, size * (size - 1) / 2);
  for (std::size_t i = 0; i < sample; ++i) {
    const std::uint64_t draw = mix(i);
    const std::size_t first = (draw >> 32) % size;
    const std::size_t second = (draw & 0xFFFFFFFF) % size;
    if (first == second) continue;
    const Agreements agreements = compare_traits(profiles[first], profiles[second]);
    for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
      seen[trait][index(agreements[trait])] += 1;
    }
  }
  for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
    if (!kPriors[trait].refined) continue;
    double all = kPriorChances;
    for (std::size_t level = 1; level < kAgreementCount; ++level) all += seen[trait][level];
    for (std::size_t level = 1; level < kAgreementCount; ++level) {
      const double prior = kPriors[trait].chance[level - 1];
      chance_[trait][level] = std::max((seen[trait][level] + kPriorChances * prior) / all, 1e-7);
    }
  }
}

std::array<double, MatchModel::kClassCount> MatchModel::odds_of(const Pattern& pattern) const {
  Ratios ratios{};
  for (std::size_t i = 0; i < kTraitCount; ++i) {
    ratios[i] = ratio(pattern.agreements, static_cast<Trait>(i));
  }
  return class_odds(ratios, pattern.agreements);
}

// Twins and one person under a wrong given name look the same: all else agrees. Data in which given
// names are wrong has other fields wrong, too, so the others bound how often that is believed.
void MatchModel::hold_given_names() {
  const std::size_t level = index(Agreement::different);
  const double others =
      (same_[index(Trait::family)][level] + same_[index(Trait::birth)][level]) / 2;
  double& given = same_[index(Trait::given)][level];
  given = std::min(given, kGivenErrorsMax * others);
}

void MatchModel::learn_agreements(std::span<const Pattern> patterns, std::size_t profiles) {
  const auto size = static_cast<double>(profiles);
  for (int round = 0; round < kRounds; ++round) {
    std::array<double, kClassCount> pairs{};
    Table seen{};
    for (const Pattern& pattern : patterns) {
      const auto odds = odds_of(pattern);
      const double all = odds[0] + odds[1] + odds[2] + 1;
      for (std::size_t i = 0; i < kClassCount; ++i) pairs[i] += pattern.pairs * odds[i] / all;
      const double same = pattern.pairs * odds[0] / all;
      for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
        seen[trait][index(pattern.agreements[trait])] += same;
      }
    }
    for (std::size_t i = 0; i < kClassCount; ++i) {
      per_profile_[i] =
          (pairs[i] + kPerProfile[i] * kPerProfileWeight[i]) / (size + kPerProfileWeight[i]);
    }
    for (std::size_t trait = 0; trait < kTraitCount; ++trait) {
      if (!kPriors[trait].refined) continue;
      double all = kPriorPairs;
      for (std::size_t level = 1; level < kAgreementCount; ++level) all += seen[trait][level];
      for (std::size_t level = 1; level < kAgreementCount; ++level) {
        const double prior = kPriors[trait].same[level - 1];
        same_[trait][level] = std::max((seen[trait][level] + kPriorPairs * prior) / all, 1e-4);
      }
    }
    hold_given_names();
  }
}

MatchModel MatchModel::learn(std::span<const MatchProfile> profiles,
                             std::span<const PackedAgreements> agreements) {
  MatchModel model;
  model.profiles_ = static_cast<double>(profiles.size());
  model.population_ = std::max(kPopulationMin, model.profiles_);
  model.count_values(profiles);
  model.learn_chances(profiles);
  std::vector<PackedAgreements> sorted(agreements.begin(), agreements.end());
  std::ranges::sort(sorted);
  std::vector<Pattern> patterns;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i] != sorted[i - 1])
      patterns.push_back({.agreements = unpacked(sorted[i])});
    patterns.back().pairs += 1;
  }
  model.learn_agreements(patterns, profiles.size());
  return model;
}

}  // namespace galena::domain
