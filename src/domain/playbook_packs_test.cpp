#include "domain/playbook_packs.hpp"

#include <gtest/gtest.h>

#include "domain/playbook.hpp"

namespace galena::domain {
namespace {

std::vector<std::string> stages_of(const Playbook& playbook) {
  std::vector<std::string> names;
  for (const StageRule& stage : playbook.stages) names.push_back(stage.name);
  return names;
}

Playbook with_pack(std::string_view name) {
  for (const PlaybookPack& pack : playbook_packs()) {
    if (pack.name == name) return read_playbook(pack.toml, standard_playbook()).value();
  }
  return {};
}

TEST(PlaybookPacks, can_be_taken_on_top_of_the_standard_playbook) {
  for (const PlaybookPack& pack : playbook_packs()) {
    const auto read = read_playbook(pack.toml, standard_playbook());
    ASSERT_TRUE(read.has_value()) << pack.name << ": " << read.error().message;
    const auto compiled = compile_playbook(*read, 1, KindTable());
    ASSERT_TRUE(compiled.has_value()) << pack.name << ": " << compiled.error().message;
    EXPECT_NE((*compiled)->lifecycle.mql, 0u) << pack.name;
    EXPECT_EQ(read->rules.size(), standard_playbook().rules.size()) << pack.name;
  }
}

TEST(PlaybookPacks, the_standard_playbook_is_made_of_classic_and_mql) {
  EXPECT_TRUE(diff_playbooks(with_pack("classic"), standard_playbook()).empty());
  EXPECT_TRUE(diff_playbooks(with_pack("mql"), standard_playbook()).empty());
}

TEST(PlaybookPacks, have_the_stages_of_their_name) {
  EXPECT_EQ(stages_of(with_pack("plg")),
            (std::vector<std::string>{"contact", "lead", "mql", "pql", "sal", "sql", "opportunity",
                                      "customer", "recycled", "disqualified"}));
  EXPECT_EQ(stages_of(with_pack("ladder")),
            (std::vector<std::string>{"cold", "warm", "iql", "mql", "sal", "sql"}));
}

}  // namespace
}  // namespace galena::domain
