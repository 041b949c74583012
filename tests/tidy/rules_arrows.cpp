// Which folder of src may know which: the table in ARCHITECTURE.md, against the #include lines and
// the libraries that CMake links.
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "source.hpp"
#include "tidy.hpp"

namespace galena::tidy {
namespace {

constexpr std::string_view kMap = "ARCHITECTURE.md";
constexpr int kBeastUnitsMax = 3;

struct Folder {
  std::set<std::string, std::less<>> knows;
  int line = 0;  // of its row
};

using Folders = std::map<std::string, Folder, std::less<>>;

std::vector<std::string_view> cells_of(std::string_view row) {
  std::vector<std::string_view> cells;
  while (row.starts_with('|')) {
    row.remove_prefix(1);
    const std::size_t end = row.find('|');
    if (end == std::string_view::npos) break;
    cells.push_back(row.substr(0, end));
    row.remove_prefix(end);
  }
  return cells;
}

// The rows under the header "| Folder | Knows | ...": `domain` | `base` | ...
Folders read_folders(const Tree& tree) {
  Folders folders;
  const File* map = tree.find(kMap);
  if (!map) return folders;
  bool in_table = false;
  int number = 0;
  for (const std::string_view line : lines_of(map->text)) {
    ++number;
    const std::vector<std::string_view> cells = cells_of(line);
    if (cells.size() < 2) {
      in_table = false;
    } else if (cells[0].find("Folder") != std::string_view::npos &&
               cells[1].find("Knows") != std::string_view::npos) {
      in_table = true;
    } else if (in_table && !quoted_names(cells[0]).empty()) {
      Folder& folder = folders[std::string(quoted_names(cells[0]).front())];
      folder.line = number;
      for (const std::string_view name : quoted_names(cells[1])) folder.knows.emplace(name);
    }
  }
  return folders;
}

// "domain" for "src/domain/score.cpp"; nothing for what lies in src itself or elsewhere.
std::optional<std::string_view> folder_of(std::string_view path) {
  if (!path.starts_with("src/")) return std::nullopt;
  path.remove_prefix(4);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return path.substr(0, slash);
}

// What stands between the quotes of an #include "..." line.
std::optional<std::string_view> included(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return std::nullopt;
  const std::size_t word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string_view::npos || !line.substr(word).starts_with("include")) {
    return std::nullopt;
  }
  const std::size_t open = line.find('"', word);
  const std::size_t close = line.find('"', open + 1);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  return line.substr(open + 1, close - open - 1);
}

bool may_know(const Folders& folders, std::string_view from, std::string_view to) {
  const auto row = folders.find(from);
  return from == to || (row != folders.end() && row->second.knows.contains(to));
}

std::string not_known(std::string_view from, std::string_view to) {
  return std::string(from) + " may not know " + std::string(to) + " (the table in " +
         std::string(kMap) + "); move the code to where the arrows allow it";
}

void check_includes(const Folders& folders, const File& file, const Report& report) {
  const std::string_view from = *folder_of(file.path);
  int number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    const std::optional<std::string_view> header = included(line);
    if (!header) continue;
    const std::string_view to = header->substr(0, header->find('/'));
    if (to.size() == header->size()) {
      report(file.path, number,
             "write the folder, too (\"" + std::string(from) + "/" + std::string(*header) +
                 "\"), and <> for libraries");
    } else if (!folders.contains(to)) {
      report(file.path, number,
             std::string(to) + " is no folder of src in " + std::string(kMap) +
                 "; use <> for libraries");
    } else if (!may_know(folders, from, to)) {
      report(file.path, number, not_known(from, to));
    }
  }
}

// galena_library(server DEPENDS engine SYSTEM ...): the names between DEPENDS and SYSTEM.
void check_links_of_library(const Folders& folders, const File& file, const Report& report) {
  const std::string_view from = *folder_of(file.path);
  const std::size_t call = file.text.find("galena_library(");
  if (call == std::string::npos) return;
  std::istringstream words(file.text.substr(call, file.text.find(')', call) - call));
  bool depends = false;
  for (std::string word; words >> word;) {
    if (word == "DEPENDS" || word == "SYSTEM") {
      depends = word == "DEPENDS";
    } else if (depends && !may_know(folders, from, word)) {
      report(file.path, line_at(file.text, call), not_known(from, word));
    }
  }
}

// True if some chain of arrows leads from `from` back to `target`.
bool leads_to(const Folders& folders, std::string_view from, std::string_view target,
              std::set<std::string, std::less<>>& seen) {
  const auto row = folders.find(from);
  if (row == folders.end() || !seen.emplace(from).second) return false;
  for (const std::string& next : row->second.knows) {
    if (next == target || leads_to(folders, next, target, seen)) return true;
  }
  return false;
}

void check_table(const Folders& folders, const Report& report) {
  if (folders.empty()) {
    report(kMap, 1, "has no table with the columns Folder and Knows; the arrows are read from it");
  }
  for (const auto& [name, folder] : folders) {
    std::set<std::string, std::less<>> seen;
    if (leads_to(folders, name, name, seen)) {
      report(kMap, folder.line, name + " knows itself in the end; arrows point one way");
    }
    for (const std::string& known : folder.knows) {
      if (!folders.contains(known)) {
        report(kMap, folder.line, name + " knows " + known + ", which has no row of its own");
      }
    }
  }
}

// The line of `file` that includes Beast or Asio, or one of `files`, which do; 0 if none does.
int line_with_beast(const File& file, const std::map<std::string_view, int>& files) {
  int number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    if (line.starts_with("#include <boost/beast") || line.starts_with("#include <boost/asio")) {
      return number;
    }
    const auto header = included(line);
    if (header && files.contains("src/" + std::string(*header))) return number;
  }
  return 0;
}

}  // namespace

void check_arrows(const Tree& tree, const Report& report) {
  const Folders folders = read_folders(tree);
  check_table(folders, report);
  for (const File& file : tree.files) {
    if (!folder_of(file.path)) continue;
    if (is_cpp(file.path)) check_includes(folders, file, report);
    if (file.path.ends_with("/CMakeLists.txt")) check_links_of_library(folders, file, report);
  }
}

void check_folders(const Tree& tree, const Report& report) {
  const Folders folders = read_folders(tree);
  for (const File& file : tree.files) {
    if (!is_cpp(file.path) || !is_in(file.path, "src/") || file.path == "src/main.cpp") continue;
    const auto folder = folder_of(file.path);
    if (folder && folders.contains(*folder)) continue;
    report(file.path, 1,
           "is in no folder that " + std::string(kMap) +
               " lists; move it into one, or give the folder a row in the table");
  }
}

void check_beast(const Tree& tree, const Report& report) {
  // The files that include Beast or Asio, then those that include such a header, and so on.
  std::map<std::string_view, int> files;  // path -> the line that brings it in
  for (bool grown = true; grown;) {
    grown = false;
    for (const File& file : tree.files) {
      if (!is_cpp(file.path) || !is_in(file.path, "src/") || files.contains(file.path)) continue;
      const int line = line_with_beast(file, files);
      if (line == 0) continue;
      files.emplace(file.path, line);
      grown = true;
    }
  }
  int units = 0;
  for (const auto& [path, line] : files) {
    if (!path.ends_with(".cpp") || ++units <= kBeastUnitsMax) continue;
    report(path, line,
           "Beast and Asio cost 15 s for each file that includes them, also through a header; " +
               std::to_string(kBeastUnitsMax) +
               " do already: use server/http.hpp, or move the code into one of them");
  }
}

}  // namespace galena::tidy
