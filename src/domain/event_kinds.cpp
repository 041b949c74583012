#include "domain/event_kinds.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace galena::domain {
namespace {

struct StandardKind {
  Kind code;
  std::string_view name;
  KindTraits traits;
};

constexpr KindTraits kVisit{.own_action = true, .shows_interest = false, .visit = true};
constexpr KindTraits kNothingDone{.own_action = false, .shows_interest = false};
constexpr KindTraits kInterest{};
constexpr KindTraits kHotRequest{.hot = true};
constexpr KindTraits kMailReaction{.per_message = true, .trusted_only = true};
constexpr KindTraits kMailOpen{.shows_interest = false, .per_message = true, .trusted_only = true};
constexpr KindTraits kMailStatus{
    .own_action = false, .shows_interest = false, .per_message = true, .trusted_only = true};
constexpr KindTraits kOutcome{.own_action = false, .shows_interest = false, .trusted_only = true};

constexpr std::array<StandardKind, 29> kStandard{{
    {kPageViewed, "Page Viewed", kVisit},
    {kPricingViewed, "Pricing Viewed", kVisit},
    {kScreenViewed, "Screen Viewed", kVisit},
    {kIdentified, "Identified", kNothingDone},
    {kGrouped, "Grouped", kNothingDone},
    {kAliased, "Aliased", kNothingDone},
    {kScoreAdjusted, "Score Adjusted", kNothingDone},
    {kFormSubmitted, "Form Submitted", kInterest},
    {kDemoRequested, "Demo Requested", kHotRequest},
    {kQuoteRequested, "Quote Requested", kHotRequest},
    {kContactSalesRequested, "Contact Sales Requested", kHotRequest},
    {kTrialStarted, "Trial Started", kInterest},
    {kMeetingBooked, "Meeting Booked", kInterest},
    {kWebinarRegistered, "Webinar Registered", kInterest},
    {kWebinarAttended, "Webinar Attended", kInterest},
    {kWhitePaperDownloaded, "White Paper Downloaded", kInterest},
    {kEmailSent, "Email Sent", kMailStatus},
    {kEmailDelivered, "Email Delivered", kMailStatus},
    {kEmailOpened, "Email Opened", kMailOpen},
    {kEmailLinkClicked, "Email Link Clicked", kMailReaction},
    {kEmailReplied, "Email Replied", kMailReaction},
    {kEmailBounced, "Email Bounced", kMailStatus},
    {kEmailMarkedAsSpam, "Email Marked as Spam", kMailStatus},
    {kUnsubscribed, "Unsubscribed", kMailStatus},
    {kSalesAccepted, "Sales Accepted", kOutcome},
    {kOpportunityCreated, "Opportunity Created", kOutcome},
    {kOpportunityWon, "Opportunity Won", kOutcome},
    {kOpportunityLost, "Opportunity Lost", kOutcome},
    {kOrderCompleted, "Order Completed", {.shows_interest = true, .trusted_only = true}},
}};

// "demo_requested" and "Demo  Requested" are one name. A name of nothing but blanks ("_") is
// itself: the empty form is no name, so that a rule or stage without `on` waits for no event.
std::string name_form(std::string_view name) {
  std::string spaced(name);
  std::ranges::replace(spaced, '_', ' ');
  std::string form = comparison_form(spaced);
  return form.empty() ? std::string(name) : form;
}

constexpr std::array<KindTraits, kFirstFreeKind> traits_by_code() {
  std::array<KindTraits, kFirstFreeKind> table{};
  for (const StandardKind& kind : kStandard) table[kind.code] = kind.traits;
  return table;
}

}  // namespace

KindTraits kind_traits(KindCode kind) {
  static constexpr auto kTable = traits_by_code();
  return kind < kFirstFreeKind ? kTable[kind] : KindTraits{};
}

KindTable::KindTable() {
  for (const StandardKind& kind : kStandard) codes_.emplace(name_form(kind.name), kind.code);
}

KindTable::KindTable(std::vector<std::string> own_names) : KindTable() {
  own_names_ = std::move(own_names);
  if (own_names_.size() > kNamesMax) own_names_.resize(kNamesMax);
  for (std::size_t i = 0; i < own_names_.size(); ++i) {
    codes_.emplace(name_form(own_names_[i]), static_cast<KindCode>(kFirstFreeKind + i));
  }
}

KindCode KindTable::find(std::string_view name) const {
  const auto found = codes_.find(name_form(name));
  return found == codes_.end() ? KindCode{kNoKind} : found->second;
}

std::string_view KindTable::name(KindCode kind) const {
  if (kind >= kFirstFreeKind) {
    const std::size_t index = kind - kFirstFreeKind;
    return index < own_names_.size() ? std::string_view(own_names_[index]) : std::string_view();
  }
  for (const StandardKind& standard : kStandard) {
    if (standard.code == kind) return standard.name;
  }
  return {};
}

std::shared_ptr<const KindTable> KindTable::with(std::string_view name, KindCode& code) const {
  auto table = std::make_shared<KindTable>(*this);
  if (full()) {
    code = kNoKind;
    return table;
  }
  code = static_cast<KindCode>(kFirstFreeKind + own_names_.size());
  table->own_names_.emplace_back(name);
  table->codes_.emplace(name_form(name), code);
  return table;
}

}  // namespace galena::domain
