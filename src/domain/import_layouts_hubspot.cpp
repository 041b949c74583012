// HubSpot's exports, by the labels of its properties.
#include <array>

#include "domain/import_layouts.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::string_view kHubspotContactMarks[] = {"Record ID",
                                                     "Record ID - Contact",
                                                     "Contact owner",
                                                     "Lead Status",
                                                     "Lifecycle Stage",
                                                     "Create Date",
                                                     "Marketing contact status",
                                                     "Original Source",
                                                     "Original Traffic Source",
                                                     "Associated Company IDs"};
constexpr LayoutColumn kHubspotContacts[] = {
    {"Record ID", Target::external_id},
    {"Record ID - Contact", Target::external_id},
    {"First Name", Target::first_name},
    {"Last Name", Target::last_name},
    {"Email", Target::email},
    {"Phone Number", Target::phone},
    {"Mobile Phone Number", Target::mobile},
    {"Contact owner", Target::owner},
    {"Lead Status", Target::status},
    {"Marketing contact status"},
    {"Lifecycle Stage", Target::stage},
    {"Create Date", Target::created_at},
    {"Last Activity Date"},
    {"Last Modified Date"},
    {"Job Title", Target::title},
    {"Company Name", Target::company},
    {"Company Domain Name", Target::company_domain},
    {"Website URL", Target::company_domain},
    {"Number of Employees", Target::company_size},
    {"Annual Revenue", Target::company_revenue},
    {"Industry", Target::industry},
    {"Country/Region", Target::country},
    {"City", Target::city},
    {"State/Region", Target::region},
    {"Postal Code", Target::postcode},
    {"Street Address"},
    {"Original Source", Target::source},
    {"Original Traffic Source", Target::source},
    {"Latest Source"},
    {"Latest Traffic Source"},
    {"LinkedIn URL", Target::linkedin},
    {"Associated Company"},
    {"Associated Company IDs"},
    {"Associated Deal"},
    {"Associated Deal IDs"},
    {"Lead Score"},
    {"HubSpot Score"},
    {"Unsubscribed from all email"},
};

constexpr std::string_view kHubspotCompanyMarks[] = {"Record ID",
                                                     "Record ID - Company",
                                                     "Company owner",
                                                     "Company Domain Name",
                                                     "Create Date",
                                                     "Lifecycle Stage",
                                                     "Associated Contact IDs",
                                                     "Number of Associated Contacts"};
constexpr LayoutColumn kHubspotCompanies[] = {
    {"Record ID", Target::external_id},
    {"Record ID - Company", Target::external_id},
    {"Company name", Target::company},
    {"Name", Target::company},
    {"Company owner", Target::owner},
    {"Company Domain Name", Target::company_domain},
    {"Website URL", Target::company_domain},
    {"Create Date", Target::created_at},
    {"Last Activity Date"},
    {"Last Modified Date"},
    {"Phone Number", Target::phone},
    {"Lead Status", Target::status},
    {"Lifecycle Stage", Target::stage},
    {"City", Target::city},
    {"State/Region", Target::region},
    {"Postal Code", Target::postcode},
    {"Country/Region", Target::country},
    {"Street Address"},
    {"Industry", Target::industry},
    {"Number of Employees", Target::company_size},
    {"Annual Revenue", Target::company_revenue},
    {"Original Source", Target::source},
    {"Original Source Type", Target::source},
    {"Original Traffic Source", Target::source},
    {"LinkedIn Company Page", Target::linkedin},
    {"Web Technologies", Target::technologies},
    {"Type"},
    {"Description"},
    {"About Us"},
    {"Time Zone"},
    {"Associated Contact"},
    {"Associated Contact IDs"},
    {"Associated Deal"},
    {"Associated Deal IDs"},
    {"Parent Company"},
    {"Number of Associated Contacts"},
};

constexpr std::string_view kHubspotDealMarks[] = {
    "Deal Name",        "Deal Stage", "Deal owner",         "Record ID",
    "Record ID - Deal", "Pipeline",   "Associated Company", "Associated Contact"};
constexpr LayoutColumn kHubspotDeals[] = {
    {"Record ID", Target::none, "deal_id"},
    {"Record ID - Deal", Target::none, "deal_id"},
    {"Deal Name", Target::deal_name},
    {"Deal Stage", Target::stage},
    {"Close Date", Target::closed_at},
    {"Deal owner", Target::owner},
    {"Amount", Target::amount},
    {"Currency", Target::currency},
    {"Pipeline", Target::none, "pipeline"},
    {"Create Date", Target::created_at},
    {"Associated Company", Target::company},
    {"Associated Company (Primary)", Target::company},
    {"Associated Contact", Target::contact},
    {"Original Source", Target::source},
    {"Original Source Type", Target::source},
    {"Original Traffic Source", Target::source},
    {"Is Closed Won", Target::won},
    {"Is Deal Closed?", Target::closed},
    {"Associated Company IDs"},
    {"Associated Contact IDs"},
    {"Amount in company currency"},
    {"Weighted amount"},
    {"Forecast amount"},
    {"Deal Type"},
    {"Deal probability"},
    {"Last Activity Date"},
    {"Closed Lost Reason", Target::none, "lost_reason"},
};

constexpr std::array<LayoutTable, 3> kLayouts{{
    {"hubspot_contacts", "HubSpot contacts", "hubspot", ImportKind::people, "",
     kHubspotContactMarks, kHubspotContacts},
    {"hubspot_companies", "HubSpot companies", "hubspot", ImportKind::accounts, "",
     kHubspotCompanyMarks, kHubspotCompanies},
    {"hubspot_deals", "HubSpot deals", "hubspot", ImportKind::deals, "", kHubspotDealMarks,
     kHubspotDeals},
}};

}  // namespace

std::span<const LayoutTable> hubspot_layouts() {
  return kLayouts;
}

}  // namespace galena::domain
