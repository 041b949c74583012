// A workspace as of a log position as it lies in a file (ADR 0015): never changed, mapped into
// memory, read where it is looked at. Versions stand upon one.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string_view>

#include "base/text.hpp"
#include "domain/lead.hpp"
#include "domain/state.hpp"
#include "workspace/base_index.hpp"
#include "workspace/base_rows.hpp"

namespace galena::workspace {

class Version;

// An input that was taken in under an identity of its own (domain::identity_of).
struct TakenIn {
  Fingerprint identity;
  std::uint32_t position;
};

// The parts of the file, in the order in which they lie there; each begins at a multiple of eight.
enum class BasePart : std::uint8_t {
  columns,  // of LeadColumns, if any
  head,     // what a version holds beside its tables
  accounts,
  properties,
  sightings,
  persons,
  person_places,  // by ordinal: where the row begins, and where the last one ends; so are leads'
  leads,
  lead_places,
  dues,  // by lead: ms, when time alone may move it
  keys,
  key_starts,
  taken_in,
  taken_in_starts,
  filter,
};
inline constexpr std::size_t kBaseParts = 15;

class Base {
 public:
  // Bytes and whoever keeps them where they are. They begin at a multiple of eight.
  struct Bytes {
    std::shared_ptr<const void> holder;
    std::string_view bytes;
  };

  // An Error (internal) if they are no base, or of another format. That they are whole is for the
  // caller to know: rows are believed.
  static Result<std::shared_ptr<Base>> open(Bytes file);

  std::string_view part(BasePart part) const;
  // What its rows may refer to.
  void set_bounds(const Bounds& bounds) { bounds_ = bounds; }
  const Bounds& bounds() const { return bounds_; }

  domain::PersonOrdinal person_count() const { return rows(BasePart::person_places); }
  domain::LeadOrdinal lead_count() const { return rows(BasePart::lead_places); }
  domain::SightingNumber sighting_count() const {
    return static_cast<domain::SightingNumber>(sightings_.size());
  }
  std::uint64_t taken_in_count() const { return taken_in_.all().size(); }

  std::string_view person_row(domain::PersonOrdinal ordinal) const {
    return row(BasePart::persons, BasePart::person_places, ordinal);
  }
  std::string_view lead_row(domain::LeadOrdinal ordinal) const {
    return row(BasePart::leads, BasePart::lead_places, ordinal);
  }
  domain::PersonPtr person(domain::PersonOrdinal ordinal) const;
  std::shared_ptr<domain::Lead> lead(domain::LeadOrdinal ordinal, const PersonOf& person_of) const;
  domain::Glance glance(domain::LeadOrdinal ordinal) const;
  domain::History::Run events_of(domain::PersonOrdinal ordinal) const;
  Time due_at(domain::LeadOrdinal ordinal) const;
  const domain::Sighting& sighting(domain::SightingNumber number) const {
    return sightings_[number];
  }

  // Among those of the hash the person with the key; null: none.
  std::optional<domain::PersonOrdinal> find_person(std::uint64_t hash,
                                                   const domain::IdentityKey& key) const;
  std::optional<domain::Position> find_taken_in(const Fingerprint& print) const;
  // By the order of the fingerprints.
  void each_taken_in(const std::function<void(const TakenIn&)>& visit) const;

  const SortedEntries<KeyEntry>& keys() const { return keys_; }
  const SortedEntries<TakenEntry>& taken_in() const { return taken_in_; }
  std::size_t bytes() const { return file_.bytes.size(); }

 private:
  explicit Base(Bytes file) : file_(std::move(file)) {}
  std::uint32_t rows(BasePart places) const;
  std::string_view row(BasePart rows, BasePart places, std::uint32_t ordinal) const;
  template <class Cell>
  std::span<const Cell> cells(BasePart part) const;
  bool fits() const;

  Bytes file_;
  std::array<std::string_view, kBaseParts> parts_;
  std::span<const domain::Sighting> sightings_;
  SortedEntries<KeyEntry> keys_;
  SortedEntries<TakenEntry> taken_in_;
  PrintFilter filter_;
  Bounds bounds_;
};

using BasePtr = std::shared_ptr<const Base>;

// A fingerprint of all that derives: the sources that this program was made of.
std::string_view derivation();

// Writes the version as a base, in pieces of about 64 KB. `columns` are written first, at once and
// as they are; none: empty. `derivation` says by what the derived values were come by.
using BaseSink = std::function<void(std::string_view piece)>;
void write_base(const Version& version, std::string_view derivation,
                const std::function<void(const BaseSink&)>& columns, const BaseSink& sink);

struct OpenedBase;
// The version that was written, standing upon the file. An Error (internal) as of open(), or if
// other lists of mail domains or another reader of messages made it: rebuild from the log then.
Result<OpenedBase> open_base(Base::Bytes file, std::string_view derivation);

}  // namespace galena::workspace
