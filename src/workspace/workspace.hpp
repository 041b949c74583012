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
#include "workspace/cow_table.hpp"
#include "workspace/flat_index.hpp"
#include "workspace/heavy_leads.hpp"
#include "workspace/property_columns.hpp"
#include "workspace/stable_vector.hpp"

namespace galena::workspace {

// An input that was taken in under an identity of its own (domain::identity_of).
struct TakenIn {
  Fingerprint identity;
  std::uint32_t position;
};

// What all versions of a workspace share: indexes that only grow. One writer; readers take the lock
// (for one look-up) and ignore what lies beyond their version.
struct Indexes {
  std::mutex mutex;
  FlatIndex keys;                  // identity key -> person
  FlatIndex accounts;              // account key -> account
  FlatIndex identities;            // fingerprint -> place in `taken_in`
  StableVector<TakenIn> taken_in;  // in log order
  StableVector<domain::Sighting> sightings;
};

// The whole state as of one log position. Cheap to copy.
class Version final : public domain::State {
 public:
  explicit Version(std::shared_ptr<Indexes> indexes);

  domain::Position last_position() const override { return position_; }
  std::optional<domain::PersonOrdinal> find_person(const domain::IdentityKey& key) const override;
  domain::PersonOrdinal person_count() const override { return persons_.size(); }
  domain::LeadOrdinal lead_count() const override { return leads_.size(); }
  const domain::Person& person(domain::PersonOrdinal ordinal) const override {
    return persons_[ordinal];
  }
  const domain::Lead& lead(domain::LeadOrdinal ordinal) const override { return leads_[ordinal]; }
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
    return indexes_->sightings[number];
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
  std::uint64_t taken_in_count() const { return taken_in_count_; }

  // Calls `visit` with every lead, in order, of which this version has another record than an
  // earlier or later version of the same workspace, or which that one does not have. Costs what has
  // changed in between, not what there is.
  void each_lead_changed_since(const Version& other,
                               const std::function<void(domain::LeadOrdinal)>& visit) const {
    leads_.each_change_since(other.leads_, visit);
  }

  // The same for accounts. (Whoever comes into one or leaves it changes it.)
  void each_account_changed_since(const Version& other,
                                  const std::function<void(domain::AccountOrdinal)>& visit) const {
    accounts_.each_change_since(other.accounts_, visit);
  }

  // How many leads are in a segment.
  std::uint32_t members_of(domain::SegmentCode segment) const {
    return segment < segment_sizes_.size() ? segment_sizes_[segment] : 0;
  }

  // The position at which an input of this identity was taken in. Empty identities never were.
  std::optional<domain::Position> find_taken_in(std::string_view identity) const;

 private:
  friend class Workspace;
  friend struct SnapshotCodec;

  void put(domain::LeadOrdinal ordinal, domain::LeadPtr lead);

  std::shared_ptr<Indexes> indexes_;
  CowTable<domain::Person> persons_;
  CowTable<domain::Lead> leads_;
  CowTable<domain::Account> accounts_;
  bool keeps_accounts_ = true;
  std::shared_ptr<const domain::CompiledPlaybook> playbook_;
  std::shared_ptr<const domain::KindTable> kinds_;
  std::shared_ptr<const domain::Suppressions> suppressions_;
  domain::Position position_ = 0;
  Time log_time_{};
  std::optional<domain::LeadOrdinal> rescore_next_;
  std::uint64_t taken_in_count_ = 0;
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
  // Starts from a snapshot (snapshot.hpp), or from a copy of what a workspace published that is
  // written to no more: the versions of one workspace share indexes that have one writer.
  explicit Workspace(Version version);

  const Version& now() const { return version_; }

  // Puts the new records in place. The only way a workspace changes.
  void apply(const domain::Changes& changes);
  // Accounts are derived: finds them after the log has been recalled, with what the leads know of
  // them.
  void find_accounts();
  // Puts new standings in place without an input: they are derived.
  void refresh(domain::LeadOrdinal ordinal, domain::LeadPtr lead);

  // An immutable copy of the present state.
  VersionPtr publish();
  // Back to what was published: for when a commit failed.
  void revert_to(const Version& published);

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
