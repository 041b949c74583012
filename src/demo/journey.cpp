#include "demo/journey.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "demo/random.hpp"

namespace galena::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kFortnight = days{14};

// How the hours of a day (UTC) are used: offices in Central Europe, a little in the evening.
constexpr std::array<std::uint8_t, 24> kHourWeights{0,  0,  0,  0,  1, 4, 14, 30, 34, 30, 18, 20,
                                                    28, 30, 24, 14, 7, 5, 6,  7,  5,  2,  1,  0};

bool is_weekend(Time time) {
  const std::chrono::weekday day{std::chrono::floor<days>(time)};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

// A moment of a waking, mostly a working hour, `from` or later and usually within `spread` of it.
Time waking_moment(Random& random, Time from, Duration spread) {
  auto day = std::chrono::floor<days>(from + random.within(spread));
  const bool works_weekends = random.percent(15);
  Duration of_day = hours{random.weighted(kHourWeights)};
  of_day += random.within(hours{1} - seconds{1});
  while ((is_weekend(day) && !works_weekends) || day + of_day < from) day += days{1};
  return day + of_day;
}

// The number of the first fortnight whose moment is later than `from`.
std::uint16_t next_of(Time (*moment)(std::uint16_t), Time from) {
  auto fortnight = static_cast<std::uint16_t>((from - moment(0)) / kFortnight);
  while (moment(fortnight) <= from) ++fortnight;
  return fortnight;
}

// How somebody treats the newsletter: of a hundred mails.
struct MailHabit {
  std::uint32_t opened = 0;
  std::uint32_t clicked = 0;       // of those opened
  std::uint32_t unsubscribed = 0;  // of those opened
  std::uint32_t bounced = 0;       // of the first
};

class Journey {
 public:
  Journey(Random random, const Person& person, Time arrival, Time now)
      : random_(random), person_(person), now_(now), at_(arrival) {}

  std::vector<Step> plan() {
    const Time arrival = at_;
    pass_time(hours{30});
    if (at_ > now_) at_ = arrival;  // came at an odd hour, or would not have come at all
    act();
    std::ranges::stable_sort(steps_, {}, &Step::at);
    while (steps_.back().at > now_) steps_.pop_back();
    steps_.shrink_to_fit();
    return std::move(steps_);
  }

 private:
  void act() {
    switch (person_.role) {
      case Role::visitor:
        return look_around();
      case Role::listed:
        enter_list();
        return read_mails({.bounced = 7});
      case Role::opener:
        enter_list();
        return read_mails({.opened = 45, .unsubscribed = 6});
      case Role::reader:
        return read();
      case Role::attendee:
        return attend();
      case Role::evaluator:
        return evaluate();
      case Role::buyer:
        return buy();
    }
  }

  // --- the roles ---

  void look_around() {
    const int visits = random_.between(1, 3);
    for (int visit = 0; visit < visits; ++visit) {
      browse(random_.between(1, 4));
      if (random_.percent(8)) see(kPricing);
      pass_time(days{9});
    }
  }

  void enter_list() { add(StepKind::imported); }

  void read() {
    browse(random_.between(1, 4));
    if (person_.rank == Rank::student) see(kCareers);
    if (random_.percent(50)) come_back(days{6});
    take_white_paper();
    if (random_.percent(20)) {
      come_back(days{20});
      take_white_paper();
    }
    read_mails({.opened = 40, .clicked = 20, .unsubscribed = 7});
  }

  void attend() {
    browse(random_.between(2, 4));
    pass_time(days{5});
    if (random_.percent(40)) {
      take_white_paper();
      pass_time(days{8});
    }
    go_to_webinar(75);
    if (random_.percent(10)) visit_prices();
    read_mails({.opened = 50, .clicked = 25, .unsubscribed = 5});
  }

  void evaluate() {
    browse(random_.between(2, 5));
    come_back(days{5});
    take_white_paper();
    if (random_.percent(70)) come_back_within_the_day();
    pass_time(days{4});
    visit_prices();
    if (random_.percent(60)) go_to_webinar(80);
    if (random_.percent(60)) visit_prices();
    if (random_.percent(55)) {
      pass_time(days{6});
      ask_for(random_.percent(70) ? StepKind::demo : StepKind::contact_sales);
    }
    read_mails({.opened = 60, .clicked = 35, .unsubscribed = 2});
  }

  void buy() {
    browse(random_.between(2, 5));
    come_back(days{4});
    take_white_paper();
    pass_time(days{5});
    visit_prices();
    if (random_.percent(50)) come_back_within_the_day();
    pass_time(days{6});
    visit_prices();
    ask_for(StepKind::demo);
    if (random_.percent(85)) deal_with_sales();
    read_mails({.opened = 60, .clicked = 30});
  }

  // --- what they are made of ---

  // Goes on at a waking moment, usually within `spread`.
  void pass_time(Duration spread) { at_ = waking_moment(random_, at_ + minutes{40}, spread); }

  void add(StepKind kind, std::uint16_t detail = 0, std::uint8_t origin = kInSession) {
    steps_.push_back({at_, kind, device_, origin, detail});
    at_ += seconds{20} + random_.within(seconds{150});
  }

  void see(PageNumber page) { add(StepKind::page, page); }

  // The first page of a session tells where it came from.
  void begin_session(std::uint16_t page) {
    std::array<std::uint8_t, 8> weights{};
    std::ranges::transform(origins(), weights.begin(), &Origin::weight);
    add(StepKind::page, page, static_cast<std::uint8_t>(random_.weighted(weights)));
  }

  // Any page but those that mean something.
  std::uint16_t some_page() {
    const auto first = static_cast<int>(kCareers) + 1;
    return static_cast<std::uint16_t>(random_.between(first, int(pages().size()) - 1));
  }

  void browse(int count) {
    begin_session(random_.percent(45) ? std::uint16_t{kHome} : some_page());
    for (int page = 1; page < count; ++page) add(StepKind::page, some_page());
  }

  void come_back(Duration spread) {
    pass_time(spread);
    browse(random_.between(1, 3));
  }

  // A second session on the same day: closer interest.
  void come_back_within_the_day() {
    at_ += minutes{50} + random_.within(hours{5});
    browse(random_.between(1, 3));
  }

  // A page that leads on: of the session that is open, or of a new one.
  void open(PageNumber page) {
    const bool is_open = !steps_.empty() && at_ - steps_.back().at < minutes{30};
    if (is_open) return see(page);
    begin_session(page);
  }

  // A form: says who one is the first time, and the firm is looked up behind it.
  void fill_form() {
    add(StepKind::identify);
    add(StepKind::form);
    if (!known_since_) {
      known_since_ = at_;
      if (!person_.free_mail) add(StepKind::enriched);
    }
  }

  void take_white_paper() {
    open(kWhitePapers);
    fill_form();
    add(StepKind::white_paper,
        static_cast<std::uint16_t>(random_.below(std::uint32_t(white_papers().size()))));
  }

  void visit_prices() {
    pass_time(days{4});
    begin_session(some_page());
    see(kPricing);
  }

  void go_to_webinar(std::uint32_t shows_up_percent) {
    open(kWebinars);
    fill_form();
    const std::uint16_t fortnight = next_of(webinar_at, at_);
    add(StepKind::webinar_registered, fortnight);
    at_ = webinar_at(fortnight) + minutes{45} + random_.within(minutes{10});
    if (random_.percent(shows_up_percent)) add(StepKind::webinar_attended, fortnight);
  }

  void ask_for(StepKind request) {
    open(kContact);
    fill_form();
    add(request);
  }

  void deal_with_sales() {
    pass_time(days{2});
    add(StepKind::meeting);
    pass_time(days{4});
    add(StepKind::accepted);
    if (random_.percent(30)) return;
    pass_time(days{10});
    add(StepKind::opportunity);
    if (random_.percent(35)) return;
    at_ += days{5};
    pass_time(days{16});
    add(random_.percent(50) ? StepKind::won : StepKind::lost);
  }

  // All newsletters from when the person was known, beside everything else they do.
  void read_mails(const MailHabit& habit) {
    const Time begin = known_since_.value_or(steps_.front().at);
    bool first = true;
    for (auto fortnight = next_of(newsletter_at, begin); newsletter_at(fortnight) <= now_;
         ++fortnight) {
      at_ = newsletter_at(fortnight) + random_.within(minutes{20});
      add(StepKind::mail_sent, fortnight);
      if (first && random_.percent(habit.bounced)) return add(StepKind::mail_bounced, fortnight);
      first = false;
      add(StepKind::mail_delivered, fortnight);
      if (!random_.percent(habit.opened)) continue;
      pass_time(hours{20});
      add(StepKind::mail_opened, fortnight);
      if (random_.percent(habit.unsubscribed)) return add(StepKind::unsubscribed, fortnight);
      if (random_.percent(habit.clicked)) follow_link(fortnight);
    }
  }

  // A click leads to the site; a device that is new says by the link whose it is.
  void follow_link(std::uint16_t fortnight) {
    add(StepKind::mail_clicked, fortnight);
    device_ = random_.percent(30) ? 1 : 0;
    add(StepKind::page, some_page(), kNewsletter);
    add(StepKind::identify, 0, kNewsletter);
    device_ = 0;
  }

  Random random_;
  const Person& person_;
  Time now_;
  Time at_;
  std::uint8_t device_ = 0;
  std::optional<Time> known_since_;
  std::vector<Step> steps_;
};

}  // namespace

Time newsletter_at(std::uint16_t fortnight) {
  constexpr Time kFirstTuesday = from_ms(0) + days{5} + hours{8};
  return kFirstTuesday + fortnight * kFortnight;
}

Time webinar_at(std::uint16_t fortnight) {
  constexpr Time kFirstThursday = from_ms(0) + days{7} + hours{9};
  return kFirstThursday + fortnight * kFortnight;
}

std::vector<Step> journey_of(std::uint64_t seed, const Person& person, Time arrival, Time now) {
  const Random random(seed_of(seed, Draw::journey, person.number));
  return Journey(random, person, arrival, now).plan();
}

}  // namespace galena::demo
