#include "workspace/base.hpp"

#include <cstring>

#include "workspace/base_file.hpp"

namespace galena::workspace {

using namespace domain;

extern const std::string_view derivation_print;  // made by the build

std::string_view derivation() {
  return derivation_print;
}

Result<std::shared_ptr<Base>> Base::open(Bytes file) {
  BaseFoot foot;
  const std::string_view bytes = file.bytes;
  if (bytes.size() < sizeof(foot)) return fail(ErrorCode::internal, "a damaged snapshot");
  std::memcpy(&foot, bytes.data() + bytes.size() - sizeof(foot), sizeof(foot));
  if (foot.magic != BaseFoot::kMagic || foot.format != BaseFoot::kFormat) {
    return fail(ErrorCode::internal, "a snapshot of another format");
  }
  std::shared_ptr<Base> base(new Base(std::move(file)));
  for (std::size_t i = 0; i < kBaseParts; ++i) {
    const auto [begin, size] = foot.parts[i];
    if (begin % 8 != 0 || begin > bytes.size() || size > bytes.size() - begin) {
      return fail(ErrorCode::internal, "a damaged snapshot");
    }
    base->parts_[i] = bytes.substr(begin, size);
  }
  if (!base->fits()) return fail(ErrorCode::internal, "a damaged snapshot");
  base->sightings_ = base->cells<Sighting>(BasePart::sightings);
  base->keys_ = {base->cells<KeyEntry>(BasePart::keys),
                 base->cells<std::uint32_t>(BasePart::key_starts)};
  base->taken_in_ = {base->cells<TakenEntry>(BasePart::taken_in),
                     base->cells<std::uint32_t>(BasePart::taken_in_starts)};
  base->filter_ = PrintFilter(base->cells<std::uint64_t>(BasePart::filter));
  return base;
}

// True if the parts that are arrays are whole ones.
bool Base::fits() const {
  const auto whole = [&](BasePart of, std::size_t cell) { return part(of).size() % cell == 0; };
  return whole(BasePart::person_places, 8) && whole(BasePart::lead_places, 8) &&
         part(BasePart::person_places).size() >= 8 && part(BasePart::lead_places).size() >= 8 &&
         part(BasePart::dues).size() == std::size_t{lead_count()} * 8 &&
         whole(BasePart::sightings, sizeof(Sighting)) && whole(BasePart::keys, sizeof(KeyEntry)) &&
         whole(BasePart::taken_in, sizeof(TakenEntry));
}

std::string_view Base::part(BasePart part) const {
  return parts_[static_cast<std::size_t>(part)];
}

template <class Cell>
std::span<const Cell> Base::cells(BasePart of) const {
  const std::string_view bytes = part(of);
  return {reinterpret_cast<const Cell*>(bytes.data()), bytes.size() / sizeof(Cell)};
}

std::uint32_t Base::rows(BasePart places) const {
  return static_cast<std::uint32_t>(part(places).size() / 8 - 1);
}

std::string_view Base::row(BasePart rows, BasePart places, std::uint32_t ordinal) const {
  const auto place = cells<std::uint64_t>(places).subspan(ordinal, 2);
  return part(rows).substr(place[0], place[1] - place[0]);
}

PersonPtr Base::person(PersonOrdinal ordinal) const {
  return read_base_person(person_row(ordinal), bounds_, file_.holder);
}

std::shared_ptr<Lead> Base::lead(LeadOrdinal ordinal, const PersonOf& person_of) const {
  return read_base_lead(lead_row(ordinal), bounds_, lead_count(), person_of);
}

Glance Base::glance(LeadOrdinal ordinal) const {
  return read_glance(lead_row(ordinal));
}

History::Run Base::events_of(PersonOrdinal ordinal) const {
  return events_in(person_row(ordinal), bounds_, file_.holder);
}

Time Base::due_at(LeadOrdinal ordinal) const {
  return from_ms(cells<std::int64_t>(BasePart::dues)[ordinal]);
}

std::optional<PersonOrdinal> Base::find_person(std::uint64_t hash, const IdentityKey& key) const {
  const KeyEntry* found = keys_.find(
      hash, [&](const KeyEntry& entry) { return has_key(person_row(entry.person), key); });
  if (found == nullptr) return std::nullopt;
  return found->person;
}

std::optional<Position> Base::find_taken_in(const Fingerprint& print) const {
  if (!filter_.may_contain(print)) return std::nullopt;
  const TakenEntry* found =
      taken_in_.find(print[0], [&](const TakenEntry& entry) { return entry.print() == print; });
  if (found == nullptr) return std::nullopt;
  return found->position;
}

void Base::each_taken_in(const std::function<void(const TakenIn&)>& visit) const {
  for (const TakenEntry& entry : taken_in_.all()) visit({entry.print(), entry.position});
}

}  // namespace galena::workspace
