// What is written as a base is read from it; nothing but a whole one is opened; nothing of who was
// erased, and nothing of an older base, is left.
#include "workspace/base.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "workspace/lead_columns.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

RC_GTEST_PROP(BaseProperty, what_was_written_is_found, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 150));
  const VersionPtr written = history.workspace.publish();
  const auto opened = open_base(in_memory(base_bytes(*written)), "test");
  RC_ASSERT(opened.has_value());
  const Version& version = opened->version;
  RC_ASSERT(canonical_dump(version) == canonical_dump(*written));
  RC_ASSERT(version.last_position() == written->last_position());
  for (PersonOrdinal i = 0; i < version.person_count(); ++i) {
    const IdentityKey& key = written->person(i).key;
    RC_ASSERT(key.text.empty() || version.find_person(key) == i);
    RC_ASSERT(!version.find_person({key.kind, key.text + "x"}));
  }
  for (std::size_t at = 0; at < history.inputs.size(); ++at) {
    const std::string identity = identity_of(history.inputs[at]);
    if (!identity.empty()) RC_ASSERT(version.find_taken_in(identity) == at + 1);
    RC_ASSERT(!version.find_taken_in(fmt::format("other {}", at)));
  }
  for (LeadOrdinal i = 0; i < version.lead_count(); ++i) {
    RC_ASSERT(version.due_at(i) == version.lead(i).due_at);
    RC_ASSERT(version.glance(i).visitor == version.lead(i).visitor);
    RC_ASSERT(version.glance(i).standing.fit == version.lead(i).standing.fit);
    RC_ASSERT(version.glance(i).standing.activity == version.lead(i).standing.activity);
  }
  RC_ASSERT(version.changed_leads() == 0u);
}

TEST(Base, of_an_empty_workspace_comes_back) {
  const auto opened = open_base(in_memory(base_bytes(Workspace().now())), "test");
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->version.lead_count(), 0u);
  EXPECT_EQ(opened->version.playbook(), nullptr);
  EXPECT_FALSE(opened->version.find_person({KeyKind::user, "u1"}));
  EXPECT_FALSE(opened->version.find_taken_in("m1"));
}

RC_GTEST_PROP(BaseProperty, of_another_derivation_only_what_is_promised_is_believed, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 80));
  const VersionPtr written = history.workspace.publish();
  auto opened = open_base(in_memory(base_bytes(*written)), "another");
  RC_ASSERT(opened.has_value());
  RC_ASSERT(!opened->is_derived_alike);
  RC_ASSERT(!opened->version.keeps_accounts());
  Workspace workspace(std::move(opened->version));
  workspace.fold_records();
  workspace.find_accounts();
  RC_ASSERT(dump(workspace) == canonical_dump(*written));
  RC_ASSERT(accounts_are_as_found(workspace.now()));
}

RC_GTEST_PROP(BaseProperty, cut_anywhere_is_an_error, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 40));
  const std::string bytes = base_bytes(*history.workspace.publish());
  for (int round = 0; round < 20; ++round) {
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());
    const auto opened = open_base(in_memory(bytes.substr(0, size)), "test");
    RC_ASSERT(!opened.has_value());
    RC_ASSERT(opened.error().code == ErrorCode::internal);
  }
}

// Columns as they lie in memory: read and written again they are the same to the byte.
RC_GTEST_PROP(BaseProperty, columns_come_back, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 80));
  const VersionPtr before = history.workspace.publish();
  LeadColumns columns;
  columns.follow(*before, nullptr);
  history.take_some(*rc::gen::inRange(0, 40));
  const VersionPtr after = history.workspace.publish();
  columns.follow(*after, before.get());
  const auto bytes_of = [](const LeadColumns& of) {
    std::string bytes;
    of.write([&](std::string_view piece) { bytes += piece; });
    return bytes;
  };
  const std::string bytes = bytes_of(columns);
  const auto opened =
      open_base(in_memory(base_bytes(*after, [&](const BaseSink& sink) { sink(bytes); })), "test");
  RC_ASSERT(opened.has_value());
  const std::string_view part = opened->version.base()->part(BasePart::columns);
  RC_ASSERT(part == bytes);
  LeadColumns again;
  RC_ASSERT(again.read(part));
  RC_ASSERT(bytes_of(again) == bytes);
  RC_ASSERT(!LeadColumns().read(part.substr(0, part.size() - 8)));
  // And go on from there.
  history.take_some(*rc::gen::inRange(0, 20));
  const VersionPtr later = history.workspace.publish();
  again.follow(*later, after.get());
  columns.follow(*later, after.get());
  RC_ASSERT(bytes_of(again) == bytes_of(columns));
}

