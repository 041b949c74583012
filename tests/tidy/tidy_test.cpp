// Each rule is shown what it forbids and must name the place, and what it allows and must be
// silent.
#include "tidy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "functions.hpp"
#include "source.hpp"

namespace galena::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A small project without a finding.
const std::map<std::string, std::string> kSound{
    {"ARCHITECTURE.md",
     "# Map\n\n| Folder | Knows | Holds |\n|---|---|---|\n"
     "| `base` | | words |\n| `domain` | `base` | the core |\n| `workspace` | `domain` `base` | |\n"
     "| `server` | `domain` `base` | |\n\nSee [decisions](docs/adr/README.md#all-of-them).\n"},
    {"docs/adr/README.md", "# Decisions\n\n## All of them\n\n- [one](0001-one.md)\n"},
    {"docs/adr/0001-one.md", "# 0001 One\n\nWe then had `src/domain/gone.cpp`.\n"},
    {"src/base/time.hpp", "#pragma once\n#include <chrono>\n"},
    {"src/domain/score.cpp", "#include \"base/time.hpp\"\nint score() { return 80; }\n"},
    {"src/main.cpp", "int main() {}\n"},
};

std::vector<std::string> findings_with(std::map<std::string, std::string> changed) {
  changed.insert(kSound.begin(), kSound.end());
  Tree tree;
  for (const auto& [path, text] : changed) tree.files.push_back({path, text});
  std::vector<std::string> found;
  for (const Finding& finding : check(tree)) {
    found.push_back(finding.path + ":" + std::to_string(finding.line) + ": " + finding.rule);
    EXPECT_FALSE(finding.advice.empty());
  }
  return found;
}

std::string repeated(int count, std::string_view line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

const std::string kMapHead = "| Folder | Knows |\n|---|---|\n";

struct Breach {
  std::string_view rule;
  std::string path;
  std::string text;
  int line;
};

const std::vector<Breach> kBreaches{
    {"arrows", "src/base/id.cpp", "\n#include \"domain/score.hpp\"\n", 2},
    {"arrows", "src/server/http.cpp", "#  include  \"workspace/view.hpp\"\n", 1},
    {"arrows", "src/domain/lead.cpp", "#include \"lead.hpp\"\n", 1},
    {"arrows", "src/domain/lead.cpp", "#include \"boost/json.hpp\"\n", 1},
    {"arrows", "src/domain/CMakeLists.txt", "# x\ngalena_library(domain DEPENDS base server)\n", 2},
    {"folders", "src/misc/tool.cpp", "int x;\n", 1},
    {"folders", "src/tool.hpp", "#pragma once\n", 1},
    {"function-length", "src/domain/a.cpp", "\nint f() {\n" + repeated(70, "  g();\n") + "}\n", 2},
    {"function-length", "tests/a.cpp", "TEST(A, B) {\n" + repeated(70, "\n") + "}\n", 1},
    {"file-length", "bench/a.cpp", repeated(700, "int f();\n"), 700},
    {"line-length", "src/base/a.hpp", "\n// " + repeated(98, "x") + "\n", 2},
    {"purity", "src/domain/a.cpp", "auto now = std::chrono::system_clock::now();\n", 1},
    {"purity", "src/domain/a.cpp", "\nauto now = time(nullptr);\n", 2},
    {"purity", "src/workspace/a.cpp", "int f() {\n  return std::rand();\n}\n", 2},
    {"purity", "src/workspace/a.cpp", "int x = ::rand ();\n", 1},
    {"purity", "src/domain/a.hpp", "inline bool f() { return getenv(\"X\"); }\n", 1},
    {"purity", "src/domain/a.cpp", "void f() { std::cout << 1; }\n", 1},
    {"purity", "src/domain/a.cpp", "void f() { std::ifstream in; }\n", 1},
    {"purity", "src/workspace/a.cpp", "std::thread worker;\n", 1},
    {"skipped-test", "src/domain/a_test.cpp", "\nvoid f() { GTEST_SKIP(); }\n", 2},
    {"skipped-test", "tests/a.cpp", "TEST(Score, DISABLED_Decays) {}\n", 1},
    {"unfinished", "script/test",
     "# TO"
     "DO: more\n",
     1},
    {"unfinished", "src/base/a.hpp",
     "int x;  // FIX"
     "ME\n",
     1},
    {"machine-path", "script/test",
     "\ncd /ho"
     "me/ada/galena\n",
     2},
    {"machine-path", "docs/a.md",
     "Look into \"/ro"
     "ot/galena\".\n",
     1},
    {"dead-link", "docs/a.md", "\nSee [b](b.md).\n", 2},
    {"dead-link", "docs/a.md", "See [the map](../ARCHITECTURE.md#nowhere).\n", 1},
    {"dead-link", "docs/a.md", "See [all](../../other/README.md).\n", 1},
    {"dead-name", "docs/a.md", "Scores: `src/domain/scores.cpp`.\n", 1},
    {"dead-name", "docs/a.md", "\nRun `script/tests NAME`.\n", 2},
    {"decisions", "docs/adr/0002-two.md", "# 0002 Two\n", 1},
    {"decisions", "docs/adr/two.md", "# Two\n", 1},
};

TEST(Tidy, ASoundProjectHasNoFindings) {
  EXPECT_THAT(findings_with({}), IsEmpty());
}

TEST(Tidy, EveryBreachIsFoundInItsPlace) {
  for (const Breach& breach : kBreaches) {
    SCOPED_TRACE(breach.text.substr(0, 200));
    EXPECT_THAT(findings_with({{breach.path, breach.text}}),
                ElementsAre(breach.path + ":" + std::to_string(breach.line) + ": " +
                            std::string(breach.rule)));
  }
}

// `beast` needs several files; its breach is below.
TEST(Tidy, EveryRuleHasABreachHere) {
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(rule.name == "beast" || std::ranges::count(kBreaches, rule.name, &Breach::rule) > 0)
        << rule.name;
  }
}

