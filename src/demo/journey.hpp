// What a person does, and when: from a first look at the site to what became of it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "demo/person.hpp"

namespace galena::demo {

enum class StepKind : std::uint8_t {
  page,      // `detail`: which; `origin`, on the first of a session: where it came from
  identify,  // `origin` kNewsletter: by a link in a mail
  form,
  white_paper,         // `detail`: which
  webinar_registered,  // `detail`: which fortnight's
  webinar_attended,
  demo,
  contact_sales,
  meeting,
  imported,   // sales brought a list along
  enriched,   // the firm was looked up
  mail_sent,  // `detail`: which fortnight's newsletter
  mail_delivered,
  mail_opened,
  mail_clicked,
  mail_bounced,
  unsubscribed,
  accepted,
  opportunity,
  won,
  lost,
};

inline constexpr std::uint8_t kInSession = 255;  // `origin` of a session's later pages

struct Step {
  Time at{};
  StepKind kind{};
  std::uint8_t device = 0;  // browser steps: 0 at work, 1 on the way
  std::uint8_t origin = kInSession;
  std::uint16_t detail = 0;
};

// The steps of the person that lie between `arrival` and `now`, in order; at least one.
std::vector<Step> journey_of(std::uint64_t seed, const Person& person, Time arrival, Time now);

// The moment of the newsletter or webinar of a fortnight: Tuesdays and Thursdays.
Time newsletter_at(std::uint16_t fortnight);
Time webinar_at(std::uint16_t fortnight);

}  // namespace galena::demo
