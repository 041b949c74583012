// People of a town that does not exist, and their records with errors: for tests and benchmarks.
// The same seed gives the same town on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "domain/match_profile.hpp"

namespace galena::domain {

struct TownOptions {
  std::uint64_t seed = 1;
  std::size_t people = 1000;
  double second_record_share = 0.5;  // of the people; of those again for a third, and so on
  double errors = 1.5;               // of a record that is not a person's first, on average
  double missing = 0.03;             // of each field of each record
  double household_share = 0;        // of the people live with somebody of their family name
  double twin_share = 0;             // of those who do, born on the same day
  bool at_work = false;              // known by company, mail and phone instead of home and birth
};

struct Town {
  std::vector<MatchFields> records;
  std::vector<std::string> parties;   // whose record it is
  std::vector<std::string> families;  // who lives together
};

class TownMaker {
 public:
  explicit TownMaker(const TownOptions& options) : options_(options), state_(options.seed) {}

  Town make() {
    Town town;
    MatchFields last;
    for (std::size_t i = 0; i < options_.people; ++i) {
      const bool at_home = i > 0 && chance(options_.household_share);
      const MatchFields person = at_home ? relative_of(last) : somebody();
      if (!at_home) family_ = std::to_string(i);
      last = person;
      MatchFields record = person;
      for (int records = 0; records == 0 || chance(options_.second_record_share); ++records) {
        if (records > 0) spoil(record = person);
        for (std::string* field : fields_of(record)) {
          if (chance(options_.missing)) field->clear();
        }
        town.records.push_back(record);
        town.parties.push_back(std::to_string(i));
        town.families.push_back(family_);
      }
    }
    return town;
  }

 private:
  using FieldPointers = std::vector<std::string*>;

  FieldPointers fields_of(MatchFields& record) const {
    if (options_.at_work) {
      return {&record.first_name, &record.last_name, &record.company,
              &record.email,      &record.phone,     &record.city};
    }
    return {&record.first_name, &record.last_name, &record.street,   &record.street_number,
            &record.unit,       &record.city,      &record.postcode, &record.date_of_birth};
  }

  std::uint64_t draw() {  // splitmix64 (G. Steele, D. Lea, C. Flood, 2014)
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }
  double share() { return static_cast<double>(draw() >> 11) / 9007199254740992.0; }
  bool chance(double probability) { return share() < probability; }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(draw() % end); }

  // A word that is always the same for one number.
  static std::string word(std::size_t number, std::size_t syllables) {
    static constexpr std::array<const char*, 24> kStarts{
        "b", "d", "f", "g",  "h",  "k",  "l",  "m",  "n",  "p", "r", "s",
        "t", "v", "w", "st", "br", "ch", "ph", "gr", "th", "c", "j", "sch"};
    static constexpr std::array<const char*, 10> kVowels{"a",  "e",  "i",  "o",  "u",
                                                         "ai", "ee", "ou", "ie", "y"};
    static constexpr std::array<const char*, 10> kEnds{"",  "n", "r",  "l",  "s",
                                                       "t", "m", "ll", "ck", ""};
    std::string made;
    std::uint64_t rest = number * 2654435761U + 97;
    for (std::size_t i = 0; i < syllables; ++i) {
      made += kStarts[rest % 24];
      rest /= 7;
      made += kVowels[rest % 10];
      rest /= 5;
      made += kEnds[rest % 10];
      rest = rest / 3 + number * 31 + i;
    }
    return made;
  }

