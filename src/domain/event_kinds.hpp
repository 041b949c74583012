// THE TABLE OF EVENT NAMES, and a workspace's dictionary of names beyond it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/event.hpp"

namespace galena::domain {

// Names with a meaning of their own; their codes are stored and never change.
enum Kind : KindCode {
  kNoKind = 0,
  kPageViewed = 1,
  kPricingViewed = 2,  // a page view whose path begins with /pricing
  kScreenViewed = 3,
  kIdentified = 4,
  kGrouped = 5,
  kAliased = 6,
  kScoreAdjusted = 7,
  kFormSubmitted = 8,
  kDemoRequested = 9,
  kQuoteRequested = 10,
  kContactSalesRequested = 11,
  kTrialStarted = 12,
  kMeetingBooked = 13,
  kWebinarRegistered = 14,
  kWebinarAttended = 15,
  kWhitePaperDownloaded = 16,
  kEmailSent = 17,
  kEmailDelivered = 18,
  kEmailOpened = 19,
  kEmailLinkClicked = 20,
  kEmailReplied = 21,
  kEmailBounced = 22,
  kEmailMarkedAsSpam = 23,
  kUnsubscribed = 24,
  kSalesAccepted = 25,
  kOpportunityCreated = 26,
  kOpportunityWon = 27,
  kOpportunityLost = 28,
  kOrderCompleted = 29,
  kPagePinged = 30,     // still on the page: a Snowplow tracker tells it every few seconds
  kImported = 31,       // a row of an imported file tells who somebody is
  kFirstFreeKind = 64,  // a workspace's own names begin here
};

// What an event of this name says about the person.
struct KindTraits {
  bool own_action = true;      // the person did it (a mail sent to them is not)
  bool shows_interest = true;  // one is enough to be a lead (REQUIREMENTS "Words")
  bool visit = false;          // a page view: sessions are made of these
  bool hot = false;            // demo, quote, contact sales: temperature hot for 30 days
  bool per_message = false;    // counts once per email_id
  bool seen = true;            // the person was there
  bool trusted_only = false;   // mail status and outcomes: a browser key may not send it
};

KindTraits kind_traits(KindCode kind);

// The form in which event names compare: without regard to case, width, blanks or underscores.
std::string event_name_form(std::string_view name);

// A workspace's names and codes. Immutable: adding a name makes a new table that shares the names
// with the old one, at the cost of O(log n) on the average.
class KindTable {
 public:
  static constexpr std::size_t kNamesMax = 60'000;

  KindTable() = default;
  // With the workspace's own names in code order, from a snapshot; no more than kNamesMax of them.
  explicit KindTable(std::vector<std::string> own_names);
  // The code of a name, compared by event_name_form. 0 = unknown.
  KindCode find(std::string_view name) const;
  // As spelled when it first came; empty for a code that is not given. Lasts as long as any table
  // that knows it.
  std::string_view name(KindCode kind) const;
  // A table that also knows `name` (as spelled); the code is given in `code`. A full table gives
  // code 0: the event is kept and shown, but rules cannot name it.
  std::shared_ptr<const KindTable> with(std::string_view name, KindCode& code) const;
  bool full() const { return own_count_ >= kNamesMax; }
  std::size_t own_count() const { return own_count_; }
  // The workspace's own names in code order, for the snapshot.
  std::vector<std::string> own_names() const;

 private:
  struct Run;

  // Runs of names in code order, each longer than the next, so there are few: a new name is a run
  // of one, and runs that are no longer than what follows them are merged with it.
  std::vector<std::shared_ptr<const Run>> runs_;
  std::size_t own_count_ = 0;
};

}  // namespace galena::domain
