#include "domain/regroup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "domain/identity_rules.hpp"
#include "domain/settle.hpp"

namespace galena::domain {
namespace {

constexpr LeadOrdinal kNoLead = kBeganNone;

// All persons who have to do with a lead: its own, whoever was seen with one of them, the others
// in their leads, and so on.
struct Company {
  std::vector<PersonOrdinal> persons;
  std::vector<SightingNumber> sightings;
};

class CompanyFinder {
 public:
  explicit CompanyFinder(const Draft& draft) : draft_(draft) {}

  Result<Company> find(std::span<const LeadOrdinal> leads) {
    for (const LeadOrdinal lead : leads) visit_lead(lead);
    for (std::size_t next = 0; next < company_.persons.size(); ++next) {
      if (company_.persons.size() > kRegroupedPersonsMax) {
        return fail(ErrorCode::conflict,
                    fmt::format("more than {} devices, addresses and user ids hang together here; "
                                "that many are not told apart again",
                                kRegroupedPersonsMax));
      }
      visit_sightings(draft_.person(company_.persons[next]));
    }
    return std::move(company_);
  }

 private:
  void visit_lead(LeadOrdinal lead) {
    if (!leads_seen_.insert(lead).second) return;
    const auto& persons = draft_.lead(lead).persons;
    company_.persons.insert(company_.persons.end(), persons.begin(), persons.end());
  }

  void visit_sightings(const Person& person) {
    for (const SightingNumber number : person.sightings) {
      if (!sightings_seen_.insert(number).second) continue;
      company_.sightings.push_back(number);
      for (const PersonOrdinal other : draft_.sighting(number).persons.by_role) {
        if (other != kNobody) visit_lead(draft_.person(other).lead);
      }
    }
  }

  const Draft& draft_;
  Company company_;
  std::unordered_set<LeadOrdinal> leads_seen_;
  std::unordered_set<SightingNumber> sightings_seen_;
};

// A table of persons and leads in which the story is told again. Leads have the ordinals that they
// have in the workspace: those that a person began, new ones for what never was a lead.
class Retelling {
 public:
  struct Lead {
    std::vector<PersonOrdinal> persons;
    bool visitor = true;
    bool has_user = false;
  };
  using Merge = Regrouping::Merge;

  Retelling(const Draft& draft, const Company& company, Position taken_back)
      : draft_(draft), next_ordinal_(draft.lead_count()) {
    for (const PersonOrdinal ordinal : company.persons) {
      const Person& person = draft.person(ordinal);
      Told& told = told_[ordinal];
      told.began = person.began;
      // Not everyone a hub was seen with is known, so what it was found to be stays.
      const bool is_hub = person.sightings.size() >= Person::kSightingsMax;
      // Nor, if it was found with somebody who has been erased since.
      const bool is_forgotten = person.shared_since != 0 && person.shared_since != taken_back &&
                                !was_seen_at(draft, person, person.shared_since);
      if (is_hub || is_forgotten) told.fixed_since = person.shared_since;
    }
    for (const PersonOrdinal ordinal : company.persons) hand_down(ordinal);
  }

  // --- the view that the rules ask ---
  bool is_known(PersonOrdinal person) const { return told_.at(person).lead != kNoLead; }
  LeadOrdinal lead_of(PersonOrdinal person) const { return told_.at(person).lead; }
  bool is_shared(PersonOrdinal person) const {
    const Told& told = told_.at(person);
    if (!told.fixed_since) return told.shared_since != 0;
    return *told.fixed_since != 0 && now_ > *told.fixed_since;
  }
  bool is_visitor(LeadOrdinal lead) const { return leads_.at(lead).visitor; }
  bool has_user(LeadOrdinal lead) const { return leads_.at(lead).has_user; }
  LeadOrdinal next_lead() const { return kNewLead; }

  // --- the story, in log order ---
  void tell_birth(PersonOrdinal person, Position position) {
    now_ = position;
    if (!is_known(person)) place(person, lead_begun_by(person));
  }