  // Few names are common and many are rare.
  std::size_t skewed(std::size_t end) {
    const double at = share();
    return static_cast<std::size_t>(at * at * at * static_cast<double>(end));
  }
  std::string given() { return word(skewed(900), 2); }
  std::string family() { return word(10'000 + skewed(9000), 2 + draw() % 2); }
  std::string street() {
    static constexpr std::array<const char*, 5> kKinds{" street", " road", " avenue", " lane",
                                                       " close"};
    return word(30'000 + skewed(options_.people + 500), 3) + kKinds[below(kKinds.size())];
  }
  std::string digits(std::size_t low, std::size_t high) {
    return std::to_string(low + below(high - low));
  }
  std::string birth() {
    return digits(1930, 2005) + digits(101, 113).substr(1) + digits(101, 129).substr(1);
  }

  MatchFields somebody() {
    MatchFields person;
    person.first_name = given();
    person.last_name = family();
    const std::size_t city = skewed(400);
    person.city = word(80'000 + city, 3);
    if (options_.at_work) {
      employ(person);
      return person;
    }
    person.street = street();
    person.street_number = digits(1, 200);
    if (chance(0.5)) person.unit = word(60'000 + skewed(5000), 3);
    person.postcode = std::to_string(1000 + city * 7 + below(4));
    person.date_of_birth = birth();
    return person;
  }
  // Colleagues share the domain and, every other one, the phone.
  void employ(MatchFields& person) {
    const std::size_t number = skewed(options_.people / 8 + 5);
    const std::string name = word(200'000 + number, 3);
    static constexpr std::array<const char*, 4> kForms{"", " Inc.", " GmbH", " Ltd"};
    person.company = name + kForms[below(kForms.size())];
    const std::string local = chance(0.5) ? person.first_name + "." + person.last_name
                                          : person.first_name.substr(0, 1) + person.last_name;
    person.email = chance(0.8) ? local + "@" + name + ".com" : local + digits(1, 99) + "@gmail.com";
    const std::string company_phone = std::to_string(2'120'000'000 + number * 7919);
    person.phone =
        chance(0.5) ? company_phone : std::to_string(3'000'000'000 + draw() % 999'999'999);
  }

  MatchFields relative_of(const MatchFields& other) {
    MatchFields person = other;
    do {
      person.first_name = given();
    } while (person.first_name == other.first_name);
    if (!chance(options_.twin_share)) {
      person.date_of_birth = birth();
    }
    return person;
  }

  void spoil(MatchFields& record) {
    if (options_.at_work && chance(0.5)) {
      record.email = record.last_name + digits(100, 9999) + "@gmail.com";
    }
    const double errors = options_.errors * 2 * share();
    for (double done = share(); done < errors; ++done) {
      const std::size_t kind = below(20);
      if (kind == 0) {
        std::swap(record.first_name, record.last_name);
      } else if (kind == 1) {
        std::swap(record.street, record.unit);
      } else if (kind == 2) {
        replace(record);
      } else {
        const FieldPointers fields = fields_of(record);
        std::string& field = *fields[below(fields.size())];
        if (field.size() > 1) misspell(field);
      }
    }
  }

  void replace(MatchFields& record) {
    MatchFields other = somebody();
    const FieldPointers fields = fields_of(record);
    const std::size_t field = 1 + below(fields.size() - 1);  // a wrong given name is a twin's
    *fields[field] = *fields_of(other)[field];
  }

  void misspell(std::string& text) {
    const std::size_t at = below(text.size() - 1);
    const bool number = text[at] >= '0' && text[at] <= '9';
    const char letter = static_cast<char>(number ? '0' + below(10) : 'a' + below(26));
    switch (below(6)) {
      case 0:
        text.erase(at, 1);
        break;
      case 1:
        text.insert(at, 1, letter);
        break;
      case 2:
        text[at] = letter;
        break;
      case 3:
        std::swap(text[at], text[at + 1]);
        break;
      case 4:
        by_ear(text);
        break;
      default:
        by_scanner(text);
    }
  }

  static void exchange(std::string& text, const char* from, const char* to) {
    const std::size_t at = text.find(from);
    if (at != std::string::npos) text.replace(at, std::string(from).size(), to);
  }
  void by_ear(std::string& text) {
    static constexpr std::array<std::array<const char*, 2>, 8> kSounds{{{"ph", "f"},
                                                                        {"ck", "k"},
                                                                        {"ie", "y"},
                                                                        {"ee", "ea"},
                                                                        {"c", "k"},
                                                                        {"sch", "sh"},
                                                                        {"ll", "l"},
                                                                        {"ai", "ay"}}};
    for (const auto& [from, to] : kSounds) {
      if (chance(0.5)) exchange(text, from, to);
    }
  }
  void by_scanner(std::string& text) {
    static constexpr std::array<std::array<const char*, 2>, 7> kShapes{
        {{"m", "rn"}, {"l", "1"}, {"o", "0"}, {"cl", "d"}, {"h", "li"}, {"u", "ii"}, {"5", "s"}}};
    const auto& [from, to] = kShapes[below(kShapes.size())];
    exchange(text, from, to);
  }

  TownOptions options_;
  std::uint64_t state_;
  std::string family_ = "0";
};

}  // namespace galena::domain
