#include "domain/account.hpp"

#include <gtest/gtest.h>

#include "domain/account_draft.hpp"
#include "domain/accounts_as_found.hpp"
#include "domain/erasure.hpp"
#include "domain/plain_state.hpp"
#include "domain/standpoint.hpp"
#include "domain/voiding.hpp"

namespace galena::domain {
namespace {

using std::chrono::hours;

Fact telling(Field field, Source source, int hour, std::uint32_t position, std::string value) {
  const Time at = kTestTime + hours{hour};
  return {field, source, at, at, position, std::move(value)};
}

std::string value_in(const CompanyFacts& facts, Field field) {
  for (const auto& [known, value] : facts) {
    if (known == field) return value.value;
  }
  return "";
}

TEST(AccountKey, a_group_that_is_called_by_a_domain_is_that_domain) {
  EXPECT_EQ(account_of_group("acme.com"), (AccountKey{AccountKind::domain, "acme.com"}));
  EXPECT_EQ(account_of_group("acme.co.uk"), (AccountKey{AccountKind::domain, "acme.co.uk"}));
  EXPECT_EQ(account_of_group("Acme.com"), (AccountKey{AccountKind::domain, "acme.com"}));
  for (const char* id : {"acme", "42", "order.v1", "www.acme.com", "gmail.com", "co.uk"}) {
    EXPECT_EQ(account_of_group(id), (AccountKey{AccountKind::group, id}));
  }
}

TEST(AccountKey, a_domain_is_told_in_many_ways) {
  for (const char* told :
       {"acme.com", " ACME.com ", "www.acme.com", "https://www.acme.com/about?x=1",
        "http://shop.acme.com:8080", "acme.com#team"}) {
    const auto key = account_of_domain(told);
    ASSERT_TRUE(key.has_value()) << told;
    EXPECT_EQ(key->text, "acme.com") << told;
  }
  EXPECT_EQ(account_of_domain("Bücher.de")->text, "xn--bcher-kva.de");
  for (const char* told : {"", "gmail.com", "mailinator.com", "co.uk", "acme", "10.0.0.1", "a b"}) {
    EXPECT_FALSE(account_of_domain(told).has_value()) << told;
  }
}

TEST(CompanyFacts, of_one_organisation_the_latest_word_holds_and_is_known_since_it_was_said_first) {
  const std::vector<Fact> facts{
      telling(Field::employees, Source::server, 1, 2, "51"),
      telling(Field::employees, Source::server, 2, 3, "300"),
      telling(Field::employees, Source::server, 9, 5, "300"),
      telling(Field::employees, Source::browser, 20, 6, "7"),
      telling(Field::industry, Source::browser, 3, 4, "Software"),
      telling(Field::industry, Source::browser, 1, 7, "IT"),
  };
  std::vector<const Fact*> all;
  CompanyFacts one_by_one;
  for (const Fact& fact : facts) {
    all.push_back(&fact);
    if (!add_telling(one_by_one, fact)) one_by_one = fold_tellings(all);
  }
  const CompanyFacts folded = fold_tellings(all);
  EXPECT_EQ(folded, one_by_one);
  EXPECT_EQ(value_in(folded, Field::employees), "300");
  EXPECT_EQ(folded.front().second.position, 3u);
  EXPECT_EQ(value_in(folded, Field::industry), "IT") << "a browser's first word stands";
}

TEST(CompanyFacts, of_several_parts_the_most_trusted_then_its_own_then_the_newest_word_holds) {
  const Fact own = telling(Field::employees, Source::server, 1, 2, "10");
  const Fact newer = telling(Field::employees, Source::server, 5, 9, "20");
  const Fact by_hand = telling(Field::employees, Source::api, 1, 3, "30");
  const Fact name = telling(Field::company_name, Source::server, 1, 4, "EU");
  const Fact other_name = telling(Field::company_name, Source::server, 1, 5, "US");
  const CompanyFacts of_own = fold_tellings({&own}), of_newer = fold_tellings({&newer, &name}),
                     of_hand = fold_tellings({&by_hand, &other_name});
  EXPECT_EQ(value_in(fold_known({&of_own, &of_newer}), Field::employees), "10");
  EXPECT_EQ(value_in(fold_known({&of_own, &of_newer, &of_hand}), Field::employees), "30");
  EXPECT_EQ(value_in(fold_known({&of_own, &of_newer, &of_hand}), Field::company_name), "US");
  EXPECT_EQ(value_in(fold_known({&of_own, &of_hand, &of_newer}), Field::company_name), "US");
}

// --- what it does to people ---------------------------------------------------------------------

class Accounts : public testing::Test {
 protected:
  Changes tell(const Input& input) {
    now_ += hours{1};
    const Changes changes = take(state_, input, now_);
    EXPECT_TRUE(accounts_are_as_found(state_));
    return changes;
  }
  Changes person(std::string_view ids, std::string_view traits, Source source = Source::server) {
    return tell(identify_as(ids, traits, source));
  }
  Changes group(std::string_view ids, std::string_view id, std::string_view traits,
                Source source = Source::server) {
    return tell(event_input(MessageType::group,
                            fmt::format(R"({{{}"groupId":"{}","traits":{{{}}}}})", ids, id, traits),
                            source, now_));
  }
  const Record& record_of(LeadOrdinal lead) const { return *state_.lead(lead).record; }
  const Account& whole_of(LeadOrdinal lead) const {
    return state_.account(state_.account(state_.lead(lead).account).whole);
  }

