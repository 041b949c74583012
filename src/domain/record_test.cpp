#include "domain/record.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace galena::domain {
namespace {

Time at(int seconds) {
  return from_ms(seconds * 1000);
}

Fact title(std::string value, int seconds, std::uint32_t position, Source source = Source::server) {
  return {Field::title, source, at(seconds), at(1000), position, std::move(value)};
}

// What holds after the tellings, in the order in which they came.
std::string holding(const std::vector<Fact>& tellings) {
  Person person;
  for (const Fact& fact : tellings) tell(person.facts, fact);
  const Person* const persons[] = {&person};
  return (*fold_record(persons))[Field::title].value;
}

TEST(Record, of_nobody_is_empty) {
  const auto record = fold_record({});
  for (std::size_t i = 0; i < kFieldCount; ++i) EXPECT_FALSE(record->fields[i].known());
  EXPECT_EQ(record->seniority, Seniority::unknown);
  EXPECT_EQ(record->employees, std::nullopt);
}

TEST(Record, the_later_telling_of_a_source_holds) {
  EXPECT_EQ(holding({title("A", 1, 1), title("B", 2, 2)}), "B");
  EXPECT_EQ(holding({title("B", 2, 1), title("A", 1, 2)}), "B");
  EXPECT_EQ(holding({title("A", 1, 1), title("B", 1, 2)}), "B");
}

TEST(Record, a_browsers_first_telling_holds) {
  EXPECT_EQ(holding({title("A", 1, 1, Source::browser), title("B", 2, 2, Source::browser)}), "A");
  EXPECT_EQ(holding({title("B", 2, 1, Source::browser), title("A", 1, 2, Source::browser)}), "A");
  EXPECT_EQ(holding({title("A", 1, 1, Source::browser), title("B", 1, 2, Source::browser)}), "A");
}

TEST(Record, the_more_trusted_source_holds) {
  const std::vector<Source> sources = {Source::browser, Source::import, Source::server,
                                       Source::api};
  for (const Source low : sources) {
    for (const Source high : sources) {
      if (low >= high) continue;
      EXPECT_EQ(holding({title("low", 2, 2, low), title("high", 1, 1, high)}), "high");
      EXPECT_EQ(holding({title("high", 1, 1, high), title("low", 2, 2, low)}), "high");
    }
  }
}

TEST(Record, a_value_says_when_and_from_where_it_is_known) {
  Person person;
  tell(person.facts, {Field::employees, Source::import, at(5), at(9), 3, "50"});
  const Person* const persons[] = {&person};
  const auto record = fold_record(persons);
  const FieldValue& value = (*record)[Field::employees];
  EXPECT_EQ(value.source, Source::import);
  EXPECT_EQ(value.at, at(5));
  EXPECT_EQ(value.known_at, at(9));
  EXPECT_EQ(value.position, 3u);
  EXPECT_EQ(record->employees, 50);
}

TEST(Record, the_same_again_adds_no_fact) {
  std::vector<Fact> facts;
  EXPECT_TRUE(tell(facts, title("A", 1, 1)));
  EXPECT_FALSE(tell(facts, title("A", 1, 2)));
  EXPECT_TRUE(tell(facts, title("A", 5, 3)));  // now it holds from a later time
  EXPECT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].position, 1u);
  EXPECT_EQ(facts[0].at, at(5));
  EXPECT_FALSE(tell(facts, title("A", 3, 4)));
  EXPECT_TRUE(tell(facts, title("A", 5, 5, Source::api)));  // another source says it
  EXPECT_EQ(facts.size(), 2u);
}

TEST(Record, what_a_shared_device_told_later_is_not_believed) {
  Person person{.shared_since = 10};
  tell(person.facts, title("A", 1, 9));
  tell(person.facts, title("B", 2, 11));
  const Person* const persons[] = {&person};
  EXPECT_EQ((*fold_record(persons))[Field::title].value, "A");
}

TEST(Record, several_persons_are_one_record) {
  Person device, user;
  tell(device.facts, title("A", 5, 1));
  tell(device.facts, {Field::city, Source::server, at(1), at(1), 2, "Bonn"});
  tell(user.facts, title("B", 3, 3));
  const Person* const persons[] = {&user, &device};
  const auto record = fold_record(persons);
  EXPECT_EQ((*record)[Field::title].value, "A");
  EXPECT_EQ((*record)[Field::city].value, "Bonn");
}

TEST(Record, what_follows_from_the_fields) {
  Person person;
  std::uint32_t position = 0;
  for (const auto& [field, value] : {std::pair{Field::title, "VP of Sales"},
                                     {Field::email, "Info@GMail.com"},
                                     {Field::industry, "Health  CARE"},
                                     {Field::country, "germany"},
                                     {Field::employees, "200"}}) {
    tell(person.facts, {field, Source::server, at(1), at(1), ++position, value});
  }
  const Person* const persons[] = {&person};
  const auto record = fold_record(persons);
  EXPECT_EQ(record->seniority, Seniority::vp);
  EXPECT_EQ(record->department, "sales");
  EXPECT_EQ(record->email_domain, "gmail.com");
  EXPECT_TRUE(record->free_mail);
  EXPECT_TRUE(record->role_address);
  EXPECT_FALSE(record->disposable_mail);
  EXPECT_EQ(record->industry_form, "health care");
  EXPECT_EQ(record->country, "DE");
  EXPECT_EQ(record->employees, 200);
}

TEST(Record, a_broken_address_says_nothing) {
  Person person;
  tell(person.facts, {Field::email, Source::server, at(1), at(1), 1, "ann at gmail.com"});
  const Person* const persons[] = {&person};
  const auto record = fold_record(persons);
  EXPECT_TRUE((*record)[Field::email].known());
  EXPECT_EQ(record->email_domain, "");
  EXPECT_FALSE(record->free_mail);
}

// Keeping only changes gives what keeping every telling would give, in whatever order they come:
// the best source, of it the latest event time (a browser's earliest), at equal times the last to
// come (a browser's first).
RC_GTEST_PROP(RecordProperty, changes_are_enough, ()) {
  std::vector<Fact> tellings;
  const int count = *rc::gen::inRange(1, 15);
  for (int i = 1; i <= count; ++i) {
    tellings.push_back(title(*rc::gen::element<std::string>("A", "B", "C"), *rc::gen::inRange(0, 8),
                             static_cast<std::uint32_t>(i),
                             *rc::gen::element(Source::browser, Source::server, Source::api)));
  }
  const Fact* best = &tellings[0];
  for (const Fact& fact : tellings) {
    bool better = fact.source > best->source;
    if (fact.source == best->source) {
      better = fact.source == Source::browser ? fact.at < best->at : fact.at >= best->at;
    }
    if (better) best = &fact;
  }
  RC_ASSERT(holding(tellings) == best->value);
}

}  // namespace
}  // namespace galena::domain
