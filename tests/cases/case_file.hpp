// Cases as text: blocks of given / when / then lines (README.md).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace galena::cases {

struct Step {
  enum class Kind { given, when, then };
  Kind kind{};
  int line = 0;
  std::string head;  // what stands between the first word and the colon
  std::string body;  // what stands behind the colon
};

struct Case {
  std::string file;
  int line = 0;
  std::string title;
  std::vector<Step> steps;
};

// Throws std::runtime_error("file:line: …") for text that is no case.
std::vector<Case> read_cases(const std::filesystem::path& file);

// "a = 1, b = "x, y"" as pairs; quotes protect commas and are taken off. An entry without "=" has
// an empty value.
using Details = std::vector<std::pair<std::string, std::string>>;
Details read_details(std::string_view text);

// The parts of a text between separators that stand outside of quotes, trimmed.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace galena::cases
