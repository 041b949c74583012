// Keys whose persons were erased and may not silently come back (ADR 0010). Nobody can read from
// this who they were; whoever shows a key can be told whether it is one of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"
#include "domain/lead.hpp"

namespace galena::domain {

struct Suppressions {
  struct Entry {
    bool lifted = false;  // consent was given again
    Time at{};            // since when

    bool operator==(const Entry&) const = default;
  };
  // An erasure that the log holds: what has to be rewritten follows from its row.
  struct Erasure {
    std::uint32_t position = 0;
    LeadOrdinal lead = 0;
    Time at{};

    bool operator==(const Erasure&) const = default;
  };

  std::string secret;  // 32 bytes; empty until something was erased
  std::map<Fingerprint, Entry> entries;
  std::vector<Erasure> erasures;  // in log order

  bool holds(const IdentityKey& key) const;
  bool operator==(const Suppressions&) const = default;
};

// What a key is remembered as.
Fingerprint suppression_of(std::string_view secret, const IdentityKey& key);

}  // namespace galena::domain
