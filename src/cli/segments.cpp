// Segments and the two definitions of an MQL, as the API tells them.
#include <fmt/format.h>

#include "cli/ask.hpp"
#include "cli/commands.hpp"
#include "domain/playbook_packs.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

const std::vector<Column> kChangeColumns{{"at", "at"},           {"lead", "lead.id"},
                                         {"name", "lead.name"},  {"email", "lead.email"},
                                         {"came in", "entered"}, {"why", "reason"}};

}  // namespace

int run_segments(const Common& common, const std::string& name, bool changes, int limit) {
  if (name.empty()) {
    return show_list(common, ask(common, "GET", "/api/v1/segments"),
                     {{"members", "members"}, {"name", "name"}, {"when", "when"}});
  }
  const std::string encoded = url_encoded(name);
  if (changes) {
    const auto target = fmt::format("/api/v1/segments/{}/changes?limit={}", encoded, limit);
    return show_list(common, ask(common, "GET", target), kChangeColumns);
  }
  const auto target = fmt::format("/api/v1/leads?segment={}&limit={}", encoded, limit);
  return show_list(common, ask(common, "GET", target), lead_columns());
}

int run_lead_segments(const Common& common, const std::string& id) {
  const auto answer = ask(common, "GET", fmt::format("/api/v1/leads/{}/segments", url_encoded(id)));
  if (!answer) return failed(answer.error().message);
  if (common.format == Format::json) {
    print_object(common.format, answer->as_object());
    return 0;
  }
  print_rows(common.format, answer->as_object().at("data").as_array(),
             {{"in it", "member"}, {"name", "name"}, {"since", "since"}, {"why", "reason"}});
  if (common.format == Format::csv) return 0;
  fmt::print("\nWhat came and went, the newest first:\n\n");
  print_rows(common.format, answer->as_object().at("changes").as_array(),
             {{"at", "at"}, {"segment", "segment"}, {"came in", "entered"}, {"why", "reason"}});
  return 0;
}

int run_mql(const Common& common, int limit) {
  std::vector<Column> columns = lead_columns();
  columns.insert(columns.begin(), {{"by score", "mql.by_score"}, {"by rule", "mql.by_rule"}});
  return show_list(common, ask(common, "GET", fmt::format("/api/v1/mql?limit={}", limit)), columns);
}

int run_playbook_pack(const Common& common, const std::string& name) {
  json::array rows;
  for (const domain::PlaybookPack& pack : domain::playbook_packs()) {
    if (pack.name == name) {
      fmt::print("{}", pack.toml);
      return 0;
    }
    rows.push_back(json::object{{"name", pack.name}, {"about", pack.about}});
  }
  if (!name.empty()) {
    return failed(fmt::format("there is no pack \"{}\"; galena playbook pack lists them", name));
  }
  print_rows(common.format, rows, {{"name", "name"}, {"about", "about"}});
  return 0;
}

}  // namespace galena::cli
