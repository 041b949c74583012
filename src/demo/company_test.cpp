#include "demo/company.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "demo/person.hpp"
#include "domain/message.hpp"
#include "domain/playbook.hpp"
#include "domain/title.hpp"

namespace galena::demo {
namespace {

const Time kNow = *parse_time("2026-05-13T11:20:00Z");

struct Taken {
  bool browser = false;
  domain::Message message;
};

std::vector<DemoMessage> all(const DemoOptions& options) {
  std::vector<DemoMessage> messages;
  generate(options, [&](const DemoMessage& message) { messages.push_back(message); });
  return messages;
}

// Reads the messages as the event API does, each in a batch of its own.
std::vector<Taken> read(const std::vector<DemoMessage>& messages) {
  std::vector<Taken> taken;
  for (const DemoMessage& message : messages) {
    const auto batch =
        domain::read_request("{\"batch\":[" + message.json + "]}", std::nullopt, {.arrived = kNow});
    EXPECT_TRUE(batch && batch->refused.empty() && batch->inputs.size() == 1) << message.json;
    if (batch && !batch->inputs.empty()) {
      taken.push_back({message.browser, batch->inputs.front().message});
    }
  }
  return taken;
}

std::uint64_t hash_of(const std::vector<DemoMessage>& messages) {
  std::string text;
  for (const DemoMessage& message : messages) {
    text += message.browser ? 'b' : 's';
    text += message.json;
  }
  return stable_hash(text);
}

TEST(Company, same_seed_gives_the_same_bytes) {
  const auto messages = all({.now = kNow});
  EXPECT_EQ(hash_of(messages), hash_of(all({.now = kNow})));
  // Pinned: changes only when somebody means to change the company.
  EXPECT_EQ(hash_of(messages), 233123976467118982U);
  EXPECT_NE(hash_of(messages), hash_of(all({.seed = 2, .now = kNow})));
}

TEST(Company, every_message_is_accepted_and_has_an_id_of_its_own) {
  const auto taken = read(all({.now = kNow}));
  std::set<std::string> ids;
  for (const Taken& one : taken) {
    EXPECT_FALSE(one.message.message_id.empty());
    EXPECT_TRUE(ids.insert(one.message.message_id).second) << one.message.message_id;
  }
  EXPECT_GT(taken.size(), 2000U);
  EXPECT_LT(taken.size(), 5000U);
}

TEST(Company, messages_come_in_order_within_the_days_asked_for) {
  Time last = kNow - std::chrono::days{90};
  for (const Taken& one : read(all({.now = kNow}))) {
    ASSERT_TRUE(one.message.timestamp);
    EXPECT_GE(*one.message.timestamp, last);
    EXPECT_FALSE(one.message.sent_at);  // so the event time is the stated one
    last = *one.message.timestamp;
  }
  EXPECT_LE(last, kNow);
  EXPECT_GT(last, kNow - std::chrono::hours{24});
}

TEST(Company, only_a_server_says_what_became_of_a_mail_or_a_deal) {
  const domain::KindTable kinds;
  std::map<std::string, int> counts;
  for (const Taken& one : read(all({.now = kNow}))) {
    const bool track = one.message.type == domain::MessageType::track;
    ++counts[track ? one.message.event : std::string(domain::to_string(one.message.type))];
    if (!track) continue;
    const auto kind = kinds.find(one.message.event);
    EXPECT_NE(kind, domain::kNoKind) << one.message.event;
    EXPECT_FALSE(one.browser && domain::kind_traits(kind).trusted_only) << one.message.event;
    const bool mail = one.message.event.starts_with("Email ");
    EXPECT_EQ(mail || one.message.event == "Unsubscribed", !one.message.email_id.empty());
  }
  EXPECT_GT(counts["page"], 400);
  EXPECT_GT(counts["identify"], 200);
  EXPECT_GT(counts["Email Sent"], 300);
  EXPECT_GT(counts["Email Opened"], counts["Email Link Clicked"]);
  for (const char* event :
       {"White Paper Downloaded", "Webinar Registered", "Webinar Attended", "Demo Requested",
        "Contact Sales Requested", "Meeting Booked", "Unsubscribed", "Email Bounced",
        "Sales Accepted", "Opportunity Created", "Opportunity Won", "Opportunity Lost"}) {
    EXPECT_GT(counts[event], 0) << event;
  }
}

TEST(Company, people_keep_office_hours) {
  int weekends = 0, nights = 0, all_of_them = 0;
  std::set<std::chrono::sys_days> days;
  for (const Taken& one : read(all({.now = kNow}))) {
    const auto day = std::chrono::floor<std::chrono::days>(*one.message.timestamp);
    const auto hour = (*one.message.timestamp - day) / std::chrono::hours{1};
    const std::chrono::weekday weekday{day};
    weekends += weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
    nights += hour < 4 || hour >= 22;
    days.insert(day);
    ++all_of_them;
  }
  EXPECT_LT(weekends * 10, all_of_them);
  EXPECT_GT(weekends, 0);
  EXPECT_LT(nights * 50, all_of_them);
  EXPECT_GT(days.size(), 70U);
}

TEST(Company, small_and_odd_sizes_work) {
  EXPECT_TRUE(all({.people = 0, .now = kNow}).empty());
  EXPECT_FALSE(all({.people = 1, .days = 1, .now = kNow}).empty());
  EXPECT_EQ(read(all({.people = 500, .days = 1, .now = kNow})).empty(), false);
  EXPECT_GT(all({.people = 1000, .days = 730, .now = kNow}).size(), 20'000U);
}

// Far more people than seconds.
TEST(Company, a_crowd_comes_in_order_and_says_whose_each_message_is) {
  struct Enough {};
  int count = 0;
  Time last{};
  std::set<std::uint64_t> people;
  const auto look = [&](const DemoMessage& message) {
    if (++count > 20'000) throw Enough{};
    EXPECT_GE(message.at, last);
    last = message.at;
    people.insert(message.person);
    EXPECT_TRUE(message.json.contains(format_time(message.at))) << message.json;
    const std::string user_id = "\"nordlicht-" + std::to_string(100'000 + message.person) + "\"";
    EXPECT_NE(message.json.contains(user_id), message.browser) << message.json;
  };
  const DemoOptions options{.people = DemoOptions::kPeopleMax, .days = 1, .now = kNow};
  EXPECT_THROW(generate(options, look), Enough);
  EXPECT_GT(people.size(), 5'000U);
}

TEST(Company, ten_years_work) {
  const auto taken = read(all({.people = 20, .days = DemoOptions::kDaysMax, .now = kNow}));
  EXPECT_GT(taken.size(), 1000U);
  EXPECT_LT(*taken.front().message.timestamp, kNow - std::chrono::days{9 * 365});
  EXPECT_GT(*taken.back().message.timestamp, kNow - std::chrono::days{28});
}

TEST(Company, no_two_people_share_an_address_and_no_real_domain_appears) {
  std::set<std::string> addresses;
  for (std::uint64_t number = 0; number < 5'000; ++number) {
    const Person person = make_person(1, number);
    EXPECT_TRUE(addresses.insert(person.email).second) << person.email;
    EXPECT_TRUE(person.email.ends_with(".example") || person.email.starts_with("invented-"))
        << person.email;
  }
}

TEST(Company, titles_say_what_they_are_meant_to_say) {
  constexpr const char* kWords[kRanks] = {"c_level", "vp",      "director", "manager",
                                          "staff",   "student", "retired"};
  for (std::size_t rank = 0; rank < kRanks; ++rank) {
    for (const std::string_view title : titles(static_cast<Rank>(rank))) {
      EXPECT_EQ(domain::to_string(domain::read_title(title).seniority), kWords[rank]) << title;
    }
  }
}

TEST(Company, no_two_firms_share_a_domain) {
  std::set<std::string> domains;
  for (std::uint64_t number = 0; number < 5'000; ++number) {
    const Company company = make_company(1, number, number % 2 == 0);
    EXPECT_TRUE(domains.insert(company.domain).second) << company.domain;
  }
}

TEST(Company, its_playbook_is_the_standard_one_with_a_customer_profile) {
  const auto playbook = domain::read_playbook(demo_playbook(), domain::standard_playbook());
  ASSERT_TRUE(playbook) << playbook.error().message;
  EXPECT_EQ(playbook->icp.target_industries.size(), 4U);
  EXPECT_EQ(playbook->icp.adjacent_industries.size(), 3U);
  EXPECT_EQ(playbook->icp.target_regions.size(), 7U);
  EXPECT_EQ(playbook->rules.size(), domain::standard_playbook().rules.size());
}

}  // namespace
}  // namespace galena::demo
