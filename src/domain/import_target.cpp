#include "domain/import_target.hpp"

#include <array>

#include "base/result.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::array<std::string_view, 3> kKinds{"people", "accounts", "deals"};

constexpr std::uint8_t kPeople = 1;
constexpr std::uint8_t kAccounts = 2;
constexpr std::uint8_t kDeals = 4;
constexpr std::uint8_t kAll = kPeople | kAccounts | kDeals;

struct TargetRow {
  Target target;
  std::string_view name;
  std::string_view words;
  std::uint8_t kinds;
  std::string_view of_people;    // where traits of people tell it
  std::string_view of_accounts;  // where traits of groups do
};

// Of a deal every target is a property under its own name.
constexpr std::array<TargetRow, kImportTargetCount> kTargets{{
    {Target::none, "none", "nothing", 0, "", ""},
    {Target::external_id, "external_id", "the id in the system it comes from", kPeople | kAccounts,
     "", ""},
    {Target::first_name, "first_name", "the first name", kPeople, "first_name", ""},
    {Target::last_name, "last_name", "the last name", kPeople, "last_name", ""},
    {Target::full_name, "full_name", "the whole name", kPeople, "", ""},
    {Target::email, "email", "the e-mail address", kPeople, "email", ""},
    {Target::phone, "phone", "the telephone number", kPeople | kAccounts, "phone", "phone"},
    {Target::mobile, "mobile", "the mobile number", kPeople, "mobile", ""},
    {Target::title, "title", "the job title", kPeople, "title", ""},
    {Target::seniority, "seniority", "the seniority", kPeople, "seniority", ""},
    {Target::department, "department", "the department", kPeople, "department", ""},
    {Target::company, "company", "the company's name", kAll, "company.name", "name"},
    {Target::company_domain, "company_domain", "the company's web address", kPeople | kAccounts,
     "company.domain", "domain"},
    {Target::company_size, "company_size", "how many the company employs", kPeople | kAccounts,
     "company.employees", "employees"},
    {Target::company_revenue, "company_revenue", "the company's revenue", kPeople | kAccounts,
     "company.revenue", "revenue"},
    {Target::industry, "industry", "the industry", kPeople | kAccounts, "company.industry",
     "industry"},
    {Target::country, "country", "the country", kPeople | kAccounts, "address.country",
     "address.country"},
    {Target::region, "region", "the state or region", kPeople | kAccounts, "address.region",
     "address.region"},
    {Target::city, "city", "the city", kPeople | kAccounts, "address.city", "address.city"},
    {Target::postcode, "postcode", "the postcode", kPeople | kAccounts, "address.postcode",
     "address.postcode"},
    {Target::owner, "owner", "who looks after it", kAll, "owner", "owner"},
    {Target::status, "status", "the status", kAll, "status", "status"},
    {Target::stage, "stage", "the stage", kAll, "stage", "stage"},
    {Target::source, "source", "the source", kAll, "source", "source"},
    {Target::rating, "rating", "the rating", kPeople | kAccounts, "rating", "rating"},
    {Target::created_at, "created_at", "when it was created", kAll, "created_at", "created_at"},
    {Target::linkedin, "linkedin", "the LinkedIn profile", kPeople | kAccounts, "linkedin",
     "linkedin"},
    {Target::technologies, "technologies", "the technologies in use", kPeople | kAccounts,
     "technologies", "technologies"},
    {Target::email_status, "email_status", "what is known of the address", kPeople, "email_status",
     ""},
    {Target::converted, "converted", "whether it was converted", kPeople, "converted", ""},
    {Target::converted_at, "converted_at", "when it was converted", kPeople, "converted_at", ""},
    {Target::bounce_reason, "bounce_reason", "why mail came back", kPeople, "bounce_reason", ""},
    {Target::bounced_at, "bounced_at", "when mail came back", kPeople, "bounced_at", ""},
    {Target::attended, "attended", "whether they came", kPeople, "", ""},
    {Target::event_at, "event_at", "when it happened", kPeople, "", ""},
    {Target::deal_name, "deal_name", "the deal's name", kDeals, "", ""},
    {Target::amount, "amount", "the amount", kDeals, "", ""},
    {Target::currency, "currency", "the currency", kDeals, "", ""},
    {Target::closed_at, "closed_at", "when it closes or closed", kDeals, "", ""},
    {Target::won, "won", "whether it was won", kDeals, "", ""},
    {Target::closed, "closed", "whether it is closed", kDeals, "", ""},
    {Target::contact, "contact", "whose deal it is", kDeals, "", ""},
}};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kTargets.size(); ++i) {
    if (kTargets[i].target != static_cast<Target>(i)) return false;
  }
  return true;
}
static_assert(is_in_order(), "a row stands where its target's number says");

const TargetRow& row_of(Target target) {
  return kTargets[static_cast<std::size_t>(target)];
}

constexpr std::uint8_t bit_of(ImportKind kind) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(kind));
}

}  // namespace

std::string_view to_string(ImportKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<ImportKind> import_kind(std::string_view word) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] == word) return static_cast<ImportKind>(i);
  }
  return std::nullopt;
}

std::string_view to_string(ImportTarget target) {
  return row_of(target).name;
}

std::optional<ImportTarget> import_target(std::string_view name) {
  for (const TargetRow& row : kTargets) {
    if (row.name == name) return row.target;
  }
  return std::nullopt;
}

std::string_view in_words(ImportTarget target) {
  return row_of(target).words;
}

bool has_target(ImportKind kind, ImportTarget target) {
  return (row_of(target).kinds & bit_of(kind)) != 0;
}

std::string_view trait_of(ImportKind kind, ImportTarget target) {
  const TargetRow& row = row_of(target);
  switch (kind) {
    case ImportKind::people:
      return row.of_people;
    case ImportKind::accounts:
      return row.of_accounts;
    case ImportKind::deals:
      break;
  }
  return row.name;
}

}  // namespace galena::domain
