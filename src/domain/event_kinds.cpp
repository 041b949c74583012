#include "domain/event_kinds.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <unordered_map>

#include "base/text.hpp"

namespace galena::domain {
namespace {

struct StandardKind {
  Kind code;
  std::string_view name;
  KindTraits traits;
};

constexpr KindTraits kVisit{.own_action = true, .shows_interest = false, .visit = true};
constexpr KindTraits kStayed{.own_action = true, .shows_interest = false};
constexpr KindTraits kNothingDone{.own_action = false, .shows_interest = false};
constexpr KindTraits kNoted{.own_action = false, .shows_interest = false, .seen = false};
constexpr KindTraits kInterest{};
constexpr KindTraits kHotRequest{.hot = true};
constexpr KindTraits kMailReaction{.per_message = true, .trusted_only = true};
constexpr KindTraits kMailOpen{.shows_interest = false, .per_message = true, .trusted_only = true};
constexpr KindTraits kMailStatus{.own_action = false,
                                 .shows_interest = false,
                                 .per_message = true,
                                 .seen = false,
                                 .trusted_only = true};
// What they wish no more of: they were there, and it is no interest.
constexpr KindTraits kRefusal{
    .own_action = false, .shows_interest = false, .per_message = true, .trusted_only = true};
constexpr KindTraits kOutcome{
    .own_action = false, .shows_interest = false, .seen = false, .trusted_only = true};

constexpr std::array<StandardKind, 31> kStandard{{
    {kPageViewed, "Page Viewed", kVisit},
    {kPricingViewed, "Pricing Viewed", kVisit},
    {kScreenViewed, "Screen Viewed", kVisit},
    {kIdentified, "Identified", kNothingDone},
    {kGrouped, "Grouped", kNothingDone},
    {kAliased, "Aliased", kNothingDone},
    {kScoreAdjusted, "Score Adjusted", kNoted},
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
    {kEmailMarkedAsSpam, "Email Marked as Spam", kRefusal},
    {kUnsubscribed, "Unsubscribed", kRefusal},
    {kSalesAccepted, "Sales Accepted", kOutcome},
    {kOpportunityCreated, "Opportunity Created", kOutcome},
    {kOpportunityWon, "Opportunity Won", kOutcome},
    {kOpportunityLost, "Opportunity Lost", kOutcome},
    {kOrderCompleted, "Order Completed", {.shows_interest = true, .trusted_only = true}},
    {kPagePinged, "Page Pinged", kStayed},
    {kImported, "Imported", kNoted},
}};

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

// "demo_requested" and "Demo  Requested" are one name. A name of nothing but blanks ("_") is
// itself: the empty form is no name, so that a rule or stage without `on` waits for no event.
std::string event_name_form(std::string_view name) {
  std::string spaced(name);
  std::ranges::replace(spaced, '_', ' ');
  std::string form = comparison_form(spaced);
  return form.empty() ? std::string(name) : form;
}

namespace {

KindCode standard_code(const std::string& form) {
  static const auto codes = [] {
    std::unordered_map<std::string, KindCode> by_form;
    for (const StandardKind& kind : kStandard) {
      by_form.emplace(event_name_form(kind.name), kind.code);
    }
    return by_form;
  }();
  const auto found = codes.find(form);
  return found == codes.end() ? KindCode{kNoKind} : found->second;
}

}  // namespace

// Names whose codes follow each other. All tables that know a name share it.
struct KindTable::Run {
  struct Name {
    std::string spelled;
    std::string form;
  };
  // The hash stands beside the name, so that a search looks at few names.
  struct Entry {
    std::uint64_t hash;
    const Name* name;
    KindCode code;

    auto order() const { return std::tie(hash, name->form, code); }
  };

  std::size_t first = 0;                           // place of the first among the own names
  std::vector<std::shared_ptr<const Name>> names;  // in code order
  std::vector<Entry> by_form;                      // in order()

  void add(std::string_view spelled) {
    auto name = std::make_shared<const Name>(Name{std::string(spelled), event_name_form(spelled)});
    const auto code = static_cast<KindCode>(kFirstFreeKind + first + names.size());
    by_form.push_back({stable_hash(name->form), name.get(), code});
    names.push_back(std::move(name));
  }

  void sort() { std::ranges::sort(by_form, std::less<>(), &Entry::order); }

  KindCode find(const std::string& form, std::uint64_t hash) const {
    const auto wanted = std::tie(hash, form);
    const auto key = [](const Entry& entry) { return std::tie(entry.hash, entry.name->form); };
    const auto found = std::ranges::lower_bound(by_form, wanted, std::less<>(), key);
    return found != by_form.end() && key(*found) == wanted ? found->code : KindCode{kNoKind};
  }

  static std::shared_ptr<const Run> merged(const Run& a, const Run& b) {
    auto run = std::make_shared<Run>();
    run->first = a.first;
    run->names.reserve(a.names.size() + b.names.size());
    run->names.insert(run->names.end(), a.names.begin(), a.names.end());
    run->names.insert(run->names.end(), b.names.begin(), b.names.end());
    run->by_form.resize(a.by_form.size() + b.by_form.size());
    std::ranges::merge(a.by_form, b.by_form, run->by_form.begin(), std::less<>(), &Entry::order,
                       &Entry::order);
    return run;
  }
};

KindTable::KindTable(std::vector<std::string> own_names)
    : own_count_(std::min(own_names.size(), kNamesMax)) {
  if (own_count_ == 0) return;
  auto run = std::make_shared<Run>();
  for (std::size_t i = 0; i < own_count_; ++i) run->add(own_names[i]);
  run->sort();
  runs_.push_back(std::move(run));
}

KindCode KindTable::find(std::string_view name) const {
  const std::string form = event_name_form(name);
  if (const KindCode code = standard_code(form); code != kNoKind) return code;
  const std::uint64_t hash = stable_hash(form);
  for (const auto& run : runs_) {
    if (const KindCode code = run->find(form, hash); code != kNoKind) return code;
  }
  return kNoKind;
}

std::string_view KindTable::name(KindCode kind) const {
  if (kind >= kFirstFreeKind) {
    const std::size_t place = kind - kFirstFreeKind;
    for (const auto& run : runs_) {
      if (place < run->first + run->names.size()) return run->names[place - run->first]->spelled;
    }
    return {};
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
  code = static_cast<KindCode>(kFirstFreeKind + own_count_);
  auto single = std::make_shared<Run>();
  single->first = table->own_count_++;
  single->add(name);
  std::shared_ptr<const Run> last = std::move(single);
  auto& runs = table->runs_;
  while (!runs.empty() && runs.back()->names.size() <= last->names.size()) {
    last = Run::merged(*runs.back(), *last);
    runs.pop_back();
  }
  runs.push_back(std::move(last));
  return table;
}

std::vector<std::string> KindTable::own_names() const {
  std::vector<std::string> all;
  all.reserve(own_count_);
  for (const auto& run : runs_) {
    for (const auto& name : run->names) all.push_back(name->spelled);
  }
  return all;
}

}  // namespace galena::domain
