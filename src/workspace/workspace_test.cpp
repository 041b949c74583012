#include "workspace/workspace.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>

#include "workspace/published.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

Changes take(Workspace& workspace, const Input& input, Time at = kTestTime) {
  auto changes = decide(workspace.now(), input, at);
  EXPECT_TRUE(changes.has_value());
  workspace.apply(*changes);
  return *changes;
}

Workspace new_workspace() {
  Workspace workspace;
  take(workspace, playbook_input(standard_playbook()));
  return workspace;
}

Input cat_petted(std::string_view user, std::string_view message) {
  return track(fmt::format(R"("userId":"{}","messageId":"{}")", user, message), "Cat Petted");
}

std::optional<PersonOrdinal> find_user(const Version& version, std::string_view user) {
  return version.find_person({KeyKind::user, std::string(user)});
}

TEST(Workspace, begins_with_nothing) {
  const Workspace workspace;
  EXPECT_EQ(workspace.now().last_position(), 0u);
  EXPECT_EQ(workspace.now().lead_count(), 0u);
  EXPECT_EQ(workspace.now().playbook(), nullptr);
  EXPECT_EQ(workspace.now().find_taken_in("s:m1"), std::nullopt);
}

TEST(Workspace, what_is_published_stays_as_it_was) {
  Workspace workspace = new_workspace();
  take(workspace, cat_petted("ann", "m1"));
  const VersionPtr published = workspace.publish();
  const std::string before = canonical_dump(*published);
  take(workspace, cat_petted("ann", "m2"), kTestTime + minutes{1});
  take(workspace, track(R"("userId":"bob")", "Own"), kTestTime + minutes{2});
  workspace.refresh(0, std::make_shared<const Lead>(workspace.now().lead(1)));
  EXPECT_EQ(canonical_dump(*published), before);
  EXPECT_EQ(published->lead(0).standing.activity.events, 1u);
  EXPECT_EQ(published->kinds()->find("Own"), kNoKind);
  EXPECT_EQ(published->log_time(), kTestTime);
}

TEST(Workspace, an_old_version_does_not_see_who_and_what_came_later) {
  Workspace workspace = new_workspace();
  take(workspace, cat_petted("ann", "m1"));
  const VersionPtr old = workspace.publish();
  take(workspace, cat_petted("bob", "m2"));
  const VersionPtr newer = workspace.publish();
  EXPECT_EQ(find_user(*old, "ann"), 0u);
  EXPECT_EQ(find_user(*old, "bob"), std::nullopt);
  EXPECT_EQ(find_user(*newer, "bob"), 1u);
  EXPECT_EQ(old->find_taken_in("s:m1"), 2u);
  EXPECT_EQ(old->find_taken_in("s:m2"), std::nullopt);
  EXPECT_EQ(newer->find_taken_in("s:m2"), 3u);
  EXPECT_EQ(newer->find_taken_in("b:m2"), std::nullopt);
  EXPECT_EQ(newer->find_taken_in(""), std::nullopt);
}

TEST(Workspace, the_same_text_under_two_kinds_of_keys_is_two_persons) {
  Workspace workspace = new_workspace();
  take(workspace, track(R"("userId":"x")", "A"));
  take(workspace, track(R"("anonymousId":"x")", "A"));
  EXPECT_EQ(find_user(workspace.now(), "x"), 0u);
  EXPECT_EQ(workspace.now().find_person({KeyKind::anonymous, "x"}), 1u);
  EXPECT_EQ(workspace.now().find_person({KeyKind::address, "x"}), std::nullopt);
}

// What was dropped leaves its ordinals, and others take them.
TEST(Workspace, after_a_failed_commit_others_come_in_its_place) {
  Workspace workspace = new_workspace();
  const VersionPtr published = workspace.publish();
  take(workspace, cat_petted("ann", "m1"));
  workspace.revert_to(*published);
  take(workspace, cat_petted("bob", "m2"));
  EXPECT_EQ(find_user(workspace.now(), "ann"), std::nullopt);
  EXPECT_EQ(find_user(workspace.now(), "bob"), 0u);
  EXPECT_EQ(workspace.now().find_taken_in("s:m1"), std::nullopt);
  EXPECT_EQ(workspace.now().find_taken_in("s:m2"), 2u);
}

// It must not write into what the copy shares with the version that readers hold.
TEST(Workspace, one_that_goes_on_from_a_published_copy_leaves_that_alone) {
  Workspace first = new_workspace();
  take(first, cat_petted("ann", "m1"));
  const VersionPtr published = first.publish();
  const std::string before = canonical_dump(*published);
  Workspace second(*published);
  take(second, cat_petted("ann", "m2"), kTestTime + minutes{1});
  take(second, cat_petted("bob", "m3"), kTestTime + minutes{1});
  EXPECT_EQ(canonical_dump(*published), before);
  EXPECT_EQ(published->lead(0).standing.activity.events, 1u);
  EXPECT_EQ(second.now().lead(0).standing.activity.events, 2u);
}

