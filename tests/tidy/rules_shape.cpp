// Sizes: a function is one screen, a file is a room you can know.
#include <string>

#include "functions.hpp"
#include "source.hpp"
#include "tidy.hpp"

namespace galena::tidy {
namespace {

constexpr int kFunctionLinesMax = 70;
constexpr int kFileLinesMax = 699;
constexpr int kColumnsMax = 100;

bool is_measured(const File& file) {
  return is_cpp(file.path) &&
         (is_in(file.path, "src/") || is_in(file.path, "tests/") || is_in(file.path, "bench/"));
}

int columns(std::string_view line) {
  int columns = 0;
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++columns;
  }
  return columns;
}

}  // namespace

void check_function_length(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    if (!is_measured(file)) continue;
    for (const Function& function : functions_of(file.text)) {
      const int lines = function.last_line - function.first_line + 1;
      if (lines <= kFunctionLinesMax) continue;
      report(file.path, function.first_line,
             function.name + " has " + std::to_string(lines) + " lines; " +
                 std::to_string(kFunctionLinesMax) + " at most: give its parts names");
    }
  }
}

void check_file_length(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    const int lines = is_measured(file) ? static_cast<int>(lines_of(file.text).size()) : 0;
    if (lines <= kFileLinesMax) continue;
    report(file.path, lines,
           "has " + std::to_string(lines) + " lines; split it by concept before it reaches 700");
  }
}

void check_line_length(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    if (!is_measured(file)) continue;
    int number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      if (columns(line) <= kColumnsMax) continue;
      report(file.path, number,
             "is " + std::to_string(columns(line)) + " columns wide; break it at " +
                 std::to_string(kColumnsMax) + " (script/format does it for code)");
    }
  }
}

}  // namespace galena::tidy
