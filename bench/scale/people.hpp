// Who the bench's leads are: made-up people of made-up firms, each drawn from the seed and their
// number alone. The names are demo's and combinations of them, so that a million leads have tens of
// thousands of last names, as real ones would.
#pragma once

#include <cstdint>
#include <string>

#include "demo/random.hpp"

namespace galena::scale {

// Seeds of what is drawn about a lead, apart from each other and from the demo company's.
enum class Dice : std::uint64_t { person = 1, firm, journey, arrival, message, device, late };

constexpr std::uint64_t seed_of(std::uint64_t seed, Dice dice, std::uint64_t number) {
  const std::uint64_t own = demo::scrambled(seed ^ 0x67616c656e61'5ca1U);
  return demo::scrambled(demo::scrambled(own + static_cast<std::uint64_t>(dice)) + number);
}

// Who the leads are drawn from.
struct Crowd {
  std::uint64_t seed = 1;
  std::uint32_t leads = 1'000'000;
};

struct Firm {
  std::string id;  // of its group; empty: none
  std::string name;
  std::string domain;
  std::string industry;
  std::string country;
  int employees = 0;
};

// The thirteen fields as they are told; empty: nobody knows.
struct Person {
  std::string email;
  std::string earlier_email;  // told before that one; empty: one address alone
  std::string user_id;        // empty: known by address and devices alone
  std::string first_name;
  std::string last_name;
  std::string title;
  std::string phone;
  std::string city;
  std::string region;
  std::string country;
  Firm firm;  // what the person tells of it; all empty: of none

  const std::string& first_email() const { return earlier_email.empty() ? email : earlier_email; }
};

Person make_person(const Crowd& crowd, std::uint32_t number);

// A title that the person has later on.
std::string next_title(const Crowd& crowd, std::uint32_t number);

// Whether there is a user id, and so a second address; and a second device.
bool has_user_id(const Crowd& crowd, std::uint32_t number);
bool has_second_address(const Crowd& crowd, std::uint32_t number);
bool has_second_device(const Crowd& crowd, std::uint32_t number);

// The anonymous id of the lead's first (0) or second (1) device.
std::string device_id(const Crowd& crowd, std::uint32_t number, int device);

}  // namespace galena::scale
