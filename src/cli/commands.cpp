#include "cli/commands.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/ask.hpp"
#include "engine/erasure_list.hpp"
#include "server/version.hpp"
#include "store/data_directory.hpp"
#include "store/store.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

Result<std::string> read_file(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, fmt::format("{} cannot be read", path));
  text << in.rdbuf();
  return text.str();
}

}  // namespace

const std::vector<Column>& lead_columns() {
  static const std::vector<Column> kColumns{{"score", "score"},
                                            {"grade", "grade"},
                                            {"name", "name"},
                                            {"company", "company.name"},
                                            {"title", "title"},
                                            {"email", "email"},
                                            {"stage", "stage"},
                                            {"temperature", "temperature"},
                                            {"fit", "fit"},
                                            {"interest", "interest"},
                                            {"last seen", "last_seen_at"},
                                            {"id", "id"}};
  return kColumns;
}

int failed(const std::string& message) {
  fmt::print(stderr, "galena: {}\n", message);
  return 1;
}

int run_init(const Common& common, const std::string& email, const std::string& name,
             bool password_stdin) {
  const auto password = read_password(password_stdin);
  if (!password) return failed(password.error().message);
  auto session = Session::open(common.data, true);
  if (!session) return failed(session.error().message);
  json::object body{{"email", email}, {"password", *password}};
  if (!name.empty()) body["name"] = name;
  const auto made = ask(*session, common, "POST", "/local/init", json::serialize(body));
  if (made && common.format == Format::table) {
    fmt::print("Made a workspace in {}. The keys are shown this once.\n\n", common.data);
  }
  return show_object(common, made);
}

namespace {

// One line a part, its parts below it.
void print_explanation(const json::value& explanation, int depth) {
  const json::object& part = explanation.as_object();
  const std::string found = text_at(explanation, "found");
  fmt::print("{:{}}{}  {}{}\n", "", depth * 2, part.at("holds").as_bool() ? "yes" : "no ",
             printable(text_at(explanation, "text")),
             found.empty() ? "" : printable("  (it is " + found + ")"));
  for (const json::value& inner : part.at("parts").as_array()) {
    print_explanation(inner, depth + 1);
  }
}

int explain_filter(const Common& common, const LeadsOptions& options) {
  const auto answer = ask(common, "GET",
                          fmt::format("/api/v1/leads/{}/why?filter={}", url_encoded(options.id),
                                      url_encoded(options.filter)));
  if (!answer || common.format != Format::table) return show_object(common, answer);
  print_explanation(*answer, 0);
  return 0;
}

}  // namespace

int run_leads(const Common& common, const LeadsOptions& options) {
  if (!options.id.empty() && options.segments) return run_lead_segments(common, options.id);
  if (!options.id.empty() && !options.filter.empty()) return explain_filter(common, options);
  if (!options.id.empty()) {
    return show_object(common, ask(common, "GET", "/api/v1/leads/" + url_encoded(options.id)));
  }
  std::string target = fmt::format("/api/v1/leads?limit={}", options.limit);
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) target += fmt::format("&{}={}", name, url_encoded(value));
  };
  add("email", options.email);
  add("stage", options.stage);
  add("segment", options.segment);
  add("account", options.account);
  add("filter", options.filter);
  add("search", options.search);
  add("sort", options.sort);
  if (options.visitors) target += "&include=visitors";
  return show_list(common, ask(common, "GET", target), lead_columns());
}

int run_score(const Common& common, const std::string& id) {
  auto session = Session::open(common.data, false);
  if (!session) return failed(session.error().message);
  const std::string lead = "/api/v1/leads/" + url_encoded(id);
  const auto answer = ask(*session, common, "GET", lead + "/score");
  if (!answer) return failed(answer.error().message);
  if (common.format == Format::json) return show_object(common, answer);
  const json::object& score = answer->as_object();
  print_rows(
      common.format, score.at("ledger").as_array(),
      {{"points", "points"}, {"rule", "rule"}, {"event", "event"}, {"at", "at"}, {"note", "note"}});
  if (common.format == Format::csv) return 0;
  fmt::print("\n{} points (fit {}, interest {}), grade {}\n", text_at(*answer, "score"),
             text_at(*answer, "fit"), text_at(*answer, "interest"), text_at(*answer, "grade"));
  const auto stages = ask(*session, common, "GET", lead + "/stages");
  if (!stages) return failed(stages.error().message);
  fmt::print("\nStages, the newest first:\n\n");
  print_rows(Format::table, data_of(*stages),
             {{"stage", "to"}, {"at", "at"}, {"score", "score"}, {"why", "reason"}});
  const json::array& steps = score.at("to_threshold").as_array();
  if (steps.empty()) return 0;
  fmt::print("\n{} points are missing to {}. What would add some:\n\n", text_at(*answer, "missing"),
             text_at(*answer, "threshold"));
  print_rows(Format::table, steps,
             {{"points", "points"},
              {"step", "action"},
              {"score after", "score_after"},
              {"also needed", "also_needed"}});
  return 0;
}

