// Apollo's exports: several telephone numbers and addresses each, of which one is theirs.
#include <array>

#include "domain/import_layouts.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::string_view kApolloPeopleMarks[] = {
    "Company Name for Emails", "Apollo Contact Id", "Apollo Account Id",
    "Person Linkedin Url",     "# Employees",       "Work Direct Phone",
    "Corporate Phone",         "Email Confidence",  "Primary Email Source",
    "Company Linkedin Url"};
constexpr LayoutColumn kApolloPeople[] = {
    {"First Name", Target::first_name},
    {"Last Name", Target::last_name},
    {"Title", Target::title},
    {"Company", Target::company},
    {"Company Name", Target::company},
    {"Company Name for Emails"},
    {"Email", Target::email},
    {"Email Status", Target::email_status},
    {"Primary Email Source"},
    {"Primary Email Verification Source"},
    {"Email Confidence"},
    {"Primary Email Catch-all Status"},
    {"Primary Email Last Verified At"},
    {"Seniority", Target::seniority},
    {"Departments", Target::department},
    {"Sub Departments"},
    {"Contact Owner", Target::owner},
    {"Work Direct Phone", Target::phone},
    {"Home Phone"},
    {"Mobile Phone", Target::mobile},
    {"Corporate Phone"},
    {"Other Phone"},
    {"Stage", Target::stage},
    {"Lists"},
    {"Last Contacted"},
    {"Account Owner"},
    {"# Employees", Target::company_size},
    {"Industry", Target::industry},
    {"Keywords"},
    {"Person Linkedin Url", Target::linkedin},
    {"Website", Target::company_domain},
    {"Company Linkedin Url"},
    {"Facebook Url"},
    {"Twitter Url"},
    {"City", Target::city},
    {"State", Target::region},
    {"Country", Target::country},
    {"Company Address"},
    {"Company City"},
    {"Company State"},
    {"Company Country"},
    {"Company Phone"},
    {"Technologies", Target::technologies},
    {"Annual Revenue", Target::company_revenue},
    {"Total Funding"},
    {"Latest Funding"},
    {"Latest Funding Amount"},
    {"Last Raised At"},
    {"Subsidiary of"},
    {"Subsidiary of (Organization ID)"},
    {"Email Sent"},
    {"Email Open"},
    {"Email Bounced"},
    {"Replied"},
    {"Demoed"},
    {"Number of Retail Locations"},
    {"Apollo Contact Id", Target::external_id},
    {"Apollo Account Id"},
    {"Secondary Email"},
    {"Secondary Email Source"},
    {"Tertiary Email"},
    {"Tertiary Email Source"},
};

constexpr std::string_view kApolloAccountMarks[] = {
    "Company Name for Emails", "# Employees",       "Apollo Record Id", "Apollo Account Id",
    "Company Linkedin Url",    "Short Description", "Founded Year",     "Company Country"};
constexpr LayoutColumn kApolloAccounts[] = {
    {"Company Name", Target::company},
    {"Company", Target::company},
    {"Company Name for Emails"},
    {"Account Stage", Target::stage},
    {"Lists"},
    {"# Employees", Target::company_size},
    {"Industry", Target::industry},
    {"Account Owner", Target::owner},
    {"Website", Target::company_domain},
    {"Company Linkedin Url"},
    {"Facebook Url"},
    {"Twitter Url"},
    {"Company Street"},
    {"Company City", Target::city},
    {"Company State", Target::region},
    {"Company Country", Target::country},
    {"Company Postal Code", Target::postcode},
    {"Company Address"},
    {"Company Phone", Target::phone},
    {"Keywords"},
    {"Technologies", Target::technologies},
    {"Total Funding"},
    {"Latest Funding"},
    {"Latest Funding Amount"},
    {"Last Raised At"},
    {"Annual Revenue", Target::company_revenue},
    {"Number of Retail Locations"},
    {"Apollo Record Id", Target::none, "apollo_id"},
    {"Apollo Account Id", Target::none, "apollo_id"},
    {"SIC Codes"},
    {"Short Description"},
    {"Founded Year"},
    {"Logo Url"},
    {"Subsidiary of"},
    {"Subsidiary of (Organization ID)"},
};

constexpr std::array<LayoutTable, 2> kLayouts{{
    {"apollo_people", "Apollo people", "apollo", ImportKind::people, "", kApolloPeopleMarks,
     kApolloPeople},
    {"apollo_accounts", "Apollo accounts", "apollo", ImportKind::accounts, "", kApolloAccountMarks,
     kApolloAccounts},
}};

}  // namespace

std::span<const LayoutTable> apollo_layouts() {
  return kLayouts;
}

}  // namespace galena::domain
