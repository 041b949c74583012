#include "workspace/cow_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace galena::workspace {
namespace {

using Table = CowTable<int>;

void set(Table& table, std::vector<int>& model, std::uint32_t ordinal, int value) {
  table.set(ordinal, std::make_shared<const int>(value));
  if (ordinal == model.size()) model.push_back(value);
  model[ordinal] = value;
}

// Not RC_ASSERT for each: a table has many records, and an assertion of rapidcheck is slow.
bool equal(const Table& table, const std::vector<int>& model) {
  if (table.size() != model.size()) return false;
  for (std::uint32_t i = 0; i < model.size(); ++i) {
    if (table[i] != model[i]) return false;
  }
  return true;
}

TEST(CowTable, an_empty_one_has_no_record) {
  const Table table;
  EXPECT_EQ(table.size(), 0u);
  EXPECT_DEATH(static_cast<void>(table[0]), "ordinal < size_");
}

TEST(CowTable, no_ordinal_may_be_left_out) {
  Table table;
  EXPECT_DEATH(table.set(1, std::make_shared<const int>(1)), "ordinal <= size_");
  EXPECT_DEATH(table.set(0, nullptr), "record != nullptr");
}

// At 64, 4,096 and 262,144 records the tree gets a level more.
TEST(CowTable, grows_by_levels_and_every_published_size_stays) {
  Table table;
  std::vector<int> model;
  std::vector<Table> published;
  for (std::uint32_t i = 0; i < 262'200; ++i) {
    const bool edge = i == 63 || i == 64 || i == 65 || i == 4096 || i == 262'144;
    if (edge) {
      published.push_back(table);
      table.freeze();
    }
    set(table, model, i, static_cast<int>(i));
  }
  EXPECT_TRUE(equal(table, model));
  for (std::uint32_t i = 0; i < model.size(); i += 31) set(table, model, i, -1);
  for (const Table& old : published) {
    for (std::uint32_t i = 0; i < old.size(); ++i) ASSERT_EQ(old[i], static_cast<int>(i));
  }
  EXPECT_TRUE(equal(table, model));
}

TEST(CowTable, a_record_lives_as_long_as_a_copy_that_has_it) {
  Table table;
  auto record = std::make_shared<const int>(7);
  const std::weak_ptr<const int> watched = record;
  table.set(0, std::move(record));
  Table copy = table;
  table.freeze();
  table.set(0, std::make_shared<const int>(8));
  EXPECT_FALSE(watched.expired());
  copy = Table();
  EXPECT_TRUE(watched.expired());
}

// What a version costs: writing twice within it copies nothing the second time.
TEST(CowTable, writes_within_one_version_stay_in_its_own_nodes) {
  Table table;
  for (std::uint32_t i = 0; i < 100; ++i) table.set(i, std::make_shared<const int>(0));
  const Table published = table;
  table.freeze();
  table.set(3, std::make_shared<const int>(1));
  const Table copy = table;  // not frozen: shares the nodes that are written to
  table.set(4, std::make_shared<const int>(2));
  EXPECT_EQ(copy[4], 2);
  EXPECT_EQ(published[4], 0);
  EXPECT_EQ(published[3], 0);
}

// As a workspace uses it: publishes copies, goes back to one of them, and writes on.
RC_GTEST_PROP(CowTableProperty, is_a_vector_and_published_copies_never_change, ()) {
  Table table;
  std::vector<int> model;
  std::vector<std::pair<Table, std::vector<int>>> published;
  const int steps = *rc::gen::inRange(1, 400);
  int value = 0;
  for (int step = 0; step < steps; ++step) {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        published.emplace_back(table, model);
        table.freeze();
        break;
      case 1: {
        if (published.empty()) break;
        const auto& [old, old_model] = *rc::gen::elementOf(published);
        table = old;
        model = old_model;
        table.freeze();
        break;
      }
      case 2: {
        for (int more = *rc::gen::inRange(0, 150); more > 0; --more) {
          set(table, model, table.size(), ++value);
        }
        break;
      }
      default:
        set(table, model, *rc::gen::inRange(0u, table.size() + 1), ++value);
    }
  }
  RC_ASSERT(equal(table, model));
  for (const auto& [old, old_model] : published) {
    RC_ASSERT(equal(old, old_model));
    for (std::uint32_t i = 0; i < old.size(); ++i) RC_ASSERT(old.share(i).get() == old.find(i));
  }
}

}  // namespace
}  // namespace galena::workspace
