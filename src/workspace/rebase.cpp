#include "workspace/rebase.hpp"

#include <numeric>

namespace galena::workspace {

using namespace domain;

Rebase::Rebase(BasePtr base, const Version& written)
    : version_(written), taken_in_of_base_(written.taken_in_count_) {
  GALENA_ASSERT(base->person_count() == written.person_count() &&
                base->lead_count() == written.lead_count());
  version_.base_ = std::move(base);
  version_.persons_ = {};
  version_.leads_ = {};
  version_.reassessed_ = {};
  version_.indexes_ = std::make_shared<Indexes>();
  version_.taken_in_count_ = 0;
  version_.changed_leads_ = 0;
  version_.reassessed_leads_ = 0;
  version_.heavy_leads_ = nullptr;
  // So that who follows from before the base finds what changed.
  version_.journal_ = std::make_shared<ChangeJournal>(written.base_lengths_);
  version_.journal_->extend(*written.journal_, written.base_lengths_, written.journal_lengths_);
  version_.base_lengths_ = written.journal_lengths_;
  persons_indexed_ = version_.base_->person_count();
  sightings_copied_ = version_.base_->sighting_count();
  follow_indexes(written);
}

std::uint64_t Rebase::left(const Version& to) const {
  return std::accumulate(to.journal_lengths_.begin(), to.journal_lengths_.end(), std::uint64_t{0}) -
         std::accumulate(version_.journal_lengths_.begin(), version_.journal_lengths_.end(),
                         std::uint64_t{0});
}

void Rebase::follow(const Version& to) {
  follow_persons(to);
  const auto leads =
      to.journal_->between(ChangeJournal::leads, version_.journal_lengths_, to.journal_lengths_);
  GALENA_ASSERT(leads.has_value());
  for (const LeadOrdinal lead : *leads) {
    version_.take_reassessed(lead, to.reassessed_.share(lead));
    auto changed = to.leads_.share(lead);
    if (changed == nullptr) continue;
    if (version_.leads_.find(lead) == nullptr) ++version_.changed_leads_;
    version_.leads_.put(lead, std::move(changed));
  }
  version_.journal_->extend(*to.journal_, version_.journal_lengths_, to.journal_lengths_);
  version_.journal_lengths_ = to.journal_lengths_;
  version_.accounts_ = to.accounts_;
  version_.keeps_accounts_ = to.keeps_accounts_;
  version_.playbook_ = to.playbook_;
  version_.kinds_ = to.kinds_;
  version_.suppressions_ = to.suppressions_;
  version_.event_count_ = to.event_count_;
  version_.position_ = to.position_;
  version_.log_time_ = to.log_time_;
  version_.rescore_next_ = to.rescore_next_;
  version_.segment_sizes_ = to.segment_sizes_;
  version_.columns_ = to.columns_;
  follow_indexes(to);
}

// Their histories go on where those of the new base end, so that nothing holds the old one.
void Rebase::follow_persons(const Version& to) {
  const auto persons =
      to.journal_->between(ChangeJournal::persons, version_.journal_lengths_, to.journal_lengths_);
  GALENA_ASSERT(persons.has_value());
  const Base& base = *version_.base_;
  for (const PersonOrdinal ordinal : *persons) {
    auto person = std::make_shared<Person>(*to.persons_.find(ordinal));
    const bool was_there = ordinal < base.person_count();
    person->history = person->history.upon(was_there ? base.events_of(ordinal) : History::Run());
    version_.persons_.put(ordinal, std::move(person));
  }
}

void Rebase::follow_indexes(const Version& to) {
  Indexes& indexes = *version_.indexes_;
  for (; persons_indexed_ < to.person_count(); ++persons_indexed_) {
    const IdentityKey& key = to.persons_.find(persons_indexed_)->key;
    if (!key.text.empty()) indexes.keys.insert(hash_of(key), persons_indexed_);
  }
  for (; accounts_indexed_ < to.account_count(); ++accounts_indexed_) {
    const AccountKey& key = to.account(accounts_indexed_).key;
    if (!key.text.empty()) indexes.accounts.insert(AccountKeyHash()(key), accounts_indexed_);
  }
  const SightingNumber of_base = version_.base_->sighting_count();
  for (; sightings_copied_ < to.sighting_count(); ++sightings_copied_) {
    indexes.sightings.set(sightings_copied_ - of_base, to.sighting(sightings_copied_));
  }
  version_.sighting_count_ = to.sighting_count();
  while (version_.taken_in_count_ + taken_in_of_base_ < to.taken_in_count_) {
    const std::uint64_t at = version_.taken_in_count_++;
    const TakenIn taken = to.indexes_->taken_in[at + taken_in_of_base_];
    indexes.taken_in.set(at, taken);
    indexes.identities.insert(taken.identity[0], static_cast<std::uint32_t>(at));
  }
}

}  // namespace galena::workspace
