// Who is who, from the command line.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/ask.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

int say_of_two(const Common& common, std::string_view what, std::string_view member,
               const std::string& id, const std::string& other, const std::string& reason) {
  json::object body{{member, other}};
  if (!reason.empty()) body["reason"] = reason;
  return show_object(common,
                     ask(common, "POST", fmt::format("/api/v1/leads/{}/{}", url_encoded(id), what),
                         json::serialize(body)));
}

// "Ann Moreno, ann@acme.com, lead_12".
std::string name_of(const json::value& lead) {
  std::string line;
  for (const std::string& part :
       {text_at(lead, "name"), text_at(lead, "email"), text_at(lead, "id")}) {
    if (!part.empty()) line += (line.empty() ? "" : ", ") + part;
  }
  return printable(line);
}

// A lead in one line: who and of which company.
std::string line_of(const json::value& lead) {
  std::string line = text_at(lead, "id");
  for (const std::string& part : {text_at(lead, "name"), text_at(lead, "email"),
                                  text_at(lead.as_object().at("company"), "name")}) {
    if (!part.empty()) line += ", " + part;
  }
  return printable(line);
}

// What is known of a company, then by whom.
int show_account(const Common& common, const std::string& id) {
  auto answer = ask(common, "GET", "/api/v1/accounts/" + url_encoded(id));
  if (!answer || common.format != Format::table) return show_object(common, answer);
  json::object account = answer->as_object();
  const json::array facts = std::move(account["facts"].as_array());
  const json::array people_say = std::move(account["people_say"].as_array());
  account.erase("facts");
  account.erase("people_say");
  const json::value best = account["best_lead"];
  if (best.is_object()) account["best_lead"] = json::string(name_of(best));
  std::string groups;
  for (const json::value& group : account.at("groups").as_array()) {
    groups.append(groups.empty() ? "" : ", ").append(std::string(group.as_string()));
  }
  account["groups"] = groups;
  show_object(common, Result<json::value>(std::move(account)));
  if (!facts.empty()) {
    fmt::print("\nTold of it (galena void takes it back):\n\n");
    print_rows(common.format, facts,
               {{"field", "field"},
                {"value", "value"},
                {"source", "source"},
                {"known since", "known_at"},
                {"event", "event_id"}});
  }
  if (people_say.empty()) return 0;
  fmt::print("\nIts people say:\n\n");
  print_rows(common.format, people_say,
             {{"field", "field"}, {"value", "value"}, {"people", "people"}});
  return 0;
}

}  // namespace

int run_identities(const Common& common, const std::string& id) {
  const auto answer =
      ask(common, "GET", fmt::format("/api/v1/leads/{}/identities", url_encoded(id)));
  if (!answer || common.format == Format::json) return show_object(common, answer);
  print_rows(common.format, data_of(*answer),
             {{"kind", "kind"},
              {"value", "value"},
              {"events", "events"},
              {"shared since", "shared_since"}});
  const json::array& said = answer->as_object().at("by_hand").as_array();
  if (common.format == Format::csv || said.empty()) return 0;
  fmt::print("\nSaid by hand (galena void takes it back):\n\n");
  print_rows(common.format, said,
             {{"event", "event_id"},
              {"what", "kind"},
              {"at", "at"},
              {"author", "author"},
              {"reason", "reason"}});
  return 0;
}

int run_accounts(const Common& common, const std::string& id, int limit) {
  if (!id.empty()) return show_account(common, id);
  return show_list(common, ask(common, "GET", fmt::format("/api/v1/accounts?limit={}", limit)),
                   {{"score", "score"},
                    {"name", "name"},
                    {"people", "people"},
                    {"employees", "employees"},
                    {"industry", "industry"},
                    {"temperature", "temperature"},
                    {"best lead", "best_lead.name"},
                    {"last seen", "last_seen_at"},
                    {"id", "id"}});
}

int run_duplicates(const Common& common, int limit) {
  const auto answer = ask(common, "GET", fmt::format("/api/v1/duplicates?limit={}", limit));
  if (!answer || common.format == Format::json) return show_object(common, answer);
  json::array rows;
  for (const json::value& proposal : data_of(*answer)) {
    const json::object& found = proposal.as_object();
    std::string reasons;
    for (const json::value& reason : found.at("reasons").as_array()) {
      reasons += (reasons.empty() ? "" : "; ") + text_at(reason, "text");
    }
    const json::array& leads = found.at("leads").as_array();
    rows.push_back({{"probability", found.at("probability")},
                    {"lead", json::string(line_of(leads.at(0)))},
                    {"other", json::string(line_of(leads.at(1)))},
                    {"why", json::string(reasons)}});
  }
  print_rows(
      common.format, rows,
      {{"probability", "probability"}, {"lead", "lead"}, {"other", "other"}, {"why", "why"}});
  return 0;
}

int run_merge(const Common& common, const std::string& id, const std::string& other,
              const std::string& reason) {
  return say_of_two(common, "merge", "with", id, other, reason);
}

int run_distinct(const Common& common, const std::string& id, const std::string& other,
                 const std::string& reason) {
  return say_of_two(common, "distinct", "from", id, other, reason);
}

int run_void(const Common& common, const std::string& id, const std::string& reason) {
  json::object body;
  if (!reason.empty()) body["reason"] = reason;
  return show_object(common,
                     ask(common, "POST", fmt::format("/api/v1/events/{}/void", url_encoded(id)),
                         json::serialize(body)));
}

}  // namespace galena::cli
