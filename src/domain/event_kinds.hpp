// THE TABLE OF EVENT NAMES, and a workspace's dictionary of names beyond it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
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
  kFirstFreeKind = 64,  // a workspace's own names begin here
};

// What an event of this name says about the person.
struct KindTraits {
  bool own_action = true;      // the person did it (a mail sent to them is not)
  bool shows_interest = true;  // one is enough to be a lead (REQUIREMENTS "Words")
  bool visit = false;          // a page view: sessions are made of these
  bool hot = false;            // demo, quote, contact sales: temperature hot for 30 days
  bool per_message = false;    // counts once per email_id
  bool trusted_only = false;   // mail status and outcomes: a browser key may not send it
};

KindTraits kind_traits(KindCode kind);

// A workspace's names and codes. Immutable once published; adding a name makes a new table.
class KindTable {
 public:
  static constexpr std::size_t kNamesMax = 60'000;

  KindTable();
  // With the workspace's own names in code order, from a snapshot.
  explicit KindTable(std::vector<std::string> own_names);
  // The code of a name; compared without regard to case, width, blanks or underscores. 0 = unknown.
  KindCode find(std::string_view name) const;
  std::string_view name(KindCode kind) const;
  // A table that also knows `name` (as spelled); the code is given in `code`. A full table gives
  // code 0: the event is kept and shown, but rules cannot name it.
  std::shared_ptr<const KindTable> with(std::string_view name, KindCode& code) const;
  bool full() const { return own_names_.size() >= kNamesMax; }
  // The workspace's own names in code order, for the snapshot.
  const std::vector<std::string>& own_names() const { return own_names_; }

 private:
  std::unordered_map<std::string, KindCode> codes_;  // by comparison form
  std::vector<std::string> own_names_;
};

}  // namespace galena::domain
