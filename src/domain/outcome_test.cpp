#include "domain/outcome.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena::domain {
namespace {

TEST(Outcome, is_written_as_the_log_has_it) {
  EXPECT_EQ(outcome_text({}), "{}");
  const Outcome outcome{.landings = {{KeyRole::user, 12, 7}, {KeyRole::anonymous, 11, 7}},
                        .under = 12,
                        .merged = {{9, 7}},
                        .shared = {11, 5},
                        .stages = {{7, "mql", {80'000'000}, 3}},
                        .rescore_next = 1000};
  EXPECT_EQ(outcome_text(outcome),
            R"({"persons":{"u":[12,7],"a":[11,7]},"under":12,"merged":[[9,7]],"shared":[11,5],)"
            R"("stages":[[7,"mql",80000000,3]],"rescore":1000})");
}

TEST(Outcome, what_this_version_does_not_know_is_an_error) {
  for (const std::string_view text :
       {"", "[]", "{", R"({"owner":3})", R"({"persons":{"x":[1,2]}})", R"({"persons":{"u":[1]}})",
        R"({"persons":[1]})", R"({"under":-1})", R"({"under":4294967296})", R"({"under":"1"})",
        R"({"merged":[[1]]})", R"({"stages":[[1,"mql",5]]})", R"({"stages":[[1,2,3,4]]})",
        R"({"rescore":null})", R"({"under":1.5})"}) {
    const auto outcome = read_outcome(text);
    ASSERT_FALSE(outcome.has_value()) << text;
    EXPECT_EQ(outcome.error().code, ErrorCode::internal);
  }
}

std::uint32_t ordinal() {
  return *rc::gen::arbitrary<std::uint32_t>();
}

RC_GTEST_PROP(OutcomeProperty, is_read_as_it_was_written, ()) {
  Outcome outcome;
  for (const KeyRole role :
       {KeyRole::user, KeyRole::address, KeyRole::previous, KeyRole::anonymous}) {
    if (*rc::gen::arbitrary<bool>()) outcome.landings.push_back({role, ordinal(), ordinal()});
  }
  if (*rc::gen::arbitrary<bool>()) outcome.under = ordinal();
  if (*rc::gen::arbitrary<bool>()) outcome.rescore_next = ordinal();
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
    outcome.merged.emplace_back(ordinal(), ordinal());
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) outcome.shared.push_back(ordinal());
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    const auto stage = *rc::gen::element<std::string>("mql", "", "a \"b\"\n", "日本", "\\", "\x01");
    outcome.stages.push_back({ordinal(), stage, {*rc::gen::arbitrary<std::int64_t>()}, ordinal()});
  }
  const auto read = read_outcome(outcome_text(outcome));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == outcome);
}

}  // namespace
}  // namespace galena::domain
