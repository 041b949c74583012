// What every Store must do, whatever is behind it. An implementation joins by one line at the end.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "store/reports.hpp"
#include "store/store.hpp"
#include "store/test_directory.hpp"

namespace galena::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Implementation {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const std::string& directory)> open;
};

LogRow row(WorkspaceId workspace, Position position, std::string_view input = "{}",
           std::string_view outcome = "{}") {
  return {.workspace = workspace,
          .position = position,
          .received_at = from_ms(1'000'000 + static_cast<std::int64_t>(position)),
          .kind = 1,
          .input = input,
          .outcome = outcome};
}

class StoreContract : public ::testing::TestWithParam<Implementation> {
 protected:
  StoreContract() { open(); }

  void open() {
    store_.reset();
    auto opened = GetParam().open(directory_.path());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  void append(std::vector<LogRow> rows) { store_->append(rows); }

  std::vector<Position> positions(WorkspaceId workspace, Position after = 0) {
    std::vector<Position> found;
    store_->read_log(workspace, after, [&](const LogRow& each) {
      EXPECT_EQ(each.workspace, workspace);
      found.push_back(each.position);
      return true;
    });
    return found;
  }

  UserRow new_user(std::string_view email, WorkspaceId workspace) {
    return store_
        ->create_user({.workspace = workspace,
                       .email = std::string(email),
                       .password_hash = "hash of old",
                       .role = "owner",
                       .created_at = from_ms(5)})
        .value();
  }

  void sign_in(const std::string& token, std::int64_t user, std::int64_t at_ms = 10) {
    store_->create_session({.token_hash = token,
                            .user = user,
                            .created_at = from_ms(at_ms),
                            .expires_at = from_ms(at_ms + 100)});
  }

  KeyRow new_key(WorkspaceId workspace, const std::string& hash) {
    return store_->create_key({.workspace = workspace,
                               .kind = "server",
                               .name = "Shop",
                               .prefix = "gsk_12345678",
                               .hash = hash,
                               .created_at = from_ms(7)});
  }

  TestDirectory directory_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreContract, ReadsBackWhatWasAppended) {
  append({row(1, 1, R"({"a":"ä"})", R"({"under":1})"), row(1, 2)});
  std::vector<std::string> seen;
  store_->read_log(1, 0, [&](const LogRow& each) {
    seen.push_back(std::string(each.input) + std::string(each.outcome));
    EXPECT_EQ(each.kind, 1);
    EXPECT_EQ(to_ms(each.received_at), 1'000'000 + static_cast<std::int64_t>(each.position));
    return true;
  });
  EXPECT_THAT(seen, ElementsAre(R"({"a":"ä"}{"under":1})", "{}{}"));
}

TEST_P(StoreContract, KeepsTheLogOverAReopening) {
  append({row(1, 1), row(1, 2)});
  open();
  EXPECT_THAT(positions(1), ElementsAre(1, 2));
  append({row(1, 3)});
  EXPECT_EQ(store_->last_position(1), 3);
}

TEST_P(StoreContract, ReadsFromAPositionUntilTheVisitorHasEnough) {
  append({row(1, 1), row(1, 2), row(1, 3), row(1, 4)});
  EXPECT_THAT(positions(1, 2), ElementsAre(3, 4));
  EXPECT_THAT(positions(1, 4), IsEmpty());
  EXPECT_THAT(positions(1, 100), IsEmpty());
  int visits = 0;
  store_->read_log(1, 0, [&](const LogRow&) { return ++visits < 2; });
  EXPECT_EQ(visits, 2);
}

TEST_P(StoreContract, AnEmptyLogIsEmpty) {
  EXPECT_THAT(positions(1), IsEmpty());
  EXPECT_EQ(store_->last_position(1), 0);
  append({});
  EXPECT_EQ(store_->last_position(1), 0);
}

TEST_P(StoreContract, ReadsALongLogInOrderWithEmptyAndLargeRows) {
  const std::string large(300'000, 'x');
  std::vector<LogRow> rows;
  for (Position position = 1; position <= 10'000; ++position) {
    rows.push_back(
        row(1, position, position == 5'000 ? std::string_view(large) : "", std::string_view()));
  }
  append(rows);
  Position expected = 1;
  store_->read_log(1, 0, [&](const LogRow& each) {
    EXPECT_EQ(each.position, expected++);
    EXPECT_TRUE(each.input == (each.position == 5'000 ? std::string_view(large) : ""));
    return true;
  });
  EXPECT_EQ(expected, 10'001);
}

TEST_P(StoreContract, ReadsRowsByPositionAndLeavesOutWhatIsNotThere) {
  append({row(1, 1, "one"), row(1, 2, "two"), row(1, 3, "three"), row(2, 1, "other")});
  std::vector<std::string> seen;
  const std::vector<Position> wanted{3, 9, 1, 0, 1ull << 50};
  store_->read_rows(1, wanted, [&](const LogRow& each) { seen.emplace_back(each.input); });
  EXPECT_THAT(seen, ElementsAre("three", "one"));
}

TEST_P(StoreContract, KeepsWorkspacesApart) {
  append({row(1, 1), row(2, 1), row(1, 2), row(8'388'607, 1), row(2, 2), row(1, 3)});
  EXPECT_THAT(positions(1), ElementsAre(1, 2, 3));
  EXPECT_THAT(positions(2), ElementsAre(1, 2));
  EXPECT_THAT(positions(3), IsEmpty());
  EXPECT_EQ(store_->last_position(2), 2);
  EXPECT_EQ(store_->last_position(8'388'607), 1);
}

// Both mean that memory and log disagree; nothing of such a batch may stay.
TEST_P(StoreContract, RefusesAPositionThatIsTakenOrLeavesAGap) {
  for (const Position wrong : {Position{2}, Position{4}}) {
    open();
    if (store_->last_position(1) == 0) append({row(1, 1), row(1, 2)});
    try {
      append({row(2, 1), row(1, wrong)});
      FAIL() << "row " << wrong << " was taken";
    } catch (const StoreError& error) {
      EXPECT_EQ(error.kind(), StoreError::Kind::io);
    }
    EXPECT_THAT(positions(1), ElementsAre(1, 2));
    EXPECT_THAT(positions(2), IsEmpty());
  }
}

TEST_P(StoreContract, AReaderInTheMiddleDoesNotHoldAppendsUp) {
  append({row(1, 1), row(1, 2)});
  std::vector<Position> seen;
  store_->read_log(1, 0, [&](const LogRow& each) {
    append({row(2, each.position)});
    EXPECT_EQ(store_->last_position(2), each.position);
    seen.push_back(each.position);
    return true;
  });
  EXPECT_THAT(seen, ElementsAre(1, 2));
}

TEST_P(StoreContract, NumbersWorkspacesFromOne) {
  EXPECT_THAT(store_->workspaces(), IsEmpty());
  EXPECT_EQ(store_->create_workspace("Acme", from_ms(3)).id, 1);
  EXPECT_EQ(store_->create_workspace("Beta", from_ms(4)).id, 2);
  open();
  const auto all = store_->workspaces();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[1].id, 2);
  EXPECT_EQ(all[1].name, "Beta");
  EXPECT_EQ(all[1].created_at, from_ms(4));
}

TEST_P(StoreContract, AnAddressIsOneUserInAllWorkspaces) {
  store_->create_workspace("Acme", from_ms(1));
  store_->create_workspace("Beta", from_ms(1));
  const UserRow ann = new_user("ann@acme.example", 1);
  const auto again = store_->create_user({.workspace = 2,
                                          .email = "ann@acme.example",
                                          .password_hash = "x",
                                          .role = "owner",
                                          .created_at = from_ms(6)});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  EXPECT_EQ(again.error().field, "/email");

  const auto found = store_->find_user("ann@acme.example");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, ann.id);
  EXPECT_EQ(found->workspace, 1);
  EXPECT_EQ(found->password_hash, "hash of old");
  EXPECT_EQ(found->role, "owner");
  EXPECT_EQ(found->created_at, from_ms(5));
  EXPECT_EQ(store_->user(ann.id)->email, "ann@acme.example");
  EXPECT_FALSE(store_->find_user("bob@acme.example"));
  EXPECT_FALSE(store_->user(ann.id + 1));
}

TEST_P(StoreContract, ListsTheUsersOfOneWorkspace) {
  store_->create_workspace("Acme", from_ms(1));
  store_->create_workspace("Beta", from_ms(1));
  new_user("ann@acme.example", 1);
  new_user("ben@beta.example", 2);
  new_user("cy@acme.example", 1);
  const auto users = store_->users(1);
  ASSERT_THAT(users, SizeIs(2));
  EXPECT_EQ(users[0].email, "ann@acme.example");
  EXPECT_EQ(users[1].email, "cy@acme.example");
  EXPECT_THAT(store_->users(3), IsEmpty());
}

TEST_P(StoreContract, ANewPasswordEndsTheSessionsOfThatUser) {
  store_->create_workspace("Acme", from_ms(1));
  const UserRow ann = new_user("ann@acme.example", 1);
  const UserRow ben = new_user("ben@acme.example", 1);
  sign_in("a1", ann.id);
  sign_in("a2", ann.id);
  sign_in("b1", ben.id);
  store_->set_password(ann.id, "hash of new");
  EXPECT_EQ(store_->user(ann.id)->password_hash, "hash of new");
  EXPECT_EQ(store_->user(ben.id)->password_hash, "hash of old");
  EXPECT_FALSE(store_->session("a1"));
  EXPECT_FALSE(store_->session("a2"));
  EXPECT_TRUE(store_->session("b1"));
}

TEST_P(StoreContract, SessionsBeginEndAndAreClearedAwayWhenTheyRanOut) {
  store_->create_workspace("Acme", from_ms(1));
  const UserRow ann = new_user("ann@acme.example", 1);
  sign_in("first", ann.id, 10);
  const auto session = store_->session("first");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user, ann.id);
  EXPECT_EQ(session->created_at, from_ms(10));
  EXPECT_EQ(session->expires_at, from_ms(110));
  store_->end_session("first");
  EXPECT_FALSE(store_->session("first"));
  EXPECT_FALSE(store_->session("never"));

  sign_in("second", ann.id, 10);
  sign_in("third", ann.id, 110);
  EXPECT_FALSE(store_->session("second"));
  EXPECT_TRUE(store_->session("third"));
}

TEST_P(StoreContract, KeysLiveUntilTheirOwnWorkspaceRevokesThem) {
  store_->create_workspace("Acme", from_ms(1));
  store_->create_workspace("Beta", from_ms(1));
  const KeyRow acme = new_key(1, "aa");
  const KeyRow beta = new_key(2, "bb");
  ASSERT_THAT(store_->keys(), SizeIs(2));
  const KeyRow first = store_->keys().front();
  EXPECT_EQ(first.id, acme.id);
  EXPECT_EQ(first.workspace, 1);
  EXPECT_EQ(first.kind, "server");
  EXPECT_EQ(first.name, "Shop");
  EXPECT_EQ(first.prefix, "gsk_12345678");
  EXPECT_EQ(first.hash, "aa");
  EXPECT_EQ(first.created_at, from_ms(7));
  EXPECT_FALSE(first.revoked_at);

  EXPECT_FALSE(store_->revoke_key(2, acme.id, from_ms(9))) << "a stranger revoked it";
  EXPECT_TRUE(store_->revoke_key(1, acme.id, from_ms(9)));
  EXPECT_FALSE(store_->revoke_key(1, acme.id, from_ms(9))) << "it was revoked twice";
  ASSERT_THAT(store_->keys(), SizeIs(1));
  EXPECT_EQ(store_->keys().front().id, beta.id);
}

AnswerRow answer_to(std::string_view author, std::string_view name, std::int64_t at_ms = 5) {
  return {.workspace = 1,
          .author = std::string(author),
          .name = std::string(name),
          .request = "asked",
          .status = 200,
          .body = "{}",
          .answered_at = from_ms(at_ms)};
}

TEST_P(StoreContract, AnswersAreKeptUnderTheNameOfTheirAuthorAndWorkspace) {
  store_->create_workspace("Acme", from_ms(1));
  store_->create_workspace("Beta", from_ms(1));
  store_->keep_answer(answer_to("user 1", "k"));
  open();
  const auto kept = store_->answer(1, "user 1", "k");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->request, "asked");
  EXPECT_EQ(kept->status, 200);
  EXPECT_EQ(kept->body, "{}");
  EXPECT_EQ(kept->answered_at, from_ms(5));
  EXPECT_FALSE(store_->answer(2, "user 1", "k"));
  EXPECT_FALSE(store_->answer(1, "user 2", "k"));
  EXPECT_FALSE(store_->answer(1, "user 1", "K"));
  EXPECT_THROW(store_->keep_answer(answer_to("user 1", "k")), std::logic_error) << "taken";
}

TEST_P(StoreContract, AnswersAreKeptForADayAtLeastAndNotForEver) {
  constexpr std::int64_t kDay = 86'400'000;
  store_->create_workspace("Acme", from_ms(1));
  store_->keep_answer(answer_to("user 1", "old", 0));
  store_->keep_answer(answer_to("user 1", "young", kDay));
  EXPECT_TRUE(store_->answer(1, "user 1", "old"));
  store_->keep_answer(answer_to("user 1", "late", 30 * kDay));
  EXPECT_FALSE(store_->answer(1, "user 1", "old"));
  EXPECT_FALSE(store_->answer(1, "user 1", "young"));
  EXPECT_TRUE(store_->answer(1, "user 1", "late"));
}

TEST_P(StoreContract, AKeyAndItsAnswerAreMadeTogetherOrNotAtAll) {
  store_->create_workspace("Acme", from_ms(1));
  const KeyRow wanted{
      .workspace = 1, .kind = "api", .name = "x", .prefix = "x", .hash = "h1", .created_at = {}};
  const auto naming = [](const KeyRow& made) {
    AnswerRow answer = answer_to("user 1", "k");
    answer.body = std::to_string(made.id);
    return answer;
  };
  const KeyRow made = store_->create_key(wanted, naming);
  EXPECT_EQ(store_->answer(1, "user 1", "k")->body, std::to_string(made.id));
  KeyRow second = wanted;
  second.hash = "h2";
  EXPECT_THROW(store_->create_key(second, naming), std::logic_error);
  EXPECT_THAT(store_->keys(), SizeIs(1)) << "without its answer there is no key";

  EXPECT_FALSE(store_->revoke_key(1, made.id + 1, from_ms(9), answer_to("user 1", "gone")));
  EXPECT_FALSE(store_->answer(1, "user 1", "gone")) << "nothing was revoked";
  EXPECT_TRUE(store_->revoke_key(1, made.id, from_ms(9), answer_to("user 1", "gone")));
  EXPECT_TRUE(store_->answer(1, "user 1", "gone"));
}

TEST_P(StoreContract, NothingBelongsToAWorkspaceThatIsNotThere) {
  EXPECT_THROW(new_user("ann@acme.example", 9), std::logic_error);
  EXPECT_THROW(new_key(9, "aa"), std::logic_error);
  EXPECT_FALSE(store_->find_user("ann@acme.example"));
  store_->create_workspace("Acme", from_ms(1));  // and the store goes on
}

TEST_P(StoreContract, GivesTheNewestSnapshotOfAWorkspace) {
  EXPECT_FALSE(store_->newest_snapshot(1));
  store_->save_snapshot(1, 5, "five");
  store_->save_snapshot(2, 90, "other");
  store_->save_snapshot(1, 12, std::string_view("twe\0lve", 7));
  const auto newest = store_->newest_snapshot(1);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->position, 12);
  EXPECT_EQ(newest->bytes, std::string_view("twe\0lve", 7));
  open();
  EXPECT_EQ(store_->newest_snapshot(1)->position, 12);
  EXPECT_EQ(store_->newest_snapshot(2)->bytes, "other");
}

TEST_P(StoreContract, SaysHowManySnapshotsThereAreAndHowLarge) {
  EXPECT_EQ(store_->snapshots_info(1).count, 0u);
  EXPECT_EQ(store_->snapshots_info(1).position, 0u);
  store_->save_snapshot(1, 5, std::string(1000, 'a'));
  store_->save_snapshot(1, 12, std::string(3000, 'b'));
  store_->save_snapshot(11, 90, std::string(9000, 'c'));
  const SnapshotsInfo info = store_->snapshots_info(1);
  EXPECT_EQ(info.count, 2u);
  EXPECT_EQ(info.position, 12u);
  EXPECT_GE(info.bytes, 4000u);
  EXPECT_LT(info.bytes, 5000u);
}

TEST_P(StoreContract, SaysHowMuchRoomIsLeft) {
  EXPECT_GT(store_->info().disk_free_bytes, 0u);
  EXPECT_EQ(store_->info().copies_bytes, 0u);
}

TEST_P(StoreContract, ASnapshotComesInPiecesAndWholeOrNotAtAll) {
  std::string whole;
  store_->write_snapshot(1, 5, [&](const SnapshotSink& sink) {
    for (int i = 0; i < 5000; ++i) {
      const std::string piece(static_cast<std::size_t>(i % 997), static_cast<char>('a' + i % 26));
      sink(piece);
      whole += piece;
    }
  });
  EXPECT_GT(whole.size(), 2'000'000u);
  EXPECT_EQ(store_->newest_snapshot(1)->bytes, whole);
  const auto breaks_off = [](const SnapshotSink& sink) {
    sink("half");
    throw std::runtime_error("no more");
  };
  EXPECT_THROW(store_->write_snapshot(1, 9, breaks_off), std::runtime_error);
  EXPECT_EQ(store_->newest_snapshot(1)->position, 5);
  store_->write_snapshot(1, 10, [](const SnapshotSink&) {});
  EXPECT_EQ(store_->newest_snapshot(1)->bytes, "");
}

TEST_P(StoreContract, KnowsSleepersUntilTheirLogGoesOn) {
  for (const char* name : {"one", "two", "three"}) store_->create_workspace(name, from_ms(1));
  append({row(1, 1), row(1, 2), row(2, 1), row(3, 1)});
  const std::vector<SleeperRow> rows{{.workspace = 1, .position = 2, .wakes_at = from_ms(77)},
                                     {.workspace = 2, .position = 1, .wakes_at = Time::max()},
                                     {.workspace = 3, .position = 2, .wakes_at = from_ms(5)}};
  store_->keep_sleepers(rows);
  store_->keep_sleepers({});
  open();
  auto found = store_->sleepers();
  ASSERT_THAT(found, SizeIs(2)) << "a log that does not reach that far is another one";
  EXPECT_EQ(found[0].workspace, 1u);
  EXPECT_EQ(found[0].position, 2u);
  EXPECT_EQ(found[0].wakes_at, from_ms(77));
  EXPECT_EQ(found[0].log_time, from_ms(1'000'002));
  EXPECT_EQ(found[1].wakes_at, Time::max());
  append({row(1, 3)});
  EXPECT_THAT(store_->sleepers(), SizeIs(1));
  const SleeperRow again{.workspace = 1, .position = 3, .erased = "hash"};
  store_->keep_sleepers(std::span(&again, 1));
  EXPECT_EQ(store_->sleepers().at(0).erased, "hash");
}

TEST_P(StoreContract, TwoSnapshotsAreKeptAndOthersFilesLeftAlone) {
  std::ofstream(directory_ / "snapshots/notes.snap") << "mine";
  std::ofstream(directory_ / "snapshots/1-7.snap.old") << "mine, too";
  open();
  EXPECT_FALSE(store_->newest_snapshot(1));
  for (const Position position : {5u, 9u, 12u}) store_->save_snapshot(1, position, "some");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "snapshots/1-5.snap"));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "snapshots/1-9.snap"));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "snapshots/notes.snap"));
  std::filesystem::remove(directory_ / "snapshots/1-12.snap");
  EXPECT_EQ(store_->newest_snapshot(1)->position, 9);
}