TEST(Tidy, TheFourthUnitWithBeastOrAsioIsOneTooMany) {
  std::map<std::string, std::string> files{
      {"src/server/a.cpp", "#include <boost/beast/core.hpp>\n#include <boost/beast/http.hpp>\n"},
      {"src/server/b.cpp", "#include \"server/b.hpp\"\n"},
      {"src/server/b.hpp", "#pragma once\n#include <boost/asio.hpp>\n"},
      {"src/server/c.cpp", "#include <boost/asio.hpp>\n"}};
  EXPECT_THAT(findings_with(files), IsEmpty());
  files["src/server/d.cpp"] = "\n#include \"server/d.hpp\"\n";
  files["src/server/d.hpp"] = "#include \"server/b.hpp\"\n";
  EXPECT_THAT(findings_with(files), ElementsAre("src/server/d.cpp:2: beast"));
}

TEST(Tidy, TheTableOfArrowsMustBeThereAndSound) {
  const auto of_table = [](const std::string& rows) {
    Tree tree{{{"ARCHITECTURE.md", rows}}};
    std::vector<std::string> found;
    for (const Finding& finding : check(tree)) found.push_back(finding.advice);
    return found;
  };
  EXPECT_THAT(of_table(kMapHead + "| `base` | |\n"), IsEmpty());
  EXPECT_THAT(of_table("no table\n"), ElementsAre(testing::HasSubstr("has no table")));
  EXPECT_THAT(
      of_table(kMapHead + "| `a` | `b` |\n| `b` | `a` |\n"),
      ElementsAre(testing::HasSubstr("a knows itself"), testing::HasSubstr("b knows itself")));
  EXPECT_THAT(of_table(kMapHead + "| `a` | `gone` |\n"),
              ElementsAre(testing::HasSubstr("no row of its own")));
}

TEST(Tidy, ADecisionsNumberIsTakenOnce) {
  EXPECT_THAT(findings_with({{"docs/adr/0001-other.md", "# 0001 Other\n"},
                             {"docs/adr/README.md",
                              "## All of them\n[one](0001-one.md) [other](0001-other.md)\n"}}),
              ElementsAre("docs/adr/0001-other.md:1: decisions"));
}

