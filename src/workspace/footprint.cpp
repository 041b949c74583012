#include "workspace/footprint.hpp"

#include <string>

#include "base/sample.hpp"
#include "domain/account.hpp"
#include "domain/lead.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

constexpr std::uint64_t kMeasuredMax = 2'000;  // records of a kind
constexpr std::size_t kShared = 16;            // what shared ownership adds to a record
constexpr std::size_t kSlot = 16;              // the table's pointer to it
constexpr std::size_t kIndexEntry = 12;        // 8 bytes, in tables that are two thirds full

// As the allocator hands it out.
std::size_t block(std::size_t bytes) {
  return (bytes + 15) / 16 * 16;
}

std::size_t heap_of(const std::string& text) {
  return text.capacity() > std::string().capacity() ? block(text.capacity() + 1) : 0;
}

template <class Item>
std::size_t heap_of(const std::vector<Item>& items) {
  return block(items.capacity() * sizeof(Item));
}

std::size_t heap_of(const std::vector<Fact>& facts) {
  std::size_t bytes = block(facts.capacity() * sizeof(Fact));
  for (const Fact& fact : facts) bytes += heap_of(fact.value);
  return bytes;
}

std::size_t heap_of(const CompanyFacts& facts) {
  std::size_t bytes = block(facts.capacity() * sizeof(CompanyFacts::value_type));
  for (const auto& [field, value] : facts) bytes += heap_of(value.value);
  return bytes;
}

std::size_t bytes_of(const Person& person) {
  std::size_t bytes = kSlot + block(kShared + sizeof(Person)) + heap_of(person.key.text) +
                      heap_of(person.sightings) + heap_of(person.facts) + person.history.memory();
  if (person.told_of == nullptr) return bytes;
  bytes +=
      block(kShared + sizeof(*person.told_of)) + block(person.told_of->capacity() * sizeof(ToldOf));
  for (const ToldOf& told : *person.told_of) bytes += heap_of(told.facts);
  return bytes;
}

std::size_t bytes_of(const Record& record) {
  std::size_t bytes = block(kShared + sizeof(Record));
  for (const FieldValue& field : record.fields) bytes += heap_of(field.value);
  for (const std::string* text :
       {&record.department, &record.email_domain, &record.country, &record.industry_form}) {
    bytes += heap_of(*text);
  }
  return bytes;
}

std::size_t bytes_of(const Lead& lead) {
  std::size_t bytes = kSlot + block(kShared + sizeof(Lead)) + heap_of(lead.persons) +
                      heap_of(lead.stages) + bytes_of(*lead.record);
  for (const StageEntry& entry : lead.stages) bytes += heap_of(entry.stage);
  if (lead.segments == nullptr) return bytes;
  return bytes + block(kShared + sizeof(SegmentStory)) + heap_of(lead.segments->current) +
         heap_of(lead.segments->changes);
}

std::size_t bytes_of(const Account& account) {
  return kSlot + block(kShared + sizeof(Account)) + heap_of(account.parts) + heap_of(account.told) +
         heap_of(account.known) + 4 * (account.tellers.size() + account.leads.size());
}

// Of all records that there are, by some. `at`: null where it lies in the base.
template <class At>
std::uint64_t bytes_of_all(std::uint32_t count, const At& at) {
  const auto sample = spread_sample(count, kMeasuredMax);
  std::uint64_t bytes = 0;
  for (const std::uint64_t ordinal : sample) {
    const auto* record = at(static_cast<std::uint32_t>(ordinal));
    if (record != nullptr) bytes += bytes_of(*record);
  }
  return sample.empty() ? 0 : bytes * count / sample.size();
}

}  // namespace

Footprint footprint_of(const Version& state) {
  Footprint all{.events = state.event_count()};
  const Base* base = state.base().get();
  if (base != nullptr) all.base_bytes = base->bytes();
  const PersonOrdinal new_persons = state.person_count() - (base ? base->person_count() : 0);
  all.records_bytes =
      bytes_of_all(state.person_count(), [&](auto i) { return state.changed_person(i); }) +
      bytes_of_all(state.lead_count(), [&](auto i) { return state.changed_lead(i); }) +
      state.reassessed_leads() * (kSlot + block(kShared + sizeof(Reassessed))) +
      bytes_of_all(state.account_count(), [&](auto i) { return &state.account(i); }) +
      (state.sighting_count() - (base ? base->sighting_count() : 0)) * sizeof(Sighting) +
      state.taken_in_count() * (sizeof(TakenIn) + kIndexEntry) +
      (std::uint64_t{new_persons} + state.account_count()) * kIndexEntry;
  return all;
}

}  // namespace galena::workspace
