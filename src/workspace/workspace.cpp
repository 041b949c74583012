#include "workspace/workspace.hpp"

#include "domain/find_accounts.hpp"
#include "domain/input.hpp"

namespace galena::workspace {

std::uint64_t hash_of(const domain::IdentityKey& key) {
  // The kinds get different hashes for the same text.
  return stable_hash(key.text) ^ (static_cast<std::uint64_t>(key.kind) * 0x9E3779B97F4A7C15ull);
}

Version::Version(std::shared_ptr<Indexes> indexes)
    : indexes_(std::move(indexes)),
      kinds_(std::make_shared<domain::KindTable>()),
      suppressions_(std::make_shared<domain::Suppressions>()) {}

std::optional<domain::PersonOrdinal> Version::find_person(const domain::IdentityKey& key) const {
  const std::lock_guard lock(indexes_->mutex);
  return indexes_->keys.find(hash_of(key), [&](std::uint32_t ordinal) {
    return ordinal < persons_.size() && persons_[ordinal].key == key;
  });
}

std::optional<domain::AccountOrdinal> Version::find_account(const domain::AccountKey& key) const {
  const std::lock_guard lock(indexes_->mutex);
  return indexes_->accounts.find(domain::AccountKeyHash()(key), [&](std::uint32_t ordinal) {
    return ordinal < accounts_.size() && accounts_[ordinal].key == key;
  });
}

std::optional<domain::Position> Version::find_taken_in(std::string_view identity) const {
  if (identity.empty()) return std::nullopt;
  const Fingerprint print = domain::fingerprint_of_identity(identity);
  const std::lock_guard lock(indexes_->mutex);
  const auto found = indexes_->identities.find(print[0], [&](std::uint32_t at) {
    return at < taken_in_count_ && indexes_->taken_in[at].identity == print;
  });
  if (!found) return std::nullopt;
  return indexes_->taken_in[*found].position;
}

// Keeps count of who is in which segment.
void Version::put(domain::LeadOrdinal ordinal, domain::LeadPtr lead) {
  static const domain::SegmentStory kNone;
  const auto* before = ordinal < leads_.size() ? leads_[ordinal].segments.get() : nullptr;
  const auto* after = lead->segments.get();
  if (before != after) {
    for (const auto& left : (before != nullptr ? *before : kNone).current) {
      --segment_sizes_[left.segment];
    }
    for (const auto& entered : (after != nullptr ? *after : kNone).current) {
      if (entered.segment >= segment_sizes_.size()) segment_sizes_.resize(entered.segment + 1u);
      ++segment_sizes_[entered.segment];
    }
  }
  leads_.set(ordinal, std::move(lead));
}

Workspace::Workspace() : Workspace(Version(std::make_shared<Indexes>())) {}

Workspace::Workspace(Version version) : version_(std::move(version)) {
  version_.heavy_leads_ = heavy_leads_.get();
  freeze();
}

void Workspace::freeze() {
  version_.persons_.freeze();
  version_.leads_.freeze();
  version_.accounts_.freeze();
  columns_writer_.freeze();
}

// With its key, under the lock of the indexes.
void Workspace::put_account(domain::AccountOrdinal ordinal, domain::AccountPtr account) {
  if (ordinal >= version_.accounts_.size()) {
    version_.indexes_->accounts.insert(domain::AccountKeyHash()(account->key), ordinal);
  }
  version_.accounts_.set(ordinal, std::move(account));
}

// The keys of those from there on.
void Workspace::forget_accounts(domain::AccountOrdinal from) {
  for (auto ordinal = from; ordinal < version_.accounts_.size(); ++ordinal) {
    version_.indexes_->accounts.erase(domain::AccountKeyHash()(version_.accounts_[ordinal].key),
                                      ordinal);
  }
}

void Workspace::find_accounts() {
  auto found = domain::find_accounts(version_);
  for (domain::LeadOrdinal i = 0; i < version_.leads_.size(); ++i) {
    auto& place = found.of_lead[i];
    const domain::Lead& lead = version_.leads_[i];
    if (place.account == lead.account && place.record == nullptr) continue;
    auto changed = std::make_shared<domain::Lead>(lead);
    changed->account = place.account;
    if (place.record != nullptr) changed->record = std::move(place.record);
    version_.put(i, std::move(changed));
  }
  const std::lock_guard lock(version_.indexes_->mutex);
  forget_accounts(0);
  version_.accounts_ = {};
  domain::AccountOrdinal ordinal = 0;
  for (domain::Account& account : found.accounts) {
    put_account(ordinal++, std::make_shared<const domain::Account>(std::move(account)));
  }
  version_.keeps_accounts_ = true;
}

void Workspace::apply(const domain::Changes& changes) {
  const domain::PersonOrdinal known = version_.persons_.size();
  for (const auto& [ordinal, person] : changes.persons) version_.persons_.set(ordinal, person);
  for (const auto& [ordinal, lead] : changes.leads) version_.put(ordinal, lead);
  for (const domain::Sighting& sighting : changes.sightings) {
    version_.indexes_->sightings.set(version_.sighting_count_++, sighting);
  }
  if (changes.playbook) version_.playbook_ = changes.playbook;
  if (changes.kinds) version_.kinds_ = changes.kinds;
  if (changes.suppressions) version_.suppressions_ = changes.suppressions;
  columns_writer_.apply(changes.property_columns, changes.property_changes, version_.columns_);
  version_.position_ = changes.position;
  version_.log_time_ = changes.at;
  if (changes.outcome.rescore_next || changes.ends_rescore) {
    version_.rescore_next_ = changes.outcome.rescore_next;
  }
  heavy_leads_->follow(version_, changes);
  const std::lock_guard lock(version_.indexes_->mutex);
  for (const auto& [ordinal, account] : changes.accounts) put_account(ordinal, account);
  if (changes.recalled && version_.keeps_accounts_) {
    forget_accounts(0);
    version_.accounts_ = {};
    version_.keeps_accounts_ = false;
  }
  for (const auto& [ordinal, person] : changes.persons) {
    const bool has_key = !person->key.text.empty();  // not if it was erased since
    if (ordinal >= known && has_key) version_.indexes_->keys.insert(hash_of(person->key), ordinal);
  }
  if (changes.identity.empty()) return;
  const Fingerprint print = domain::fingerprint_of_identity(changes.identity);
  version_.indexes_->taken_in.set(version_.taken_in_count_,
                                  {print, static_cast<std::uint32_t>(changes.position)});
  version_.indexes_->identities.insert(print[0],
                                       static_cast<std::uint32_t>(version_.taken_in_count_));
  ++version_.taken_in_count_;
}

void Workspace::refresh(domain::LeadOrdinal ordinal, domain::LeadPtr lead) {
  version_.put(ordinal, std::move(lead));
}

VersionPtr Workspace::publish() {
  auto published = std::make_shared<Version>(version_);
  published->heavy_leads_ = nullptr;
  freeze();
  return published;
}

void Workspace::revert_to(const Version& published) {
  const std::lock_guard lock(version_.indexes_->mutex);
  for (auto person = published.person_count(); person < version_.person_count(); ++person) {
    version_.indexes_->keys.erase(hash_of(version_.persons_[person].key), person);
  }
  forget_accounts(published.account_count());
  for (auto at = published.taken_in_count(); at < version_.taken_in_count_; ++at) {
    version_.indexes_->identities.erase(version_.indexes_->taken_in[at].identity[0],
                                        static_cast<std::uint32_t>(at));
  }
  heavy_leads_->forget_all();
  columns_writer_.forget_all();
  version_ = published;
  version_.heavy_leads_ = heavy_leads_.get();
  freeze();
}

}  // namespace galena::workspace
