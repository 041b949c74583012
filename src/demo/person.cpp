#include "demo/person.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "demo/random.hpp"

namespace galena::demo {
namespace {

// A place in a block: what one does and at which of the block's firms. Colleagues come together:
// a firm that buys also has people who only read.
struct Place {
  Role role;
  std::uint8_t firm;
};

constexpr std::uint64_t kFirmsPerBlock = 24;
constexpr std::uint8_t kFittingFirms = 4;  // the first of a block

constexpr std::array<Place, kBlock> kPlaces{{
    {Role::buyer, 0},    {Role::attendee, 0},  {Role::listed, 0},   {Role::buyer, 1},
    {Role::reader, 1},   {Role::evaluator, 2}, {Role::listed, 2},   {Role::evaluator, 3},
    {Role::opener, 3},   {Role::attendee, 4},  {Role::opener, 4},   {Role::attendee, 5},
    {Role::reader, 5},   {Role::reader, 6},    {Role::reader, 7},   {Role::reader, 8},
    {Role::reader, 9},   {Role::opener, 10},   {Role::listed, 10},  {Role::opener, 11},
    {Role::listed, 11},  {Role::opener, 12},   {Role::opener, 13},  {Role::listed, 14},
    {Role::listed, 15},  {Role::listed, 16},   {Role::listed, 17},  {Role::listed, 18},
    {Role::listed, 19},  {Role::listed, 20},   {Role::listed, 21},  {Role::visitor, 22},
    {Role::visitor, 22}, {Role::visitor, 22},  {Role::visitor, 22}, {Role::visitor, 22},
    {Role::visitor, 23}, {Role::visitor, 23},  {Role::visitor, 23}, {Role::visitor, 23},
}};

// Of a hundred, by role: C-level, VP, director, manager, staff, student, retired.
constexpr std::array<std::array<std::uint8_t, kRanks>, kRoles> kRankWeights{{
    {4, 3, 8, 25, 45, 12, 3},    // visitor
    {12, 6, 16, 34, 30, 1, 1},   // listed
    {12, 6, 16, 34, 30, 1, 1},   // opener
    {4, 3, 8, 26, 43, 12, 4},    // reader
    {6, 5, 12, 34, 40, 3, 0},    // attendee
    {20, 14, 24, 32, 10, 0, 0},  // evaluator
    {32, 16, 26, 22, 4, 0, 0},   // buyer
}};

constexpr std::array<std::uint8_t, kRoles> kFreeMailPercent{30, 4, 6, 26, 14, 8, 0};

struct SizeBand {
  int from;
  int to;
};
constexpr std::array<SizeBand, 5> kSizes{{{2, 9}, {10, 49}, {50, 199}, {200, 900}, {901, 6000}}};
constexpr std::array<std::uint8_t, 5> kSizeWeights{14, 32, 30, 20, 4};
constexpr std::array<std::uint8_t, 5> kFittingSizeWeights{0, 12, 44, 40, 4};

// The `number`-th stem ("Brennfels"), numbers below all heads × tails.
std::string stem(std::uint64_t number) {
  const std::uint64_t tails = firm_tails().size();
  return fmt::format("{}{}", firm_heads()[number / tails], firm_tails()[number % tails]);
}

template <class Table>
const auto& by_weight(Random& random, const Table& table) {
  const int sum = std::accumulate(table.begin(), table.end(), 0,
                                  [](int so_far, const auto& row) { return so_far + row.weight; });
  int rest = random.between(0, sum - 1);
  auto row = table.begin();
  while (rest >= row->weight) rest -= (row++)->weight;
  return *row;
}

const Industry& industry_of(Random& random, bool fitting) {
  const Industry* drawn = &by_weight(random, industries());
  for (int again = 0; fitting && again < 2 && drawn->market != Market::target; ++again) {
    drawn = &by_weight(random, industries());
  }
  return *drawn;
}

const Place& place_of(std::uint64_t seed, std::uint64_t number) {
  std::array<std::uint8_t, kBlock> order;
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  Random random(seed_of(seed, Draw::block, number / kBlock));
  for (std::uint32_t left = kBlock; left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
  return kPlaces[order[number % kBlock]];
}

// How many of the firm stand before this place in the block: colleagues get names of their own.
std::uint32_t colleagues_before(const Place& place) {
  return static_cast<std::uint32_t>(std::count_if(
      kPlaces.data(), &place, [&](const Place& other) { return other.firm == place.firm; }));
}

// Google and Yahoo give out no mailbox with a hyphen, so nobody can own one of these.
std::string private_address(Random& random, const Person& person) {
  return fmt::format("invented-{}-{}-{:04}@{}", ascii_form(person.first_name),
                     ascii_form(person.last_name), person.number, random.pick(free_mail_domains()));
}

// The numbers in Berlin, Hamburg and Munich that are kept free for films.
std::string film_number(Random& random) {
  constexpr std::array<std::string_view, 3> kBlocks{"+49 30 23125", "+49 40 66969", "+49 89 99998"};
  const std::string_view block = random.pick(kBlocks);
  return fmt::format("{} {:03}", block, random.below(1000));
}

}  // namespace

std::string ascii_form(std::string_view name) {
  struct Letter {
    std::string_view from, to;
  };
  constexpr std::array<Letter, 14> kLetters{{{"ä", "ae"},
                                             {"ö", "oe"},
                                             {"ü", "ue"},
                                             {"ß", "ss"},
                                             {"å", "aa"},
                                             {"ø", "oe"},
                                             {"æ", "ae"},
                                             {"é", "e"},
                                             {"Ä", "ae"},
                                             {"Ö", "oe"},
                                             {"Ü", "ue"},
                                             {"Å", "aa"},
                                             {"Ø", "oe"},
                                             {"Æ", "ae"}}};
  std::string form;
  while (!name.empty()) {
    const auto letter = std::ranges::find_if(
        kLetters, [&](const Letter& known) { return name.starts_with(known.from); });
    if (letter != kLetters.end()) {
      form += letter->to;
      name.remove_prefix(letter->from.size());
      continue;
    }
    const char c = name.front();
    form += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    name.remove_prefix(1);
  }
  return form;
}

Company make_company(std::uint64_t seed, std::uint64_t number, bool fitting) {
  Random random(seed_of(seed, Draw::company, number));
  Company company;
  company.country = &by_weight(random, countries());
  company.industry = &industry_of(random, fitting);
  const SizeBand band = kSizes[random.weighted(fitting ? kFittingSizeWeights : kSizeWeights)];
  company.employees = random.between(band.from, band.to);
  // A stride that shares no divisor with the number of stems visits each of them once per round.
  constexpr std::uint64_t kStride = 331;
  const std::uint64_t stems = firm_heads().size() * firm_tails().size();
  const std::uint64_t offset = seed_of(seed, Draw::firm_offset, 0) % stems;
  const std::string first = stem((number * kStride + offset) % stems);
  company.name = first;
  company.domain = ascii_form(first);
  if (const std::uint64_t round = number / stems; round > 0) {
    const std::string second = stem((round - 1) % stems);
    company.name += fmt::format(" & {}", second);
    company.domain += fmt::format("-{}", ascii_form(second));
    if (const std::uint64_t again = (round - 1) / stems; again > 0) {
      company.name += fmt::format(" {}", again + 1);
      company.domain += fmt::format("-{}", again + 1);
    }
  }
  company.name += fmt::format(" {}", random.pick(company.industry->words));
  company.name += fmt::format(" {}", random.pick(company.country->legal_forms));
  company.domain += ".example";
  return company;
}

Person make_person(std::uint64_t seed, std::uint64_t number) {
  const Place& place = place_of(seed, number);
  const std::uint64_t firm = number / kBlock * kFirmsPerBlock + place.firm;
  Random random(seed_of(seed, Draw::person, number));
  Person person{.number = number,
                .role = place.role,
                .company = make_company(seed, firm, place.firm < kFittingFirms)};
  const auto role = static_cast<std::size_t>(place.role);
  const Country& country = *person.company.country;
  // Names follow one another from a place that the firm gives, so no two colleagues share theirs.
  const std::uint64_t name = seed_of(seed, Draw::name, firm);
  const std::uint64_t colleagues = colleagues_before(place);
  person.first_name = country.first_names[(name % 1000 + colleagues) % country.first_names.size()];
  person.last_name = country.last_names[(name / 1000 + colleagues) % country.last_names.size()];
  person.rank = static_cast<Rank>(random.weighted(kRankWeights[role]));
  person.title = random.pick(titles(person.rank));
  const bool no_employer = person.rank == Rank::student || person.rank == Rank::retired;
  person.free_mail = random.percent(no_employer ? 80 : kFreeMailPercent[role]);
  person.email = person.free_mail
                     ? private_address(random, person)
                     : fmt::format("{}.{}@{}", ascii_form(person.first_name),
                                   ascii_form(person.last_name), person.company.domain);
  if (country.code == "DE" && random.percent(50)) person.phone = film_number(random);
  return person;
}

}  // namespace galena::demo
