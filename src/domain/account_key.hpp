// What an organisation is known by (ADR 0011).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace galena::domain {

enum class AccountKind : std::uint8_t { domain, group };

// A company's domain (registrable part, lower case, A-labels), or the id of a group.
struct AccountKey {
  AccountKind kind = AccountKind::domain;
  std::string text;

  auto operator<=>(const AccountKey&) const = default;
};

// Accounts are derived, and so are their ordinals: they mean nothing outside of the process.
using AccountOrdinal = std::uint32_t;
inline constexpr AccountOrdinal kNoAccount = std::numeric_limits<AccountOrdinal>::max();

// Of a group's id, which is not empty. One that is a company's domain is that ("acme.com").
AccountKey account_of_group(std::string_view id);

// Of what was told as a company's domain: a domain or a web address. Nothing for free mail,
// throw-away mail and what is no name of the public DNS.
std::optional<AccountKey> account_of_domain(std::string_view told);

}  // namespace galena::domain