TEST(Tidy, WhatIsAllowedIsNotFound) {
  const std::map<std::string, std::string> allowed{
      {"src/domain/a.cpp",
       "#include \"domain/a.hpp\"\n"
       "// system_clock and time() are for others; std::cout, too\n"
       "const char* kText = \"rand() and std::thread\";\n"
       "Time time(int x);\nauto u = time(object, 1);\nauto t = event.time() + Clock::time(1) + "
       "lead->time();\n"
       "int timed = 86'400, x = 'a';\nint snprintf_size = std::snprintf(nullptr, 0, \"\");\n"},
      {"src/domain/a_test.cpp", "void f() { std::ifstream cases; }\n"},
      {"src/server/clock.cpp", "auto now = std::chrono::system_clock::now();\n"},
      {"src/server/wide.cpp", "// " + repeated(97, "ä") + "\n"},
      {"src/server/long.cpp", "int f() {\n" + repeated(68, "  g();\n") + "}\n"},
      {"tests/a.cpp", "void f() {\n  GTEST_SKIP()\n      << \"no IPv6 here\";\n}\n"},
      {"docs/a.md",
       "[map](../ARCHITECTURE.md#map) [site](https://example.org/ho"
       "me/ada/) [up](#there)\n"
       "# There\n`src/domain/score.cpp` `src/domain/` `tests/cases/*.txt` `script/NAME…` "
       "`bench/NAME.sh`\n"
       "```\n[x](y.md) `src/gone.cpp`\n```\n"},
      {"data/big.json", ""},
  };
  EXPECT_THAT(findings_with(allowed), IsEmpty());
}

std::vector<std::string> functions_in(std::string_view text) {
  std::vector<std::string> found;
  for (const Function& function : functions_of(text)) {
    found.push_back(function.name + " " + std::to_string(function.first_line) + "-" +
                    std::to_string(function.last_line));
  }
  return found;
}

TEST(Functions, AreFoundWhereverTheyStand) {
  EXPECT_THAT(functions_in("namespace a {\nnamespace {\nint f(int x) {\n  return x;\n}\n}\n}\n"),
              ElementsAre("f 3-5"));
  EXPECT_THAT(functions_in("class A final : public B {\n public:\n  int g() const override {\n"
                           "    if (x) { y(); }\n  }\n int z_{1};\n};\n"),
              ElementsAre("g 3-5"));
  EXPECT_THAT(functions_in("template <class T>\nResult<T> f(T x) {\n}\nvoid g() {}\n"),
              ElementsAre("f 1-3", "g 4-4"));
  EXPECT_THAT(functions_in("A::A(int x) : a_{x}, b_(x), c_{} {\n}\nint g() { return 1; }\n"),
              ElementsAre("A::A 1-2", "g 3-3"));
  EXPECT_THAT(functions_in("auto f() -> int {\n}\nauto g() -> std::vector<int> {\n}\n"),
              ElementsAre("f 1-2", "g 3-4"));
  EXPECT_THAT(
      functions_in("extern \"C\" int f(const char* x) {\n}\nextern \"C\" {\nint g() {}\n}\n"),
      ElementsAre("f 1-2", "g 4-4"));
  EXPECT_THAT(functions_in("void f() noexcept(std::is_final<A>) override {\n}\n"),
              ElementsAre("f 1-2"));
  EXPECT_THAT(functions_in("const auto f = [](int x) {\n};\nA& operator[](int x) {\n}\n"),
              ElementsAre("[] 1-2", "operator[] 3-4"));
}

TEST(Functions, DataIsNone) {
  EXPECT_THAT(functions_in("constexpr std::array<Unit, 2> kUnits{{\n{\"a\", 1},\n{\"b\", 2}}};\n"),
              IsEmpty());
  EXPECT_THAT(functions_in("constexpr Unit kUnits[] {\n{\"a\", 1}\n};\n"), IsEmpty());
  EXPECT_THAT(functions_in("enum class A { b, c };\nstruct D {\n  int x = 0;\n  int y{};\n};\n"),
              IsEmpty());
  EXPECT_THAT(
      functions_in("const Route kRoutes[] = {\n  {\"/a\", [](int x) {\n    return x;\n  }},\n"
                   "};\nint f() {\n}\n"),
      ElementsAre("[] 2-4", "f 6-7"));
}

TEST(Functions, DirectivesAndLiteralsDoNotConfuse) {
  EXPECT_THAT(functions_in("#define X(a) \\\n  { a {\nint f() {\n  char c = '{';\n"
                           "  auto s = R\"({{{)\";\n  // }\n}\nint g() {\n}\n"),
              ElementsAre("f 3-7", "g 8-9"));
}

}  // namespace
}  // namespace galena::tidy
