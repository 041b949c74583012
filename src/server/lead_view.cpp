#include "server/lead_view.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/json.hpp"
#include "domain/decide.hpp"
#include "server/account_view.hpp"
#include "server/problem.hpp"

namespace galena::server {

namespace json = boost::json;
using namespace domain;

std::string lead_id(LeadOrdinal ordinal) {
  return fmt::format("lead_{}", ordinal + 1);
}

std::string event_id(Position position) {
  return fmt::format("evt_{}", position);
}

std::optional<LeadOrdinal> read_lead_id(const workspace::Version& state, std::string_view id) {
  static constexpr std::string_view kPrefix = "lead_";
  if (!id.starts_with(kPrefix)) return std::nullopt;
  id.remove_prefix(kPrefix.size());
  LeadOrdinal number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  if (number == 0 || number > state.lead_count()) return std::nullopt;
  return number - 1;
}

std::optional<LeadOrdinal> named_lead(const workspace::Version& state, std::string_view id) {
  const auto named = read_lead_id(state, id);
  if (!named || is_erased(state, *named) || is_organisation(state, *named)) return std::nullopt;
  if (is_taken_back(state, survivor(state, *named))) return std::nullopt;
  return named;
}

Response no_such_lead(const workspace::VersionPtr& state, std::string_view id) {
  const auto named = state ? read_lead_id(*state, id) : std::nullopt;
  if (named && is_erased(*state, *named)) {
    return problem({ErrorCode::gone, "this person has been erased; nothing of them is left", ""});
  }
  return problem({ErrorCode::not_found, "there is no such lead", ""});
}

std::optional<LeadOrdinal> find_lead(const workspace::Version& state, std::string_view id) {
  const auto named = named_lead(state, id);
  if (!named) return std::nullopt;
  return survivor(state, *named);
}

std::optional<Position> read_event_id(std::string_view id) {
  static constexpr std::string_view kPrefix = "evt_";
  if (!id.starts_with(kPrefix)) return std::nullopt;
  id.remove_prefix(kPrefix.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size() || number == 0) return std::nullopt;
  return number;
}

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value optional_time(std::optional<Time> at) {
  return at ? json::value(format_time(*at)) : json::value(nullptr);
}

namespace {

json::object company_json(const Record& record) {
  json::object company{{"name", text_or_null(record[Field::company_name].value)},
                       {"domain", text_or_null(shown_company_domain(record))},
                       {"employees", nullptr},
                       {"industry", text_or_null(record[Field::industry].value)}};
  if (record.employees) company["employees"] = *record.employees;
  return company;
}

// What the two definitions of an MQL say; null where the playbook has not both.
json::value mql_json(const Segments& segments, const Lead& lead) {
  const auto* by_score = segments.find(kMqlByScore);
  const auto* by_rule = segments.find(kMqlByRule);
  if (by_score == nullptr || by_rule == nullptr) return nullptr;
  const auto is_in = [&](const Segments::Segment& segment) {
    return lead.segments && lead.segments->contains(segment.code);
  };
  return json::object{{"by_score", is_in(*by_score)}, {"by_rule", is_in(*by_rule)}};
}

}  // namespace

json::object lead_name_json(const workspace::Version& state, LeadOrdinal ordinal) {
  const Record& record = *state.lead(ordinal).record;
  return {{"id", lead_id(ordinal)},
          {"name", text_or_null(full_name(record))},
          {"email", text_or_null(record[Field::email].value)}};
}

json::object lead_json(const workspace::Version& state, LeadOrdinal ordinal,
                       const Standing& standing, Time now) {
  const Lead& lead = state.lead(ordinal);
  const Record& record = *lead.record;
  const CompiledPlaybook& playbook = *state.playbook();
  const char grade = fit_grade(standing.fit);
  const int level = interest_level(standing.interest);
  const bool handed_over = lead.stage() == "mql";
  return {
      {"id", lead_id(ordinal)},
      {"email", text_or_null(record[Field::email].value)},
      {"first_name", text_or_null(record[Field::first_name].value)},
      {"last_name", text_or_null(record[Field::last_name].value)},
      {"name", text_or_null(full_name(record))},
      {"title", text_or_null(record[Field::title].value)},
      {"seniority", text_or_null(to_string(record.seniority))},
      {"department", text_or_null(record.department)},
      {"phone", text_or_null(record[Field::phone].value)},
      {"company", company_json(record)},
      {"account", account_of_lead_json(state, lead)},
      {"country", text_or_null(record.country)},
      {"score", json_number(standing.score().micro)},
      {"fit", json_number(standing.fit.micro)},
      {"interest", json_number(standing.interest.micro)},
      {"grade", fmt::format("{}{}", grade, level)},
      {"fit_grade", std::string(1, grade)},
      {"interest_level", level},
      {"temperature", to_string(temperature(standing.activity, now))},
      {"stage", lead.stage()},
      {"mql", mql_json(playbook.segments, lead)},
      {"below_threshold", handed_over && standing.score() < playbook.source.threshold},
      {"owner", nullptr},
      {"created_at", format_time(lead.created_at)},
      {"first_seen_at", optional_time(standing.activity.first_seen)},
      {"last_seen_at", optional_time(standing.activity.last_seen)},
      {"visitor", lead.visitor},
  };
}

}  // namespace galena::server