  void tell(const Sighting& sighting) {
    now_ = sighting.position;
    if (sighting.kind == Sighting::Kind::distinct) return;
    if (sighting.kind == Sighting::Kind::merge) return tell_merge(sighting.persons);
    const bool browser = sighting.kind == Sighting::Kind::browser_message;
    const Outcome outcome = IdentityRules(*this, sighting.persons, browser).decide();
    LeadOrdinal new_lead = kNewLead;
    const auto meant = [&](LeadOrdinal lead) { return lead == kNewLead ? new_lead : lead; };
    for (const Landing& landing : outcome.landings) {
      if (is_known(landing.person)) continue;
      const bool begins = meant(landing.lead) == kNewLead;
      if (begins) new_lead = lead_begun_by(landing.person);
      place(landing.person, meant(landing.lead));
    }
    for (const auto& [from, into] : outcome.merged) merge(meant(from), meant(into));
    for (const PersonOrdinal person : outcome.shared) {
      told_.at(person).shared_since = sighting.position;
    }
  }

  // Who has no event left is nobody, but has to be somewhere.
  void put_aside(PersonOrdinal person) {
    if (!is_known(person)) place(person, lead_begun_by(person));
  }

  // --- what came of it ---
  const std::map<LeadOrdinal, Lead>& leads() const { return leads_; }
  const std::vector<Merge>& merges() const { return merges_; }
  LeadOrdinal began(PersonOrdinal person) const { return told_.at(person).began; }
  Position joined(PersonOrdinal person) const { return told_.at(person).joined; }
  std::uint32_t shared_since(PersonOrdinal person) const {
    const Told& told = told_.at(person);
    return told.fixed_since.value_or(told.shared_since);
  }

 private:
  static constexpr LeadOrdinal kNewLead = kNoLead - 1;

  struct Told {
    LeadOrdinal began = kNoLead;
    LeadOrdinal lead = kNoLead;  // none: not known yet
    Position joined = 0;
    std::uint32_t shared_since = 0;
    std::optional<std::uint32_t> fixed_since;
  };

  // A lead that nobody is left to have begun goes on with who is longest in it, so that its links
  // and what was promised to it stay with the people it was about.
  void hand_down(PersonOrdinal ordinal) {
    Told& told = told_.at(ordinal);
    if (told.began == kNoLead || !is_nobody(draft_, draft_.person(ordinal))) return;
    // One that is part of another goes on pointing there.
    if (draft_.lead(told.began).merged_into) told.began = kNoLead;
    if (told.began == kNoLead) return;
    for (const PersonOrdinal heir : draft_.lead(told.began).persons) {
      const auto found = told_.find(heir);
      if (found == told_.end() || found->second.began != kNoLead) continue;
      if (is_nobody(draft_, draft_.person(heir))) continue;
      std::swap(found->second.began, told.began);
      return;
    }
  }

  LeadOrdinal lead_begun_by(PersonOrdinal person) {
    Told& told = told_.at(person);
    if (told.began == kNoLead) told.began = next_ordinal_++;
    return told.began;
  }

  void place(PersonOrdinal person, LeadOrdinal ordinal) {
    Lead& lead = leads_[ordinal];
    lead.persons.push_back(person);
    const KeyKind kind = draft_.person(person).key.kind;
    lead.visitor &= !names_a_person(kind);
    lead.has_user |= kind == KeyKind::user;
    join(person, ordinal);
  }

  void join(PersonOrdinal person, LeadOrdinal lead) {
    Told& told = told_.at(person);
    told.lead = lead;
    told.joined = now_;
  }

  void merge(LeadOrdinal from, LeadOrdinal into) {
    const Lead source = leads_.extract(from).mapped();
    Lead& target = leads_.at(into);
    for (const PersonOrdinal person : source.persons) join(person, into);
    target.persons.insert(target.persons.end(), source.persons.begin(), source.persons.end());
    target.visitor &= source.visitor;
    target.has_user |= source.has_user;
    merges_.push_back({from, into, now_});
  }

  void tell_merge(const SeenPersons& persons) {
    const PersonOrdinal one = persons.by_role[0], other = persons.by_role[1];
    if (!is_known(one) || !is_known(other) || lead_of(one) == lead_of(other)) return;
    const auto [from, into] = merge_direction(*this, lead_of(one), lead_of(other));
    merge(from, into);
  }

