// The house rules that a compiler does not know, as a program: `tidy ROOT` prints
// "file:line: rule: what to do" for each breach and fails if there is one. The rules work on a Tree
// in memory, so that tidy_test.cpp can show each of them a breach.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace galena::tidy {

struct File {
  std::string path;  // from the root, with "/"
  std::string text;  // empty for what is no text that people write (pictures, data)
};

// The files of the project in the order of their paths.
struct Tree {
  std::vector<File> files;

  const File* find(std::string_view path) const;
  // True for a file and for a folder that holds one.
  bool has(std::string_view path) const;
};

// Without what is built, fetched or made by running: build*, node_modules, dist, data, .cache,
// .git.
Tree read_tree(const std::string& root);

struct Finding {
  std::string path;
  int line = 0;
  std::string rule;
  std::string advice;
};

// Called by a rule for each breach: path, line, what to do.
using Report = std::function<void(std::string_view path, int line, const std::string& advice)>;

struct Rule {
  std::string_view name;
  void (*check)(const Tree& tree, const Report& report);
};

// The rule table.
std::span<const Rule> rules();

// All findings of all rules, by path and line.
std::vector<Finding> check(const Tree& tree);

// The rules, by what they look at.
void check_arrows(const Tree& tree, const Report& report);
void check_folders(const Tree& tree, const Report& report);
void check_beast(const Tree& tree, const Report& report);
void check_function_length(const Tree& tree, const Report& report);
void check_file_length(const Tree& tree, const Report& report);
void check_line_length(const Tree& tree, const Report& report);
void check_purity(const Tree& tree, const Report& report);
void check_skipped_tests(const Tree& tree, const Report& report);
void check_unfinished(const Tree& tree, const Report& report);
void check_machine_paths(const Tree& tree, const Report& report);
void check_links(const Tree& tree, const Report& report);
void check_map_names(const Tree& tree, const Report& report);
void check_decisions(const Tree& tree, const Report& report);

}  // namespace galena::tidy
