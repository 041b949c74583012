#include <algorithm>

#include "domain/account_draft.hpp"
#include "domain/record.hpp"
#include "workspace/base_codec.hpp"
#include "workspace/snapshot_codec.hpp"

namespace galena::workspace {

using namespace domain;

void PartWriter::begin(BasePart part) {
  end_part();
  while (written_ % 8 != 0) write(std::string_view("\0", 1));
  begin_ = written_;
  part_ = part;
}

void PartWriter::end_part() {
  if (part_) foot_.parts[static_cast<std::size_t>(*part_)] = {begin_, written_ - begin_};
  part_.reset();
}

void PartWriter::write(std::string_view bytes) {
  written_ += bytes.size();
  if (bytes.size() > kPieceBytes) {
    give(1);
    return sink_(bytes);
  }
  piece_.append(bytes);
  give(kPieceBytes);
}

void PartWriter::give(std::size_t bytes_min) {
  if (piece_.size() < bytes_min) return;
  sink_(piece_);
  piece_.clear();
}

void PartWriter::finish() {
  end_part();
  while (written_ % 8 != 0) write(std::string_view("\0", 1));
  cell(foot_);
  give(1);
}

namespace {

constexpr std::uint32_t kSliceRows = 4096;

// Entries in the order of their hashes, and where their buckets begin.
template <class Entry>
class EntryWriter {
 public:
  EntryWriter(PartWriter& out, std::uint64_t count)
      : out_(out), bits_(SortedEntries<Entry>::bucket_bits(count)) {
    starts_.reserve((std::size_t{1} << bits_) + 1);
  }

  void add(const Entry& entry) {
    const std::uint64_t bucket = SortedEntries<Entry>::bucket_of(entry.hash(), bits_);
    while (starts_.size() <= bucket) starts_.push_back(count_);
    out_.cell(entry);
    ++count_;
  }
  void write_starts(BasePart part) {
    while (starts_.size() <= std::size_t{1} << bits_) starts_.push_back(count_);
    out_.begin(part);
    out_.cells(starts_);
  }

 private:
  PartWriter& out_;
  int bits_;
  std::vector<std::uint32_t> starts_;
  std::uint32_t count_ = 0;
};

// Calls `visit` with the entries of both, which are each in order, in order.
template <class Entry>
void merge_entries(std::span<const Entry> base, std::vector<Entry>& added, const auto& visit) {
  const auto by_hash = [](const Entry& a, const Entry& b) { return a.hash() < b.hash(); };
  std::ranges::sort(added, by_hash);
  auto next = added.begin();
  for (const Entry& entry : base) {
    for (; next != added.end() && by_hash(*next, entry); ++next) visit(*next);
    visit(entry);
  }
  for (; next != added.end(); ++next) visit(*next);
}

}  // namespace

// One version on its way into a file.
struct BaseCodec {
  const Version& version;
  PartWriter& out;
  std::vector<bool> changed_persons;
  std::vector<LeadOrdinal> unheard;
  std::vector<std::int64_t> dues;
  std::vector<PersonOrdinal> erased;

  const Base* base() const { return version.base_.get(); }

  void write_head(std::string_view derivation) {
    out.begin(BasePart::head);
    ByteWriter head;
    head.text(derivation);
    head.number(hash_of(IdentityKey{KeyKind::user, "galena"}));
    SnapshotCodec::write_head(head, version);
    SnapshotCodec::write_suppressions(head, *version.suppressions_);
    head.number(version.event_count_);
    head.number(version.segment_sizes_.size());
    for (const std::uint32_t size : version.segment_sizes_) head.number(size);
    out.write(head.take());
  }

  // One in which nobody is any more is written without its key, which may be somebody's who was
  // erased.
  void write_accounts() {
    out.begin(BasePart::accounts);
    ByteWriter rows;
    rows.number(version.account_count());
    for (AccountOrdinal i = 0; i < version.account_count(); ++i) {
      const Account& account = version.account(i);
      const bool is_empty =
          account.leads.empty() && account.tellers.empty() && account.parts.empty();
      if (is_empty) {
        Account nobody;
        nobody.whole = i;
        write_account(rows, nobody);
      } else {
        write_account(rows, account);
      }
      if (i % kSliceRows == 0) out.write(std::exchange(rows, {}).take());
    }
    out.write(rows.take());
  }