  static bool was_seen_at(const Draft& draft, const Person& person, Position position) {
    return std::ranges::any_of(person.sightings, [&](SightingNumber number) {
      return draft.sighting(number).position == position;
    });
  }

  const Draft& draft_;
  Position now_ = 0;
  LeadOrdinal next_ordinal_;
  std::unordered_map<PersonOrdinal, Told> told_;
  std::map<LeadOrdinal, Lead> leads_;
  std::vector<Merge> merges_;
};

void tell_all(Retelling& story, const Draft& draft, const Company& company) {
  struct Step {
    Position position;
    const Sighting* sighting;  // null: a person's first event
    PersonOrdinal person;
  };
  std::vector<Step> steps;
  for (const SightingNumber number : company.sightings) {
    const Sighting& sighting = draft.sighting(number);
    steps.push_back({sighting.position, &sighting, kNobody});
  }
  for (const PersonOrdinal person : company.persons) {
    if (const auto birth = birth_of(draft.person(person))) {
      steps.push_back({*birth, nullptr, person});
    }
  }
  // An input with several keys is told as what it is before it is anybody's first event.
  std::ranges::sort(steps, [](const Step& a, const Step& b) {
    if (a.position != b.position) return a.position < b.position;
    return a.sighting != nullptr && b.sighting == nullptr;
  });
  for (const Step& step : steps) {
    if (step.sighting != nullptr) {
      story.tell(*step.sighting);
    } else {
      story.tell_birth(step.person, step.position);
    }
  }
}

// Ordinals of leads that are new, without gaps: some that the story began did not last.
class LeadNumbers {
 public:
  LeadNumbers(const Draft& draft, const Retelling& story) : known_(draft.lead_count()) {
    LeadOrdinal next = known_;
    for (const auto& [lead, told] : story.leads()) {
      if (lead >= known_) new_[lead] = next++;
    }
  }

  LeadOrdinal of(LeadOrdinal lead) const {
    if (lead < known_) return lead;
    const auto found = new_.find(lead);
    return found == new_.end() ? kNoLead : found->second;
  }

 private:
  LeadOrdinal known_;
  std::map<LeadOrdinal, LeadOrdinal> new_;
};

// True if the lead goes on as it is in the draft.
bool is_as_before(const Draft& draft, LeadOrdinal lead, const Retelling::Lead& told) {
  if (lead >= draft.lead_count() || draft.lead(lead).merged_into) return false;
  return draft.lead(lead).persons == told.persons &&
         std::ranges::all_of(told.persons, [&](PersonOrdinal person) {
           return draft.person(person).nobody == is_nobody(draft, draft.person(person));
         });
}

Regrouping difference(const Draft& draft, const Company& company, const Retelling& story,
                      Position since) {
  const LeadNumbers numbers(draft, story);
  Regrouping changes;
  for (const auto& [lead, told] : story.leads()) {
    if (is_as_before(draft, lead, told)) continue;
    changes.groups.emplace_back(numbers.of(lead), told.persons);
  }
  for (const PersonOrdinal person : company.persons) {
    const LeadOrdinal began = story.began(person);
    const LeadOrdinal lead = numbers.of(story.lead_of(person));
    const bool has_gone = began < draft.lead_count() && began != lead;
    if (has_gone && draft.lead(began).merged_into != lead) changes.gone.emplace_back(began, lead);
    const std::uint32_t shared_since = story.shared_since(person);
    if (shared_since != draft.person(person).shared_since) {
      changes.shared_since.emplace_back(person, shared_since);
    }
    changes.joined[person] = story.joined(person);
  }
  for (const Regrouping::Merge& merge : story.merges()) {
    if (merge.position < since) continue;
    changes.merged_since.push_back(
        {numbers.of(merge.from), numbers.of(merge.into), merge.position});
  }
  return changes;
}

}  // namespace

Result<Regrouping> regroup(const Draft& draft, std::span<const LeadOrdinal> leads, Position since) {
  auto company = CompanyFinder(draft).find(leads);
  if (!company) return tl::unexpected(company.error());
  Retelling story(draft, *company, since);
  tell_all(story, draft, *company);
  for (const PersonOrdinal person : company->persons) story.put_aside(person);
  return difference(draft, *company, story, since);
}

}  // namespace galena::domain
