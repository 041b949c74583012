// What the columns of one file mean, as somebody agreed to it: stored with the import, and edited.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/import_dates.hpp"
#include "domain/import_layout.hpp"
#include "domain/import_target.hpp"

namespace galena::domain {

struct ImportColumn {
  std::string header;  // as the file has it; what errors name
  ImportTarget target = ImportTarget::none;
  std::string property = {};  // without a target: the trait as which it is kept; empty: it is not

  bool operator==(const ImportColumn&) const = default;
};

struct ImportMapping {
  std::string layout = "generic";
  ImportKind kind = ImportKind::people;
  // In which the file's ids are unique, so that "hubspot:17" is one person. Empty: they are unique
  // among the rows of `source` alone; without that an id says nothing.
  std::string system = {};
  std::string source = {};  // a label for all rows: where the list comes from
  std::string event = {};   // that each person tells by being in the file, or empty
  DateOrder dates = DateOrder::unknown;
  std::vector<ImportColumn> columns = {};

  bool operator==(const ImportMapping&) const = default;
};

// What a recognised layout proposes.
ImportMapping suggested_mapping(const ImportLayout& layout,
                                std::span<const std::string_view> header);

// What dates like "03/04/2025" mean in a file, by some of its rows: as far as all columns of dates
// agree.
DateOrder guess_date_order(const ImportMapping& mapping,
                           std::span<const std::vector<std::string>> rows);

// What is wrong with a mapping: a target twice, or of another kind of rows; a property that is
// another column's, or that says what a target says ("position"). The Error's field is a JSON
// Pointer.
Result<> check_mapping(const ImportMapping& mapping);

// As JSON text, and back. What is read has passed check_mapping.
std::string mapping_text(const ImportMapping& mapping);
Result<ImportMapping> read_mapping(std::string_view text);

// The trait in which an external id is told: "hubspot_id".
std::string id_trait(const ImportMapping& mapping);

// A name for a property by its header: "Lead Score (new)" is "lead_score_new".
std::string property_name(std::string_view header);

}  // namespace galena::domain
