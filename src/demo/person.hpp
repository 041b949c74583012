// Who comes by: one made-up person with a made-up employer, drawn from the seed and the person's
// number alone, so that nobody has to be remembered.
#pragma once

#include <cstdint>
#include <string>

#include "demo/names.hpp"

namespace galena::demo {

// How far somebody goes. What each of them does is in journey.cpp.
enum class Role : std::uint8_t {
  visitor,    // looks around and never says a name
  listed,     // stands on a list that sales brought along, and does nothing
  opener,     // on such a list too, and opens a mail now and then
  reader,     // takes a white paper
  attendee,   // comes to a webinar
  evaluator,  // compares offers: prices, webinar, perhaps a demo
  buyer,      // wants a demo, meets sales, may sign
};
inline constexpr std::size_t kRoles = 7;

struct Company {
  std::string name;
  std::string domain;
  const Country* country = nullptr;
  const Industry* industry = nullptr;
  int employees = 0;
};

struct Person {
  std::uint64_t number = 0;
  Role role = Role::visitor;
  Rank rank = Rank::staff;
  std::string first_name;
  std::string last_name;
  std::string title;
  std::string email;
  std::string phone;       // empty: not told
  bool free_mail = false;  // writes from a private address
  Company company;
};

// Persons come in blocks of 40 in which each role has its fixed share, so that every seed gives a
// list of the same kind; who of a block comes first is drawn.
inline constexpr std::uint64_t kBlock = 40;

Person make_person(std::uint64_t seed, std::uint64_t number);

// The `number`-th firm; no two numbers give the same name or domain. `fitting` ones are rather of
// the kind that Nordlicht IT sells to.
Company make_company(std::uint64_t seed, std::uint64_t number, bool fitting);

// Small ASCII letters, as in an address: "Jürgen" is "juergen".
std::string ascii_form(std::string_view name);

}  // namespace galena::demo
