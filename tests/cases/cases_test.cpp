// Every case of every *.txt beside this file is a test of its own: cases_test DIRECTORY.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "case_file.hpp"
#include "story.hpp"

namespace galena::cases {
namespace {

class CaseTest : public testing::Test {
 public:
  explicit CaseTest(Case told) : case_(std::move(told)) {}
  void TestBody() override { Story(case_).play(); }

 private:
  Case case_;
};

// Test names hold letters, digits and underscores only.
std::string test_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (plain) name.push_back(c);
    if (!plain && !name.empty() && name.back() != '_') name.push_back('_');
  }
  return name;
}

int register_cases(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  int count = 0;
  std::set<std::string> names;
  for (const auto& file : files) {
    for (Case& told : read_cases(file)) {
      const std::string suite = test_name(file.stem().string());
      const std::string name = test_name(told.title);
      if (!names.insert(suite + name).second) {
        throw std::runtime_error(told.file + ": two cases are called \"" + told.title + "\"");
      }
      const std::string path = told.file;
      const int line = told.line;
      testing::RegisterTest(
          suite.c_str(), name.c_str(), nullptr, nullptr, path.c_str(), line,
          [told = std::move(told)]() -> testing::Test* { return new CaseTest(told); });
      ++count;
    }
  }
  return count;
}

}  // namespace
}  // namespace galena::cases

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  if (count != 2) {
    std::cerr << "usage: cases_test DIRECTORY\n";
    return 2;
  }
  try {
    if (galena::cases::register_cases(arguments[1]) == 0) throw std::runtime_error("no cases");
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return RUN_ALL_TESTS();
}
