#include "tidy.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

namespace galena::tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::array kRules{
    Rule{"arrows", check_arrows},
    Rule{"folders", check_folders},
    Rule{"beast", check_beast},
    Rule{"function-length", check_function_length},
    Rule{"file-length", check_file_length},
    Rule{"line-length", check_line_length},
    Rule{"purity", check_purity},
    Rule{"skipped-test", check_skipped_tests},
    Rule{"unfinished", check_unfinished},
    Rule{"machine-path", check_machine_paths},
    Rule{"dead-link", check_links},
    Rule{"dead-name", check_map_names},
    Rule{"decisions", check_decisions},
};

bool is_skipped_folder(const std::string& name, int depth) {
  static const std::set<std::string> kAnywhere{".git", ".cache", "node_modules", "dist",
                                               "test-results"};
  return kAnywhere.contains(name) || (depth == 0 && (name.starts_with("build") || name == "data"));
}

// What people write: sources, scripts, documents. Not data, and not what a tool writes.
bool is_written_text(const fs::path& path) {
  static const std::set<std::string> kExtensions{
      ".cpp", ".hpp", ".h",    ".c",   ".cmake", ".md",   ".sh",  ".sql",  ".ts", ".tsx",
      ".js",  ".mjs", ".html", ".css", ".toml",  ".yaml", ".yml", ".json", ".in"};
  if (path.filename() == "package-lock.json") return false;
  if (path.filename() == "CMakeLists.txt") return true;
  const bool script = path.extension().empty() && path.has_parent_path() &&
                      (*path.begin() == "script" || *path.begin() == ".ci");
  return script || kExtensions.contains(path.extension());
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

const File* Tree::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(files, path, {}, &File::path);
  return found != files.end() && found->path == path ? &*found : nullptr;
}

bool Tree::has(std::string_view path) const {
  if (path.empty() || find(path)) return true;
  const std::string folder = std::string(path) + "/";
  const auto found = std::ranges::lower_bound(files, folder, {}, &File::path);
  return found != files.end() && found->path.starts_with(folder);
}

Tree read_tree(const std::string& root) {
  Tree tree;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory()) {
      if (is_skipped_folder(entry->path().filename(), entry.depth())) {
        entry.disable_recursion_pending();
      }
    } else if (entry->is_regular_file()) {
      const fs::path path = entry->path().lexically_relative(root);
      tree.files.push_back(
          {path.generic_string(), is_written_text(path) ? read_file(entry->path()) : ""});
    }
  }
  std::ranges::sort(tree.files, {}, &File::path);
  return tree;
}

std::span<const Rule> rules() {
  return kRules;
}

std::vector<Finding> check(const Tree& tree) {
  std::vector<Finding> findings;
  for (const Rule& rule : kRules) {
    rule.check(tree, [&](std::string_view path, int line, const std::string& advice) {
      findings.push_back({std::string(path), line, std::string(rule.name), advice});
    });
  }
  std::ranges::stable_sort(findings, {}, [](const Finding& finding) {
    return std::tuple(std::string_view(finding.path), finding.line);
  });
  return findings;
}

}  // namespace galena::tidy