int run_adjust(const Common& common, const std::string& id, int points, const std::string& reason) {
  return show_object(common,
                     ask(common, "POST", "/api/v1/leads/" + url_encoded(id) + "/adjustments",
                         json::serialize(json::object{{"points", points}, {"reason", reason}})));
}

int run_playbook_export(const Common& common) {
  auto session = Session::open(common.data, false);
  if (!session) return failed(session.error().message);
  const auto text = ask_text(*session, common, "/api/v1/playbook");
  if (!text) return failed(text.error().message);
  fmt::print("{}", *text);
  return 0;
}

namespace {

void print_stage_changes(const json::value& answer) {
  for (const json::value& move : answer.as_object().at("stage_changes").as_array()) {
    fmt::print("  {} → {}: {}\n", text_at(move, "from"), text_at(move, "to"),
               text_at(move, "count"));
  }
}

void print_segment_changes(const json::value& answer) {
  for (const json::value& moves : answer.as_object().at("segment_changes").as_array()) {
    fmt::print("  segment {}: {} enter, {} leave\n", text_at(moves, "name"),
               text_at(moves, "enter"), text_at(moves, "leave"));
  }
}

void print_distribution(const json::value& answer) {
  json::array rows;
  for (const json::value& bucket : answer.as_object().at("distribution").as_array()) {
    const std::string from = text_at(bucket, "from"), to = text_at(bucket, "to");
    const std::string points = from.empty() ? "below " + to
                               : to.empty() ? from + " and more"
                                            : from + " to " + to;
    rows.push_back(json::object{
        {"points", points}, {"now", bucket.at("before")}, {"then", bucket.at("after")}});
  }
  fmt::print("\n");
  print_rows(Format::table, rows, {{"points", "points"}, {"leads now", "now"}, {"then", "then"}});
}

Result<json::value> send_playbook(const Common& common, const std::string& file,
                                  std::string_view method, std::string_view target) {
  const auto text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  auto answer = ask(common, method, target, *text, "application/toml");
  if (!answer) {
    return fail(answer.error().code, fmt::format("{}: {}", file, answer.error().message));
  }
  return answer;
}

}  // namespace

int run_playbook_diff(const Common& common, const std::string& file) {
  const auto answer = send_playbook(common, file, "POST", "/api/v1/playbook/diff");
  if (!answer || common.format == Format::json) return show_object(common, answer);
  const json::array& changes = answer->as_object().at("changes").as_array();
  if (changes.empty()) {
    fmt::print("Nothing differs from the live playbook.\n");
    return 0;
  }
  print_rows(common.format, changes, {{"what", "path"}, {"now", "before"}, {"then", "after"}});
  if (common.format == Format::csv) return 0;
  fmt::print("\nOf {} leads {} would change score or stage.\n", text_at(*answer, "leads_scored"),
             text_at(*answer, "leads_changed"));
  print_stage_changes(*answer);
  print_segment_changes(*answer);
  print_distribution(*answer);
  return 0;
}

int run_playbook_apply(const Common& common, const std::string& file) {
  const auto answer = send_playbook(common, file, "PUT", "/api/v1/playbook");
  if (!answer || common.format != Format::table) return show_object(common, answer);
  fmt::print("Playbook version {} is live; {} leads changed score or stage.\n",
             text_at(*answer, "version"), text_at(*answer, "leads_changed"));
  print_stage_changes(*answer);
  return 0;
}

int run_key_list(const Common& common) {
  return show_list(common, ask(common, "GET", "/api/v1/keys"),
                   {{"id", "id"},
                    {"kind", "kind"},
                    {"name", "name"},
                    {"begins with", "prefix"},
                    {"made at", "created_at"}});
}

int run_key_create(const Common& common, const std::string& kind, const std::string& name) {
  return show_object(common, ask(common, "POST", "/api/v1/keys",
                                 json::serialize(json::object{{"kind", kind}, {"name", name}})));
}

int run_key_revoke(const Common& common, const std::string& id) {
  return show_object(common, ask(common, "DELETE", "/api/v1/keys/" + url_encoded(id)));
}

int run_user_list(const Common& common) {
  return show_list(common, ask(common, "GET", "/api/v1/users"),
                   {{"id", "id"}, {"email", "email"}, {"role", "role"}, {"made at", "created_at"}});
}