TEST_P(StoreContract, RewritesRowsInPlace) {
  append({row(1, 1, "Ann", "decided"), row(1, 2, "Ben"), row(2, 1, "Ann too")});
  EXPECT_FALSE(store_->needs_scrub());
  const std::vector<RewrittenRow> rows{{2, "nobody at all"}, {1, "x"}};
  store_->rewrite(1, rows);
  for (int round = 0; round < 2; ++round) {
    std::vector<std::string> seen;
    store_->read_log(1, 0, [&](const LogRow& each) {
      seen.push_back(std::string(each.input) + "/" + std::string(each.outcome));
      EXPECT_EQ(to_ms(each.received_at), 1'000'000 + static_cast<std::int64_t>(each.position));
      return true;
    });
    EXPECT_THAT(seen, ElementsAre("x/decided", "nobody at all/{}"));
    EXPECT_EQ(store_->needs_scrub(), round == 0);
    open();
    EXPECT_EQ(store_->needs_scrub(), round == 0) << "also after a reopening";
    store_->scrub();
    EXPECT_FALSE(store_->needs_scrub());
  }
  append({row(1, 3)});
  EXPECT_THAT(positions(1), ElementsAre(1, 2, 3));
}

TEST_P(StoreContract, ForgetsSnapshotsFromBeforeAPosition) {
  store_->save_snapshot(1, 5, "old");
  store_->save_snapshot(1, 9, "new");
  store_->save_snapshot(2, 3, "other");
  store_->forget_copies(1, 9);
  EXPECT_EQ(store_->newest_snapshot(1)->position, 9);
  store_->forget_copies(1, 10);
  EXPECT_FALSE(store_->newest_snapshot(1));
  EXPECT_EQ(store_->newest_snapshot(2)->bytes, "other");
}

