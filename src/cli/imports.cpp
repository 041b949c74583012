// Files into the workspace, from the command line: given, understood, tried, imported, taken back.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "cli/ask.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kPartBytes = 4 << 20;

// One import and the way to ask about it.
class Importing {
 public:
  Importing(Session& session, const Common& common) : session_(session), common_(common) {}

  Result<json::value> ask(std::string_view method, std::string_view what,
                          std::string_view body = {}, std::string_view type = "application/json") {
    return cli::ask(session_, common_, method, fmt::format("/api/v1/imports/{}{}", id, what), body,
                    type);
  }

  // Waits until nothing is at work on it; says how far it is to whoever looks.
  Result<json::value> settled() {
    for (;;) {
      session_.work();
      auto answer = ask("GET", "");
      if (!answer) return answer;
      const std::string state = text_at(*answer, "state");
      const bool is_at_work = state == "checking" || state == "running" || state == "undoing";
      if (!is_at_work) return answer;
      fmt::print(stderr, "\r{} {} of {} bytes ", state, text_at(*answer, "bytes_read"),
                 text_at(*answer, "bytes"));
      std::fflush(stderr);
      told_ = true;
      std::this_thread::sleep_for(300ms);
    }
  }
  void end_line() {
    if (std::exchange(told_, false)) fmt::print(stderr, "\n");
  }

  std::string id;

 private:
  Session& session_;
  const Common& common_;
  bool told_ = false;
};

// Hands the file over, a part at a time.
Result<json::value> give(Session& session, const Common& common, std::istream& in,
                         const std::string& name, std::string& id) {
  std::string part(kPartBytes, '\0');
  std::uint64_t offset = 0;
  Result<json::value> answer = json::value(nullptr);
  do {
    in.read(part.data(), static_cast<std::streamsize>(part.size()));
    const std::string_view bytes(part.data(), static_cast<std::size_t>(in.gcount()));
    if (bytes.empty() && offset > 0) break;
    answer = offset == 0 ? ask(session, common, "POST", "/api/v1/imports?name=" + url_encoded(name),
                               bytes, "text/csv")
                         : ask(session, common, "PUT",
                               fmt::format("/api/v1/imports/{}/content?offset={}", id, offset),
                               bytes, "text/csv");
    if (!answer) return answer;
    if (offset == 0) id = text_at(*answer, "id");
    offset += bytes.size();
  } while (in);
  return answer;
}

void show_columns(const json::value& import) {
  fmt::print("{}: {}, {} bytes, read as {} ({})\n\n", text_at(import, "id"),
             printable(text_at(import, "name")), text_at(import, "bytes"),
             text_at(import, "layout"), text_at(import, "kind"));
  print_rows(
      Format::table, import.as_object().at("columns").as_array(),
      {{"column", "header"}, {"is", "target"}, {"for example", "sample"}, {"why", "reason"}});
  fmt::print("\n");
}

void show_figures(const json::value& import, std::string_view which) {
  const json::object& figures = import.as_object().at(which).as_object();
  for (const auto& [name, value] : figures) {
    if (name == "rows" || value.to_number<std::uint64_t>() > 0) {
      fmt::print("  {:>12}  {}\n", value.to_number<std::uint64_t>(), std::string(name));
    }
  }
}

bool has_rejected(const json::value& import) {
  return import.as_object().at("imported").as_object().at("rejected").to_number<std::uint64_t>() >
         0;
}

// How it ended; gives the exit code.
int show_end(const Common& common, const Result<json::value>& import, std::string_view which) {
  if (!import) return failed(import.error().message);
  if (common.format != Format::table) return show_object(common, import);
  const std::string id = text_at(*import, "id");
  fmt::print("{}\n", text_at(*import, "state"));
  show_figures(*import, which);
  if (has_rejected(*import)) {
    fmt::print("The rejected rows with their reasons: galena imports {} --rejected\n", id);
  }
  const std::string error = text_at(*import, "error");
  if (text_at(*import, "state") != "failed") return 0;
  return failed(error);
}

Result<> set_mapping(Importing& importing, const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, fmt::format("{} cannot be read", file));
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto answer = importing.ask("PATCH", "", text, "application/merge-patch+json");
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

int run_step(Importing& importing, const Common& common, std::string_view step,
             std::string_view which) {
  const auto begun = importing.ask("POST", fmt::format("/{}", step));
  if (!begun) return failed(begun.error().message);
  const auto end = importing.settled();
  importing.end_line();
  return show_end(common, end, which);
}

}  // namespace

int run_import(const Common& common, const ImportOptions& options) {
  std::ifstream file;
  const bool is_stdin = options.file == "-";
  if (!is_stdin) {
    file.open(options.file, std::ios::binary);
    if (!file) return failed(fmt::format("{} cannot be read", options.file));
  }
  auto session = Session::open(common.data, false);
  if (!session) return failed(session.error().message);
  const std::string name =
      is_stdin ? "stdin" : std::filesystem::path(options.file).filename().string();
  Importing importing(*session, common);
  const auto given = give(*session, common, is_stdin ? std::cin : file, name, importing.id);
  if (!given) return failed(given.error().message);
  if (!options.settings.empty()) {
    if (auto set = set_mapping(importing, options.settings); !set) {
      return failed(set.error().message);
    }
  }
  if (common.format == Format::table) {
    const auto understood = importing.ask("GET", "");
    if (!understood) return failed(understood.error().message);
    show_columns(*understood);
  }
  if (!options.dry_run) return run_step(importing, common, "run", "imported");
  const int code = run_step(importing, common, "check", "checked");
  if (code == 0 && common.format == Format::table) {
    fmt::print("Nothing was imported. To do it: galena imports {} --run\n", importing.id);
  }
  return code;
}

int run_imports(const Common& common, const std::string& id, const std::string& step) {
  if (id.empty()) {
    return show_list(common, ask(common, "GET", "/api/v1/imports"),
                     {{"id", "id"},
                      {"file", "name"},
                      {"state", "state"},
                      {"rows", "imported.rows"},
                      {"created", "imported.created"},
                      {"updated", "imported.updated"},
                      {"rejected", "imported.rejected"},
                      {"since", "created_at"}});
  }
  auto session = Session::open(common.data, false);
  if (!session) return failed(session.error().message);
  Importing importing(*session, common);
  importing.id = url_encoded(id);
  if (step == "rejected") {
    const auto text =
        ask_text(*session, common, fmt::format("/api/v1/imports/{}/rejected", importing.id));
    if (!text) return failed(text.error().message);
    fmt::print("{}", *text);
    return 0;
  }
  if (!step.empty()) {
    return run_step(importing, common, step, step == "check" ? "checked" : "imported");
  }
  const auto import = importing.ask("GET", "");
  if (!import || common.format != Format::table) return show_object(common, import);
  if (!import->as_object().at("columns").as_array().empty()) show_columns(*import);
  return show_end(common, import, "imported");
}

}  // namespace galena::cli
