#include "domain/match_blocks.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "domain/latin_form.hpp"
#include "domain/similarity.hpp"

namespace galena::domain {
namespace {

constexpr std::size_t kNeighbours = 8;

// The kinds of keys; those with a part missing are none.
constexpr std::size_t kKeyKinds = 20;

std::string both(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return {};
  std::string key(a);
  key.push_back('/');
  key.append(b);
  return key;
}

std::string local_part(std::string_view email) {
  const std::string_view local = email.substr(0, std::min(email.rfind('@'), email.size()));
  return local.size() >= 6 ? std::string(local) : std::string();
}

// The first two words of a company's name: "acme logistics europe" and "acme logistics".
std::string company_start(std::string_view company) {
  const std::size_t first = company.find(' ');
  if (first == std::string_view::npos) return std::string(company);
  return letters_of(company.substr(0, company.find(' ', first + 1)));
}

std::string block_key(const MatchProfile& profile, std::size_t kind) {
  const std::string family = sound_key(profile.family_letters);
  const std::string given = sound_key(profile.given_letters);
  const std::string street = letters_of(profile.street);
  const std::size_t born = profile.date_of_birth.size();
  switch (kind) {
    case 0:  // whichever comes first: given and family name may be exchanged
      return both(std::min(family, given), std::max(family, given));
    case 1:
      return profile.date_of_birth;
    case 2:  // the last seven digits
      return profile.phone.empty() ? "" : profile.phone.substr(profile.phone.size() - 7);
    case 3:
      return profile.email;
    case 4:
      return local_part(profile.email);
    case 5:
      return both(street, profile.street_number);
    case 6:
      return both(profile.postcode, family);
    case 7:
      return both(profile.postcode, given);
    case 8: {
      const std::string employer =
          profile.company_domain.empty() ? profile.company : profile.company_domain;
      return both(employer, family.empty() ? given : family);
    }
    case 9:
      return both(company_start(profile.company), profile.is_company() ? "company" : family);
    case 10:
      return both(letters_of(profile.unit), profile.street_number);
    case 11:
      return both(profile.postcode, profile.street_number);
    case 12:
      return both(letters_of(profile.city), both(profile.street_number, street.substr(0, 3)));
    case 13:
      return profile.national_id;
    case 14:
      return both(profile.date_of_birth.substr(0, 4), family);
    case 15:
      return both(profile.date_of_birth.substr(std::min<std::size_t>(4, born)), given);
    case 16:
      return both(letters_of(profile.city), family);
    case 17:
      return both(letters_of(profile.city), given);
    case 18:
      return both(street, family);
    case 19:
      return both(street, given);
    default:
      return {};
  }
}

struct Keyed {
  std::uint64_t key = 0;
  std::uint32_t profile = 0;

  auto operator<=>(const Keyed&) const = default;
};

void add_pair(std::vector<MatchPair>& pairs, std::uint32_t a, std::uint32_t b) {
  if (a != b) pairs.push_back({std::min(a, b), std::max(a, b)});
}

// Sorted neighbourhood (M. A. Hernández, S. J. Stolfo, "The merge/purge problem for large
// databases", SIGMOD 1995).
void add_neighbours(std::span<const MatchProfile> profiles, std::span<const Keyed> block,
                    std::vector<MatchPair>& pairs) {
  const auto by_name = [&](std::uint32_t i) {
    const MatchProfile& profile = profiles[i];
    return profile.given_letters + "/" + profile.family_letters + "/" + profile.company + "/" +
           profile.street;
  };
  const auto by_address = [&](std::uint32_t i) {
    const MatchProfile& profile = profiles[i];
    return profile.street + "/" + profile.street_number + "/" + profile.unit + "/" +
           profile.postcode + "/" + profile.phone + "/" + profile.email;
  };
  std::vector<std::pair<std::string, std::uint32_t>> order;
  const auto pair_neighbours = [&] {
    std::ranges::sort(order);
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t k = i + 1; k < std::min(i + 1 + kNeighbours, order.size()); ++k) {
        add_pair(pairs, order[i].second, order[k].second);
      }
    }
    order.clear();
  };
  for (const Keyed& keyed : block) order.emplace_back(by_name(keyed.profile), keyed.profile);
  pair_neighbours();
  for (const Keyed& keyed : block) order.emplace_back(by_address(keyed.profile), keyed.profile);
  pair_neighbours();
}

void add_block(std::span<const MatchProfile> profiles, std::span<const Keyed> block,
               std::size_t block_max, std::vector<MatchPair>& pairs) {
  if (block.size() > block_max) {
    add_neighbours(profiles, block, pairs);
    return;
  }
  for (std::size_t i = 0; i < block.size(); ++i) {
    for (std::size_t k = i + 1; k < block.size(); ++k) {
      add_pair(pairs, block[i].profile, block[k].profile);
    }
  }
}

}  // namespace

std::vector<MatchPair> candidate_pairs(std::span<const MatchProfile> profiles,
                                       std::size_t block_max) {
  std::vector<MatchPair> pairs;
  std::vector<Keyed> keyed;
  for (std::size_t kind = 0; kind < kKeyKinds; ++kind) {
    keyed.clear();
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      const std::string key = block_key(profiles[i], kind);
      if (!key.empty()) keyed.push_back({stable_hash(key), static_cast<std::uint32_t>(i)});
    }
    std::ranges::sort(keyed);
    for (std::size_t first = 0; first < keyed.size();) {
      std::size_t end = first;
      while (end < keyed.size() && keyed[end].key == keyed[first].key) ++end;
      add_block(profiles, std::span(keyed).subspan(first, end - first), block_max, pairs);
      first = end;
    }
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  }
  return pairs;
}

}  // namespace galena::domain
