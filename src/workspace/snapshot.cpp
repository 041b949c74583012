#include "workspace/snapshot.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <vector>

#include "domain/record.hpp"
#include "workspace/base.hpp"
#include "workspace/snapshot_codec.hpp"
#include "workspace/snapshot_properties.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

using Writer = ByteWriter;
using Reader = ByteReader;

// What follows from the persons: the record, and whether it is only a visitor. False if the lead
// cannot be: it is nobody, stands nowhere or names persons that are not there.
bool derive(Lead& lead, const CowTable<Person>& persons) {
  if (lead.persons.empty() || lead.stages.empty()) return false;
  std::vector<const Person*> own;
  for (const PersonOrdinal ordinal : lead.persons) {
    if (ordinal >= persons.size()) return false;
    own.push_back(&persons[ordinal]);
    if (persons[ordinal].is_named()) lead.visitor = false;
  }
  lead.record = fold_record(own);
  return true;
}

// True if every way through merges comes to an end.
bool merges_end(const CowTable<Lead>& leads) {
  std::vector<bool> ends(leads.size());
  std::vector<LeadOrdinal> way;
  for (LeadOrdinal lead = 0; lead < leads.size(); ++lead) {
    way.clear();
    LeadOrdinal at = lead;
    for (; !ends[at] && leads[at].merged_into; at = *leads[at].merged_into) {
      way.push_back(at);
      if (way.size() > leads.size()) return false;
    }
    ends[at] = true;
    for (const LeadOrdinal passed : way) ends[passed] = true;
  }
  return true;
}

// True if persons and leads name each other: each person is once in the lead that it belongs to.
// (A lead that was merged names whom it began with.)
bool are_linked(const CowTable<Person>& persons, const CowTable<Lead>& leads) {
  if (!merges_end(leads)) return false;
  std::vector<bool> seen(persons.size());
  std::size_t seen_count = 0;
  for (LeadOrdinal lead = 0; lead < leads.size(); ++lead) {
    if (leads[lead].merged_into) continue;
    for (const PersonOrdinal person : leads[lead].persons) {
      if (persons[person].lead != lead || seen[person]) return false;
      seen[person] = true;
      ++seen_count;
    }
  }
  for (PersonOrdinal person = 0; person < persons.size(); ++person) {
    const LeadOrdinal began = persons[person].began;
    if (began != kBeganNone && began >= leads.size()) return false;
  }
  return seen_count == persons.size();
}

}  // namespace

struct RawSnapshot {
  // Those that persons remember, in log order; numbers follow from that.
  static void write_sightings(Writer& out, const Version& version) {
    std::vector<SightingNumber> numbers;
    for (PersonOrdinal i = 0; i < version.person_count(); ++i) {
      const auto& own = version.person(i).sightings;
      numbers.insert(numbers.end(), own.begin(), own.end());
    }
    std::ranges::sort(numbers, {}, [&](SightingNumber number) {
      return std::pair(version.sighting(number).position, number);
    });
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    out.number(numbers.size());
    for (const SightingNumber number : numbers) {
      const Sighting& sighting = version.sighting(number);
      out.number(sighting.position);
      out.number(static_cast<std::uint64_t>(sighting.kind));
      for (const PersonOrdinal person : sighting.persons.by_role) {
        if (person == kNobody) {
          out.number(0);
          continue;
        }
        const auto& own = version.person(person).sightings;
        const bool remembers = std::ranges::find(own, number) != own.end();
        out.number((person + std::uint64_t{1}) * 2 + (remembers ? 1 : 0));
      }
    }
  }

  // Who remembers which sighting.
  using Remembered = std::unordered_map<PersonOrdinal, std::vector<SightingNumber>>;

  static Remembered read_sightings(Reader& in, Version& version, const Bounds& bounds) {
    Remembered remembered;
    std::uint32_t position_min = 1;
    const auto count = static_cast<SightingNumber>(in.count(6));
    for (SightingNumber i = 0; i < count && !in.failed(); ++i) {
      Sighting sighting{.position = in.between<std::uint32_t>(position_min, bounds.position),
                        .kind = in.choice(Sighting::Kind::distinct),
                        .persons = SeenPersons::none()};
      position_min = sighting.position;
      for (PersonOrdinal& person : sighting.persons.by_role) {
        const auto told = in.between<std::uint64_t>(0, std::uint64_t{kNobody} * 2 + 1);
        if (told == 1) in.refuse();
        if (told < 2) continue;
        person = static_cast<PersonOrdinal>(told / 2 - 1);
        auto& own = remembered[person];  // named by a sighting: it has to be there
        if (told % 2 != 0) own.push_back(i);
      }
      version.indexes_->sightings.set(i, sighting);
    }
    version.sighting_count_ = count;
    return remembered;
  }

