// Makes the data of the bench at scale: a Galena data directory of so many leads with about twenty
// events each, over two years, and the same as CSV for DuckDB. The same options give the same data.
//     scale_data --data DIR [--leads N] [--seed N] [--until TIME] [--playbook FILE]
//     scale_data --data DIR --export DIR [--changed FILE]
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "exporter.hpp"
#include "loader.hpp"

namespace {

using namespace galena;

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file + " cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Arguments {
  std::string data;
  std::string export_to;
  std::string playbook = std::string(SCALE_DIRECTORY) + "/playbook.toml";
  std::string changed = std::string(SCALE_DIRECTORY) + "/changed.toml";
  std::string until = "2026-11-01T00:00:00Z";
  scale::Crowd crowd;
};

void run(const Arguments& arguments) {
  const auto until = parse_time(arguments.until);
  if (!until) throw std::runtime_error("--until " + until.error().message);
  const bool is_there = std::filesystem::exists(arguments.data + "/galena.db");
  if (is_there && arguments.export_to.empty()) {
    throw std::runtime_error(arguments.data + " has data already");
  }
  if (!is_there) {
    scale::load({.directory = arguments.data,
                 .crowd = arguments.crowd,
                 .span = {*until},
                 .playbook = text_of(arguments.playbook)});
  }
  if (arguments.export_to.empty()) return;
  scale::export_to({.data = arguments.data,
                    .directory = arguments.export_to,
                    .now = *until,
                    .changed = text_of(arguments.changed)});
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Makes the data of the bench at scale.", "scale_data");
  app.add_option("--data", arguments.data, "Galena's directory; made if it is not there")
      ->required();
  app.add_option("--leads", arguments.crowd.leads, "How many, with about 20 events each")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--seed", arguments.crowd.seed, "Another number makes others");
  app.add_option("--until", arguments.until, "When the two years end")->capture_default_str();
  app.add_option("--playbook", arguments.playbook, "TOML; live when all has come in");
  app.add_option("--export", arguments.export_to, "Write CSV and model there");
  app.add_option("--changed", arguments.changed, "TOML; the changed model, for the export");
  CLI11_PARSE(app, argc, argv);
  try {
    run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "scale_data: {}\n", error.what());
    return 1;
  }
  return 0;
}
