#include "workspace/workspace.hpp"

#include "domain/account_draft.hpp"
#include "domain/find_accounts.hpp"
#include "domain/input.hpp"
#include "domain/record.hpp"

namespace galena::workspace {

std::uint64_t hash_of(const domain::IdentityKey& key) {
  // The kinds get different hashes for the same text.
  return stable_hash(key.text) ^ (static_cast<std::uint64_t>(key.kind) * 0x9E3779B97F4A7C15ull);
}

Version::Version(std::shared_ptr<Indexes> indexes)
    : indexes_(std::move(indexes)),
      kinds_(std::make_shared<domain::KindTable>()),
      suppressions_(std::make_shared<domain::Suppressions>()) {}

const domain::Person& Version::base_person(domain::PersonOrdinal ordinal) const {
  GALENA_ASSERT(base_ != nullptr && ordinal < base_->person_count());
  return reads_.person(ordinal, [&] { return base_->person(ordinal); });
}

// With the persons of the base, whatever became of them since: its row was written with those.
const domain::Lead& Version::base_lead(domain::LeadOrdinal ordinal) const {
  GALENA_ASSERT(base_ != nullptr && ordinal < base_->lead_count());
  return reads_.lead(ordinal, [&] {
    auto lead = base_->lead(ordinal, [&](domain::PersonOrdinal person) -> const domain::Person& {
      return base_person(person);
    });
    if (const Reassessed* now = reassessed_.find(ordinal)) {
      lead->standing = now->standing;
      lead->due_at = now->due_at;
    }
    return lead;
  });
}

domain::Glance Version::glance(domain::LeadOrdinal ordinal) const {
  const domain::Lead* changed = leads_.find(ordinal);
  if (changed != nullptr) return {changed->visitor, changed->standing};
  domain::Glance glance = base_->glance(ordinal);
  if (const Reassessed* now = reassessed_.find(ordinal)) glance.standing = now->standing;
  return glance;
}

// Keeps nothing of what it reads.
void Version::each_person(const PersonVisit& visit) const {
  for (domain::PersonOrdinal i = 0; i < person_count(); ++i) {
    const domain::Person* changed = persons_.find(i);
    if (!visit(i, changed != nullptr ? *changed : *base_->person(i))) return;
  }
}

std::optional<domain::PersonOrdinal> Version::find_person(const domain::IdentityKey& key) const {
  const std::uint64_t hash = hash_of(key);
  if (base_ != nullptr) {
    const auto found = base_->find_person(hash, key);
    const bool is_gone = found && persons_.find(*found) != nullptr && persons_[*found].erased;
    if (found && !is_gone) return found;
  }
  const std::lock_guard lock(indexes_->mutex);
  return indexes_->keys.find(hash, [&](std::uint32_t ordinal) {
    const domain::Person* person = persons_.find(ordinal);
    return person != nullptr && person->key == key;
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
  if (base_ != nullptr) {
    if (const auto found = base_->find_taken_in(print)) return found;
  }
  const std::lock_guard lock(indexes_->mutex);
  const auto found = indexes_->identities.find(print[0], [&](std::uint32_t at) {
    return at < taken_in_count_ && indexes_->taken_in[at].identity == print;
  });
  if (!found) return std::nullopt;
  return indexes_->taken_in[*found].position;
}

namespace {

void each_between(const std::optional<std::vector<std::uint32_t>>& touched, std::uint32_t count,
                  const std::function<void(std::uint32_t)>& visit) {
  if (!touched) {
    for (std::uint32_t ordinal = 0; ordinal < count; ++ordinal) visit(ordinal);
    return;
  }
  for (const std::uint32_t ordinal : *touched) {
    if (ordinal < count) visit(ordinal);
  }
}

}  // namespace

void Version::each_lead_changed_since(const Version& other,
                                      const std::function<void(domain::LeadOrdinal)>& visit) const {
  const ChangeJournal& journal = *newer(other).journal_;
  each_between(journal.between(ChangeJournal::leads, journal_lengths_, other.journal_lengths_),
               lead_count(), visit);
}

void Version::each_person_changed_since(
    const Version& other, const std::function<void(domain::PersonOrdinal)>& visit) const {
  const ChangeJournal& journal = *newer(other).journal_;
  each_between(journal.between(ChangeJournal::persons, journal_lengths_, other.journal_lengths_),
               person_count(), visit);
}

std::vector<domain::AccountOrdinal> Version::asked_since_base() const {
  const auto asked = journal_->between(ChangeJournal::asked, base_lengths_, journal_lengths_);
  GALENA_ASSERT(asked.has_value());
  return *asked;
}

void Version::each_account_changed_since(
    const Version& other, const std::function<void(domain::AccountOrdinal)>& visit) const {
  const ChangeJournal& journal = *newer(other).journal_;
  each_between(journal.between(ChangeJournal::accounts, journal_lengths_, other.journal_lengths_),
               account_count(), visit);
}

// Whose journal reaches to the end of both.
const Version& Version::newer(const Version& other) const {
  return journal_lengths_ < other.journal_lengths_ ? other : *this;
}

void Version::each_slice(const SliceVisit& visit) const {
  constexpr domain::LeadOrdinal kSlice = 4096;
  for (domain::LeadOrdinal begin = 0; begin < lead_count(); begin += kSlice) {
    const Version slice(*this);
    visit(slice, begin, std::min(begin + kSlice, lead_count()));
  }
}

Time Version::due_at(domain::LeadOrdinal ordinal) const {
  const domain::Lead* changed = leads_.find(ordinal);
  if (changed != nullptr) return changed->due_at;
  const Reassessed* now = reassessed_.find(ordinal);
  return now != nullptr ? now->due_at : base_->due_at(ordinal);
}

void Version::note(ChangeJournal::Kind kind, std::uint32_t ordinal) {
  journal_->note(kind, ordinal, journal_lengths_);
}

void Version::put(domain::PersonOrdinal ordinal, domain::PersonPtr person) {
  GALENA_ASSERT(ordinal <= person_count());
  const bool is_new = ordinal == person_count();
  event_count_ += person->history.size() - (is_new ? 0 : this->person(ordinal).history.size());
  persons_.put(ordinal, std::move(person));
  note(ChangeJournal::persons, ordinal);
}

// Keeps count of who is in which segment.
void Version::put(domain::LeadOrdinal ordinal, domain::LeadPtr lead) {
  static const domain::SegmentStory kNone;
  GALENA_ASSERT(ordinal <= lead_count());
  const bool is_new = ordinal == lead_count();
  const auto before = is_new ? nullptr : this->lead(ordinal).segments;
  const auto* after = lead->segments.get();
  if (before.get() != after) {
    for (const auto& left : (before != nullptr ? *before : kNone).current) {
      --segment_sizes_[left.segment];
    }
    for (const auto& entered : (after != nullptr ? *after : kNone).current) {
      if (entered.segment >= segment_sizes_.size()) segment_sizes_.resize(entered.segment + 1u);
      ++segment_sizes_[entered.segment];
    }
  }
  if (leads_.find(ordinal) == nullptr) ++changed_leads_;
  leads_.put(ordinal, std::move(lead));
  take_reassessed(ordinal, nullptr);
  note(ChangeJournal::leads, ordinal);
}

namespace {

// But for where it stands and when it is due.
bool is_as_it_was(const domain::Lead& now, const domain::Lead& before) {
  return now.persons == before.persons && now.stages == before.stages &&
         now.segments == before.segments && now.merged_into == before.merged_into &&
         now.created_at == before.created_at && now.visitor == before.visitor &&
         now.account == before.account &&
         (now.record == before.record || *now.record == *before.record);
}

}  // namespace

void Version::put_reassessed(domain::LeadOrdinal ordinal, domain::LeadPtr lead) {
  const bool lies_in_base =
      base_ != nullptr && ordinal < base_->lead_count() && leads_.find(ordinal) == nullptr;
  if (!lies_in_base || !is_as_it_was(*lead, this->lead(ordinal))) {
    return put(ordinal, std::move(lead));
  }
  take_reassessed(ordinal,
                  std::make_shared<const Reassessed>(Reassessed{lead->standing, lead->due_at}));
  note(ChangeJournal::leads, ordinal);
}

// What was read of it says what it was.
void Version::take_reassessed(domain::LeadOrdinal ordinal, std::shared_ptr<const Reassessed> now) {
  const bool was_there = reassessed_.find(ordinal) != nullptr;
  if (!was_there && now == nullptr) return;
  if (!was_there) ++reassessed_leads_;
  if (now == nullptr) --reassessed_leads_;
  reassessed_.put(ordinal, std::move(now));
  reads_.renew_lead(ordinal);
}

Workspace::Workspace() : Workspace(Version(std::make_shared<Indexes>())) {}

Workspace::Workspace(Version version) : version_(std::move(version)) {
  version_.heavy_leads_ = heavy_leads_.get();
  freeze();
}

void Workspace::freeze() {
  version_.persons_.freeze();
  version_.leads_.freeze();
  version_.reassessed_.freeze();
  version_.accounts_.freeze();
  columns_writer_.freeze();
}

// With its key, under the lock of the indexes.
void Workspace::put_account(domain::AccountOrdinal ordinal, domain::AccountPtr account) {
  if (ordinal >= version_.accounts_.size()) {
    version_.indexes_->accounts.insert(domain::AccountKeyHash()(account->key), ordinal);
  }
  version_.accounts_.set(ordinal, std::move(account));
  version_.note(ChangeJournal::accounts, ordinal);
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
  for (domain::LeadOrdinal i = 0; i < version_.lead_count(); ++i) {
    auto& place = found.of_lead[i];
    const domain::Lead& lead = version_.lead(i);
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

void Workspace::fold_records() {
  constexpr domain::LeadOrdinal kSlice = 4096;
  for (domain::LeadOrdinal i = 0; i < version_.lead_count(); ++i) {
    if (i % kSlice == 0) forget_reads();
    auto lead = std::make_shared<domain::Lead>(version_.lead(i));
    std::vector<const domain::Person*> persons;
    for (const auto person : lead->persons) persons.push_back(&version_.person(person));
    lead->record = domain::fold_record(persons);
    lead->account = domain::kNoAccount;
    version_.put(i, std::move(lead));
  }
}

void Workspace::hear_accounts(const Version& base) {
  const auto hear = [&](domain::LeadOrdinal ordinal) {
    const domain::Lead& lead = version_.lead(ordinal);
    if (domain::has_heard(version_, lead)) return true;
    std::vector<const domain::Person*> persons;
    for (const auto person : lead.persons) persons.push_back(&version_.person(person));
    auto record = domain::fold_record(persons);
    const domain::Account& own = version_.account(lead.account);
    domain::add_known(*record, version_.account(own.whole).known);
    auto changed = std::make_shared<domain::Lead>(lead);
    changed->record = std::move(record);
    version_.put(ordinal, std::move(changed));
    return true;
  };
  version_.each_account_changed_since(base, [&](domain::AccountOrdinal account) {
    version_.account(account).leads.each(hear);
    for (const domain::AccountOrdinal part : version_.account(account).parts) {
      version_.account(part).leads.each(hear);
    }
  });
}

void Workspace::apply(const domain::Changes& changes) {
  const domain::PersonOrdinal known = version_.person_count();
  for (const auto& [ordinal, person] : changes.persons) version_.put(ordinal, person);
  for (const auto& [ordinal, lead] : changes.leads) {
    if (changes.persons.empty()) {
      version_.put_reassessed(ordinal, lead);
    } else {
      version_.put(ordinal, lead);
    }
  }
  const BasePtr& base = version_.base_;
  const domain::SightingNumber of_base = base == nullptr ? 0 : base->sighting_count();
  for (const domain::Sighting& sighting : changes.sightings) {
    version_.indexes_->sightings.set(version_.sighting_count_++ - of_base, sighting);
  }
  for (const domain::AccountOrdinal account : changes.to_ask) {
    version_.note(ChangeJournal::asked, account);
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
  if (changes.recalled && version_.keeps_accounts_ && base == nullptr) {
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
  version_.put_reassessed(ordinal, std::move(lead));
}

VersionPtr Workspace::publish() {
  version_.reads_.forget();
  auto published = std::make_shared<Version>(version_);
  published->heavy_leads_ = nullptr;
  freeze();
  return published;
}

void Workspace::revert_to(const Version& published) {
  const std::lock_guard lock(version_.indexes_->mutex);
  GALENA_ASSERT(version_.indexes_ == published.indexes_);
  for (auto person = published.person_count(); person < version_.person_count(); ++person) {
    version_.indexes_->keys.erase(hash_of(version_.persons_[person].key), person);
  }
  forget_accounts(published.account_count());
  for (auto at = published.taken_in_count_; at < version_.taken_in_count_; ++at) {
    version_.indexes_->identities.erase(version_.indexes_->taken_in[at].identity[0],
                                        static_cast<std::uint32_t>(at));
  }
  heavy_leads_->forget_all();
  columns_writer_.forget_all();
  version_ = published;
  version_.heavy_leads_ = heavy_leads_.get();
  freeze();
}

void Workspace::stand_upon(Version version) {
  GALENA_ASSERT(version.position_ == version_.position_ &&
                version.journal_lengths_ == version_.journal_lengths_);
  columns_writer_.forget_all();
  version_ = std::move(version);
  version_.heavy_leads_ = heavy_leads_.get();
  freeze();
}

}  // namespace galena::workspace
