#include "domain/suppressions.hpp"

namespace galena::domain {

Fingerprint suppression_of(std::string_view secret, const IdentityKey& key) {
  static constexpr std::array<std::string_view, 4> kNames{
      "anonymous:", "address:", "user:", "organisation:"};
  return keyed_fingerprint(
      secret, std::string(kNames[static_cast<std::size_t>(key.kind)]).append(key.text));
}

bool Suppressions::holds(const IdentityKey& key) const {
  if (entries.empty()) return false;
  const auto found = entries.find(suppression_of(secret, key));
  return found != entries.end() && !found->second.lifted;
}

}  // namespace galena::domain
