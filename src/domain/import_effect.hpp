// What a row of an imported file changed.
#pragma once

#include <cstdint>

#include "domain/import_job.hpp"
#include "domain/lead.hpp"

namespace galena::domain {

struct ImportEffect {
  enum class Kind : std::uint8_t { created, updated, unchanged, duplicate };
  Kind kind = Kind::unchanged;
  std::uint64_t kept = 0;  // values that did not take the place of a more trusted one

  bool operator==(const ImportEffect&) const = default;
};

// Of the event at `position`, which came under `person` of a lead with that record, as they were
// right after it. What came between `began_after` and it, was imported by the same file. So the
// same comes out whenever it is asked, until more is told.
ImportEffect import_effect(const Person& person, const Record& record, Position position,
                           Position began_after);

// Counts it among what came of the rows.
void count(const ImportEffect& effect, ImportFigures& figures);

}  // namespace galena::domain
