// A workspace in memory. The writer's version is changed by apply() alone; published versions are
// immutable copies that readers hold as long as they like.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "domain/state.hpp"
#include "workspace/base.hpp"
#include "workspace/base_reads.hpp"
#include "workspace/change_journal.hpp"
#include "workspace/cow_table.hpp"
#include "workspace/flat_index.hpp"
#include "workspace/heavy_leads.hpp"
#include "workspace/property_columns.hpp"
#include "workspace/stable_vector.hpp"

namespace galena::workspace {

// What all versions upon one base share: indexes that only grow, of what is not in the base. One
// writer; readers take the lock (for one look-up) and ignore what lies beyond their version.
struct Indexes {
  std::mutex mutex;
  FlatIndex keys;                  // identity key -> person
  FlatIndex accounts;              // account key -> account: of all, also those of the base
  FlatIndex identities;            // fingerprint -> place in `taken_in`
  StableVector<TakenIn> taken_in;  // in log order
  StableVector<domain::Sighting> sightings;  // by number less those of the base
};

// Where a lead stands whose record is still the base's: what time and the playbook move.
struct Reassessed {
  domain::Standing standing;
  Time due_at;
};

// The whole state as of one log position: a base, if there is one, and what changed since. Cheap to
// copy. A reference that it gives lasts as long as this very version.
class Version final : public domain::State {
 public:
  explicit Version(std::shared_ptr<Indexes> indexes);

  domain::Position last_position() const override { return position_; }
  std::optional<domain::PersonOrdinal> find_person(const domain::IdentityKey& key) const override;
  domain::PersonOrdinal person_count() const override {
    return std::max(persons_.size(), base_ == nullptr ? 0 : base_->person_count());
  }
  domain::LeadOrdinal lead_count() const override {
    return std::max(leads_.size(), base_ == nullptr ? 0 : base_->lead_count());
  }
  const domain::Person& person(domain::PersonOrdinal ordinal) const override {
    const domain::Person* changed = persons_.find(ordinal);
    return changed != nullptr ? *changed : base_person(ordinal);
  }
  const domain::Lead& lead(domain::LeadOrdinal ordinal) const override {
    const domain::Lead* changed = leads_.find(ordinal);
    return changed != nullptr ? *changed : base_lead(ordinal);
  }
  domain::Glance glance(domain::LeadOrdinal ordinal) const override;
  void each_person(const PersonVisit& visit) const override;
  const std::shared_ptr<const domain::CompiledPlaybook>& playbook() const override {
    return playbook_;
  }
  const std::shared_ptr<const domain::KindTable>& kinds() const override { return kinds_; }
  std::optional<domain::LeadOrdinal> rescore_next() const override { return rescore_next_; }

  const std::shared_ptr<const domain::Suppressions>& suppressions() const override {
    return suppressions_;
  }

  domain::SightingNumber sighting_count() const override { return sighting_count_; }
  const domain::Sighting& sighting(domain::SightingNumber number) const override {
    const domain::SightingNumber of_base = base_ == nullptr ? 0 : base_->sighting_count();
    return number < of_base ? base_->sighting(number) : indexes_->sightings[number - of_base];
  }

  bool keeps_accounts() const override { return keeps_accounts_; }
  std::optional<domain::AccountOrdinal> find_account(const domain::AccountKey& key) const override;
  domain::AccountOrdinal account_count() const override { return accounts_.size(); }
  const domain::Account& account(domain::AccountOrdinal ordinal) const override {
    return accounts_[ordinal];
  }

  std::span<const domain::PropertyColumnPtr> properties() const override { return columns_; }

  domain::EventIndex* event_index(domain::LeadOrdinal lead) const override {
    return heavy_leads_ == nullptr ? nullptr : heavy_leads_->find(lead);
  }

  Time log_time() const { return log_time_; }

  // Calls `visit` with every lead, in order, that was touched between an earlier or later version
  // of the same workspace and this one, or that the other one does not have. Costs what has changed
  // in between, not what there is; only for who comes from very long ago that is everybody.
  void each_lead_changed_since(const Version& other,
                               const std::function<void(domain::LeadOrdinal)>& visit) const;
  void each_person_changed_since(const Version& other,
                                 const std::function<void(domain::PersonOrdinal)>& visit) const;
  // The same for accounts. (Whoever comes into one or leaves it changes it.)
  void each_account_changed_since(const Version& other,
                                  const std::function<void(domain::AccountOrdinal)>& visit) const;

  // For who looks at everybody: all leads in order, some thousands at a time, each time by a copy
  // of this version, with which goes what had to be read from the base.
  using SliceVisit =
      std::function<void(const Version& slice, domain::LeadOrdinal begin, domain::LeadOrdinal end)>;
  void each_slice(const SliceVisit& visit) const;

