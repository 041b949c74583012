#include "domain/match.hpp"

#include <algorithm>
#include <cmath>

#include "domain/match_blocks.hpp"

namespace galena::domain {
namespace {

constexpr double kSpeaks = 0.5;  // bits below which a trait says next to nothing

std::string_view noun(Trait trait) {
  constexpr std::array<std::string_view, kTraitCount> kNouns{
      "given name",    "family name",    "middle name",  "generation",
      "date of birth", "street",         "address line", "city and postcode",
      "phone",         "e-mail address", "company",      "national id"};
  return kNouns[static_cast<std::size_t>(trait)];
}

std::string shown(const MatchProfile& profile, Trait trait) {
  switch (trait) {
    case Trait::given:
      return profile.name.given;
    case Trait::family:
      return profile.name.family;
    case Trait::street:
      return profile.street_number.empty() ? profile.street
                                           : profile.street_number + " " + profile.street;
    case Trait::unit:
      return profile.unit;
    case Trait::place:
      return profile.postcode.empty() ? profile.city : profile.postcode + " " + profile.city;
    case Trait::company:
      return profile.company.empty() ? profile.company_domain : profile.company;
    default:
      return trait_value(profile, trait);
  }
}

// "given names are forms of one name: bill, william"
std::string_view relation(Agreement agreement) {
  switch (agreement) {
    case Agreement::variant:
      return "in another form";
    case Agreement::slip:
      return "but for a slip";
    case Agreement::partial:
      return "in part";
    case Agreement::exchanged:
      return "in another's place";
    case Agreement::similar:
      return "only alike";
    default:
      return "";
  }
}

std::string reason_text(const MatchProfile& a, const MatchProfile& b, Trait trait,
                        Agreement agreement, const MatchModel& model) {
  const std::string left = shown(a, trait);
  const std::string right = shown(b, trait);
  std::string text;
  if (agreement == Agreement::equal) {
    text.append("same ").append(noun(trait)).append(": ").append(left);
    const bool name = trait == Trait::given || trait == Trait::family;
    if (name && model.frequency(a, trait) >= 0.005) text.append(" (a common one)");
    return text;
  }
  if (agreement == Agreement::different) {
    text.append("different ").append(noun(trait));
  } else {
    text.append("same ").append(noun(trait)).append(" ").append(relation(agreement));
  }
  text.append(": ").append(left.empty() ? "-" : left);
  text.append(", ").append(right.empty() ? "-" : right);
  return text;
}

MatchResult result_of(const MatchProfile& a, const MatchProfile& b, const Agreements& agreements,
                      const MatchModel::Verdict& verdict, const MatchModel& model) {
  MatchResult result{.probability = verdict.probability, .reasons = {}};
  for (std::size_t i = 0; i < kTraitCount; ++i) {
    if (agreements[i] == Agreement::unknown || std::abs(verdict.bits[i]) < kSpeaks) continue;
    const auto trait = static_cast<Trait>(i);
    result.reasons.push_back({.trait = trait,
                              .agreement = agreements[i],
                              .bits = verdict.bits[i],
                              .text = reason_text(a, b, trait, agreements[i], model)});
  }
  std::ranges::stable_sort(result.reasons, [](const MatchReason& left, const MatchReason& right) {
    return std::abs(left.bits) > std::abs(right.bits);
  });
  return result;
}

}  // namespace

MatchResult compare(const MatchProfile& a, const MatchProfile& b) {
  static const MatchModel kBuiltIn;
  return compare(a, b, kBuiltIn);
}

MatchResult compare(const MatchProfile& a, const MatchProfile& b, const MatchModel& model) {
  const Agreements agreements = compare_traits(a, b);
  return result_of(a, b, agreements, model.judge(a, b, agreements), model);
}

std::vector<DuplicateProposal> propose_duplicates(std::span<const MatchProfile> profiles,
                                                  const MatchOptions& options) {
  const std::vector<MatchPair> candidates = candidate_pairs(profiles);
  std::vector<PackedAgreements> agreements;
  agreements.reserve(candidates.size());
  for (const MatchPair& pair : candidates) {
    agreements.push_back(packed(compare_traits(profiles[pair.first], profiles[pair.second])));
  }
  const MatchModel model = MatchModel::learn(profiles, agreements);
  std::vector<DuplicateProposal> proposals;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const MatchPair& pair = candidates[i];
    const Agreements found = unpacked(agreements[i]);
    if (!model.may_reach(found, options.threshold)) continue;
    const MatchProfile& a = profiles[pair.first];
    const MatchProfile& b = profiles[pair.second];
    const MatchModel::Verdict verdict = model.judge(a, b, found);
    if (verdict.probability < options.threshold) continue;
    proposals.push_back({.first = pair.first,
                         .second = pair.second,
                         .result = result_of(a, b, found, verdict, model)});
  }
  std::ranges::stable_sort(proposals, [](const auto& left, const auto& right) {
    return left.result.probability > right.result.probability;
  });
  return proposals;
}

}  // namespace galena::domain