  void write_persons() {
    out.begin(BasePart::persons);
    std::vector<std::uint64_t> places;
    places.reserve(version.person_count() + std::size_t{1});
    std::vector<Event> scratch;
    ByteWriter row;
    for (PersonOrdinal i = 0; i < version.person_count(); ++i) {
      places.push_back(out.size());
      const Person* changed = version.persons_.find(i);
      if (changed == nullptr) {
        out.write(base()->person_row(i));
        continue;
      }
      write_base_person(row, *changed, scratch);
      out.write(row.take());
      row = {};
      changed_persons[i] = true;
      if (changed->erased) erased.push_back(i);
    }
    places.push_back(out.size());
    out.begin(BasePart::person_places);
    out.cells(places);
  }

  // Who takes part in an account of which something was told since the base, and has not heard.
  void find_unheard() {
    if (!version.keeps_accounts_) return;
    for (const AccountOrdinal whole : version.asked_since_base()) {
      look_for_unheard(version.account(whole));
      for (const AccountOrdinal part : version.account(whole).parts) {
        look_for_unheard(version.account(part));
      }
    }
  }

  void look_for_unheard(const Account& account) {
    const Version slice(version);
    account.leads.each([&](LeadOrdinal lead) {
      if (has_heard(slice, slice.lead(lead))) return true;
      unheard.push_back(lead);
      return true;
    });
  }

  // As it is, but for what it has not heard: the file holds nothing that nobody says any more. It
  // is due at once.
  Lead informed(const Version& state, Lead lead) const {
    auto record = own_record(state, lead);
    add_known(*record, state.account(state.account(lead.account).whole).known);
    lead.record = std::move(record);
    lead.standing.valid_until = version.log_time_;
    lead.due_at = version.log_time_;
    return lead;
  }

  // Of a lead that is part of another nobody asks, and nobody keeps up what it was.
  static Lead merged(const Version& state, Lead lead) {
    lead.record = own_record(state, lead);
    lead.standing = {};
    return lead;
  }

  static std::shared_ptr<Record> own_record(const Version& state, const Lead& lead) {
    std::vector<const Person*> persons;
    for (const PersonOrdinal person : lead.persons) persons.push_back(&state.person(person));
    return fold_record(persons);
  }

  void write_lead_row(const Version& state, LeadOrdinal ordinal) {
    const Lead& kept = state.lead(ordinal);
    Lead lead = kept.merged_into                               ? merged(state, kept)
                : std::ranges::binary_search(unheard, ordinal) ? informed(state, kept)
                                                               : kept;
    ByteWriter row;
    write_base_lead(row, lead,
                    [&](PersonOrdinal person) -> const Person& { return state.person(person); });
    out.write(row.take());
    dues.push_back(to_ms(lead.due_at));
  }

  // True if nothing of the lead's row is another than in the base: what the record has from a
  // person's facts stands with the person.
  bool stands_as_it_was(LeadOrdinal ordinal) const {
    return version.changed_lead(ordinal) == nullptr && version.reassessed(ordinal) == nullptr &&
           !std::ranges::binary_search(unheard, ordinal) &&
           !names_any(base()->lead_row(ordinal), changed_persons);
  }

  void write_leads() {
    out.begin(BasePart::leads);
    std::vector<std::uint64_t> places;
    places.reserve(version.lead_count() + std::size_t{1});
    dues.reserve(version.lead_count());
    const LeadOrdinal of_base = base() == nullptr ? 0 : base()->lead_count();
    version.each_slice([&](const Version& slice, LeadOrdinal begin, LeadOrdinal end) {
      for (LeadOrdinal i = begin; i < end; ++i) {
        places.push_back(out.size());
        if (i >= of_base || !stands_as_it_was(i)) {
          write_lead_row(slice, i);
          continue;
        }
        out.write(base()->lead_row(i));
        dues.push_back(to_ms(base()->due_at(i)));
      }
    });
    places.push_back(out.size());
    out.begin(BasePart::lead_places);
    out.cells(places);
    out.begin(BasePart::dues);
    out.cells(dues);
  }

