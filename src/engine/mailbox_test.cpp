#include "engine/mailbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace galena::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kRoom = 20'000;

// Adjustments of as many leads; the first is what the submission is known by.
Submission submission(unsigned name, std::size_t inputs) {
  Submission made;
  for (std::size_t i = 0; i < inputs; ++i) {
    made.inputs.emplace_back(domain::AdjustmentInput{
        .lead = name, .points = {}, .reason = {}, .author = {}, .idempotency_key = {}});
  }
  return made;
}

std::vector<unsigned> names(const std::vector<Submission>& taken) {
  std::vector<unsigned> names;
  for (const Submission& each : taken) {
    names.push_back(std::get<domain::AdjustmentInput>(each.inputs.front()).lead);
  }
  return names;
}

TEST(Mailbox, GivesWhatCameInItsOrder) {
  Mailbox mailbox;
  EXPECT_TRUE(mailbox.empty());
  EXPECT_THAT(mailbox.take(1000), IsEmpty());
  for (const unsigned name : {1u, 2u, 3u}) EXPECT_TRUE(mailbox.post(submission(name, 1), kRoom));
  EXPECT_FALSE(mailbox.empty());
  EXPECT_THAT(names(mailbox.take(2)), ElementsAre(1, 2));
  EXPECT_THAT(names(mailbox.take(2)), ElementsAre(3));
  EXPECT_TRUE(mailbox.empty());
}

TEST(Mailbox, WhoSendsLittleIsNotBehindThoseWhoSendMuch) {
  Mailbox mailbox;
  for (const unsigned name : {1u, 2u, 3u}) mailbox.post(submission(name, 100), kRoom);
  mailbox.post(submission(4, 1), kRoom);
  mailbox.post(submission(5, Mailbox::kFewMax), kRoom);
  mailbox.post(submission(6, Mailbox::kFewMax + 1), kRoom);
  EXPECT_THAT(names(mailbox.take(1000)), ElementsAre(4, 5, 1));
  EXPECT_THAT(names(mailbox.take(1000)), ElementsAre(2)) << "somebody may come again";
}

TEST(Mailbox, ManyAreTakenTogetherWhenNobodyElseHasComeForAWhile) {
  Mailbox mailbox;
  for (int turn = 0; turn < 20; ++turn) EXPECT_THAT(mailbox.take(1000), IsEmpty());
  for (unsigned name = 0; name < 15; ++name) mailbox.post(submission(name, 100), kRoom);
  EXPECT_EQ(mailbox.take(1000).size(), 10u);
  mailbox.post(submission(99, 1), kRoom);
  EXPECT_THAT(names(mailbox.take(1000)), ElementsAre(99, 10));
}

TEST(Mailbox, ManyAreNotKeptWaitingByACrowdOfFew) {
  Mailbox mailbox;
  mailbox.post(submission(7, 500), kRoom);
  for (unsigned i = 0; i < 50; ++i) mailbox.post(submission(100, 1), kRoom);
  const auto taken = mailbox.take(10);
  EXPECT_EQ(taken.size(), 11u);
  EXPECT_THAT(names(taken).back(), 7u);
}

TEST(Mailbox, IsFullAtSoManyInputsOfBothKinds) {
  Mailbox mailbox;
  EXPECT_TRUE(mailbox.post(submission(1, 500), 100)) << "into an empty one anything goes";
  EXPECT_FALSE(mailbox.post(submission(2, 1), 100));
  EXPECT_EQ(mailbox.take(1000).size(), 1u);
  EXPECT_TRUE(mailbox.post(submission(3, 99), 100));
  EXPECT_TRUE(mailbox.post(submission(4, 1), 100));
  EXPECT_FALSE(mailbox.post(submission(5, 1), 100));
}

}  // namespace
}  // namespace galena::engine