int run_user_create(const Common& common, const std::string& email, bool password_stdin) {
  const auto password = read_password(password_stdin);
  if (!password) return failed(password.error().message);
  return show_object(common,
                     ask(common, "POST", "/local/users",
                         json::serialize(json::object{{"email", email}, {"password", *password}})));
}

int run_user_password(const Common& common, const std::string& email, bool password_stdin) {
  const auto password = read_password(password_stdin);
  if (!password) return failed(password.error().message);
  return show_object(common,
                     ask(common, "POST", "/local/passwords",
                         json::serialize(json::object{{"email", email}, {"password", *password}})));
}

int run_doctor(const Common& common) {
  const auto answer = ask(common, "GET", "/local/doctor");
  if (!answer || common.format != Format::table) return show_object(common, answer);
  json::object shown = answer->as_object();
  const json::array workspaces = shown.at("workspaces").as_array();
  const json::object database = shown.at("database").as_object();
  shown.erase("workspaces");
  shown.erase("database");
  for (const auto& [name, value] : database) shown["database " + std::string(name)] = value;
  print_object(common.format, shown);
  fmt::print("\n");
  print_rows(common.format, workspaces,
             {{"workspace", "id"},
              {"name", "name"},
              {"leads", "leads"},
              {"persons", "persons"},
              {"log rows", "log_rows"},
              {"asleep", "asleep"},
              {"erasures", "erasures"},
              {"running", "erasures_running"},
              {"playbook", "playbook_version"}});
  return 0;
}

int run_backup(const Common& common, const std::string& file) {
  const std::string absolute = std::filesystem::absolute(file).string();
  return show_object(common, ask(common, "POST", "/local/backup",
                                 json::serialize(json::object{{"file", absolute}})));
}

namespace {

// What is in the data directory, once it could be read to its end.
Result<json::value> opened(const Common& common) {
  try {
    return ask(common, "GET", "/local/doctor");
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid, error.what());
  }
}

// An empty file would be taken for a database that is yet to be made.
bool is_database(const std::string& file) {
  static constexpr std::string_view kBegin("SQLite format 3\0", 16);
  std::array<char, kBegin.size()> begin{};
  std::ifstream in(file, std::ios::binary);
  in.read(begin.data(), begin.size());
  return in.gcount() == std::ssize(begin) && std::string_view(begin.data(), begin.size()) == kBegin;
}

// Adds a list of erasures from elsewhere to the one in the data directory.
Result<> keep_erasures(const Common& common, const std::string& file) {
  const auto given = read_file(file);
  if (!given) return tl::unexpected(given.error());
  const std::string place = common.data + "/erasures.json";
  const auto known = std::filesystem::exists(place) ? read_file(place) : std::string();
  if (!known) return tl::unexpected(known.error());
  try {
    auto list = engine::ErasureList::read(*known);
    list.add(engine::ErasureList::read(*given));
    store::write_file_durably(place, list.text());
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid, fmt::format("{}: {}", file, error.what()));
  }
  return {};
}

}  // namespace

int run_restore(const Common& common, const std::string& file, const std::string& erasures) {
  namespace fs = std::filesystem;
  const std::string database = common.data + "/galena.db";
  if (!fs::exists(file)) return failed(fmt::format("{} is not there", file));
  if (fs::exists(database)) {
    return failed(fmt::format("{} has data already; restore into an empty --data", common.data));
  }
  if (!is_database(file)) return failed(fmt::format("{} is no backup", file));
  fs::create_directories(common.data);
  if (!erasures.empty()) {
    if (const auto kept = keep_erasures(common, erasures); !kept) {
      return failed(kept.error().message);
    }
  }
  // The reports of what was here before; they are made anew.
  for (const char* left : {"", "-wal", "-shm"}) fs::remove(common.data + "/reports.db" + left);
  fs::copy_file(file, database);
  // Opening replays every log: a file that is damaged or no backup is found out now.
  const auto answer = opened(common);
  if (!answer) {
    for (const char* left : {"/galena.db", "/galena.db-wal", "/galena.db-shm"}) {
      fs::remove(common.data + left);
    }
    return failed(fmt::format("{} cannot be restored: {}", file, answer.error().message));
  }
  return show_object(common, answer);
}

int run_migrate(const Common& common) {
  if (!std::filesystem::exists(common.data + "/galena.db")) {
    return failed(fmt::format("there is no Galena in {}", common.data));
  }
  auto store = store::open_sqlite({.directory = common.data});
  if (!store) return failed(store.error().message);
  print_object(common.format, json::object{{"schema_version", (*store)->info().schema_version}});
  return 0;
}

int run_version(const Common& common) {
  print_object(common.format, json::object{{"version", server::kVersion}});
  return 0;
}

}  // namespace galena::cli
