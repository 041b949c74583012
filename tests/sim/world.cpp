#include "world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "complaint.hpp"

namespace galena::sim {
namespace {

using domain::Points;
using std::chrono::hours;
using std::chrono::minutes;
using Words = std::array<const char*, 6>;

constexpr int kPeople = 7;                  // who are about at the same time
constexpr std::size_t kMessagesOfOne = 15;  // until somebody new comes instead

// One of them does much more than the others, so that there are long histories, too.
int some_person(Random& random, std::size_t number) {
  if (random.percent(25)) return 0;
  return static_cast<int>(number / kMessagesOfOne) + random.between(0, kPeople - 1);
}

// A person's own device, or the one in the kitchen, or the next person's.
std::string some_device(Random& random, const std::string& tag, int person) {
  const int device = random.percent(70)   ? person
                     : random.percent(50) ? kPeople
                                          : (person + 1) % kPeople;
  return fmt::format("{}d{:04}", tag, device);
}

std::string some_address(Random& random, const std::string& tag, int person) {
  const bool at_home = random.percent(30);
  return fmt::format("{}p{:04}@{}", tag, person, at_home ? "gmail.com" : "acme.example");
}

std::string some_ids(Random& random, const std::string& tag, int person) {
  const auto device = [&] {
    return fmt::format(R"("anonymousId":"{}")", some_device(random, tag, person));
  };
  const int user = random.percent(92) ? person : person + 1;  // a confusion
  switch (random.below(5)) {
    case 0:
      return fmt::format(R"("userId":"{}u{:04}")", tag, user);
    case 1:
      return fmt::format(R"("userId":"{}u{:04}",{})", tag, user, device());
    case 2:
      return fmt::format(R"("userId":"{}",{})", some_address(random, tag, person), device());
    default:
      return device();
  }
}

// When it happened by the client's clock, which may be wrong, and which arrives late.
std::string some_times(Random& random, Time now) {
  if (random.percent(45)) return {};
  const std::array<Duration, 5> spans{minutes{2}, hours{1}, hours{30}, hours{24 * 8},
                                      hours{24 * 60}};
  Time at = now - random.within(random.pick(spans));
  if (random.percent(10)) at = now + random.within(hours{50});
  std::string times = fmt::format(R"(,"timestamp":"{}")", format_time(at));
  if (random.percent(25)) {
    const Time sent = at + random.within(hours{5}) - minutes{30};
    times += fmt::format(R"(,"sentAt":"{}")", format_time(sent));
  }
  return times;
}

std::string some_traits(Random& random, const std::string& tag, int person,
                        const std::string& words) {
  constexpr Words kTitles{"VP Sales", "CEO", "Ing.", "Head of Marketing", "Student", "Manager"};
  std::string traits = fmt::format(R"("title":"{}")", random.pick(kTitles));
  if (random.percent(60)) {
    traits += fmt::format(R"(,"email":"{}")", some_address(random, tag, person));
  }
  if (random.percent(40)) {
    constexpr std::array kSizes{5, 80, 3000};
    traits += fmt::format(R"(,"company":{{"employees":{},"name":"{}Ärger {}"}})",
                          random.pick(kSizes), tag, random.below(3));
  }
  if (random.percent(15)) traits += R"(,"phone":"")";
  if (random.percent(50)) traits += fmt::format(R"(,"lastName":"{}")", words);
  return traits;
}

std::string what_it_was_worth(Random& random) {
  std::string told;
  if (random.percent(60)) told += fmt::format(R"(,"amount":{})", random.below(900) * 0.25);
  if (random.percent(30)) told += R"(,"cart":{"plan":"Pro"})";
  return told;
}

// Some groups are of one domain, which their people's addresses have, too.
std::string what_group(Random& random, const std::string& tag) {
  constexpr std::array kSizes{5, 80, 3000};
  std::string told = R"("industry":"Software")";
  if (random.percent(50)) told += fmt::format(R"(,"employees":{})", random.pick(kSizes));
  if (random.percent(30)) {
    constexpr std::array kDomains{"acme.example", "acme.com", "gmail.com"};
    told += fmt::format(R"(,"domain":"{}")", random.pick(kDomains));
  }
  return fmt::format(R"("type":"group","groupId":"{}g{}","traits":{{{}}})", tag, random.below(3),
                     told);
}

std::string what_happened(Random& random, const std::string& tag, int person,
                          const std::string& words) {
  constexpr Words kNames{"Demo Requested", "Webinar Attended", "Email Opened",
                         "Unsubscribed",   "Order Completed",  "White Paper Downloaded"};
  constexpr std::array kPaths{"/pricing/eu", "/about", "/", "/docs"};
  switch (random.below(10)) {
    case 0:
    case 1:
      return fmt::format(R"("type":"identify","traits":{{{}}})",
                         some_traits(random, tag, person, words));
    case 2:
    case 3:
      return fmt::format(R"("type":"page","properties":{{"path":"{}"}})", random.pick(kPaths));
    case 4:
      return what_group(random, tag);
    case 5:
      return fmt::format(R"("type":"alias","previousId":"{}{}{:04}")", tag,
                         random.percent(70) ? "d" : "u", person + random.between(0, 2));
    case 6:
    case 7:
      return fmt::format(R"("type":"track","event":"Own {}")", random.below(6));
    default:
      return fmt::format(R"("type":"track","event":"{}","properties":{{"email_id":"e{}"{}}})",
                         random.pick(kNames), random.below(4), what_it_was_worth(random));
  }
}

domain::Rule random_rule(Random& random, int number) {
  constexpr std::array kEvents{"Own 1",        "Own 2",        "Own 4",       "Page Viewed",
                               "Email Opened", "Unsubscribed", "Never Heard", "Order Completed"};
  constexpr std::array kPoints{-40, -25, -8, -3, 4, 7, 20};
  const std::array<Duration, 5> spans{minutes{90}, hours{7}, hours{24}, hours{72}, kFadeMax};
  domain::Rule rule{.name = fmt::format("own {}", number),
                    .on = random.pick(kEvents),
                    .points = Points::whole(random.pick(kPoints))};
  constexpr std::array kWhere{"amount > 100", "cart.plan = \"pro\"", "not exists(amount)"};
  if (random.percent(25)) rule.where = random.pick(kWhere);
  if (random.percent(70)) rule.window = random.pick(spans);
  if (random.percent(60)) rule.half_life = hours{random.between(1, 60)};
  if (random.percent(30)) rule.cap = Points::whole(random.between(1, 40));
  if (random.percent(30)) rule.group = "together";
  switch (random.below(5)) {
    case 0:
      rule.once_per_message = true;
      break;
    case 1:
      rule.once_per = random.pick(spans);
      break;
    case 2:
      rule.sessions = static_cast<std::uint32_t>(random.between(1, 3));
      rule.within = random.pick(spans);
      break;
    default:
      break;
  }
  return rule;
}

// Who they are, what they did, when, and each other.
std::vector<domain::SegmentRule> random_segments(Random& random) {
  const std::vector<domain::SegmentRule> all{
      {"early", "count(\"Demo Requested\") >= 1 and count(\"Page Viewed\", last 2 days) = 0"},
      {"often", "count(\"Own 1\", last 50h) >= 2"},
      {"known", "exists(title) and last_seen > 2 days ago"},
      {"keen", "in_segment(\"visits\") or score >= threshold"},
      {"visits", "count(\"Page Viewed\", last 20h) >= 1 or count(\"Own 3\", this day) >= 1"},
      {"worked", "stage = \"mql\" and not in_segment(\"fading\")"},
      {"fading", "share(\"Email Opened\", \"Webinar Attended\", last 3 days) < 0.6"}};
  std::vector<domain::SegmentRule> some;
  for (const domain::SegmentRule& rule : all) {
    const bool is_asked = rule.name == "visits" || rule.name == "fading";
    if (is_asked || random.percent(70)) some.push_back(rule);
  }
  return some;
}

}  // namespace

std::string tag_of(WorkspaceId workspace) {
  return fmt::format("of-workspace{}-", workspace);
}

std::string mark_of(std::size_t number) {
  return fmt::format("#{}#", number);
}

std::string words_of(WorkspaceId workspace, std::size_t number) {
  return fmt::format("{}n{:06}", tag_of(workspace), number);
}

std::set<std::string> names_in(std::string_view bytes) {
  constexpr std::string_view kBegin = "of-workspace";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::set<std::string> names;
  for (auto at = bytes.find(kBegin); at != bytes.npos; at = bytes.find(kBegin, at + 1)) {
    const auto dash = at + kBegin.size() + 1;
    if (dash + 1 >= bytes.size() || bytes[dash] != '-') continue;
    const char kind = bytes[dash + 1];
    const std::size_t digits = kind == 'n' ? 6 : 4;
    std::size_t end = dash + 2 + digits;
    if (std::string_view("dunp").find(kind) == std::string_view::npos || end > bytes.size() ||
        !std::all_of(bytes.begin() + std::ptrdiff_t(dash + 2), bytes.begin() + std::ptrdiff_t(end),
                     is_digit)) {
      continue;
    }
    if (kind == 'p') {  // where they have their address, too: "@g" or "@a"
      end += 2;
      if (end > bytes.size() || bytes[end - 2] != '@') continue;
    }
    names.emplace(bytes.substr(at, end - at));
  }
  return names;
}

Message random_message(Random& random, WorkspaceId workspace, std::size_t number, Time now) {
  constexpr std::array kSources{domain::Source::server, domain::Source::browser,
                                domain::Source::server, domain::Source::browser,
                                domain::Source::api,    domain::Source::import};
  const std::string tag = tag_of(workspace);
  const std::string mark = mark_of(number);
  const std::string words = words_of(workspace, number);
  const int person = some_person(random, number);
  Message message{.text = {}, .source = random.pick(kSources), .message_id = {}};
  std::string id;
  if (random.percent(80)) {
    // Sometimes one that another message has had, of this workspace or another.
    message.message_id = random.percent(6) ? fmt::format("m{}", random.below(40)) : "id of " + mark;
    id = fmt::format(R"(,"messageId":"{}")", message.message_id);
  }
  message.text =
      fmt::format(R"({{{},{}{}{},"context":{{"mark":"{}","by":"{}"}}}})",
                  what_happened(random, tag, person, words), some_ids(random, tag, person),
                  some_times(random, now), id, mark, words);
  return message;
}

domain::Input input_of(const Message& message, Time arrived) {
  auto batch = domain::read_request(fmt::format(R"({{"batch":[{}]}})", message.text), std::nullopt,
                                    {.source = message.source, .key = 1, .arrived = arrived});
  require(batch && batch->inputs.size() == 1, "a message was refused: {}", message.text);
  return std::move(batch->inputs.front());
}

domain::Playbook random_playbook(Random& random) {
  domain::Playbook playbook = domain::standard_playbook();
  playbook.threshold = Points::whole(random.between(3, 40));
  playbook.groups.push_back({"together", Points::whole(random.between(5, 30))});
  if (random.percent(30)) playbook.rules.clear();
  if (random.percent(50)) playbook.event_properties = {"amount", "path"};
  for (int i = random.between(1, 5); i > 0; --i) playbook.rules.push_back(random_rule(random, i));
  // What holds people back for a while, so that time alone moves them on.
  const std::array<Duration, 4> spans{hours{3}, hours{20}, hours{50}, kFadeMax};
  for (const char* event : {"Unsubscribed", "Page Viewed", "Own 3"}) {
    if (random.percent(40)) continue;
    domain::Rule rule{.name = fmt::format("held back by {}", event),
                      .on = event,
                      .points = Points::whole(random.between(-60, -10)),
                      .cap = Points::whole(60)};
    (random.percent(50) ? rule.window : rule.half_life) = random.pick(spans);
    playbook.rules.push_back(std::move(rule));
  }
  for (domain::Rule& rule : playbook.rules) {
    if (rule.name == "Unsubscribed") rule.window = kFadeMax;
    if (!rule.on.empty() && random.percent(20)) rule.half_life = hours{random.between(1, 200)};
    if (!rule.on.empty() && random.percent(20)) rule.window = hours{random.between(1, 200)};
  }
  if (random.percent(60)) playbook.segments = random_segments(random);
  constexpr Words kHandOff{"score >= threshold",
                           "own_action and score >= threshold",
                           "own_action and score >= 12",
                           "interest >= 9 and not unsubscribed",
                           "own_action and score >= threshold and fit >= 5",
                           "score > 4 and score < 30"};
  for (domain::StageRule& stage : playbook.stages) {
    if (stage.name == "mql") stage.when = random.pick(kHandOff);
    if (stage.name == "lead" && random.percent(20)) stage.when = "shown_interest and score >= 2";
  }
  return playbook;
}

std::string random_criterion(Random& random, bool asks_properties) {
  constexpr std::array kEvents{"Own 1",       "own 2",          "Page Viewed", "Pricing Viewed",
                               "Never Heard", "Demo Requested", "Email Opened"};
  constexpr std::array kWindows{"",
                                ", last 30 days",
                                ", last 5h",
                                ", this month",
                                ", previous week",
                                ", this day",
                                ", since 2026-03-28",
                                ", between 2026-03-20 and 2026-03-29"};
  constexpr std::array kPlain{"title.seniority in (\"vp\", \"c_level\")",
                              "exists(company.employees)",
                              "company.employees >= 80",
                              "stage = \"mql\"",
                              "score >= threshold",
                              "unsubscribed",
                              "email.free_mail",
                              "last_seen >= 2026-03-29",
                              "created_at < 2026-03-30",
                              "company.name contains \"ärger\"",
                              "market = \"b2b\""};
  const auto leaf = [&]() -> std::string {
    const char* name = random.pick(kEvents);
    const char* window = random.pick(kWindows);
    switch (random.below(asks_properties ? 7 : 5)) {
      case 5:
        return fmt::format("sum(\"Order Completed\", amount{}) > {}", window, random.below(300));
      case 6:
        return fmt::format("count(\"{}\" where amount > {}{}) = 1", name, random.below(99), window);
      case 0:
        return fmt::format("count(\"{}\"{}) >= {}", name, window, random.between(1, 4));
      case 1:
        return fmt::format("exists(last(\"{}\"{}))", name, window);
      case 2:
        return fmt::format("sequence(\"{}\", \"{}\" within {}h{})", name, random.pick(kEvents),
                           random.between(1, 60), window);
      default:
        return random.pick(kPlain);
    }
  };
  std::string text = leaf();
  for (int i = random.between(0, 2); i > 0; --i) {
    text = fmt::format("({}) {} {}({})", text, random.percent(50) ? "and" : "or",
                       random.percent(30) ? "not " : "", leaf());
  }
  return text;
}

}  // namespace galena::sim
