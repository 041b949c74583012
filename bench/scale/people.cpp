#include "people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "demo/names.hpp"
#include "demo/person.hpp"

namespace galena::scale {
namespace {

using demo::Random;
using std::string_view_literals::operator""sv;

// So many leads work at one firm, on the average.
constexpr std::uint32_t kLeadsPerFirm = 4;

struct Place {
  std::string_view country;
  std::string_view city;
  std::string_view region;
};

constexpr std::array<Place, 44> kPlaces{{
    {"DE", "Berlin", "Berlin"},
    {"DE", "Hamburg", "Hamburg"},
    {"DE", "München", "Bayern"},
    {"DE", "Nürnberg", "Bayern"},
    {"DE", "Köln", "Nordrhein-Westfalen"},
    {"DE", "Düsseldorf", "Nordrhein-Westfalen"},
    {"DE", "Dortmund", "Nordrhein-Westfalen"},
    {"DE", "Frankfurt", "Hessen"},
    {"DE", "Stuttgart", "Baden-Württemberg"},
    {"DE", "Karlsruhe", "Baden-Württemberg"},
    {"DE", "Leipzig", "Sachsen"},
    {"DE", "Dresden", "Sachsen"},
    {"DE", "Hannover", "Niedersachsen"},
    {"DE", "Bremen", "Bremen"},
    {"DE", "Kiel", "Schleswig-Holstein"},
    {"AT", "Wien", "Wien"},
    {"AT", "Graz", "Steiermark"},
    {"AT", "Linz", "Oberösterreich"},
    {"AT", "Salzburg", "Salzburg"},
    {"CH", "Zürich", "Zürich"},
    {"CH", "Bern", "Bern"},
    {"CH", "Basel", "Basel-Stadt"},
    {"CH", "Genf", "Genf"},
    {"SE", "Stockholm", "Stockholm"},
    {"SE", "Göteborg", "Västra Götaland"},
    {"SE", "Malmö", "Skåne"},
    {"DK", "København", "Hovedstaden"},
    {"DK", "Aarhus", "Midtjylland"},
    {"DK", "Odense", "Syddanmark"},
    {"NO", "Oslo", "Oslo"},
    {"NO", "Bergen", "Vestland"},
    {"NO", "Trondheim", "Trøndelag"},
    {"FI", "Helsinki", "Uusimaa"},
    {"FI", "Tampere", "Pirkanmaa"},
    {"FI", "Turku", "Varsinais-Suomi"},
    {"NL", "Amsterdam", "Noord-Holland"},
    {"NL", "Rotterdam", "Zuid-Holland"},
    {"NL", "Eindhoven", "Noord-Brabant"},
    {"PL", "Warszawa", "Mazowieckie"},
    {"PL", "Kraków", "Małopolskie"},
    {"PL", "Gdańsk", "Pomorskie"},
    {"FR", "Paris", "Île-de-France"},
    {"FR", "Lyon", "Auvergne-Rhône-Alpes"},
    {"FR", "Lille", "Hauts-de-France"},
}};

constexpr std::array kDepartments{"IT"sv,          "Marketing"sv,       "Sales"sv,
                                  "Finance"sv,     "Operations"sv,      "Engineering"sv,
                                  "Product"sv,     "Human Resources"sv, "Legal"sv,
                                  "Procurement"sv, "Customer Support"sv};
constexpr std::array kChiefs{
    "CEO"sv, "CFO"sv, "CTO"sv, "CIO"sv, "CMO"sv, "Founder & CEO"sv, "Geschäftsführer"sv};
constexpr std::array kNameEnds{""sv, "er"sv, "mann"sv, "sen"sv};

// Of a hundred: C-level, VP, director, manager, staff, student, retired.
constexpr std::array<std::uint8_t, demo::kRanks> kRankWeights{7, 5, 13, 28, 42, 3, 2};

std::string title_of(Random& random) {
  const auto rank = static_cast<demo::Rank>(random.weighted(kRankWeights));
  const std::string_view department = random.pick(kDepartments);
  switch (rank) {
    case demo::Rank::c_level:
      return std::string(random.pick(kChiefs));
    case demo::Rank::vp:
      return fmt::format("VP {}", department);
    case demo::Rank::director:
      return random.percent(50) ? fmt::format("{} Director", department)
                                : fmt::format("Head of {}", department);
    case demo::Rank::manager:
      return fmt::format("{} Manager", department);
    case demo::Rank::staff:
      return fmt::format("{}{} Specialist", random.percent(25) ? "Senior " : "", department);
    default:
      return std::string(random.pick(demo::titles(rank)));
  }
}

std::string first_name_of(Random& random, const demo::Country& country) {
  const std::string_view name = random.pick(country.first_names);
  if (!random.percent(15)) return std::string(name);
  return fmt::format("{}-{}", name, random.pick(country.first_names));
}

std::string last_name_of(Random& random, const demo::Country& country) {
  if (random.percent(30)) return std::string(random.pick(country.last_names));
  return fmt::format("{}{}{}", random.pick(demo::firm_heads()), random.pick(demo::firm_tails()),
                     random.pick(kNameEnds));
}

// Few firms have hundreds of leads, most have one: the places of leads thin out as the root grows.
std::uint64_t firm_number(const Crowd& crowd, Random& random) {
  const double firms = std::max<double>(1, crowd.leads / double{kLeadsPerFirm});
  const double draw = static_cast<double>(random.next() >> 11) * 0x1p-53;
  return static_cast<std::uint64_t>(firms * draw * draw);
}

// What is known of a firm is the same whoever tells it.
Firm known_of(const Crowd& crowd, std::uint64_t number, const demo::Company& company) {
  Random random(seed_of(crowd.seed, Dice::firm, number));
  Firm firm{.id = {},
            .name = company.name,
            .domain = company.domain,
            .industry = std::string(company.industry->name),
            .country = std::string(company.country->code),
            .employees = company.employees};
  const std::uint64_t firms = crowd.leads / kLeadsPerFirm;
  if (number < firms / 200) firm.employees = firm.employees * 10 + 2000;  // who send many people
  if (random.percent(35)) firm.id = fmt::format("org-{}", 10'000 + number);
  if (random.percent(35)) firm.domain.clear();
  if (random.percent(25)) firm.employees = 0;
  if (random.percent(25)) firm.industry.clear();
  return firm;
}

// The regulator's prefix for films; a real number is not that long.
std::string phone_of(std::uint32_t number) {
  return fmt::format("+49 30 23125 {:07}", number);
}

// No mailbox of these providers has a hyphen, so nobody can own one.
std::string private_address(Random& random, const std::string& name, std::uint32_t number) {
  return fmt::format("invented-{}-{}@{}", name, number, random.pick(demo::free_mail_domains()));
}

void put_place(Random& random, std::string_view country, Person& person) {
  const auto is_there = [&](const Place& place) { return place.country == country; };
  const auto first = std::ranges::find_if(kPlaces, is_there);
  const auto count = std::ranges::count_if(kPlaces, is_there);
  const Place& place = *(first + random.below(static_cast<std::uint32_t>(count)));
  if (random.percent(93)) person.country = place.country;
  if (random.percent(75)) person.city = place.city;
  if (random.percent(60)) person.region = place.region;
}

}  // namespace

bool has_user_id(const Crowd& crowd, std::uint32_t number) {
  return demo::scrambled(crowd.seed + number) % 10 < 8;
}

// A second address is only believed to be the same person's under a user id.
bool has_second_address(const Crowd& crowd, std::uint32_t number) {
  return has_user_id(crowd, number) && demo::scrambled(crowd.seed + number) / 16 % 10 < 6;
}

bool has_second_device(const Crowd& crowd, std::uint32_t number) {
  return demo::scrambled(crowd.seed + number) / 256 % 10 < 5;
}

std::string device_id(const Crowd& crowd, std::uint32_t number, int device) {
  const std::uint64_t place = (std::uint64_t{number} << 1) + static_cast<std::uint64_t>(device);
  return fmt::format("{:016x}{:016x}", seed_of(crowd.seed, Dice::device, place),
                     demo::scrambled(place + 1));
}

std::string next_title(const Crowd& crowd, std::uint32_t number) {
  Random random(seed_of(crowd.seed, Dice::person, number) + 1);
  return title_of(random);
}

Person make_person(const Crowd& crowd, std::uint32_t number) {
  Random random(seed_of(crowd.seed, Dice::person, number));
  const std::uint64_t at = firm_number(crowd, random);
  const demo::Company company = demo::make_company(crowd.seed, at, at % 5 == 0);
  const demo::Country& country = *company.country;
  Person person;
  const std::string first = first_name_of(random, country);
  const std::string last = last_name_of(random, country);
  const std::string name = fmt::format("{}.{}", demo::ascii_form(first), demo::ascii_form(last));
  const bool is_private = random.percent(14);
  const std::string own = private_address(random, name, number);
  const std::string of_firm = fmt::format("{}{}@{}", name, number, company.domain);
  person.email = is_private ? own : of_firm;
  if (has_second_address(crowd, number)) person.earlier_email = is_private ? of_firm : own;
  if (has_user_id(crowd, number)) person.user_id = fmt::format("crm-{}", 100'000 + number);
  if (random.percent(97)) person.first_name = first;
  if (random.percent(97)) person.last_name = last;
  if (random.percent(92)) person.title = title_of(random);
  if (random.percent(45)) person.phone = phone_of(number);
  put_place(random, country.code, person);
  if (!is_private || random.percent(50)) person.firm = known_of(crowd, at, company);
  return person;
}

}  // namespace galena::scale
