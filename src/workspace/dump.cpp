#include "workspace/dump.hpp"

#include <algorithm>
#include <vector>

#include "workspace/snapshot_codec.hpp"

namespace galena::workspace {

using namespace domain;

struct CanonicalDump {
  // Those that persons remember, in log order; numbers follow from that.
  static void write_sightings(ByteWriter& out, const Version& version) {
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

  static void write_events(ByteWriter& out, const Person& person) {
    std::vector<Event> events;
    person.history.collect(events);
    out.number(events.size());
    for (const Event& event : events) {
      out.time(event.at);
      out.signed_number((event.known_at - event.at).count());
      out.number(event.position);
      out.number(event.kind);
      out.number((event.counted ? 1u : 0u) + (event.voided ? 2u : 0u));
      out.number(event.object);
      out.signed_number(event.value);
    }
  }

  static std::string of(const Version& version) {
    ByteWriter out;
    SnapshotCodec::write_head(out, version);
    SnapshotCodec::write_suppressions(out, *version.suppressions_);
    SnapshotCodec::write_properties(out, version);
    write_sightings(out, version);
    out.number(version.person_count());
    for (PersonOrdinal i = 0; i < version.person_count(); ++i) {
      write_person(out, version.person(i));
      write_events(out, version.person(i));
    }
    out.number(version.lead_count());
    for (LeadOrdinal i = 0; i < version.lead_count(); ++i) {
      write_lead(out, version.lead(i));
    }
    const std::vector<TakenIn> all = taken_in(version);
    out.number(all.size());
    for (const TakenIn& taken : all) {
      out.fixed(&taken.identity, sizeof(taken.identity));
      out.number(taken.position);
    }
    return out.take();
  }
};

std::string canonical_dump(const Version& version) {
  return CanonicalDump::of(version);
}

}  // namespace galena::workspace
