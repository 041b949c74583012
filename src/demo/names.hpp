// What the made-up world is made of: countries, industries, names, titles, pages. Tables only.
// Nobody and no firm here is real: firms live under the reserved domain .example, telephone numbers
// are those that the German regulator keeps free for films, addresses of devices are those that
// RFC 5737 keeps for documentation.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace galena::demo {

using Texts = std::span<const std::string_view>;

struct Country {
  std::string_view code;
  std::string_view locale;
  std::string_view time_zone;
  Texts first_names;
  Texts last_names;
  Texts legal_forms;
  std::uint8_t weight;  // of a hundred firms
  bool home_market;     // Nordlicht IT sells there
};

enum class Market : std::uint8_t { target, adjacent, other };

struct Industry {
  std::string_view name;
  Market market;
  Texts words;  // that its firms bear in their names
  std::uint8_t weight;
};

// Who decides what, in the order of the weights in person.cpp.
enum class Rank : std::uint8_t { c_level, vp, director, manager, staff, student, retired };
inline constexpr std::size_t kRanks = 7;

struct Page {
  std::string_view path;
  std::string_view title;
};

// Where a session comes from. `medium` empty: the visitor came without campaign parameters.
struct Origin {
  std::string_view source;
  std::string_view medium;
  std::string_view campaign;
  std::string_view referrer;
  std::uint8_t weight;
};

// Pages and origins that journeys name.
enum PageNumber : std::uint8_t { kHome, kPricing, kContact, kWhitePapers, kWebinars, kCareers };
enum OriginNumber : std::uint8_t { kDirect, kNewsletter };

inline constexpr std::size_t kFreeMailDomains = 3;

std::span<const Country> countries();
std::span<const Industry> industries();
std::span<const Page> pages();
std::span<const Origin> origins();
Texts titles(Rank rank);
Texts firm_heads();  // "Brenn" + "fels": every head goes with every tail
Texts firm_tails();
Texts free_mail_domains();
Texts white_papers();
Texts webinars();
Texts user_agents();

}  // namespace galena::demo
