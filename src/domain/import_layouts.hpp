// THE TABLES OF LAYOUTS: by which headers other programs' exports are known, and what their columns
// mean. import_layout.hpp recognises files by them.
#pragma once

#include <span>
#include <string_view>

#include "domain/import_target.hpp"

namespace galena::domain {

// A header that files of a layout have. Case, blanks and signs make no difference.
struct LayoutColumn {
  std::string_view header;
  ImportTarget target = ImportTarget::none;  // none: known, and of no use here
  std::string_view property = {};            // under which it is kept all the same
};

struct LayoutTable {
  std::string_view name;    // "hubspot_contacts"
  std::string_view title;   // "HubSpot contacts"
  std::string_view system;  // in which its ids are unique ("hubspot"); empty: in no system
  ImportKind kind;
  std::string_view event;  // that each person tells by being in the file; empty: none
  // Headers that hardly any other file has. Two of them are needed.
  std::span<const std::string_view> marks;
  // Of several columns for one target, the first in this table that the file has counts.
  std::span<const LayoutColumn> columns;
};

// In a fixed order: where two explain a file equally well, the first counts.
std::span<const LayoutTable> hubspot_layouts();
std::span<const LayoutTable> salesforce_layouts();
std::span<const LayoutTable> pipedrive_layouts();
std::span<const LayoutTable> apollo_layouts();
std::span<const LayoutTable> lead_source_layouts();  // webinars, lead ads, trade shows

// What the words of a header mean in a file of no known program.
struct HeaderWords {
  ImportTarget target;
  // Headers, separated by "|".
  std::string_view english;
  std::string_view german;
  std::string_view french;
  std::string_view spanish;
};
std::span<const HeaderWords> generic_headers();

}  // namespace galena::domain
