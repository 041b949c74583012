// What a column of an imported file may mean: the targets that a mapping names.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace galena::domain {

// What the rows of a file are about.
enum class ImportKind : std::uint8_t { people, accounts, deals };

std::string_view to_string(ImportKind kind);
std::optional<ImportKind> import_kind(std::string_view word);

enum class ImportTarget : std::uint8_t {
  none,
  external_id,
  first_name,
  last_name,
  full_name,
  email,
  phone,
  mobile,
  title,
  seniority,
  department,
  company,
  company_domain,
  company_size,
  company_revenue,
  industry,
  country,
  region,
  city,
  postcode,
  owner,
  status,
  stage,
  source,
  rating,
  created_at,
  linkedin,
  technologies,
  email_status,
  converted,
  converted_at,
  bounce_reason,
  bounced_at,
  attended,  // whether they came to what they registered for
  event_at,  // when they came, were scanned, sent the form
  deal_name,
  amount,
  currency,
  closed_at,
  won,      // true: won; false: not won (yet)
  closed,   // true: nothing will change any more
  contact,  // of a deal: whose it is, an e-mail address alone or with a name
};
constexpr std::size_t kImportTargetCount = 42;

// The name that mappings use: "first_name".
std::string_view to_string(ImportTarget target);
std::optional<ImportTarget> import_target(std::string_view name);

// In words: "the e-mail address".
std::string_view in_words(ImportTarget target);

// Whether rows of the kind have it.
bool has_target(ImportKind kind, ImportTarget target);

// The member of a Segment message's traits or properties in which a target is told. Where a dot is
// in it, within an object: "company.name". Empty if it goes elsewhere, or in several pieces.
std::string_view trait_of(ImportKind kind, ImportTarget target);

}  // namespace galena::domain
