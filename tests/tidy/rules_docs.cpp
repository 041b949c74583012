// Documents that stay true: links and names that exist, decisions that are numbered and listed.
#include <cctype>
#include <map>
#include <string>

#include "source.hpp"
#include "tidy.hpp"

namespace galena::tidy {
namespace {

constexpr std::string_view kDecisions = "docs/adr/";

// "docs/adr/../testing.md" -> "docs/testing.md"; empty if it leads out of the project.
std::string resolved(std::string_view from, std::string_view target) {
  std::string path(from.substr(0, from.rfind('/') + 1));
  if (from.find('/') == std::string_view::npos) path.clear();
  path += target;
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string part = path.substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return "..";
    } else {
      parts.pop_back();
    }
  }
  std::string joined;
  for (const std::string& part : parts) joined += (joined.empty() ? "" : "/") + part;
  return joined;
}

// The anchor that a heading gets: "## The path of an event" -> "the-path-of-an-event".
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '_' || c == '-' || byte >= 0x80) {
      anchor += static_cast<char>(std::tolower(byte));
    } else if (c == ' ') {
      anchor += '-';
    }
  }
  return anchor;
}

bool has_anchor(const File& file, std::string_view anchor) {
  const std::string prose = prose_only(file.text);
  for (std::string_view line : lines_of(prose)) {
    if (!line.starts_with('#')) continue;
    line.remove_prefix(std::min(line.find_first_not_of('#'), line.size()));
    if (line.starts_with(' ')) line.remove_prefix(1);
    if (anchor_of(line) == anchor) return true;
  }
  return false;
}

// "[text](target)": calls `found` with each target, its title and brackets taken off.
template <class Found>
void for_each_link(std::string_view line, Found found) {
  for (std::size_t at = line.find("]("); at != std::string_view::npos;
       at = line.find("](", at + 1)) {
    const std::size_t close = line.find(')', at);
    if (close == std::string_view::npos) return;
    std::string_view target = line.substr(at + 2, close - at - 2);
    target = target.substr(0, target.find(' '));
    if (target.starts_with('<') && target.ends_with('>')) {
      target = target.substr(1, target.size() - 2);
    }
    found(target);
  }
}

bool is_outside(std::string_view target) {
  return target.find("://") != std::string_view::npos || target.starts_with("mailto:");
}

void check_link(const Tree& tree, const File& file, int line, std::string_view target,
                const Report& report) {
  if (is_outside(target)) return;
  const std::size_t hash = std::min(target.find('#'), target.size());
  const std::string path = hash == 0 ? file.path : resolved(file.path, target.substr(0, hash));
  if (!tree.has(path)) {
    report(file.path, line, "there is no " + path + "; correct the link");
    return;
  }
  const File* linked = tree.find(path);
  if (hash == target.size() || !linked || !is_markdown(path)) return;
  if (!has_anchor(*linked, target.substr(hash + 1))) {
    report(file.path, line,
           path + " has no heading for " + std::string(target.substr(hash)) + "; correct the link");
  }
}

// True for what a document writes in backticks as a path of this project.
bool is_project_path(std::string_view name) {
  constexpr std::string_view kFolders[] = {"src/",   "tests/", "script/", "docs/",
                                           "cmake/", "bench/", "deploy/", ".ci/"};
  if (name.find_first_of("*<>{}$…") != std::string_view::npos) return false;
  if (name.find("NAME") != std::string_view::npos) return false;  // stands for any
  for (const std::string_view folder : kFolders) {
    if (name.starts_with(folder)) return true;
  }
  return false;
}

// "0001" for "docs/adr/0001-event-path.md", empty for what is no decision.
std::string_view number_of(std::string_view path) {
  if (!path.starts_with(kDecisions) || !is_markdown(path)) return {};
  const std::string_view name = path.substr(kDecisions.size());
  if (name == "README.md" || name.find('/') != std::string_view::npos) return {};
  return name.substr(0, name.find('-'));
}

}  // namespace

void check_links(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    if (!is_markdown(file.path)) continue;
    const std::string prose = prose_only(file.text);
    int number = 0;
    for (const std::string_view line : lines_of(prose)) {
      ++number;
      for_each_link(
          line, [&](std::string_view target) { check_link(tree, file, number, target, report); });
    }
  }
}

void check_map_names(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    // A decision tells of its day; the other documents tell of now.
    if (!is_markdown(file.path) || is_in(file.path, kDecisions)) continue;
    const std::string prose = prose_only(file.text);
    int number = 0;
    for (const std::string_view line : lines_of(prose)) {
      ++number;
      for (std::string_view name : quoted_names(line)) {
        name = name.substr(0, name.find(' '));
        if (name.ends_with('/')) name.remove_suffix(1);
        if (!is_project_path(name) || tree.has(name)) continue;
        report(file.path, number, "there is no " + std::string(name) + "; correct the name");
      }
    }
  }
}

void check_decisions(const Tree& tree, const Report& report) {
  const std::string index_path = std::string(kDecisions) + "README.md";
  const File* index = tree.find(index_path);
  std::map<std::string_view, std::string_view> first;  // number -> path
  for (const File& file : tree.files) {
    const std::string_view number = number_of(file.path);
    if (number.empty()) continue;
    const std::string name = file.path.substr(kDecisions.size());
    if (number.size() != 4 || number.find_first_not_of("0123456789") != std::string_view::npos) {
      report(file.path, 1, "begin the file's name with a number of four digits: 0007-name.md");
      continue;
    }
    const auto [known, is_new] = first.emplace(number, file.path);
    if (!is_new) {
      report(file.path, 1,
             std::string(number) + " is taken by " + std::string(known->second) +
                 "; take the next free number");
    }
    if (!index || index->text.find("](" + name + ")") == std::string::npos) {
      report(file.path, 1, "is not listed; add a row with a link to " + index_path);
    }
  }
}

}  // namespace galena::tidy
