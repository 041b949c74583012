// What the bench's leads do over two years: for each lead its deeds, drawn from the seed and the
// number alone, and all deeds of all leads in the order in which they arrive.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "people.hpp"

namespace galena::scale {

enum class DeedKind : std::uint8_t {
  identify,        // who it is, with all fields: the first deed of everybody
  second_device,   // the same person from another device
  second_address,  // an address more
  new_title,
  page,  // `detail`: which page
  form,  // `detail`: which form
  white_paper,
  webinar_registered,
  webinar_attended,
  demo,
  contact_sales,
  quote,
  trial,
  video,
  plan_compared,
  mail_sent,  // `detail`: which mailing, as of all deeds with a mail
  mail_delivered,
  mail_opened,
  mail_clicked,
  mail_bounced,
  unsubscribed,
  meeting,
  accepted,
  opportunity,
  won,
  lost,
  order,
  feature,  // `detail`: which
  report,
  invitation,
  ticket,
};
inline constexpr std::size_t kDeedKinds = 31;
inline constexpr int kPages = 24;  // those below kPricingPages are prices
inline constexpr int kPricingPages = 2;

// 16 bytes, so that twenty million of them fit in memory and are sorted at once.
struct Deed {
  std::uint64_t arrived_ms : 48 = 0;
  std::uint64_t late_s : 16 = 0;  // so long before that it happened
  std::uint32_t lead = 0;
  std::uint16_t index = 0;  // of the lead's: its deeds in the order in which they arrive
  DeedKind kind{};
  std::uint8_t detail : 7 = 0;
  std::uint8_t device : 1 = 0;  // of browser deeds

  Time arrived() const { return from_ms(static_cast<std::int64_t>(arrived_ms)); }
  Time happened() const { return arrived() - std::chrono::seconds{late_s}; }
};
static_assert(sizeof(Deed) == 16);

inline constexpr int kEventsPerLead = 20;  // on the average
inline constexpr int kEventsMax = 500;     // of one lead

struct Span {
  Time until{};  // nothing arrives then or later

  Time begin() const { return until - std::chrono::days{730}; }
  Time recent() const { return until - std::chrono::days{120}; }  // half of the deeds are later
};

// The deeds of one lead, in the order in which they arrive. At least one, an identify. One in a
// hundred of the others arrives late, as from a device that was offline.
std::vector<Deed> journey_of(const Crowd& crowd, std::uint32_t number, const Span& span);

// Those of all leads, in the order in which they arrive.
std::vector<Deed> all_deeds(const Crowd& crowd, const Span& span);

}  // namespace galena::scale
