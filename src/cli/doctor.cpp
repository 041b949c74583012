// `galena doctor` for people, and as "name,value" for spreadsheets.
#include <fmt/format.h>

#include <array>

#include "cli/ask.hpp"
#include "cli/commands.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kBytes = "bytes";

// As people read it: 1,536,000 is "1.5 MB".
std::string readable_bytes(double bytes) {
  static constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit > 0 && bytes < 99.5 ? 1 : 0, kUnits[unit]);
}

// One level: "database.bytes"; workspaces by their ids: "ws_1.memory.records_bytes".
void flatten(const json::value& value, const std::string& name, json::object& flat) {
  const auto below = [&](std::string_view member) {
    return name.empty() ? std::string(member) : fmt::format("{}.{}", name, member);
  };
  if (const auto* object = value.if_object()) {
    for (const auto& [member, inner] : *object) flatten(inner, below(member), flat);
  } else if (const auto* list = value.if_array()) {
    for (const json::value& inner : *list) flatten(inner, text_at(inner, "id"), flat);
  } else {
    flat[name] = value;
  }
}

// Amounts of bytes in words, and their names without the unit.
json::object in_words(const json::object& flat) {
  json::object words;
  for (const auto& [member, value] : flat) {
    std::string name(member);
    const bool is_bytes = name.ends_with(kBytes);
    if (is_bytes) name.resize(name.size() - kBytes.size());
    for (char& c : name) {
      if (c == '.' || c == '_') c = ' ';
    }
    while (name.ends_with(' ')) name.pop_back();
    if (!is_bytes) words[name] = value;
    if (is_bytes) words[name] = readable_bytes(value.to_number<double>());
  }
  return words;
}

void print_for_people(const json::object& answer) {
  json::object whole = answer;
  whole.erase("workspaces");
  json::object flat;
  flatten(whole, "", flat);
  print_object(Format::table, in_words(flat));
  json::array rows;
  for (const json::value& workspace : answer.at("workspaces").as_array()) {
    json::object row;
    for (const auto& [member, value] : workspace.as_object()) flatten(value, member, row);
    rows.push_back(in_words(row));
  }
  fmt::print("\n");
  print_rows(Format::table, rows,
             {{"workspace", "id"},
              {"name", "name"},
              {"leads", "leads"},
              {"persons", "persons"},
              {"events", "events"},
              {"log rows", "log rows"},
              {"asleep", "asleep"},
              {"playbook", "playbook version"},
              {"erasures", "erasures"},
              {"running", "erasures running"}});
  fmt::print("\n");
  print_rows(Format::table, rows,
             {{"workspace", "id"},
              {"records, about", "memory records"},
              {"columns", "memory columns"},
              {"mapped", "memory base"},
              {"log, about", "disk log"},
              {"snapshots", "disk snapshots"},
              {"their size", "disk snapshot"},
              {"as of row", "disk snapshot position"},
              {"reports as of", "disk reports position"}});
}

}  // namespace

int run_doctor(const Common& common) {
  const auto answer = ask(common, "GET", "/local/doctor");
  if (!answer || common.format == Format::json) return show_object(common, answer);
  if (common.format == Format::csv) {
    json::object flat;
    flatten(*answer, "", flat);
    print_object(Format::csv, flat);
    return 0;
  }
  print_for_people(answer->as_object());
  return 0;
}

}  // namespace galena::cli