TEST_P(StoreContract, ForgetsWhatReportsSayOfBefore) {
  const std::vector<ReportedLog> logs{{1, "Acme", from_ms(1), 5}};
  const Reports::Opened opened = store_->reports().open(logs);
  LeadSlot slot{.number = 1, .row = ReportedLead{}};
  slot.row->email = "quokka@acme.example";
  slot.row->stages = {{.stage = "contact"}};
  ASSERT_TRUE(store_->reports().put({opened.file, 1, 5}, std::span(&slot, 1)));
  store_->forget_copies(1, 6);
  EXPECT_FALSE(store_->reports().put({opened.file, 1, 5}, std::span(&slot, 1)));
  EXPECT_TRUE(store_->reports().info().workspaces.empty());
}

TEST_P(StoreContract, KeepsTheListOfErasures) {
  EXPECT_EQ(store_->erasure_list(), "");
  store_->keep_erasure_list("one");
  store_->keep_erasure_list("one and two");
  open();
  EXPECT_EQ(store_->erasure_list(), "one and two");
}

TEST_P(StoreContract, SaysWhatItIs) {
  append({row(1, 1)});
  const DatabaseInfo info = store_->info();
  EXPECT_GE(info.schema_version, 1);
  EXPECT_FALSE(info.path.empty());
  EXPECT_FALSE(info.library_version.empty());
  EXPECT_GT(info.file_bytes, 0);
}

INSTANTIATE_TEST_SUITE_P(Implementations, StoreContract,
                         ::testing::Values(Implementation{"sqlite",
                                                          [](const std::string& directory) {
                                                            return open_sqlite(
                                                                {.directory = directory});
                                                          }}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace galena::store
