#include "journey.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <tuple>

namespace galena::scale {
namespace {

using demo::Random;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kMailingEvery = days{6};
constexpr Duration kLateMax = hours{6};
constexpr std::uint64_t kMsMask = (std::uint64_t{1} << 48) - 1;

constexpr std::array<std::uint8_t, 24> kHourWeights{0,  0,  0,  0,  1, 4, 14, 30, 34, 30, 18, 20,
                                                    28, 30, 24, 14, 7, 5, 6,  7,  5,  2,  1,  0};

enum class Way : std::uint8_t { by_mail, reader, evaluator, customer };

// Of a hundred episodes: a mail, a visit, work with the product, a talk with sales.
constexpr std::array<std::array<std::uint8_t, 4>, 4> kEpisodeWeights{{
    {85, 15, 0, 0},
    {45, 55, 0, 0},
    {36, 54, 0, 10},
    {20, 20, 53, 7},
}};
constexpr std::array<std::uint32_t, 4> kPricingPercent{3, 6, 18, 8};

// White paper, webinar, demo, contact, quote, trial, video, plans compared: of a hundred.
constexpr std::array<std::uint8_t, 8> kAskWeights{34, 20, 7, 6, 4, 6, 13, 10};

// Bell-shaped around 0 with a spread of 1: the same everywhere, since it only adds.
double bell(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += static_cast<double>(random.next() >> 11) * 0x1p-53;
  return sum;
}

// Heavy-tailed: half of all leads have 8 or less, one in two hundred 250 or more.
std::size_t events_wanted(Random& random) {
  const double drawn = 8.35 * std::exp(1.37 * bell(random));
  return static_cast<std::size_t>(std::clamp(drawn, 1.0, double{kEventsMax}));
}

class Journey {
 public:
  Journey(const Crowd& crowd, std::uint32_t number, const Span& span)
      : crowd_(crowd),
        number_(number),
        span_(span),
        random_(seed_of(crowd.seed, Dice::journey, number)) {}

  std::vector<Deed> tell() {
    const std::size_t wanted = events_wanted(random_);
    choose_way(wanted);
    while (deeds_.size() < wanted) episode();
    deeds_.resize(wanted);
    sort();
    introduce();
    std::erase_if(deeds_, [&](const Deed& deed) { return deed.arrived() >= span_.until; });
    GALENA_ASSERT(!deeds_.empty());
    for (Deed& deed : deeds_) be_late(deed);
    sort();
    for (std::size_t i = 0; i < deeds_.size(); ++i) {
      deeds_[i].index = static_cast<std::uint16_t>(i);
    }
    return std::move(deeds_);
  }

 private:
  void sort() { std::ranges::stable_sort(deeds_, {}, &Deed::arrived); }

  void choose_way(std::size_t wanted) {
    const std::uint32_t draw = random_.below(100);
    if (wanted > 60) {
      way_ = draw < 65 ? Way::customer : draw < 85 ? Way::evaluator : Way::reader;
    } else {
      way_ = draw < 38   ? Way::by_mail
             : draw < 76 ? Way::reader
             : draw < 93 ? Way::evaluator
                         : Way::customer;
    }
  }

  // A waking moment; half of them lie in the last 120 days.
  Time some_moment() {
    const bool is_recent = random_.percent(50);
    const Time from = is_recent ? span_.recent() : span_.begin();
    const Time to = is_recent ? span_.until : span_.recent();
    auto day = std::chrono::floor<days>(from + random_.within(to - from - days{1}));
    if (day < from) day += days{1};
    return day + hours{random_.weighted(kHourWeights)} + random_.within(minutes{59});
  }

  void add(DeedKind kind, int detail = 0) {
    const bool on_the_way = random_.percent(35);
    Deed deed{.lead = number_, .kind = kind};
    deed.arrived_ms = static_cast<std::uint64_t>(to_ms(at_)) & kMsMask;
    deed.detail = detail & 127;
    deed.device = on_the_way;
    deeds_.push_back(deed);
    at_ += seconds{15} + random_.within(seconds{150});
  }

  void episode() {
    at_ = some_moment();
    switch (random_.weighted(kEpisodeWeights[static_cast<std::size_t>(way_)])) {
      case 0:
        return mail();
      case 1:
        return visit();
      case 2:
        return use_product();
      default:
        return talk_with_sales();
    }
  }

  void see_pages(int count) {
    for (int i = 0; i < count; ++i) {
      const bool prices = random_.percent(kPricingPercent[static_cast<std::size_t>(way_)]);
      add(DeedKind::page, prices ? random_.between(0, kPricingPages - 1)
                                 : random_.between(kPricingPages, kPages - 1));
    }
  }

  void visit() {
    see_pages(random_.between(1, 6));
    if (random_.percent(24)) ask();
  }

