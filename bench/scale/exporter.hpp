// What is in a data directory, for other programs: the same leads and events as CSV, the models as
// JSON, and what Galena's own plain evaluator makes of them.
#pragma once

#include <string>

#include "base/time.hpp"

namespace galena::scale {

struct ExportOptions {
  std::string data;       // Galena's directory
  std::string directory;  // where the files go
  Time now{};             // scores are as of then
  std::string changed;    // TOML: the playbook under which everybody is rescored
};

// Writes leads.csv (a row a lead: ordinal, fields, what is derived of them, standing), events.csv
// (a row an event, by lead and time: lead, kind, at in ms, object) and model.json. Throws
// std::runtime_error.
void export_to(const ExportOptions& options);

}  // namespace galena::scale