void rescore_all(Workspace& workspace, Time now) {
  const LeadOrdinal leads = workspace.now().lead_count();
  for (LeadOrdinal from = 0; from < leads; from += RescoreInput::kLeadsMax) {
    const RescoreInput input{from, from + RescoreInput::kLeadsMax,
                             workspace.now().playbook()->version};
    const auto changes = decide(workspace.now(), input, now);
    RC_ASSERT(changes.has_value());
    workspace.apply(*changes);
  }
}

// What time and a playbook move of leads that lie in the base is where they stand, and little more
// is held of them; who takes over the next base, and who reads it, sees the same.
RC_GTEST_PROP(BaseProperty, who_stands_elsewhere_stays_in_the_base, ()) {
  RandomHistory history;
  history.has_bases = false;
  history.take_some(*rc::gen::inRange(0, 80));
  Workspace& all = history.workspace;
  const VersionPtr written = all.publish();
  RC_PRE(written->playbook() != nullptr);
  auto opened = open_base(in_memory(base_bytes(*written)), "test");
  RC_ASSERT(opened.has_value());
  Workspace moved(opened->version);
  Time now = written->log_time();
  for (int round = 0; round < 2; ++round) {
    now += std::chrono::hours{*rc::gen::inRange(1, 2000)};
    rescore_all(all, now);
    rescore_all(moved, now);
    RC_ASSERT(dump(moved) == dump(all));
    moved.publish();
  }
  for (LeadOrdinal i = 0; i < written->lead_count(); ++i) {
    const Lead& before = written->lead(i);
    const Lead& after = moved.now().lead(i);
    const bool is_elsewhere =
        before.stages != after.stages || before.segments != nullptr || after.segments != nullptr;
    RC_ASSERT(moved.now().changed_lead(i) == nullptr || is_elsewhere);
    RC_ASSERT(moved.now().due_at(i) == after.due_at);
    RC_ASSERT(moved.now().glance(i).standing.fit == after.standing.fit);
  }
  RC_ASSERT(moved.now().changed_leads() + moved.now().reassessed_leads() <=
            moved.now().lead_count());
  const auto next = open_base(in_memory(base_bytes(*moved.publish())), "test");
  RC_ASSERT(next.has_value());
  RC_ASSERT(canonical_dump(next->version) == dump(all));
}

// Who takes a new base over lets go of the old one: nothing of its history lies there any more.
RC_GTEST_PROP(BaseProperty, the_old_one_is_let_go, ()) {
  RandomHistory history;
  history.has_bases = false;
  Workspace& workspace = history.workspace;
  std::weak_ptr<const Base> old;
  std::weak_ptr<const void> old_file;
  for (int round = 0; round < 3; ++round) {
    history.take_some(*rc::gen::inRange(1, 40));
    VersionPtr written = workspace.publish();
    Base::Bytes file = in_memory(base_bytes(*written));
    const std::weak_ptr<const void> new_file = file.holder;
    auto opened = open_base(std::move(file), "test");
    RC_ASSERT(opened.has_value());
    Rebase rebase(opened->version.base(), *written);
    opened = fail(ErrorCode::internal, "");
    written = nullptr;
    history.take_some(*rc::gen::inRange(0, 20));
    rebase.follow(*workspace.publish());
    history.take_some(*rc::gen::inRange(0, 5));
    const std::string before = dump(workspace);
    rebase.follow(workspace.now());
    workspace.stand_upon(rebase.take());
    RC_ASSERT(dump(workspace) == before);
    workspace.forget_reads();
    RC_ASSERT(old.expired() && old_file.expired());
    old = workspace.now().base();
    old_file = new_file;
  }
}

}  // namespace
}  // namespace galena::workspace
