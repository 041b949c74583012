// Persons and leads as rows of bytes and back: what is known and promised, nothing derived. Numbers
// that are read are within the bounds that they are read with, or the reader has failed.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "domain/lead.hpp"

namespace galena::workspace {

// What records may refer to.
struct Bounds {
  std::uint32_t position = 0;
  domain::KindCode kind_max = 0;
  std::uint32_t playbook_version = 0;
  std::uint64_t segments = 0;  // names that segments ever had
};

// Key, lead, marks, facts and what was told of organisations; neither sightings nor events.
void write_person(ByteWriter& out, const domain::Person& person);
std::shared_ptr<domain::Person> read_person(ByteReader& in, const Bounds& bounds);

// Persons, stages, merge and segments.
void write_lead(ByteWriter& out, const domain::Lead& lead);
std::shared_ptr<domain::Lead> read_lead(ByteReader& in, const Bounds& bounds,
                                        domain::LeadOrdinal lead_count);

}  // namespace galena::workspace