TEST(Workspace, a_continuation_is_pending_until_it_ends) {
  Workspace workspace = new_workspace();
  for (const auto* user : {"a", "b", "c"}) take(workspace, cat_petted(user, user));
  take(workspace, playbook_input(standard_playbook()));
  EXPECT_EQ(workspace.now().rescore_next(), 0u);
  take(workspace, RescoreInput{0, 2, 2});
  EXPECT_EQ(workspace.now().rescore_next(), 2u);
  take(workspace, cat_petted("a", "again"));
  EXPECT_EQ(workspace.now().rescore_next(), 2u);
  const VersionPtr pending = workspace.publish();
  take(workspace, RescoreInput{2, 4, 2});
  EXPECT_EQ(workspace.now().rescore_next(), std::nullopt);
  EXPECT_EQ(pending->rescore_next(), 2u);
  workspace.revert_to(*pending);
  EXPECT_EQ(workspace.now().rescore_next(), 2u);
}

// Readers hold versions as long as they like, and the writer neither waits for them nor disturbs
// them: not by writing on, nor by dropping a batch.
TEST(Workspace, readers_see_whole_versions_while_one_writes) {
  Workspace workspace = new_workspace();
  Published published(workspace.publish());
  std::atomic<bool> done = false;
  std::atomic<int> read = 0, wrong = 0;
  const auto look = [&] {
    while (!done) {
      const VersionPtr version = published.load();
      const std::string bytes = canonical_dump(*version);
      for (int i = 0; i < 40; ++i) {
        const auto person = find_user(*version, fmt::format("u{}", i));
        wrong += person && version->person(*person).key.text != fmt::format("u{}", i);
        const auto taken = version->find_taken_in(fmt::format("s:m{}", i * 25));
        wrong += taken && *taken > version->last_position();
        const std::string_view name = version->kinds()->name(static_cast<KindCode>(64 + i));
        wrong += !name.empty() && !name.starts_with("Own ");
      }
      wrong += canonical_dump(*version) != bytes;
      ++read;
    }
  };
  std::thread one(look), other(look);
  for (int i = 0; i < 1500; ++i) {
    const std::string ids = fmt::format(R"("userId":"u{}","messageId":"m{}")", i % 40, i);
    take(workspace, track(ids, fmt::format("Own {}", i / 20)), kTestTime + minutes{i});
    if (i % 3 != 0) continue;
    if (i % 5 == 0) {
      workspace.revert_to(*published.load());
    } else {
      published.store(workspace.publish());
    }
  }
  while (read < 4) std::this_thread::yield();
  done = true;
  one.join();
  other.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(published.load()->last_position(), 500u);
}

// A failed commit drops a batch: byte for byte as before, and the batch can come again, whole.
RC_GTEST_PROP(WorkspaceProperty, reverting_gives_back_what_was_published, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 60));
  history.has_bases = false;  // none is taken over while a batch is on its way
  for (int round = *rc::gen::inRange(1, 4); round > 0; --round) {
    const VersionPtr published = history.workspace.publish();
    const std::string before = canonical_dump(*published);
    const std::size_t row_before = history.rows.size();
    history.take_some(*rc::gen::inRange(1, 40));
    const std::string after = dump(history.workspace);
    RC_ASSERT(canonical_dump(*published) == before);
    history.workspace.revert_to(*published);
    RC_ASSERT(dump(history.workspace) == before);
    for (std::size_t at = row_before; at < history.rows.size(); ++at) {
      const LoggedRow& row = history.rows[at];
      const std::string identity = identity_of(history.inputs[at]);
      RC_ASSERT(!history.workspace.now().find_taken_in(identity));
      const auto changes = decide(history.workspace.now(), history.inputs[at], row.at);
      RC_ASSERT(changes.has_value());
      RC_ASSERT(outcome_text(changes->outcome) == row.outcome);
      history.workspace.apply(*changes);
      if (!identity.empty()) {
        RC_ASSERT(history.workspace.now().find_taken_in(identity) == changes->position);
      }
    }
    RC_ASSERT(dump(history.workspace) == after);
  }
}

// Indexes are shared by all versions; each looks up what was there at its own position, as a search
// through its records would.
RC_GTEST_PROP(WorkspaceProperty, every_version_finds_its_own_and_nobody_else, ()) {
  RandomHistory history;
  std::vector<VersionPtr> versions;
  for (int round = *rc::gen::inRange(1, 6); round > 0; --round) {
    history.take_some(*rc::gen::inRange(1, 30));
    const VersionPtr published = history.workspace.publish();
    if (*rc::gen::inRange(0, 3) == 0) {  // a batch that failed, in between
      const std::size_t row_count = history.rows.size();
      history.has_bases = false;
      history.take_some(*rc::gen::inRange(1, 20));
      history.has_bases = true;
      history.workspace.revert_to(*published);
      history.rows.resize(row_count);
      history.inputs.resize(row_count);
    }
    versions.push_back(published);
  }
  const Version& newest = *versions.back();
  for (const VersionPtr& version : versions) {
    for (PersonOrdinal person = 0; person < newest.person_count(); ++person) {
      const auto found = version->find_person(newest.person(person).key);
      RC_ASSERT(found == (person < version->person_count() ? std::optional(person) : std::nullopt));
    }
    for (std::size_t at = 0; at < history.inputs.size(); ++at) {
      const std::string identity = identity_of(history.inputs[at]);
      if (identity.empty()) continue;
      const Position position = at + 1;
      const bool there = position <= version->last_position();
      RC_ASSERT(version->find_taken_in(identity) ==
                (there ? std::optional(position) : std::nullopt));
    }
  }
}

}  // namespace
}  // namespace galena::workspace
