// Who Galena knows. A person is one identity key with what came under it; a lead is a set of
// persons. Both are immutable once published: a change makes a new record.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/account_key.hpp"
#include "domain/event.hpp"
#include "domain/event_kinds.hpp"
#include "domain/fields.hpp"
#include "domain/history.hpp"
#include "domain/points.hpp"
#include "domain/sighting.hpp"
#include "domain/stage_entry.hpp"
#include "domain/title.hpp"

namespace galena::domain {

// In order of strength; under the last comes what nobody of an organisation told of it (ADR 0011).
enum class KeyKind : std::uint8_t { anonymous, address, user, organisation };

// True if it tells who somebody is.
constexpr bool names_a_person(KeyKind kind) {
  return kind == KeyKind::address || kind == KeyKind::user;
}

// What identifies a person: an anonymous id, a user id, or an e-mail address in its comparison
// form.
struct IdentityKey {
  KeyKind kind = KeyKind::anonymous;
  std::string text;

  bool operator==(const IdentityKey&) const = default;
};

// A field's value as a person told it. Only changes are kept, so each value has its known_at.
struct Fact {
  Field field{};
  Source source{};
  Time at{};        // event time of the telling that ranks it (record.hpp, tell): of several in a
                    // row the latest, a browser's earliest
  Time known_at{};  // log time
  std::uint32_t position = 0;
  std::string value;
  bool implied = false;  // by a user id that is an address: less than any trait of its source

  bool operator==(const Fact&) const = default;
};

// What a person told of an organisation.
struct ToldOf {
  AccountKey account;
  std::vector<Fact> facts;  // as a person's own

  bool operator==(const ToldOf&) const = default;
};

inline constexpr LeadOrdinal kBeganNone = std::numeric_limits<LeadOrdinal>::max();

struct Person {
  IdentityKey key;
  LeadOrdinal lead = 0;
  // A device that met a second identity is shared from that log position on: what comes later under
  // its anonymous id scores nobody and tells nothing. 0 = not shared.
  std::uint32_t shared_since = 0;
  bool nobody = false;                    // all that was known of it has been taken back
  bool erased = false;                    // its key's text and all that it told are gone (ADR 0010)
  LeadOrdinal began = kBeganNone;         // the lead that began with it
  std::vector<SightingNumber> sightings;  // of it and others; kSightingsMax at most
  std::vector<Fact> facts;
  std::shared_ptr<const std::vector<ToldOf>> told_of;  // null: nothing; by account
  History history;

  // A hub (an office's device, info@) is not followed further than that.
  static constexpr std::size_t kSightingsMax = 1000;
  // Of more organisations nothing is kept but that the person is in them.
  static constexpr std::size_t kToldOfMax = 100;

  // Known by more than an anonymous id. (Whether anything is known of it at all is another
  // question: identity_rules.hpp.)
  bool is_named() const { return names_a_person(key.kind) && !nobody; }

  // Whether what the person told counts: not what a device said after it was found to be shared.
  bool tells(const Fact& fact) const { return shared_since == 0 || fact.position <= shared_since; }

  // Whether the event, which came under this person, is the lead's: not what a device sent after it
  // was found to be shared.
  bool owns(const Event& event) const {
    return shared_since == 0 || event.position <= shared_since || event.kind == kScoreAdjusted;
  }
};

// The value of a field that won, and where it came from.
struct FieldValue {
  std::string value;
  Source source{};
  Time at{};
  Time known_at{};
  std::uint32_t position = 0;
  bool implied = false;
  bool of_account = false;  // told of the account (ADR 0011), not by a person of the lead

  bool known() const { return !value.empty(); }
  bool operator==(const FieldValue&) const = default;
};

// What is known about a lead: the fold of its persons' facts, and what follows from it.
struct Record {
  std::array<FieldValue, kFieldCount> fields;
  // Derived from the fields by today's code, never stored:
  Seniority seniority = Seniority::unknown;
  std::string department;
  std::string email_domain;
  std::string country;        // country_code of the country told
  std::string industry_form;  // comparison form
  bool free_mail = false;
  bool disposable_mail = false;
  bool role_address = false;
  std::optional<std::int64_t> employees;

  bool operator==(const Record&) const = default;

  const FieldValue& operator[](Field field) const {
    return fields[static_cast<std::size_t>(field)];
  }
};

// A segment of the workspace: its place among the names that segments ever had (segments.hpp).
using SegmentCode = std::uint16_t;

// The lead came into a segment or went out of it.
struct SegmentChange {
  Time at{};
  std::uint32_t position = 0;  // the input that caused it
  SegmentCode segment = 0;
  bool entered = false;

  bool operator==(const SegmentChange&) const = default;
};

// The segments of a lead. Shared by the versions of a lead until one of them changes.
struct SegmentStory {
  static constexpr std::size_t kChangesMax = 100;
  std::vector<SegmentChange> current;  // how it came into those it is in, by code
  std::vector<SegmentChange> changes;  // the newest, the oldest first

  bool contains(SegmentCode segment) const;
};

// What the lead's events say, besides points.
struct Activity {
  // By what they did themselves, also unasked for (an identify): mails that they were sent and what
  // others noted of them make nobody seen.
  std::optional<Time> first_seen;
  std::optional<Time> last_seen;
  std::optional<Time> last_own_action;
  std::optional<Time> last_hot_request;
  std::uint32_t events = 0;
  std::uint32_t sessions = 0;  // of page views, 30-minute gap
  bool shown_interest = false;
  bool unsubscribed = false;

  bool operator==(const Activity&) const = default;
};

// The score as it stood at `computed_at`. Derived; never stored.
struct Standing {
  Points fit{};
  Points interest{};
  std::uint32_t model_version = 0;  // 0 = not computed
  Time computed_at{};
  Time valid_until{};  // the score stays as it is until then, if no input comes
  Points ceiling{};    // time alone lifts the score no further
  Activity activity;

  Points score() const { return fit + interest; }
};

struct Lead {
  std::vector<PersonOrdinal> persons;      // the first began it; once merged, that one alone
  std::shared_ptr<const Record> record;    // never null
  std::vector<StageEntry> stages;          // never empty; the last is the current one
  std::optional<LeadOrdinal> merged_into;  // this lead is now part of another
  Time created_at{};
  bool visitor = true;                  // known only by anonymous ids; such a lead is in no segment
  AccountOrdinal account = kNoAccount;  // the group or domain it is in (account.hpp). Derived
  Standing standing;
  std::shared_ptr<const SegmentStory> segments;  // null: it never was in one
  // The next moment at which time alone may move it to another stage or segment. Derived.
  Time due_at = Time::max();

  const std::string& stage() const { return stages.back().stage; }
};

using PersonPtr = std::shared_ptr<const Person>;
using LeadPtr = std::shared_ptr<const Lead>;

}  // namespace galena::domain