  // When time alone may move the lead; what it costs does not depend on where the lead lies.
  Time due_at(domain::LeadOrdinal ordinal) const;
  // Accounts of which something became known since the base was written (Changes::to_ask).
  std::vector<domain::AccountOrdinal> asked_since_base() const;
  // The record if it is not the base's; else null.
  const domain::Lead* changed_lead(domain::LeadOrdinal lead) const { return leads_.find(lead); }
  // Of such a lead where it stands now, if that is not the base's either; else null.
  const Reassessed* reassessed(domain::LeadOrdinal lead) const { return reassessed_.find(lead); }
  const domain::Person* changed_person(domain::PersonOrdinal person) const {
    return persons_.find(person);
  }
  const BasePtr& base() const { return base_; }
  std::uint64_t event_count() const { return event_count_; }        // of all persons
  std::uint64_t taken_in_count() const { return taken_in_count_; }  // since the base
  // How many leads have a record that is not the base's, and of how many others it is only where
  // they stand.
  domain::LeadOrdinal changed_leads() const { return changed_leads_; }
  domain::LeadOrdinal reassessed_leads() const { return reassessed_leads_; }

  // How many leads are in a segment.
  std::uint32_t members_of(domain::SegmentCode segment) const {
    return segment < segment_sizes_.size() ? segment_sizes_[segment] : 0;
  }

  // The position at which an input of this identity was taken in. Empty identities never were.
  std::optional<domain::Position> find_taken_in(std::string_view identity) const;

 private:
  friend class Workspace;
  friend class Rebase;
  friend struct SnapshotCodec;
  friend struct CanonicalDump;
  friend struct BaseCodec;
  friend struct BaseOpener;

  const domain::Person& base_person(domain::PersonOrdinal ordinal) const;
  const domain::Lead& base_lead(domain::LeadOrdinal ordinal) const;
  const Version& newer(const Version& other) const;
  void note(ChangeJournal::Kind kind, std::uint32_t ordinal);
  void put(domain::LeadOrdinal ordinal, domain::LeadPtr lead);
  // The same of a lead of whose persons nothing came: a few bytes of it, if it stands elsewhere and
  // is as it was otherwise.
  void put_reassessed(domain::LeadOrdinal ordinal, domain::LeadPtr lead);
  void take_reassessed(domain::LeadOrdinal ordinal, std::shared_ptr<const Reassessed> now);
  void put(domain::PersonOrdinal ordinal, domain::PersonPtr person);

  BasePtr base_;  // null: everything is in the tables
  BaseReads reads_;
  std::shared_ptr<Indexes> indexes_;
  std::shared_ptr<ChangeJournal> journal_ = std::make_shared<ChangeJournal>();
  ChangeJournal::Lengths journal_lengths_{};
  ChangeJournal::Lengths base_lengths_{};  // when the base was written
  domain::LeadOrdinal changed_leads_ = 0;
  domain::LeadOrdinal reassessed_leads_ = 0;
  std::uint64_t event_count_ = 0;
  CowTable<domain::Person> persons_;
  CowTable<domain::Lead> leads_;
  CowTable<Reassessed> reassessed_;  // of leads that are not in `leads_`
  CowTable<domain::Account> accounts_;
  bool keeps_accounts_ = true;
  std::shared_ptr<const domain::CompiledPlaybook> playbook_;
  std::shared_ptr<const domain::KindTable> kinds_;
  std::shared_ptr<const domain::Suppressions> suppressions_;
  domain::Position position_ = 0;
  Time log_time_{};
  std::optional<domain::LeadOrdinal> rescore_next_;
  std::uint64_t taken_in_count_ = 0;  // beside those of the base
  domain::SightingNumber sighting_count_ = 0;
  std::vector<std::uint32_t> segment_sizes_;        // by code; derived
  std::vector<domain::PropertyColumnPtr> columns_;  // by slot
  HeavyLeads* heavy_leads_ = nullptr;               // null in published versions
};

// The hash under which an identity key stands in Indexes::keys.
std::uint64_t hash_of(const domain::IdentityKey& key);

using VersionPtr = std::shared_ptr<const Version>;

// The writer's side.
class Workspace {
 public:
  Workspace();
  // Starts from a snapshot (base.hpp), or from a copy of what a workspace published
  // that is written to no more: the versions of one workspace share indexes that have one writer.
  explicit Workspace(Version version);

  const Version& now() const { return version_; }

  // Puts the new records in place. The only way a workspace changes.
  void apply(const domain::Changes& changes);
  // Accounts are derived: finds them after the log has been recalled, with what the leads know of
  // them.
  void find_accounts();
  // The same where accounts were kept while the log was recalled (upon a base): leads hear what
  // became known of theirs since `base`.
  void hear_accounts(const Version& base);
  // Records anew by today's code: before the accounts are found.
  void fold_records();
  // What had to be read from the base: nobody holds a reference to it any more.
  void forget_reads() { version_.reads_.forget(); }
  // Puts new standings in place without an input: they are derived.
  void refresh(domain::LeadOrdinal ordinal, domain::LeadPtr lead);

  // An immutable copy of the present state.
  VersionPtr publish();
  // Back to what was published: for when a commit failed.
  void revert_to(const Version& published);
  // Goes on upon another base: from a version that says the same as the one that is there.
  void stand_upon(Version version);

 private:
  // What is held by others from here on is copied before it is written to.
  void freeze();
  void put_account(domain::AccountOrdinal ordinal, domain::AccountPtr account);
  void forget_accounts(domain::AccountOrdinal from);

  Version version_;
  PropertyColumnsWriter columns_writer_;
  std::unique_ptr<HeavyLeads> heavy_leads_ = std::make_unique<HeavyLeads>();
};

}  // namespace galena::workspace