  // False if a key comes twice, nobody could say whose it is; or if somebody is missing who was
  // seen.
  static bool read_persons(Reader& in, Version& version, const Bounds& bounds) {
    Remembered remembered = read_sightings(in, version, bounds);
    const auto count = static_cast<PersonOrdinal>(in.count(7));
    for (const auto& [person, numbers] : remembered) {
      if (person >= count) return false;
    }
    for (PersonOrdinal i = 0; i < count && !in.failed(); ++i) {
      auto person = read_person(in, bounds);
      read_events(in, bounds, *person);
      if (const auto own = remembered.find(i); own != remembered.end()) {
        person->sightings = std::move(own->second);
      }
      if (!person->erased) {
        if (version.find_person(person->key)) return false;
        version.indexes_->keys.insert(hash_of(person->key), i);
      }
      version.persons_.set(i, std::move(person));
    }
    return true;
  }

  static bool read_leads(Reader& in, Version& version, const Bounds& bounds) {
    const auto count = static_cast<LeadOrdinal>(in.count(11));
    for (LeadOrdinal i = 0; i < count && !in.failed(); ++i) {
      auto lead = read_lead(in, bounds, count);
      if (in.failed() || !derive(*lead, version.persons_)) return false;
      const bool erased = version.persons_[lead->persons.front()].erased;
      const bool nowhere = lead->visitor || lead->merged_into || erased;
      if (nowhere && lead->segments && !lead->segments->current.empty()) return false;
      version.put(i, std::move(lead));
    }
    if (in.failed()) return false;
    if (version.rescore_next_ && *version.rescore_next_ >= count) return false;
    if (count > 0 && version.playbook_ == nullptr) return false;
    return are_linked(version.persons_, version.leads_);
  }

  static void read_identities(Reader& in, Version& version, const Bounds& bounds) {
    Indexes& indexes = *version.indexes_;
    const std::uint64_t count = in.count(sizeof(TakenIn::identity) + 1);
    std::uint32_t position_min = 1;  // they are in log order
    for (std::uint64_t at = 0; at < count && !in.failed(); ++at) {
      TakenIn taken;
      in.fixed(&taken.identity, sizeof(taken.identity));
      taken.position = in.between<std::uint32_t>(position_min, bounds.position);
      position_min = taken.position + 1;
      indexes.taken_in.set(at, taken);
      indexes.identities.insert(taken.identity[0], static_cast<std::uint32_t>(at));
    }
    version.taken_in_count_ = count;
  }

  // In log order, also those that lie in the base.
  static std::vector<TakenIn> taken_in(const Version& version) {
    std::vector<TakenIn> all;
    if (version.base_ != nullptr) {
      version.base_->each_taken_in([&](const TakenIn& taken) { all.push_back(taken); });
    }
    for (std::uint64_t at = 0; at < version.taken_in_count_; ++at) {
      all.push_back(version.indexes_->taken_in[at]);
    }
    std::ranges::sort(all, {}, &TakenIn::position);
    return all;
  }

  static void encode(const Version& version, const std::function<void(std::string_view)>& sink) {
    constexpr std::size_t kPieceBytes = 64 << 10;
    Writer out;
    SnapshotCodec::write_head(out, version);
    SnapshotCodec::write_suppressions(out, *version.suppressions_);
    SnapshotCodec::write_properties(out, version);
    write_sightings(out, version);
    std::vector<Event> scratch;
    out.number(version.person_count());
    for (PersonOrdinal i = 0; i < version.person_count(); ++i) {
      write_person(out, version.person(i));
      write_events(out, version.person(i), scratch);
      out.give(sink, kPieceBytes);
    }
    out.number(version.lead_count());
    for (LeadOrdinal i = 0; i < version.lead_count(); ++i) {
      write_lead(out, version.lead(i));
      out.give(sink, kPieceBytes);
    }
    const std::vector<TakenIn> all = taken_in(version);
    out.number(all.size());
    for (const TakenIn& taken : all) {
      out.fixed(&taken.identity, sizeof(taken.identity));
      out.number(taken.position);
      out.give(sink, kPieceBytes);
    }
    out.give(sink, 1);
  }

  static Result<Version> decode(std::string_view bytes) {
    Reader in(bytes);
    Version version(std::make_shared<Indexes>());
    if (auto head = SnapshotCodec::read_head(in, version); !head) {
      return tl::unexpected(head.error());
    }
    const Bounds bounds = SnapshotCodec::bounds_of(version);
    version.suppressions_ = SnapshotCodec::read_suppressions(in, bounds);
    SnapshotCodec::read_properties(in, version, bounds);
    if (!read_persons(in, version, bounds) || !read_leads(in, version, bounds)) {
      return SnapshotCodec::damaged();
    }
    read_identities(in, version, bounds);
    if (in.failed() || !in.at_end()) return SnapshotCodec::damaged();
    version.keeps_accounts_ = false;  // until they are found
    return version;
  }
};

void encode_snapshot(const Version& version, const std::function<void(std::string_view)>& sink) {
  RawSnapshot::encode(version, sink);
}

std::string encode_snapshot(const Version& version) {
  std::string bytes;
  encode_snapshot(version, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

Result<Version> decode_snapshot(std::string_view bytes) {
  return RawSnapshot::decode(bytes);
}

}  // namespace galena::workspace
