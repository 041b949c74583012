// What stands in the reports database (docs/reports-database.md), and how it is put there.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "store/store.hpp"

namespace galena::store {

class Connection;

using LeadNumber = std::uint32_t;  // lead_13 is number 13

// In all of these an empty text is NULL, and points are millionths.

struct ReportedStage {
  std::string_view stage;
  Time entered_at{};
  std::int64_t score = 0;
  std::int64_t model_version = 0;
  Position position = 0;  // of the input that caused it
};

struct ReportedSegment {
  std::string_view segment;
  Time since{};
  Position position = 0;
};

// The texts belong to whoever made it.
struct ReportedLead {
  std::string_view email, first_name, last_name, title, seniority, department, phone;
  std::string name;
  std::string_view company_name, company_industry, country;
  std::string company_domain;
  std::optional<std::int64_t> company_employees;
  std::string account_id, account_name;
  std::int64_t score = 0, fit = 0, interest = 0;
  char fit_grade = 'D';
  int interest_level = 4;
  std::string_view temperature;
  Time created_at{};
  std::optional<Time> first_seen_at, last_seen_at;
  bool visitor = false;
  Time scored_at{};
  std::vector<ReportedStage> stages;  // the last is the current one
  std::vector<ReportedSegment> segments;
};

struct ReportedAccount {
  std::string name, domain, industry, country;
  std::optional<std::int64_t> employees;
  std::uint32_t people = 0, visitors = 0;
  std::optional<std::int64_t> score;
  std::optional<LeadNumber> best_lead;
  std::string_view temperature;
  std::optional<Time> last_seen_at;
  Time scored_at{};
};

// What is to stand there of a lead or an account; nothing: no row.
struct LeadSlot {
  LeadNumber number = 0;
  std::optional<ReportedLead> row;
};
struct AccountSlot {
  std::string id;
  std::optional<ReportedAccount> row;
};

// Makes the rows say that, within the transaction of the caller. What says it already stays as it
// is, unless the row is so old that its scored_at says less than it could.
void put_lead(Connection& connection, WorkspaceId workspace, const LeadSlot& slot);
void put_account(Connection& connection, WorkspaceId workspace, const AccountSlot& slot);
// No rows of leads from this number on.
void remove_leads_from(Connection& connection, WorkspaceId workspace, LeadNumber first);

}  // namespace galena::store