  PlainState state_ = new_state();
  Time now_ = kTestTime;
};

TEST_F(Accounts, colleagues_learn_of_it_at_once_and_what_they_are_given_is_recorded) {
  person(R"("userId":"ann")", R"("email":"ann@acme.com","title":"VP Sales")");
  person(R"("userId":"bob")", R"("email":"bob@acme.com","title":"VP Sales")");
  tell(track(R"("userId":"bob")", "Demo Requested"));
  const Points before = state_.lead(1).standing.score();
  const Changes changes =
      group(R"("userId":"ann",)", "g", R"("employees":300,"domain":"acme.com")");
  EXPECT_EQ(record_of(1).employees, 300);
  EXPECT_EQ(state_.lead(1).standing.score(), before + Points::whole(15));
  const auto given = std::ranges::find(changes.outcome.stages, 1u, &StageDecision::lead);
  ASSERT_NE(given, changes.outcome.stages.end());
  EXPECT_EQ(given->stage, "mql");
}

TEST_F(Accounts, the_organisations_word_goes_before_a_persons_of_the_same_source) {
  person(R"("userId":"ann")", R"("email":"ann@acme.com","company":{"employees":9})");
  group(R"("userId":"bob",)", "acme.com", R"("employees":300)");
  EXPECT_EQ(record_of(0).employees, 300);
  person(R"("userId":"ann")", R"("company":{"employees":12})");
  EXPECT_EQ(record_of(0).employees, 300);
  tell(event_input(MessageType::group, R"({"groupId":"acme.com","traits":{"employees":40}})",
                   Source::api, now_));
  EXPECT_EQ(record_of(0).employees, 40) << "by hand goes before a server";
}

TEST_F(Accounts, what_a_person_says_of_theirs_is_theirs) {
  person(R"("userId":"ann")", R"("email":"ann@acme.com","company":{"employees":900})");
  person(R"("userId":"bob")", R"("email":"bob@acme.com")");
  EXPECT_EQ(record_of(1).employees, std::nullopt);
}

TEST_F(Accounts, a_group_and_a_domain_are_one_where_a_server_says_so) {
  person(R"("userId":"ann")", R"("email":"ann@acme.com")");
  group(R"("userId":"bob",)", "g", R"("employees":300)");
  EXPECT_EQ(record_of(0).employees, std::nullopt);
  group(R"("userId":"bob",)", "g", R"("website":"acme.com")");
  EXPECT_EQ(record_of(0).employees, 300);
  EXPECT_EQ(whole_of(1).key.text, "acme.com");
  group(R"("userId":"bob",)", "g", R"("website":"gmail.com")");
  EXPECT_EQ(record_of(0).employees, std::nullopt) << "free mail is nobody's domain";
}

TEST_F(Accounts, a_public_key_tells_of_itself_alone) {
  person(R"("userId":"ann")", R"("email":"ann@acme.com")");
  group(R"("userId":"ann",)", "acme.com", R"("employees":300)");
  group(R"("anonymousId":"x",)", "acme.com", R"("industry":"IT")", Source::browser);
  EXPECT_FALSE(record_of(0)[Field::industry].known());
  EXPECT_EQ(record_of(1)[Field::industry].value, "IT");
  EXPECT_EQ(record_of(1).employees, 300) << "it is in the group";
  group(R"("userId":"ann",)", "elsewhere", "", Source::browser);
  EXPECT_EQ(record_of(0).employees, 300) << "and moves nobody whom a server has placed";
  group(R"("userId":"bob",)", "bob@acme.com", R"("employees":8)");
  EXPECT_EQ(state_.lead(2).account, kNoAccount) << "an address names somebody, not a company";
}

TEST_F(Accounts, whoever_moves_to_another_group_leaves_the_old_one_behind) {
  group(R"("userId":"ann",)", "g1", R"("employees":300)");
  group(R"("userId":"ann",)", "g2", R"("industry":"IT")");
  EXPECT_EQ(record_of(0).employees, std::nullopt);
  EXPECT_EQ(record_of(0)[Field::industry].value, "IT");
  group(R"("userId":"bob",)", "g1", R"("industry":"Software")");
  EXPECT_EQ(record_of(1).employees, 300) << "what she told of it stays told";
}

TEST_F(Accounts, an_organisation_without_a_person_is_nobodys_lead) {
  const Changes changes = tell(event_input(
      MessageType::group, R"({"traits":{"domain":"acme.com","employees":80}})", Source::api, now_));
  const LeadOrdinal own = state_.person(*changes.outcome.under).lead;
  EXPECT_TRUE(state_.lead(own).visitor);
  EXPECT_TRUE(is_organisation(state_, own));
  EXPECT_TRUE(changes.outcome.segments.empty());
  EraseInput erase{.lead = own, .secret = std::string(32, 's')};
  complete_erasure(erase, state_);
  EXPECT_FALSE(decide(state_, erase, now_)) << "there is nobody to be erased";
  EXPECT_FALSE(decide(state_, AdjustmentInput{own, Points::whole(1), "x", "user 1", ""}, now_));
  person(R"("userId":"ann")", R"("email":"ann@acme.com")");
  EXPECT_EQ(record_of(1).employees, 80);
}

TEST_F(Accounts, of_a_crowd_the_first_are_asked_at_once_and_the_rest_later) {
  constexpr LeadOrdinal kCrowd = kColleaguesMax + 7;
  for (LeadOrdinal i = 0; i < kCrowd; ++i) {
    take(state_,
         identify_as(fmt::format(R"("userId":"u{}")", i),
                     fmt::format(R"("email":"u{}@acme.com")", i)),
         now_);
  }
  const Changes changes =
      take(state_,
           event_input(MessageType::group, R"({"groupId":"acme.com","traits":{"employees":300}})",
                       Source::api, now_),
           now_);
  EXPECT_EQ(changes.leads.size(), kColleaguesMax + 1);  // and its own
  EXPECT_EQ(changes.to_ask, (std::vector{state_.lead(0).account}));
  TimeInput rest;
  for (LeadOrdinal i = 0; i < kCrowd; ++i) {
    EXPECT_EQ(record_of(i).employees == 300, i < kColleaguesMax);
    if (!has_heard(state_, state_.lead(i))) rest.leads.push_back(i);
  }
  EXPECT_EQ(rest.leads.size(), 7u);
  take(state_, rest, now_);
  EXPECT_TRUE(accounts_are_as_found(state_));
}

}  // namespace
}  // namespace galena::domain