  void ask() {
    constexpr std::array kAsked{DeedKind::white_paper, DeedKind::webinar_registered,
                                DeedKind::demo,        DeedKind::contact_sales,
                                DeedKind::quote,       DeedKind::trial,
                                DeedKind::video,       DeedKind::plan_compared};
    const DeedKind asked = kAsked[random_.weighted(kAskWeights)];
    if (asked != DeedKind::video && asked != DeedKind::plan_compared) add(DeedKind::form);
    const int which = random_.between(0, 9);
    add(asked, which);
    if (asked != DeedKind::webinar_registered || !random_.percent(70)) return;
    at_ += days{1} + random_.within(days{10});
    add(DeedKind::webinar_attended, which);
  }

  // A mailing goes out at one hour for all. Who got it already opens it once more.
  void mail() {
    const auto mailing = static_cast<std::size_t>((at_ - span_.begin()) / kMailingEvery);
    at_ = span_.begin() + kMailingEvery * static_cast<int>(mailing) + hours{8};
    at_ += random_.within(minutes{20});
    const int detail = static_cast<int>(mailing);
    const bool again = mailed_.test(mailing);
    mailed_.set(mailing);
    if (!again) {
      add(DeedKind::mail_sent, detail);
      if (random_.percent(1)) return add(DeedKind::mail_bounced, detail);
      add(DeedKind::mail_delivered, detail);
    }
    if (!again && !random_.percent(42)) return;
    at_ += random_.within(days{2});
    add(DeedKind::mail_opened, detail);
    if (random_.percent(2)) return add(DeedKind::unsubscribed, detail);
    if (!random_.percent(25)) return;
    add(DeedKind::mail_clicked, detail);
    see_pages(random_.between(1, 3));
  }

  void use_product() {
    const int count = random_.between(2, 7);
    for (int i = 0; i < count; ++i) add(DeedKind::feature, random_.between(0, 39));
    if (random_.percent(30)) add(DeedKind::report);
    if (random_.percent(8)) add(DeedKind::invitation);
    if (random_.percent(6)) add(DeedKind::ticket);
  }

  void talk_with_sales() {
    add(DeedKind::meeting);
    if (random_.percent(45)) return;
    at_ += random_.within(days{3});
    add(DeedKind::accepted);
    if (random_.percent(50)) return;
    at_ += random_.within(days{9});
    add(DeedKind::opportunity);
    at_ += days{2} + random_.within(days{20});
    const bool won = random_.percent(way_ == Way::customer ? 80 : 35);
    add(won ? DeedKind::won : DeedKind::lost);
    if (won) add(DeedKind::order);
  }

  // Everybody is known from the first deed on, by name, so nobody is a visitor. What there is of
  // second devices and addresses is told at deeds of theirs, and no device acts before.
  void introduce() {
    deeds_.front().kind = DeedKind::identify;
    deeds_.front().device = 0;
    std::size_t next = 1;
    const auto tell = [&](DeedKind kind, std::size_t index) {
      if (index >= deeds_.size()) {
        Deed more = deeds_.back();
        more.arrived_ms = (more.arrived_ms + 60'000) & kMsMask;
        deeds_.push_back(more);
      }
      Deed& deed = deeds_[std::min(index, deeds_.size() - 1)];
      deed.kind = kind;
      deed.device = kind == DeedKind::second_device;
      next = index + 1;
    };
    if (has_second_device(crowd_, number_)) tell(DeedKind::second_device, next);
    const bool has_device = next > 1;
    if (has_second_address(crowd_, number_)) tell(DeedKind::second_address, next);
    if (random_.percent(4) && deeds_.size() > next + 4) tell(DeedKind::new_title, next + 3);
    if (has_device) return;
    for (Deed& deed : deeds_) deed.device = 0;
  }

  void be_late(Deed& deed) {
    if (deed.kind <= DeedKind::new_title || !random_.percent(1)) return;
    const auto late = std::chrono::floor<seconds>(random_.within(kLateMax));
    if (deed.arrived() + late >= span_.until) return;
    deed.late_s = static_cast<std::uint64_t>(late.count()) & 0xffff;
    deed.arrived_ms = static_cast<std::uint64_t>(to_ms(deed.arrived() + late)) & kMsMask;
  }

  const Crowd& crowd_;
  std::uint32_t number_;
  const Span& span_;
  Random random_;
  Way way_ = Way::reader;
  Time at_{};
  std::bitset<128> mailed_;
  std::vector<Deed> deeds_;
};

}  // namespace

std::vector<Deed> journey_of(const Crowd& crowd, std::uint32_t number, const Span& span) {
  return Journey(crowd, number, span).tell();
}

std::vector<Deed> all_deeds(const Crowd& crowd, const Span& span) {
  std::vector<Deed> all;
  all.reserve(std::size_t{crowd.leads} * kEventsPerLead * 21 / 20);
  for (std::uint32_t number = 0; number < crowd.leads; ++number) {
    const auto deeds = journey_of(crowd, number, span);
    all.insert(all.end(), deeds.begin(), deeds.end());
  }
  std::ranges::sort(
      all, {}, [](const Deed& deed) { return std::tuple(deed.arrived(), deed.lead, deed.index); });
  return all;
}

}  // namespace galena::scale
