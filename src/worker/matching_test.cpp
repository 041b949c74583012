#include "worker/matching.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

#include "domain/playbook.hpp"
#include "store/store.hpp"
#include "store/test_directory.hpp"

namespace galena::worker {
namespace {

using namespace domain;

class MatchingTest : public testing::Test {
 protected:
  MatchingTest() : store_(*store::open_sqlite({.directory = directory_.path()})) {
    engine_.emplace(*store_, system_clock());
    workspace_ = *engine_->create_workspace("Test");
    matching_.emplace(*engine_, *store_);
  }

  Result<engine::Receipt> take(Input input) {
    std::promise<Result<engine::Receipts>> promise;
    engine_->submit(workspace_, {std::move(input)}, [&](Result<engine::Receipts> receipts) {
      promise.set_value(std::move(receipts));
    });
    return promise.get_future().get()->front();
  }

  Position identify(std::string_view ids, std::string_view email, std::string_view more = "") {
    const std::string body =
        fmt::format(R"({{{},"traits":{{"email":"{}","firstName":"Ottokar","lastName":"Przybilski",)"
                    R"("phone":"+49 30 1234567","company":"Zirbelwerke AG"{}}}}})",
                    ids, email, more);
    auto batch =
        read_request(body, MessageType::identify,
                     {.source = Source::server, .key = 1, .arrived = system_clock().now()});
    return take(batch->inputs.at(0))->position;
  }

  void merge_from(std::optional<double> probability) {
    Playbook playbook = state()->playbook()->source;
    playbook.matching.merge_from = probability;
    ASSERT_TRUE(take(PlaybookInput{write_playbook(playbook), "user 1", ""}).has_value());
  }

  workspace::VersionPtr state() const { return engine_->read(workspace_); }
  std::size_t leads() const {
    std::size_t count = 0;
    for (LeadOrdinal i = 0; i < state()->lead_count(); ++i) count += !state()->lead(i).merged_into;
    return count;
  }

  store::TestDirectory directory_;
  std::unique_ptr<store::Store> store_;
  std::optional<engine::Engine> engine_;
  std::optional<Matching> matching_;
  store::WorkspaceId workspace_ = 0;
};

TEST_F(MatchingTest, merges_nothing_unless_the_owner_says_from_when) {
  identify(R"("anonymousId":"a1")", "o.przybilski@zirbelwerke.de");
  identify(R"("anonymousId":"a2")", "ottokar@przybilski.org");
  EXPECT_EQ(matching_->look(), 0u);
  merge_from(1.0);
  EXPECT_EQ(matching_->look(), 0u) << "nothing is as likely as that";
  merge_from(0.95);
  EXPECT_EQ(matching_->look(), 1u);
  EXPECT_EQ(leads(), 1u);
  EXPECT_EQ(matching_->look(), 0u);
}

TEST_F(MatchingTest, leaves_alone_what_only_a_person_may_say) {
  merge_from(0.95);
  identify(R"("userId":"u1")", "o.przybilski@zirbelwerke.de");
  identify(R"("userId":"u2")", "ottokar@przybilski.org");
  EXPECT_EQ(matching_->look(), 0u) << "both have a user id";
  identify(R"("anonymousId":"a3")", "otto@przybilski.org");
  take(DistinctInput{{0, 2, "brothers", "user 1", ""}});
  take(DistinctInput{{1, 2, "brothers", "user 1", ""}});
  EXPECT_EQ(matching_->look(), 0u) << "somebody said that they are two";
  EXPECT_EQ(leads(), 3u);
}

TEST_F(MatchingTest, what_galena_says_itself_is_held_to_the_rules_of_that_moment) {
  identify(R"("anonymousId":"a1")", "o.przybilski@zirbelwerke.de");
  const Position as_of = identify(R"("anonymousId":"a2")", "ottokar@przybilski.org");
  const auto merge = [&](double probability, Position position) {
    const auto receipt = take(MergeInput{{0, 1, "alike", std::string(kGalena), ""},
                                         MergeInput::Unasked{probability, position}});
    return receipt ? std::string() : receipt.error().message;
  };
  EXPECT_EQ(merge(0.99, as_of), "nothing is merged unasked at this probability");
  merge_from(0.98);
  EXPECT_EQ(merge(0.97, as_of), "nothing is merged unasked at this probability");
  EXPECT_EQ(merge(0.99, as_of - 1), "more is known of them since");
  EXPECT_EQ(merge(0.99, as_of), "");
}

}  // namespace
}  // namespace galena::worker
