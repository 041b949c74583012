// Rows of a base: persons and leads with what is derived from them, so that reading one computes
// nothing. A row says the same wherever it stands: who writes the next base copies it as it is.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "domain/account.hpp"
#include "domain/lead.hpp"
#include "domain/state.hpp"
#include "workspace/row_codec.hpp"

namespace galena::workspace {

// A person with its sightings and events. The key comes first (read_key).
void write_base_person(ByteWriter& out, const domain::Person& person,
                       std::vector<domain::Event>& scratch);
// The person of a row, whose events stay where they are in memory that `holder` keeps.
domain::PersonPtr read_base_person(std::string_view row, const Bounds& bounds,
                                   const std::shared_ptr<const void>& holder);
// True if the row's person has that key.
bool has_key(std::string_view row, const domain::IdentityKey& key);
// Its events alone.
domain::History::Run events_in(std::string_view row, const Bounds& bounds,
                               const std::shared_ptr<const void>& holder);

// Persons of a lead by their ordinals.
using PersonOf = std::function<const domain::Person&(domain::PersonOrdinal)>;

// A lead with its record, standing and account. What the record has from a person's facts stands
// with the person.
void write_base_lead(ByteWriter& out, const domain::Lead& lead, const PersonOf& person_of);
std::shared_ptr<domain::Lead> read_base_lead(std::string_view row, const Bounds& bounds,
                                             domain::LeadOrdinal lead_count,
                                             const PersonOf& person_of);

// True if one of the lead's persons is among those, by ordinal.
bool names_any(std::string_view lead_row, const std::vector<bool>& persons);
// What stands first in a lead's row.
domain::Glance read_glance(std::string_view row);

void write_account(ByteWriter& out, const domain::Account& account);
domain::AccountPtr read_account(ByteReader& in);

}  // namespace galena::workspace
