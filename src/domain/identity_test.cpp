#include "domain/identity.hpp"

#include <gtest/gtest.h>

#include "domain/plain_state.hpp"

namespace galena::domain {
namespace {

using Landings = std::vector<Landing>;

MessageKeys keys(std::string_view ids, std::string_view traits = "",
                 const State& state = PlainState()) {
  return keys_of(identify_as(ids, traits).message, state);
}

Outcome decide_identity(const PlainState& state, std::string_view ids, std::string_view traits = "",
                        Source source = Source::server) {
  return identify(state, find_persons(state, keys(ids, traits, state)), source);
}

TEST(Keys, each_id_is_a_key) {
  const MessageKeys found =
      keys(R"("userId":"ann","anonymousId":"laptop")", R"("email":"Ann.Smith@ACME.com")");
  EXPECT_EQ(found.user, (IdentityKey{KeyKind::user, "ann"}));
  EXPECT_EQ(found.anonymous, (IdentityKey{KeyKind::anonymous, "laptop"}));
  EXPECT_EQ(found.address, (IdentityKey{KeyKind::address, "ann.smith@acme.com"}));
  EXPECT_EQ(found.previous, std::nullopt);
}

TEST(Keys, a_user_id_that_is_an_address_is_both) {
  const MessageKeys found = keys(R"("userId":"Ann@acme.com")");
  EXPECT_EQ(found.user, (IdentityKey{KeyKind::user, "Ann@acme.com"}));
  EXPECT_EQ(found.address, (IdentityKey{KeyKind::address, "ann@acme.com"}));
  EXPECT_EQ(keys(R"("userId":"Ann@acme.com")", R"("email":"b@acme.com")").address,
            (IdentityKey{KeyKind::address, "b@acme.com"}));
}

TEST(Keys, what_is_no_address_is_no_key) {
  for (const std::string_view address :
       {"ann", "ann@", "@acme.com", "a b@c", "ann@acme.com, b@c.d"}) {
    EXPECT_EQ(keys(R"("userId":"ann")", fmt::format(R"("email":"{}")", address)).address,
              std::nullopt)
        << address;
  }
}

TEST(Keys, alias_has_a_previous_id) {
  PlainState state = new_state();
  take(state, track(R"("userId":"u1")", "A"));
  const auto of = [&](std::string_view ids) {
    return keys_of(event_input(MessageType::alias, fmt::format("{{{}}}", ids)).message, state);
  };
  EXPECT_EQ(of(R"("userId":"ann","previousId":"u1")").previous, (IdentityKey{KeyKind::user, "u1"}));
  EXPECT_EQ(of(R"("userId":"ann","previousId":"d1")").previous,
            (IdentityKey{KeyKind::anonymous, "d1"}));
  EXPECT_EQ(of(R"("userId":"ann","previousId":"ann")").previous, std::nullopt);
  EXPECT_EQ(of(R"("userId":"ann","anonymousId":"d1","previousId":"d1")").previous, std::nullopt);
}

TEST(Identity, new_keys_are_new_persons_of_one_new_lead) {
  const PlainState state = new_state();
  const Outcome outcome = decide_identity(state, R"("userId":"ann","anonymousId":"laptop")",
                                          R"("email":"ann@acme.com")");
  EXPECT_EQ(
      outcome.landings,
      (Landings{{KeyRole::user, 0, 0}, {KeyRole::address, 1, 0}, {KeyRole::anonymous, 2, 0}}));
  EXPECT_EQ(outcome.under, 0u);
  EXPECT_TRUE(outcome.merged.empty() && outcome.shared.empty() && outcome.stages.empty());
}

TEST(Identity, an_event_comes_under_its_strongest_key) {
  const PlainState state = new_state();
  EXPECT_EQ(decide_identity(state, R"("anonymousId":"laptop")", R"("email":"a@b.c")").under, 0u);
  const Outcome outcome = decide_identity(state, R"("anonymousId":"laptop")");
  EXPECT_EQ(outcome.landings, (Landings{{KeyRole::anonymous, 0, 0}}));
}

TEST(Identity, known_keys_land_where_they_are) {
  PlainState state = new_state();
  take(state, track(R"("userId":"bob")", "A"));
  take(state, track(R"("userId":"ann","anonymousId":"laptop")", "A"));
  EXPECT_EQ(decide_identity(state, R"("userId":"ann","anonymousId":"laptop")").landings,
            (Landings{{KeyRole::user, 1, 1}, {KeyRole::anonymous, 2, 1}}));
  EXPECT_EQ(decide_identity(state, R"("anonymousId":"laptop")").landings,
            (Landings{{KeyRole::anonymous, 2, 1}}));
  EXPECT_EQ(decide_identity(state, R"("userId":"bob","anonymousId":"phone")").landings,
            (Landings{{KeyRole::user, 0, 0}, {KeyRole::anonymous, 3, 0}}));
}

TEST(Identity, an_anonymous_device_joins_whom_it_identifies_as) {
  PlainState state = new_state();
  take(state, track(R"("anonymousId":"laptop")", "A"));
  const Outcome fresh = decide_identity(state, R"("userId":"ann","anonymousId":"laptop")");
  EXPECT_EQ(fresh.landings, (Landings{{KeyRole::user, 1, 0}, {KeyRole::anonymous, 0, 0}}));
  EXPECT_TRUE(fresh.merged.empty());  // the visitor's lead becomes the person's
  take(state, track(R"("userId":"ann")", "A"));
  const Outcome known = decide_identity(state, R"("userId":"ann","anonymousId":"laptop")");
  EXPECT_EQ(known.merged, (std::vector<std::pair<LeadOrdinal, LeadOrdinal>>{{0, 1}}));
  EXPECT_EQ(known.landings, (Landings{{KeyRole::user, 1, 1}, {KeyRole::anonymous, 0, 1}}));
}

TEST(Identity, a_device_that_meets_a_second_identity_is_shared) {
  PlainState state = new_state();
  take(state, track(R"("userId":"ann","anonymousId":"kiosk")", "A"));
  const Outcome outcome = decide_identity(state, R"("userId":"bob","anonymousId":"kiosk")");
  EXPECT_EQ(outcome.shared, std::vector<PersonOrdinal>{1});
  EXPECT_EQ(outcome.landings, (Landings{{KeyRole::user, 2, 1}}));
  EXPECT_TRUE(outcome.merged.empty());
  take(state, track(R"("userId":"bob","anonymousId":"kiosk")", "A"));
  // From now on it is known to be: said once, and it joins nobody.
  const Outcome third = decide_identity(state, R"("userId":"eve","anonymousId":"kiosk")");
  EXPECT_TRUE(third.shared.empty());
  EXPECT_EQ(third.landings, (Landings{{KeyRole::user, 3, 2}}));
  EXPECT_EQ(decide_identity(state, R"("anonymousId":"kiosk")").landings,
            (Landings{{KeyRole::anonymous, 1, 0}}));
}

TEST(Identity, an_address_and_a_user_id_are_one_unless_both_are_users) {
  PlainState state = new_state();
  take(state, identify_as(R"("anonymousId":"laptop")", R"("email":"ann@acme.com")"));  // lead 0
  take(state, track(R"("userId":"ann")", "A"));                                        // lead 1
  const Outcome joined = decide_identity(state, R"("userId":"ann")", R"("email":"ann@acme.com")");
  EXPECT_EQ(joined.merged, (std::vector<std::pair<LeadOrdinal, LeadOrdinal>>{{1, 0}}));
  EXPECT_EQ(joined.landings, (Landings{{KeyRole::user, 2, 0}, {KeyRole::address, 0, 0}}));
  take(state, identify_as(R"("userId":"ann")", R"("email":"ann@acme.com")"));
  const Outcome other = decide_identity(state, R"("userId":"bob")", R"("email":"ann@acme.com")");
  EXPECT_TRUE(other.merged.empty());
  EXPECT_EQ(other.landings, (Landings{{KeyRole::user, 3, 2}}));
}

TEST(Identity, a_new_user_joins_a_lead_known_by_address_alone) {
  PlainState state = new_state();
  take(state, identify_as(R"("anonymousId":"laptop")", R"("email":"ann@acme.com")"));
  const Outcome outcome = decide_identity(state, R"("userId":"ann")", R"("email":"ANN@acme.com")");
  EXPECT_TRUE(outcome.merged.empty());
  EXPECT_EQ(outcome.landings, (Landings{{KeyRole::user, 2, 0}, {KeyRole::address, 0, 0}}));
}

TEST(Identity, survivor_follows_all_merges) {
  PlainState state = new_state();
  take(state, track(R"("anonymousId":"d1")", "A"));
  take(state, track(R"("anonymousId":"d2")", "A"));
  take(state, identify_as(R"("anonymousId":"d1")", R"("email":"ann@acme.com")"));
  take(state, identify_as(R"("anonymousId":"d2")", R"("email":"ann@acme.com")"));
  EXPECT_EQ(survivor(state, 1), 0u);
  take(state, track(R"("userId":"bob")", "A"));
  take(state, event_input(MessageType::alias, R"({"userId":"bob","previousId":"d1"})"));
  EXPECT_EQ(survivor(state, 1), 2u);
  EXPECT_EQ(survivor(state, 0), 2u);
  EXPECT_EQ(survivor(state, 2), 2u);
}

}  // namespace
}  // namespace galena::domain
