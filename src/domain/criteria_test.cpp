#include "domain/criteria.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/record.hpp"

namespace galena::domain {
namespace {

using testing::HasSubstr;

const CriteriaNames kNames{.target_industries = {"Software", "Health Care"},
                           .adjacent_industries = {"Hardware"},
                           .target_regions = {"Germany", "California"},
                           .threshold = 50};

std::shared_ptr<const Record> record_of(std::vector<std::pair<Field, std::string>> fields) {
  Person person;
  std::uint32_t position = 0;
  for (auto& [field, value] : fields) {
    person.facts.push_back({field, Source::server, {}, {}, ++position, value});
  }
  const Person* const persons[] = {&person};
  return fold_record(persons);
}

bool holds(std::string_view text, const Record& record, const Standing* standing = nullptr,
           std::string_view stage = "lead", const CriteriaNames& names = kNames) {
  const auto criterion = Criterion::parse(text, names);
  EXPECT_TRUE(criterion.has_value())
      << text << ": " << (criterion ? "" : criterion.error().field + criterion.error().message);
  return criterion && criterion->holds({record, standing, stage});
}

TEST(Criteria, compares_numbers) {
  const auto record = record_of({{Field::employees, "50"}});
  EXPECT_TRUE(holds("company.employees = 50", *record));
  EXPECT_TRUE(holds("company.employees == 50.0", *record));
  EXPECT_FALSE(holds("company.employees != 50", *record));
  EXPECT_TRUE(holds("company.employees != 51", *record));
  EXPECT_FALSE(holds("company.employees < 50", *record));
  EXPECT_TRUE(holds("company.employees <= 50", *record));
  EXPECT_FALSE(holds("company.employees > 50", *record));
  EXPECT_TRUE(holds("company.employees >= 50", *record));
  EXPECT_TRUE(holds("company.employees > -1", *record));
  EXPECT_TRUE(holds("company.employees in (10, 50)", *record));
  EXPECT_FALSE(holds("company.employees in (10)", *record));
}

TEST(Criteria, compares_texts_in_their_comparison_form) {
  const auto record =
      record_of({{Field::company_name, "  ＡCME   GmbH "}, {Field::city, "STRASSE"}});
  EXPECT_TRUE(holds("company.name = \"acme gmbh\"", *record));
  EXPECT_TRUE(holds("company.name = 'ACME  gmbh'", *record));
  EXPECT_FALSE(holds("company.name = \"acme\"", *record));
  EXPECT_TRUE(holds("company.name != \"acme\"", *record));
  EXPECT_FALSE(holds("company.name != \"ＡＣＭＥ GMBH\"", *record));
  EXPECT_TRUE(holds("company.name in (\"x\", \"Acme GmbH\")", *record));
  EXPECT_TRUE(holds("city = \"straße\"", *record));
}

TEST(Criteria, quotes_can_stand_in_a_text) {
  const auto record = record_of({{Field::company_name, "Ann's \"Shop\""}});
  EXPECT_TRUE(holds(R"(company.name = "ann's \"shop\"")", *record));
  EXPECT_TRUE(holds(R"(company.name = 'Ann\'s "Shop"')", *record));
}

TEST(Criteria, compares_countries_by_their_code) {
  const auto record = record_of({{Field::country, "Deutschland"}, {Field::region, "Bayern"}});
  EXPECT_TRUE(holds("country = \"DE\"", *record));
  EXPECT_TRUE(holds("country = \"deu\"", *record));
  EXPECT_TRUE(holds("country in (\"France\", \"germany\")", *record));
  EXPECT_FALSE(holds("country = \"France\"", *record));
  EXPECT_TRUE(holds("country in icp.target_regions", *record));
  EXPECT_FALSE(holds("region in icp.target_regions", *record));
}

TEST(Criteria, names_the_lists_of_the_playbook) {
  const auto record = record_of({{Field::industry, "health  CARE"}});
  EXPECT_TRUE(holds("company.industry in icp.target_industries", *record));
  EXPECT_FALSE(holds("company.industry in icp.adjacent_industries", *record));
  EXPECT_TRUE(holds("not company.industry in icp.adjacent_industries", *record));
  const auto none = record_of({});
  EXPECT_FALSE(holds("company.industry in icp.target_industries", *none));
}

// and binds more tightly than or, not more tightly than both.
TEST(Criteria, precedence) {
  const auto record = record_of({{Field::city, "a"}, {Field::phone, "1"}});
  const std::string yes = "city = \"a\"", no = "city = \"b\"";
  EXPECT_TRUE(holds(yes + " or " + no + " and " + no, *record));
  EXPECT_FALSE(holds("(" + yes + " or " + no + ") and " + no, *record));
  EXPECT_TRUE(holds(no + " and " + no + " or " + yes, *record));
  EXPECT_TRUE(holds("not " + no + " and " + yes, *record));
  EXPECT_FALSE(holds("not (" + no + " or " + yes + ")", *record));
  EXPECT_TRUE(holds("not " + yes + " or " + yes, *record));
  EXPECT_TRUE(holds("not not " + yes, *record));
  EXPECT_TRUE(holds("not exists(title) and exists(phone)", *record));
}

// A comparison with a missing value is false, whichever; not negates; exists asks.
TEST(Criteria, missing_values) {
  const auto record = record_of({});
  for (const std::string_view text : {"company.employees = 0",
                                      "company.employees != 0",
                                      "company.employees < 10",
                                      "company.employees in (0)",
                                      "title != \"CEO\"",
                                      "title = \"\"",
                                      "title.seniority != \"vp\"",
                                      "email.free_mail",
                                      "email.free_mail = true",
                                      "email.free_mail = false",
                                      "email.free_mail != true",
                                      "email.free_mail != false",
                                      "email.domain != \"x\"",
                                      "country != \"DE\"",
                                      "company.industry != \"x\"",
                                      "exists(title)",
                                      "exists(country)",
                                      "score >= 0",
                                      "score < 0",
                                      "own_action",
                                      "own_action = false"}) {
    EXPECT_FALSE(holds(text, *record)) << text;
    EXPECT_TRUE(holds("not (" + std::string(text) + ")", *record)) << text;
  }
}

TEST(Criteria, truth_values) {
  const auto free_mail = record_of({{Field::email, "ann@gmail.com"}});
  const auto company_mail = record_of({{Field::email, "ann@acme.com"}});
  for (const std::string_view text : {"email.free_mail", "email.free_mail = true",
                                      "email.free_mail != false", "(email.free_mail)"}) {
    EXPECT_TRUE(holds(text, *free_mail)) << text;
    EXPECT_FALSE(holds(text, *company_mail)) << text;
  }
  for (const std::string_view text :
       {"not email.free_mail", "email.free_mail = false", "email.free_mail != true"}) {
    EXPECT_FALSE(holds(text, *free_mail)) << text;
    EXPECT_TRUE(holds(text, *company_mail)) << text;
  }
  EXPECT_TRUE(holds("email.domain = \"ACME.com\" and not email.disposable", *company_mail));
  EXPECT_TRUE(holds("email.role", *record_of({{Field::email, "info@acme.com"}})));
}

TEST(Criteria, the_market_is_known_from_the_playbook) {
  const auto record = record_of({});
  CriteriaNames consumers = kNames;
  consumers.b2b = false;
  for (const std::string_view text : {"market = \"b2b\"", "market != \"b2c\"",
                                      "market in (\"b2b\", \"x\")", "not market = \"B2C\""}) {
    EXPECT_TRUE(holds(text, *record)) << text;
    EXPECT_FALSE(holds(text, *record, nullptr, "", consumers)) << text;
  }
}

TEST(Criteria, score_stage_and_threshold) {
  const auto record = record_of({});
  Standing standing{.fit = Points::whole(20), .interest = Points::whole(30)};
  standing.activity.last_own_action = from_ms(1);
  EXPECT_TRUE(holds("score >= threshold", *record, &standing));
  EXPECT_TRUE(holds("score = 50 and fit = 20 and interest = 30", *record, &standing));
  EXPECT_TRUE(holds("own_action and not shown_interest and not unsubscribed", *record, &standing));
  EXPECT_TRUE(holds("unsubscribed = false", *record, &standing));
  EXPECT_TRUE(holds("stage = \"Lead\"", *record, &standing));
  EXPECT_TRUE(holds("stage in (\"mql\", \"lead\")", *record, &standing));
  standing.interest.micro -= 1;
  EXPECT_FALSE(holds("score >= threshold", *record, &standing));
  EXPECT_TRUE(holds("score < threshold", *record, &standing));
}

TEST(Criteria, knows_what_it_reads) {
  const auto fit = Criterion::parse("exists(title) and company.employees > 5", kNames);
  EXPECT_FALSE(fit->reads_standing());
  EXPECT_THAT(fit->attributes(),
              testing::ElementsAre(Attribute::title, Attribute::company_employees));
  EXPECT_EQ(fit->text(), "exists(title) and company.employees > 5");
  for (const std::string_view text :
       {"score > 5", "exists(stage)", "title = \"a\" or not own_action", "fit in (1, 2)",
        "interest != 3", "unsubscribed", "shown_interest = false"}) {
    EXPECT_TRUE(Criterion::parse(text, kNames)->reads_standing()) << text;
  }
  EXPECT_EQ(field_behind(Attribute::email_free_mail), Field::email);
  EXPECT_EQ(field_behind(Attribute::score), std::nullopt);
  EXPECT_EQ(attribute_name(Attribute::company_employees), "company.employees");
}

// What marketers ask, at noon on the 31st of March 2026 in Berlin.
TEST(Criteria, counts_events_in_windows) {
  CriteriaNames names;
  names.zone = *Zone::named("Europe/Berlin");
  const Time now = *parse_time("2026-03-31T10:00:00Z");
  std::vector<Event> events;
  const auto add = [&](KindCode kind, const char* at) {
    events.push_back({.at = *parse_time(at),
                      .position = static_cast<std::uint32_t>(events.size() + 1),
                      .kind = kind});
  };
  add(kWhitePaperDownloaded, "2026-02-27T09:00:00Z");
  add(kPricingViewed, "2026-03-01T10:00:00Z");  // exactly 30 days ago
  add(kPageViewed, "2026-03-29T21:59:59Z");     // the last second of Sunday in Berlin
  add(kPricingViewed, "2026-03-29T22:00:00Z");  // the first of Monday
  add(kWhitePaperDownloaded, "2026-03-30T12:00:00Z");
  add(kDemoRequested, "2026-03-31T09:59:59Z");
  const EventIndex index(events);
  const Record record;
  const auto holds_now = [&](std::string_view text) {
    const auto criterion = Criterion::parse(text, names);
    EXPECT_TRUE(criterion.has_value()) << text;
    return criterion && criterion->holds({record, nullptr, "lead", &index, now});
  };
  for (const auto* text :
       {"count(\"Pricing Viewed\") = 2",
        "count(\"pricing_viewed\", last 30 days) = 1",
        "count(\"Pricing Viewed\", last 31 days) = 2",
        "count(\"Page Viewed\", last 60 days) = 3",
        "count(\"Page Viewed\", this week) = 1",
        "count(\"Page Viewed\", previous week) = 1",
        "count(\"Demo Requested\", this day) = 1",
        "count(\"Page Viewed\", this month) = 3",
        "count(\"White Paper Downloaded\", previous month) = 1",
        "count(\"Page Viewed\", this quarter) = 3",
        "count(\"Page Viewed\", previous year) = 0",
        "count(\"White Paper Downloaded\", between 2026-02-27 and 2026-03-30) = 2",
        "count(\"White Paper Downloaded\", between 2026-02-28 and 2026-03-29) = 0",
        "count(\"Page Viewed\", before 2026-03-30) = 2",
        "count(\"Page Viewed\", since 2026-03-30) = 1",
        "count(\"Cat Petted\") = 0 and not exists(last(\"Cat Petted\"))",
        "last(\"Page Viewed\") = 2026-03-30",
        "first(\"Page Viewed\") < 2026-03-02",
        "last(\"Page Viewed\") >= 2026-03-29T22:00:00Z",
        "last(\"Page Viewed\") in (2026-03-28, 2026-03-30)"}) {
    EXPECT_TRUE(holds_now(text)) << text;
  }
  EXPECT_TRUE(holds_now("sequence(\"White Paper Downloaded\", \"Pricing Viewed\" within 3 days)"));
  EXPECT_FALSE(holds_now("sequence(\"White Paper Downloaded\", \"Pricing Viewed\" within 2 days)"));
  EXPECT_FALSE(holds_now("sequence(\"Demo Requested\", \"Page Viewed\")"));
  EXPECT_TRUE(
      holds_now("sequence(\"Page Viewed\", \"White Paper Downloaded\" within 24h, "
                "\"Demo Requested\", last 3 days)"));
}

TEST(Criteria, say_why) {
  const auto record = record_of({{Field::title, "VP Sales"}, {Field::employees, "50"}});
  const auto criterion = Criterion::parse(
      "title.seniority = \"vp\" and (company.employees > 99 or not exists(city))", kNames);
  ASSERT_TRUE(criterion.has_value());
  const Explanation why = criterion->explain({*record, nullptr, "lead"});
  EXPECT_TRUE(why.holds);
  ASSERT_EQ(why.parts.size(), 2u);
  EXPECT_EQ(why.parts[0].text, "title.seniority = \"vp\"");
  EXPECT_EQ(why.parts[0].found, "vp");
  ASSERT_EQ(why.parts[1].parts.size(), 2u);
  EXPECT_FALSE(why.parts[1].parts[0].holds);
  EXPECT_EQ(why.parts[1].parts[0].found, "50");
  EXPECT_EQ(why.parts[1].parts[1].parts[0].found, "nothing");
}

struct WrongCase {
  std::string_view text;
  std::string_view column;
  std::string_view message;
};

TEST(Criteria, errors_name_the_column) {
  static constexpr WrongCase kCases[] = {
      {"", "column 1", "expected a name"},
      {"   ", "column 4", "expected a name"},
      {"titel = \"x\"", "column 1", "\"titel\" is not known here"},
      {"title = \"x\" and", "column 16", "expected a name"},
      {"title = \"x\" title", "column 13", "expected \"and\", \"or\" or the end"},
      {"title = \"x", "column 9", "no closing quote"},
      {"title = 5", "column 9", "compared with a text"},
      {"title = x", "column 9", "compared with a text"},
      {"title > \"x\"", "column 7", "cannot be more or less"},
      {"title \"x\"", "column 7", "expected =, !="},
      {"title", "column 6", "expected =, !="},
      {"company.employees >= \"x\"", "column 22", "compared with a number"},
      {"company.employees >= 1e999", "column 22", "not a number"},
      {"company.employees >= -", "column 22", "not a number"},
      {"company.employees in (1, \"x\")", "column 26", "compared with a number"},
      {"company.employees in icp.target_regions", "column 22", "is no list"},
      {"title in (\"x\" \"y\")", "column 15", "expected \",\""},
      {"title in ()", "column 11", "compared with a text"},
      {"title in (\"x\",)", "column 15", "compared with a text"},
      {"title in icp.nothing", "column 10", "is no list"},
      {"title in", "column 9", "expected \"(\""},
      {"email.free_mail in (true)", "column 20", "no list"},
      {"email.free_mail = \"yes\"", "column 19", "is true or false"},
      {"email.free_mail > true", "column 17", "cannot be more or less"},
      {"(title = \"x\"", "column 13", "expected \")\""},
      {"title = \"x\")", "column 12", "expected \"and\", \"or\" or the end"},
      {"exists title", "column 8", "expected \"(\""},
      {"exists(5)", "column 8", "expected a name"},
      {"exists(title", "column 13", "expected \")\""},
      {"title & title", "column 7", "\"&\" is not part of a criterion"},
      {"threshold > 5", "column 1", "right side"},
      {"not", "column 4", "expected a name"},
      {"count(Pricing) > 1", "column 7", "name of an event in quotes"},
      {"count(\"A\", 30 days) > 1", "column 12", "expected a time like"},
      {"count(\"A\", last 1 month) > 1", "column 17", "not a length of time"},
      {"count(\"A\", last 30 days > 1", "column 25", "expected \")\""},
      {"count(\"A\", this fortnight) > 1", "column 17", "day, week, month"},
      {"count(\"A\", between 2026-01-01 or 2026-02-01) > 1", "column 31", "expected \"and\""},
      {"count(\"A\", since 2026-02-30) > 1", "column 18", "expected a day"},
      {"count(\"A\")", "column 11", "expected =, !="},
      {"count(\"\") > 1", "column 1", "needs a name"},
      {"last(\"A\") > 5", "column 13", "expected a day"},
      {"created_at >= \"2026-01-01\"", "column 15", "expected a day"},
      {"score contains \"5\"", "column 7", "is no text"},
      {"sequence(\"A\")", "column 1", "two steps"},
      {"sequence(\"A\" within 2 days, \"B\")", "column 1", "before the first step"},
      {"sequence(\"A\", last 2 days, \"B\")", "column 26", "expected \")\""},
  };
  for (const WrongCase& expected : kCases) {
    const auto criterion = Criterion::parse(expected.text, kNames);
    ASSERT_FALSE(criterion.has_value()) << expected.text;
    EXPECT_EQ(criterion.error().code, ErrorCode::invalid);
    EXPECT_EQ(criterion.error().field, expected.column) << expected.text;
    EXPECT_THAT(criterion.error().message, HasSubstr(expected.message)) << expected.text;
  }
}

TEST(Criteria, depth_and_length_are_limited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "exists(title)" + std::string(depth, ')');
  };
  EXPECT_TRUE(Criterion::parse(nested(49), kNames).has_value());
  EXPECT_FALSE(Criterion::parse(nested(50), kNames).has_value());
  std::string negated = "exists(title)";
  for (int i = 0; i < 60; ++i) negated.insert(0, "not ");
  EXPECT_THAT(Criterion::parse(negated, kNames).error().message, HasSubstr("too deeply"));
  EXPECT_TRUE(Criterion::parse("exists(title)" + std::string(9'987, ' '), kNames).has_value());
  EXPECT_FALSE(Criterion::parse("exists(title)" + std::string(9'988, ' '), kNames).has_value());
  std::string wide = "exists(title)";
  while (wide.size() < 9'900) wide += " or exists(title)";
  EXPECT_TRUE(Criterion::parse(wide, kNames).has_value());
}

// A random formula over two truths agrees with a direct evaluation of what was meant.
struct Formula {
  std::string text;
  bool truth;
};

Formula random_formula(int depth) {
  const int choice = depth == 0 ? 0 : *rc::gen::inRange(0, 4);
  if (choice == 0) {
    const bool truth = *rc::gen::arbitrary<bool>();
    return {truth ? "city = \"a\"" : "city = \"b\"", truth};
  }
  const Formula left = random_formula(depth - 1);
  if (choice == 1) return {"not (" + left.text + ")", !left.truth};
  const Formula right = random_formula(depth - 1);
  if (choice == 2) {
    return {"(" + left.text + ") and (" + right.text + ")", left.truth && right.truth};
  }
  return {"(" + left.text + ") or (" + right.text + ")", left.truth || right.truth};
}

RC_GTEST_PROP(CriteriaProperty, formulas_mean_what_they_say, ()) {
  static const auto record = record_of({{Field::city, "a"}});
  const Formula formula = random_formula(4);
  RC_ASSERT(holds(formula.text, *record) == formula.truth);
}

// Flat chains without brackets: or of ands of perhaps negated truths.
RC_GTEST_PROP(CriteriaProperty, and_binds_before_or, ()) {
  static const auto record = record_of({{Field::city, "a"}});
  std::string text;
  bool any = false, all = true;
  const int count = *rc::gen::inRange(1, 12);
  for (int i = 0; i < count; ++i) {
    const bool truth = *rc::gen::arbitrary<bool>(), negated = *rc::gen::arbitrary<bool>();
    if (i > 0) {
      const bool is_or = *rc::gen::arbitrary<bool>();
      text += is_or ? " or " : " and ";
      if (is_or) {
        any |= all;
        all = true;
      }
    }
    text += std::string(negated ? "not " : "") + (truth ? "city = \"a\"" : "city != \"a\"");
    all &= truth != negated;
  }
  RC_ASSERT(holds(text, *record) == (any || all));
}

// Any text gives a criterion or an error with a column inside of it.
RC_GTEST_PROP(CriteriaProperty, any_text_is_harmless, ()) {
  std::string text;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    text += *rc::gen::element<std::string>("title", " ", "=", "(", ")", "in", "not ", "and ", "or ",
                                           "\"x\"", "'", "5", "-", ">=", "exists", ",", "\xff",
                                           "score", "email.free_mail", "threshold", "\\");
  }
  const auto criterion = Criterion::parse(text, kNames);
  if (criterion) return;
  const std::string& field = criterion.error().field;
  RC_ASSERT(field.starts_with("column "));
  const auto column = std::stoul(field.substr(7));
  RC_ASSERT(column >= 1 && column <= text.size() + 1);
}

}  // namespace
}  // namespace galena::domain
