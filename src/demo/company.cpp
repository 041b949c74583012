#include "demo/company.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "demo/journey.hpp"
#include "demo/random.hpp"
#include "demo/wire.hpp"

namespace galena::demo {
namespace {

// A person under way. Who it is and what it does is made again for each message: that is cheaper
// than to keep it for a million people.
struct Walker {
  Time at{};  // of the next step
  std::uint64_t number = 0;
  std::size_t next = 0;
};

// True if `a` goes after `b`: the heap gives the earliest step, of equal ones the lower number's.
bool goes_later(const Walker& a, const Walker& b) {
  return a.at != b.at ? a.at > b.at : a.number > b.number;
}

// People come in the order of their numbers, one in each equal slice of the time.
Time arrival_of(const DemoOptions& options, std::uint64_t number) {
  const Duration slice = Duration{std::chrono::days{options.days}} / options.people;
  Random random(seed_of(options.seed, Draw::arrival, number));
  const Time begin = options.now - std::chrono::days{options.days};
  return begin + slice * static_cast<std::int64_t>(number) + random.within(slice) / 2 % slice;
}

std::string list(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", word);
  }
  return fmt::format("[{}]", text);
}

std::string industries_of(Market market) {
  std::vector<std::string_view> names;
  for (const Industry& industry : industries()) {
    if (industry.market == market) names.push_back(industry.name);
  }
  return list(names);
}

}  // namespace

void generate(const DemoOptions& options, const std::function<void(const DemoMessage&)>& each) {
  GALENA_ASSERT(options.people >= 0 && options.people <= DemoOptions::kPeopleMax);
  GALENA_ASSERT(options.days > 0 && options.days <= DemoOptions::kDaysMax);
  GALENA_ASSERT(options.now - std::chrono::days{options.days} > from_ms(0) + std::chrono::days{30});
  const auto people = static_cast<std::uint64_t>(options.people);
  std::vector<Walker> under_way;  // a heap
  const auto journey = [&](const Person& person) {
    return journey_of(options.seed, person, arrival_of(options, person.number), options.now);
  };
  for (std::uint64_t arrived = 0; arrived < people || !under_way.empty();) {
    // Nobody's first step is before the arrival, so whoever arrives by the next step joins first.
    const bool joins = arrived < people &&
                       (under_way.empty() || arrival_of(options, arrived) <= under_way.front().at);
    if (joins) {
      const Person person = make_person(options.seed, arrived);
      under_way.push_back({journey(person).front().at, arrived});
      std::ranges::push_heap(under_way, goes_later);
      ++arrived;
      continue;
    }
    std::ranges::pop_heap(under_way, goes_later);
    Walker& walker = under_way.back();
    const Person person = make_person(options.seed, walker.number);
    const std::vector<Step> steps = journey(person);
    each(message_of(options.seed, person, steps, walker.next));
    if (++walker.next < steps.size()) {
      walker.at = steps[walker.next].at;
      std::ranges::push_heap(under_way, goes_later);
    } else {
      under_way.pop_back();
    }
  }
}

std::string demo_playbook() {
  std::vector<std::string_view> regions;
  for (const Country& country : countries()) {
    if (country.home_market) regions.push_back(country.code);
  }
  return fmt::format(
      "# Whom Nordlicht IT sells to: mid-sized firms in Germany, Austria, Switzerland, the "
      "Nordics.\n"
      "[icp]\n"
      "target_industries = {}\n"
      "adjacent_industries = {}\n"
      "target_regions = {}\n",
      industries_of(Market::target), industries_of(Market::adjacent), list(regions));
}

}  // namespace galena::demo