  // With their numbers. Of somebody erased and of nobody who remembers it only the number is left.
  void write_sightings() {
    out.begin(BasePart::sightings);
    std::ranges::sort(erased);
    const auto is_gone = [&](SightingNumber number, const Sighting& sighting) {
      const auto is_erased = [&](PersonOrdinal person) {
        return std::ranges::binary_search(erased, person);
      };
      const auto remembers = [&](PersonOrdinal person) {
        if (person == kNobody) return false;
        const auto& own = version.person(person).sightings;
        return std::ranges::find(own, number) != own.end();
      };
      return std::ranges::any_of(sighting.persons.by_role, is_erased) &&
             std::ranges::none_of(sighting.persons.by_role, remembers);
    };
    for (SightingNumber i = 0; i < version.sighting_count_; ++i) {
      const Sighting& seen = version.sighting(i);
      Sighting written;
      std::memset(static_cast<void*>(&written), 0, sizeof(written));  // what is between, too
      written.position = seen.position;
      written.kind = seen.kind;
      written.persons = is_gone(i, seen) ? SeenPersons::none() : seen.persons;
      out.cell(written);
    }
  }

  // Of whoever has a key.
  void write_keys() {
    out.begin(BasePart::keys);
    const std::span<const KeyEntry> known =
        base() == nullptr ? std::span<const KeyEntry>() : base()->keys().all();
    std::vector<KeyEntry> added;
    const PersonOrdinal of_base = base() == nullptr ? 0 : base()->person_count();
    for (PersonOrdinal i = of_base; i < version.person_count(); ++i) {
      const IdentityKey& key = version.persons_[i].key;
      const std::uint64_t hash = hash_of(key);
      added.push_back(
          {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(hash), i});
    }
    EntryWriter<KeyEntry> entries(out, known.size() + added.size());
    merge_entries(known, added, [&](const KeyEntry& entry) {
      const Person* changed = version.persons_.find(entry.person);
      if (changed == nullptr || !changed->erased) entries.add(entry);
    });
    entries.write_starts(BasePart::key_starts);
  }

  void write_taken_in() {
    out.begin(BasePart::taken_in);
    const std::span<const TakenEntry> known =
        base() == nullptr ? std::span<const TakenEntry>() : base()->taken_in().all();
    std::vector<TakenEntry> added;
    added.reserve(version.taken_in_count_);
    for (std::uint64_t at = 0; at < version.taken_in_count_; ++at) {
      const TakenIn& taken = version.indexes_->taken_in[at];
      added.push_back(TakenEntry::of(taken.identity, taken.position));
    }
    const std::uint64_t count = known.size() + added.size();
    EntryWriter<TakenEntry> entries(out, count);
    std::vector<std::uint64_t> filter(PrintFilter::words_for(count));
    merge_entries(known, added, [&](const TakenEntry& entry) {
      entries.add(entry);
      PrintFilter::add(filter, entry.print());
    });
    entries.write_starts(BasePart::taken_in_starts);
    out.begin(BasePart::filter);
    out.cells(filter);
  }

  void write(std::string_view derivation) {
    changed_persons.resize(version.person_count());
    write_head(derivation);
    write_accounts();
    out.begin(BasePart::properties);
    ByteWriter properties;
    SnapshotCodec::write_properties(properties, version);
    out.write(properties.take());
    write_persons();
    find_unheard();
    std::ranges::sort(unheard);
    write_leads();
    write_sightings();
    write_keys();
    write_taken_in();
    out.finish();
  }
};

void write_base(const Version& version, std::string_view derivation,
                const std::function<void(const BaseSink&)>& columns, const BaseSink& sink) {
  PartWriter out(sink);
  out.begin(BasePart::columns);
  if (columns) columns([&](std::string_view piece) { out.write(piece); });
  const Version own(version);
  BaseCodec{own, out, {}, {}, {}, {}}.write(derivation);
}

}  // namespace galena::workspace
