// Pipedrive's exports: each header says of what it is.
#include <array>

#include "domain/import_layouts.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::string_view kPipedrivePeopleMarks[] = {
    "Person - Name",           "Person - Email",        "Person - ID",
    "Person - Phone",          "Person - Owner",        "Person - Label",
    "Person - Person created", "Organization - Name",   "Person - First name",
    "Person - Last name",      "Person - Email - Work", "Person - Organization"};
constexpr LayoutColumn kPipedrivePeople[] = {
    {"Person - ID", Target::external_id},
    {"Person - Name", Target::full_name},
    {"Person - First name", Target::first_name},
    {"Person - Last name", Target::last_name},
    {"Person - Email", Target::email},
    {"Person - Email - Work", Target::email},
    {"Person - Email (Work)", Target::email},
    {"Person - Email - Other", Target::email},
    {"Person - Email - Home", Target::email},
    {"Person - Phone", Target::phone},
    {"Person - Phone - Work", Target::phone},
    {"Person - Phone (Work)", Target::phone},
    {"Person - Phone - Other", Target::phone},
    {"Person - Phone - Home", Target::phone},
    {"Person - Phone - Mobile", Target::mobile},
    {"Person - Phone (Mobile)", Target::mobile},
    {"Person - Job title", Target::title},
    {"Person - LinkedIn", Target::linkedin},
    {"Person - Label"},
    {"Person - Labels"},
    {"Person - Owner", Target::owner},
    {"Person - Person created", Target::created_at},
    {"Person - Last activity date"},
    {"Person - Next activity date"},
    {"Person - Marketing status"},
    {"Person - Organization", Target::company},
    {"Organization - Name", Target::company},
    {"Organization - Website", Target::company_domain},
    {"Organization - Industry", Target::industry},
    {"Organization - ID"},
    {"Organization - Address"},
    {"Person - Open deals"},
    {"Person - Closed deals"},
    {"Person - Won deals"},
    {"Person - Lost deals"},
};

constexpr std::string_view kPipedriveOrganizationMarks[] = {
    "Organization - Name",   "Organization - ID",      "Organization - Owner",
    "Organization - Label",  "Organization - Labels",  "Organization - Organization created",
    "Organization - People", "Organization - Address", "Organization - Open deals"};
constexpr LayoutColumn kPipedriveOrganizations[] = {
    {"Organization - ID", Target::external_id},
    {"Organization - Name", Target::company},
    {"Organization - Website", Target::company_domain},
    {"Organization - Owner", Target::owner},
    {"Organization - Industry", Target::industry},
    {"Organization - Number of employees", Target::company_size},
    {"Organization - Employee count", Target::company_size},
    {"Organization - Annual revenue", Target::company_revenue},
    {"Organization - LinkedIn profile", Target::linkedin},
    {"Organization - LinkedIn", Target::linkedin},
    {"Organization - Organization created", Target::created_at},
    {"Organization - Country of Address", Target::country},
    {"Organization - State/county of Address", Target::region},
    {"Organization - City/town/village/locality of Address", Target::city},
    {"Organization - ZIP/Postal code of Address", Target::postcode},
    {"Organization - Address"},
    {"Organization - Full/combined address of Address"},
    {"Organization - Label"},
    {"Organization - Labels"},
    {"Organization - People"},
    {"Organization - Open deals"},
    {"Organization - Closed deals"},
    {"Organization - Won deals"},
    {"Organization - Lost deals"},
    {"Organization - Next activity date"},
    {"Organization - Last activity date"},
};

constexpr std::string_view kPipedriveDealMarks[] = {
    "Deal - Title",        "Deal - Value",        "Deal - Stage",   "Deal - Status",
    "Deal - Owner",        "Deal - Organization", "Deal - ID",      "Deal - Contact person",
    "Deal - Deal created", "Deal - Pipeline",     "Deal - Currency"};
constexpr LayoutColumn kPipedriveDeals[] = {
    {"Deal - ID", Target::none, "deal_id"},
    {"Deal - Title", Target::deal_name},
    {"Deal - Owner", Target::owner},
    {"Deal - Value", Target::amount},
    {"Deal - Currency of Value", Target::currency},
    {"Deal - Currency", Target::currency},
    {"Deal - Stage", Target::stage},
    {"Deal - Status", Target::status},
    {"Deal - Pipeline", Target::none, "pipeline"},
    {"Deal - Deal created", Target::created_at},
    {"Deal - Deal closed on", Target::closed_at},
    {"Deal - Won time", Target::closed_at},
    {"Deal - Lost time", Target::closed_at},
    {"Deal - Expected close date", Target::closed_at},
    {"Deal - Organization", Target::company},
    {"Organization - Name", Target::company},
    {"Person - Email", Target::contact},
    {"Person - Email - Work", Target::contact},
    {"Deal - Contact person", Target::contact},
    {"Deal - Source channel", Target::source},
    {"Deal - Lead source", Target::source},
    {"Deal - Lost reason", Target::none, "lost_reason"},
    {"Deal - Probability"},
    {"Deal - Label"},
    {"Deal - Update time"},
    {"Deal - Weighted value"},
    {"Deal - Next activity date"},
    {"Deal - Last activity date"},
    {"Person - Name"},
};

constexpr std::array<LayoutTable, 3> kLayouts{{
    {"pipedrive_people", "Pipedrive people", "pipedrive", ImportKind::people, "",
     kPipedrivePeopleMarks, kPipedrivePeople},
    {"pipedrive_organizations", "Pipedrive organizations", "pipedrive", ImportKind::accounts, "",
     kPipedriveOrganizationMarks, kPipedriveOrganizations},
    {"pipedrive_deals", "Pipedrive deals", "pipedrive", ImportKind::deals, "", kPipedriveDealMarks,
     kPipedriveDeals},
}};

}  // namespace

std::span<const LayoutTable> pipedrive_layouts() {
  return kLayouts;
}

}  // namespace galena::domain
