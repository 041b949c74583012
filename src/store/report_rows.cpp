#include "store/report_rows.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/queries.hpp"
#include "store/row_id.hpp"
#include "store/sqlite.hpp"

namespace galena::store {
namespace {

// A row that says the same is written again after so long, so that scored_at is never older than a
// day: whoever writes looks at everything four times a day.
constexpr std::chrono::hours kAgeMax{17};

std::string workspace_id(WorkspaceId workspace) {
  return fmt::format("ws_{}", workspace);
}

std::string event_id(Position position) {
  return fmt::format("evt_{}", position);
}

double points(std::int64_t micro) {
  return static_cast<double>(micro) / 1e6;
}

std::optional<std::string_view> if_any(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> if_any(std::optional<Time> time) {
  if (!time) return std::nullopt;
  return format_time(*time);
}

// Hashes values one after the other, so that no two rows that differ give the same bytes.
class Content {
 public:
  Content& add(std::string_view text) {
    add(static_cast<std::int64_t>(text.size()));
    bytes_.append(text);
    return *this;
  }
  Content& add(std::int64_t number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof(number));
    return *this;
  }
  Content& add(Time time) { return add(to_ms(time)); }
  template <class Value>
  Content& add(const std::optional<Value>& value) {
    add(std::int64_t{value.has_value()});
    return value ? add(*value) : *this;
  }
  template <class... Values>
  Content& all(const Values&... values) {
    (add(values), ...);
    return *this;
  }

  std::int64_t hash() const { return static_cast<std::int64_t>(stable_hash(bytes_)); }

 private:
  std::string bytes_;
};

std::int64_t content_of(const ReportedLead& lead) {
  return Content()
      .all(lead.email, lead.first_name, lead.last_name, lead.name, lead.title, lead.seniority,
           lead.department, lead.phone, lead.company_name, lead.company_domain,
           lead.company_employees, lead.company_industry, lead.account_id, lead.account_name,
           lead.country, lead.score, lead.fit, lead.interest, std::int64_t{lead.fit_grade},
           std::int64_t{lead.interest_level}, lead.temperature, lead.created_at, lead.first_seen_at,
           lead.last_seen_at, std::int64_t{lead.visitor})
      .hash();
}

std::int64_t history_of(const ReportedLead& lead) {
  Content content;
  for (const ReportedStage& entry : lead.stages) {
    content.all(entry.stage, entry.entered_at, entry.score, entry.model_version,
                static_cast<std::int64_t>(entry.position));
  }
  content.add(std::string_view());  // between the two
  for (const ReportedSegment& entry : lead.segments) {
    content.all(entry.segment, entry.since, static_cast<std::int64_t>(entry.position));
  }
  return content.hash();
}

std::int64_t content_of(const ReportedAccount& account) {
  const auto best = account.best_lead ? std::optional<std::int64_t>(*account.best_lead)
                                      : std::optional<std::int64_t>();
  return Content()
      .all(account.name, account.domain, account.employees, account.industry, account.country,
           std::int64_t{account.people}, std::int64_t{account.visitors}, account.score, best,
           account.temperature, account.last_seen_at)
      .hash();
}

bool is_too_old(std::string_view scored_at, Time now) {
  return scored_at < format_time(now - kAgeMax);  // of the same length: text by text
}

void remove_history(Connection& connection, std::int64_t first, std::int64_t last) {
  connection.statement(sql::remove_stage_rows).bind(first, last).run();
  connection.statement(sql::remove_segment_rows).bind(first, last).run();
}

void remove(Connection& connection, std::int64_t first, std::int64_t last) {
  connection.statement(sql::remove_lead_rows).bind(first, last).run();
  remove_history(connection, first, last);
}

void put_row(Connection& connection, std::int64_t key, const std::string& workspace,
             LeadNumber number, const ReportedLead& lead, std::int64_t content,
             std::int64_t history) {
  const ReportedStage& stage = lead.stages.back();
  connection.statement(sql::put_lead_row)
      .bind(key, workspace, fmt::format("lead_{}", number), if_any(lead.email),
            if_any(lead.first_name), if_any(lead.last_name), if_any(lead.name), if_any(lead.title),
            if_any(lead.seniority), if_any(lead.department), if_any(lead.phone),
            if_any(lead.company_name), if_any(lead.company_domain), lead.company_employees,
            if_any(lead.company_industry), if_any(lead.account_id), if_any(lead.account_name),
            if_any(lead.country), points(lead.score), points(lead.fit), points(lead.interest),
            fmt::format("{}{}", lead.fit_grade, lead.interest_level),
            std::string_view(&lead.fit_grade, 1), std::int64_t{lead.interest_level},
            lead.temperature, stage.stage, format_time(stage.entered_at),
            format_time(lead.created_at), if_any(lead.first_seen_at), if_any(lead.last_seen_at),
            std::int64_t{lead.visitor}, format_time(lead.scored_at), content, history)
      .run();
}

void put_history(Connection& connection, std::int64_t key, const std::string& workspace,
                 const ReportedLead& lead) {
  for (std::size_t i = 0; i < lead.stages.size(); ++i) {
    const ReportedStage& entry = lead.stages[i];
    const std::string_view before = i == 0 ? std::string_view() : lead.stages[i - 1].stage;
    const auto left_at = i + 1 == lead.stages.size() ? std::optional<Time>()
                                                     : std::optional(lead.stages[i + 1].entered_at);
    connection.statement(sql::put_stage_row)
        .bind(key, static_cast<std::int64_t>(i + 1), workspace, if_any(before), entry.stage,
              format_time(entry.entered_at), if_any(left_at), points(entry.score),
              entry.model_version, event_id(entry.position))
        .run();
  }
  for (const ReportedSegment& entry : lead.segments) {
    connection.statement(sql::put_segment_row)
        .bind(key, entry.segment, workspace, format_time(entry.since), event_id(entry.position))
        .run();
  }
}

}  // namespace

void put_lead(Connection& connection, WorkspaceId workspace, const LeadSlot& slot) {
  const std::int64_t key = row_id(workspace, slot.number);
  std::optional<std::int64_t> content_there, history_there;
  {
    Statement there = connection.statement(sql::lead_row_hashes);
    there.bind(key);
    if (there.step()) {
      history_there = there.number(1);
      if (!slot.row || !is_too_old(there.text(2), slot.row->scored_at)) {
        content_there = there.number(0);
      }
    }
  }
  if (!slot.row) {
    if (history_there) remove(connection, key, key);
    return;
  }
  const std::int64_t content = content_of(*slot.row);
  const std::int64_t history = history_of(*slot.row);
  if (content == content_there && history == history_there) return;
  const std::string id = workspace_id(workspace);
  put_row(connection, key, id, slot.number, *slot.row, content, history);
  if (history == history_there) return;
  remove_history(connection, key, key);  // also what a stranger may have left there
  put_history(connection, key, id, *slot.row);
}

void put_account(Connection& connection, WorkspaceId workspace, const AccountSlot& slot) {
  const std::string id = workspace_id(workspace);
  if (!slot.row) {
    connection.statement(sql::remove_account_row).bind(id, slot.id).run();
    return;
  }
  const ReportedAccount& account = *slot.row;
  const std::int64_t content = content_of(account);
  {
    Statement there = connection.statement(sql::account_row_hash);
    there.bind(id, slot.id);
    const bool is_there = there.step() && there.number(0) == content;
    if (is_there && !is_too_old(there.text(1), account.scored_at)) return;
  }
  const auto score = account.score ? std::optional(points(*account.score)) : std::nullopt;
  const auto best =
      account.best_lead ? std::optional(row_id(workspace, *account.best_lead)) : std::nullopt;
  connection.statement(sql::put_account_row)
      .bind(id, slot.id, account.name, if_any(account.domain), account.employees,
            if_any(account.industry), if_any(account.country), std::int64_t{account.people},
            std::int64_t{account.visitors}, score, best, account.temperature,
            if_any(account.last_seen_at), format_time(account.scored_at), content)
      .run();
}

void remove_leads_from(Connection& connection, WorkspaceId workspace, LeadNumber first) {
  remove(connection, row_id(workspace, first), row_id(workspace, kPositionMask));
}

}  // namespace galena::store
