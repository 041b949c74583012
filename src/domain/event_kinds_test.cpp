#include "domain/event_kinds.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "domain/score_model.hpp"

namespace galena::domain {
namespace {

TEST(EventKinds, the_codes_are_stored_and_never_change) {
  const std::pair<KindCode, std::string_view> codes[] = {{1, "Page Viewed"},
                                                         {2, "Pricing Viewed"},
                                                         {3, "Screen Viewed"},
                                                         {4, "Identified"},
                                                         {5, "Grouped"},
                                                         {6, "Aliased"},
                                                         {7, "Score Adjusted"},
                                                         {8, "Form Submitted"},
                                                         {9, "Demo Requested"},
                                                         {10, "Quote Requested"},
                                                         {11, "Contact Sales Requested"},
                                                         {12, "Trial Started"},
                                                         {13, "Meeting Booked"},
                                                         {14, "Webinar Registered"},
                                                         {15, "Webinar Attended"},
                                                         {16, "White Paper Downloaded"},
                                                         {17, "Email Sent"},
                                                         {18, "Email Delivered"},
                                                         {19, "Email Opened"},
                                                         {20, "Email Link Clicked"},
                                                         {21, "Email Replied"},
                                                         {22, "Email Bounced"},
                                                         {23, "Email Marked as Spam"},
                                                         {24, "Unsubscribed"},
                                                         {25, "Sales Accepted"},
                                                         {26, "Opportunity Created"},
                                                         {27, "Opportunity Won"},
                                                         {28, "Opportunity Lost"},
                                                         {29, "Order Completed"},
                                                         {30, "Page Pinged"},
                                                         {31, "Imported"}};
  const KindTable table;
  for (const auto& [code, name] : codes) {
    EXPECT_EQ(table.find(name), code) << name;
    EXPECT_EQ(table.name(code), name) << name;
  }
  EXPECT_EQ(kFirstFreeKind, 64);
}

TEST(EventKinds, names_compare_without_regard_to_spelling) {
  const KindTable table;
  for (const auto* name : {"demo requested", "DEMO_REQUESTED", " Demo  Requested ",
                           "ｄemo requested", "demo__requested"}) {
    EXPECT_EQ(table.find(name), kDemoRequested) << name;
  }
  EXPECT_EQ(table.find("demorequested"), kNoKind);
  EXPECT_EQ(table.find(""), kNoKind);
}

TEST(EventKinds, own_names_get_codes_in_order_and_keep_their_spelling) {
  const KindTable empty;
  KindCode cat = 0, dog = 0;
  const auto with_cat = empty.with("Cat Petted", cat);
  const auto with_both = with_cat->with("dog_petted", dog);
  EXPECT_EQ(cat, 64);
  EXPECT_EQ(dog, 65);
  EXPECT_EQ(empty.find("cat petted"), kNoKind);
  EXPECT_EQ(with_cat->find("cat_petted"), cat);
  EXPECT_EQ(with_cat->find("Dog Petted"), kNoKind);
  EXPECT_EQ(with_both->find("Dog  Petted"), dog);
  EXPECT_EQ(with_both->name(dog), "dog_petted");
  EXPECT_EQ(with_both->own_names(), (std::vector<std::string>{"Cat Petted", "dog_petted"}));
  EXPECT_EQ(with_both->name(66), "");
  EXPECT_EQ(with_both->name(40), "");
}

TEST(EventKinds, a_name_of_blanks_is_not_the_empty_name) {
  for (const auto* name : {"_", "___", "\xe3\x80\x80", "\xc2\xad"}) {
    KindCode code = 0;
    const auto table = KindTable().with(name, code);
    EXPECT_EQ(table->find(""), kNoKind) << name;
    EXPECT_EQ(table->find(name), code) << name;
  }
}

// Every version keeps what it knew, and making them all takes a moment: a table that copied its
// names for each new one would take minutes.
TEST(EventKinds, new_names_are_cheap_up_to_the_limit_and_leave_older_tables_alone) {
  const auto name_of = [](std::size_t i) { return "Own " + std::to_string(i * 7919 % 100'003); };
  const auto begin = std::chrono::steady_clock::now();
  auto table = std::make_shared<const KindTable>();
  std::vector<std::shared_ptr<const KindTable>> older;
  for (std::size_t i = 0; i < KindTable::kNamesMax; ++i) {
    if (i % 997 == 0) older.push_back(table);
    KindCode code = 0;
    table = table->with(name_of(i), code);
    ASSERT_EQ(code, kFirstFreeKind + i);
    ASSERT_EQ(table->find(name_of(i / 2)), kFirstFreeKind + i / 2);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{30});
  EXPECT_TRUE(table->full());
  for (std::size_t i = 0; i < KindTable::kNamesMax; ++i) {
    const auto code = static_cast<KindCode>(kFirstFreeKind + i);
    ASSERT_EQ(table->find(name_of(i)), code);
    ASSERT_EQ(table->name(code), name_of(i));
  }
  for (std::size_t version = 1; version < older.size(); ++version) {
    const std::size_t count = version * 997;
    ASSERT_EQ(older[version]->own_count(), count);
    const auto last = static_cast<KindCode>(kFirstFreeKind + count - 1);
    ASSERT_EQ(older[version]->name(last), name_of(count - 1));
    ASSERT_EQ(older[version]->find(name_of(count - 1)), last);
    ASSERT_EQ(older[version]->find(name_of(count)), kNoKind);
    ASSERT_EQ(older[version]->name(static_cast<KindCode>(last + 1)), "");
  }
}

TEST(EventKinds, two_tables_grown_from_one_know_nothing_of_each_other) {
  KindCode code = 0;
  std::shared_ptr<const KindTable> base = std::make_shared<KindTable>();
  for (const auto* name : {"A", "B", "C"}) base = base->with(name, code);
  const auto left = base->with("Left", code);
  const auto right = base->with("Right", code);
  EXPECT_EQ(left->find("right"), kNoKind);
  EXPECT_EQ(right->name(code), "Right");
  EXPECT_EQ(left->name(code), "Left");
  EXPECT_EQ(base->own_names(), (std::vector<std::string>{"A", "B", "C"}));
}

// Names that were two when they came may be one for a later Unicode: the first of them is meant.
TEST(EventKinds, of_names_that_have_become_one_the_first_is_found) {
  const KindTable table({"Cat Petted", "CAT_PETTED", "demo requested", "Dog"});
  EXPECT_EQ(table.find("cat petted"), kFirstFreeKind);
  EXPECT_EQ(table.find("Demo Requested"), kDemoRequested);
  EXPECT_EQ(table.name(65), "CAT_PETTED");
  EXPECT_EQ(table.find("dog"), 67);
  KindCode code = 0;
  EXPECT_EQ(table.with("cat  petted", code)->find("Cat Petted"), kFirstFreeKind);
}

std::set<std::string_view> kinds_with(bool KindTraits::*trait) {
  const KindTable table;
  std::set<std::string_view> names;
  for (KindCode kind = 1; kind < kFirstFreeKind; ++kind) {
    if (!table.name(kind).empty() && kind_traits(kind).*trait) names.insert(table.name(kind));
  }
  return names;
}

TEST(EventKinds, a_full_table_takes_no_more_names) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < KindTable::kNamesMax; ++i)
    names.push_back("name " + std::to_string(i));
  const KindTable table(names);
  EXPECT_TRUE(table.full());
  EXPECT_EQ(table.own_names(), names);
  EXPECT_EQ(table.find("NAME_59999"), kFirstFreeKind + 59'999);
  KindCode code = 7;
  EXPECT_EQ(table.with("one more", code)->find("one more"), kNoKind);
  EXPECT_EQ(code, kNoKind);
}

TEST(EventKinds, what_the_names_mean) {
  using Names = std::set<std::string_view>;
  EXPECT_EQ(kinds_with(&KindTraits::visit),
            (Names{"Page Viewed", "Pricing Viewed", "Screen Viewed"}));
  EXPECT_EQ(kinds_with(&KindTraits::hot),
            (Names{"Demo Requested", "Quote Requested", "Contact Sales Requested"}));
  EXPECT_EQ(kinds_with(&KindTraits::per_message),
            (Names{"Email Sent", "Email Delivered", "Email Opened", "Email Link Clicked",
                   "Email Replied", "Email Bounced", "Email Marked as Spam", "Unsubscribed"}));
  EXPECT_EQ(
      kinds_with(&KindTraits::trusted_only),
      (Names{"Email Sent", "Email Delivered", "Email Opened", "Email Link Clicked", "Email Replied",
             "Email Bounced", "Email Marked as Spam", "Unsubscribed", "Sales Accepted",
             "Opportunity Created", "Opportunity Won", "Opportunity Lost", "Order Completed"}));
  EXPECT_TRUE(kind_traits(kFirstFreeKind).own_action);  // what nobody named, the person did
  EXPECT_FALSE(kind_traits(kEmailSent).own_action);
  EXPECT_FALSE(kind_traits(kIdentified).own_action);
  EXPECT_FALSE(kind_traits(kScoreAdjusted).own_action);
  EXPECT_TRUE(kind_traits(kPagePinged).own_action);  // who stays on a page does something
  EXPECT_FALSE(kind_traits(kPagePinged).shows_interest);
}

}  // namespace
}  // namespace galena::domain
