// Whose export a file is, by its header, and what its columns mean.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/import_target.hpp"

namespace galena::domain {

// What one column is taken for.
struct ColumnGuess {
  ImportTarget target = ImportTarget::none;
  std::string property;  // without a target: the name under which it is worth keeping, or empty
  double sureness = 0;   // 0 to 1: of a known layout's column 1, of a word in it 0.5
  std::string reason;    // in words
};

struct ImportLayout {
  std::string name;    // "hubspot_contacts"; "generic" if it is no known program's
  std::string title;   // "HubSpot contacts"
  std::string system;  // in which ids are unique: "hubspot"; empty if that is not known
  ImportKind kind = ImportKind::people;
  std::string event;  // that each person tells by being in the file ("Webinar Attended"), or empty
  std::size_t header_row = 0;  // which of the rows is the header
  std::vector<ColumnGuess> columns;

  bool is_generic() const { return name == "generic"; }
};

// By the header alone. Case, blanks, signs, accents and a byte order mark make no difference. No
// target is given to two columns.
ImportLayout recognise_layout(std::span<const std::string_view> header);

// The same by the first rows of a file, of which one is the header: reports of webinars have a
// summary above it. It is the row that says most, the first of several, among a hundred.
ImportLayout recognise_layout(std::span<const std::vector<std::string>> first_rows);

// The form in which headers are compared: latin letters and digits ("E-Mail" is "email").
std::string header_form(std::string_view header);

}  // namespace galena::domain
