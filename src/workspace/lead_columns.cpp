#include "workspace/lead_columns.hpp"

#include <algorithm>
#include <utility>

#include "domain/criteria_values.hpp"
#include "domain/decide.hpp"
#include "domain/latin_form.hpp"
#include "domain/shown_lead.hpp"

namespace galena::workspace {

using namespace domain;

namespace {

constexpr std::array kTextAttributes{Attribute::email,
                                     Attribute::email_domain,
                                     Attribute::first_name,
                                     Attribute::last_name,
                                     Attribute::phone,
                                     Attribute::title,
                                     Attribute::title_seniority,
                                     Attribute::title_department,
                                     Attribute::company_id,
                                     Attribute::company_name,
                                     Attribute::company_domain,
                                     Attribute::company_industry,
                                     Attribute::country,
                                     Attribute::region,
                                     Attribute::city,
                                     Attribute::stage};

std::int64_t ms_of(const std::optional<Time>& time) {
  return time ? to_ms(*time) : LeadColumns::kNoNumber;
}

std::uint32_t version_of(const Version& state) {
  return state.playbook() == nullptr ? 0 : state.playbook()->version;
}

// Whether what the lead's persons did is the same in both versions: at the cost of a look at where
// they lie.
bool has_same_events(const Version& state, const Version& before, const Lead& now,
                     const Lead& then) {
  return now.persons == then.persons && std::ranges::all_of(now.persons, [&](PersonOrdinal i) {
           const Person* changed = state.changed_person(i);
           const bool lies_in_base = changed == nullptr && state.base() == before.base();
           return i < before.person_count() && changed == before.changed_person(i) &&
                  (changed != nullptr || lies_in_base);
         });
}

// Equal records may have been read from the base one by one.
bool is_same(const Record& one, const Record& other) {
  return &one == &other || one == other;
}

}  // namespace

void TextColumn::put(std::uint32_t row, const Value& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  const TextCode before = codes[row];
  codes[row] = text == nullptr ? kNoText : texts.hold(value_form(attribute, *text));
  texts.let_go(before);
}

void EventColumns::put(std::uint32_t row, std::span<const Event> events) {
  Place& place = places_[row];
  free_ += place.count;
  place = {.begin = static_cast<std::uint32_t>(events_.size()),
           .count = static_cast<std::uint32_t>(events.size()),
           .extras_begin = static_cast<std::uint32_t>(extras_.size())};
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    events_.push_back(PackedEvent::of(event));
    positions_.push_back(event.position);
    const bool adjusts = event.kind == kScoreAdjusted;
    const std::uint64_t extra = adjusts ? static_cast<std::uint64_t>(event.value) : event.object;
    if (extra != 0) extras_.push_back({i, extra});
  }
  place.extras = static_cast<std::uint32_t>(extras_.size()) - place.extras_begin;
  constexpr std::size_t kFreeMin = 1 << 16;
  if (free_ > kFreeMin && free_ * 4 > events_.size()) compact();
}

void EventColumns::make_room(const Version& state) {
  const std::size_t count = state.event_count();
  events_.reserve(count * 9 / 8);
  positions_.reserve(count * 9 / 8);
}

void EventColumns::write(CellWriter& out) const {
  std::vector<Place> places = places_;
  std::uint32_t events = 0, extras = 0;
  for (Place& place : places) {
    place.begin = std::exchange(events, events + place.count);
    place.extras_begin = std::exchange(extras, extras + place.extras);
  }
  out.cells(places);
  out.number(events);
  for (const Place& place : places_) out.raw(events_.data() + place.begin, place.count);
  out.number(events);
  for (const Place& place : places_) out.raw(positions_.data() + place.begin, place.count);
  out.number(extras);
  for (const Place& place : places_) out.raw(extras_.data() + place.extras_begin, place.extras);
}

void EventColumns::read(CellReader& in) {
  in.cells(places_);
  in.cells(events_, true);
  in.cells(positions_, true);
  in.cells(extras_, true);
  free_ = 0;
}

void EventColumns::compact() {
  EventColumns packed;
  const std::size_t room = size() * 9 / 8;
  packed.events_.reserve(room);
  packed.positions_.reserve(room);
  for (Place& place : places_) {
    const auto begin = static_cast<std::ptrdiff_t>(place.begin);
    const auto extras_begin = static_cast<std::ptrdiff_t>(place.extras_begin);
    place.begin = static_cast<std::uint32_t>(packed.events_.size());
    place.extras_begin = static_cast<std::uint32_t>(packed.extras_.size());
    const auto add = [](auto& to, const auto& from, std::ptrdiff_t at, std::uint32_t count) {
      to.insert(to.end(), from.begin() + at, from.begin() + at + count);
    };
    add(packed.events_, events_, begin, place.count);
    add(packed.positions_, positions_, begin, place.count);
    add(packed.extras_, extras_, extras_begin, place.extras);
  }
  packed.places_ = std::move(places_);
  *this = std::move(packed);
}

std::size_t EventColumns::memory() const {
  return events_.capacity() * sizeof(PackedEvent) + positions_.capacity() * sizeof(std::uint32_t) +
         extras_.capacity() * sizeof(EventExtra) + places_.capacity() * sizeof(Place);
}

LeadColumns::LeadColumns() {
  texts_.reserve(kTextAttributes.size());
  for (const Attribute attribute : kTextAttributes) texts_.emplace_back(attribute);
}

const TextColumn* LeadColumns::text(Attribute attribute) const {
  const auto found = std::ranges::find(texts_, attribute, &TextColumn::attribute);
  return found == texts_.end() ? nullptr : &*found;
}

// Whole blocks, so that what is asked of a block need not look where it ends.
void LeadColumns::resize(std::uint32_t rows) {
  rows_ = rows;
  const std::size_t room = std::size_t{blocks()} * kBlockRows;
  if (room == flags.size()) return;
  flags.resize(room);
  employees.resize(room, kNoNumber);
  created_at.resize(room, kNoNumber);
  first_seen.resize(room, kNoNumber);
  last_seen.resize(room, kNoNumber);
  accounts.resize(room, kNoAccount);
  scores.resize(room);
  events.resize(static_cast<std::uint32_t>(room));
  for (TextColumn& column : texts_) column.codes.resize(room);
}

void LeadColumns::follow(const Version& state, const Version* before) {
  GALENA_ASSERT(before == nullptr || state.lead_count() >= before->lead_count());
  resize(state.lead_count());
  if (before == nullptr) return fill(state);
  if (version_of(*before) != version_of(state)) std::ranges::fill(scores.valid_until, 0);
  std::vector<LeadOrdinal> changed;
  state.each_lead_changed_since(*before, [&](LeadOrdinal i) { changed.push_back(i); });
  // Some thousands at a time, each by copies, with which goes what they had to read.
  for (std::size_t from = 0; from < changed.size(); from += kBlockRows) {
    const Version now(state), then(*before);
    const std::size_t end = std::min<std::size_t>(from + kBlockRows, changed.size());
    for (std::size_t at = from; at < end; ++at) put(now, &then, changed[at]);
  }
}

void LeadColumns::fill(const Version& state) {
  events.make_room(state);
  state.each_slice([&](const Version& slice, LeadOrdinal begin, LeadOrdinal end) {
    for (LeadOrdinal i = begin; i < end; ++i) {
      if (!is_listed(slice, i)) continue;
      put_texts(&slice.lead(i), i);
      put_search_text(slice, slice.lead(i), i);
      put_segments(nullptr, &slice.lead(i), i);
      events.put(i, events_of(slice, slice.lead(i)));
      put_standing(slice, slice.lead(i), i);
    }
  });
}

// Where it stands alone is another, so nothing needs to be read. False if more may be.
bool LeadColumns::put_reassessed(const Version& state, const Version& before, LeadOrdinal ordinal) {
  const Reassessed* now = state.reassessed(ordinal);
  const bool is_more = now == nullptr || state.base() != before.base() ||
                       ordinal >= before.lead_count() || now->standing.model_version == 0;
  if (is_more) return false;
  if ((flags[ordinal] & kListed) != 0) put_scores(state, now->standing, ordinal);
  return true;
}

void LeadColumns::put(const Version& state, const Version* before, LeadOrdinal ordinal) {
  if (before != nullptr && put_reassessed(state, *before, ordinal)) return;
  const Lead& lead = state.lead(ordinal);
  const bool known = before != nullptr && ordinal < before->lead_count();
  const Lead* then = known ? &before->lead(ordinal) : nullptr;
  const bool was_listed = (flags[ordinal] & kListed) != 0;
  const bool listed = is_listed(state, ordinal);
  put_segments(was_listed ? then : nullptr, listed ? &lead : nullptr, ordinal);
  if (!listed) {
    flags[ordinal] = 0;
    if (!was_listed) return;
    put_texts(nullptr, ordinal);
    search.put(ordinal, {});
    events.put(ordinal, {});
    return;
  }
  const bool same_record = was_listed && is_same(*then->record, *lead.record);
  if (!same_record || then->stage() != lead.stage()) put_texts(&lead, ordinal);
  const bool same_persons = was_listed && has_same_events(state, *before, lead, *then);
  if (!same_record || !same_persons) put_search_text(state, lead, ordinal);
  if (!same_persons) events.put(ordinal, events_of(state, lead));
  put_standing(state, lead, ordinal);
}

void LeadColumns::put_texts(const Lead* lead, std::uint32_t row) {
  for (TextColumn& column : texts_) {
    Value value;
    if (lead != nullptr)
      value = value_of(column.attribute, {*lead->record, nullptr, lead->stage()});
    column.put(row, value);
  }
}

// Name, addresses, company.
void LeadColumns::put_search_text(const Version& state, const Lead& lead, std::uint32_t row) {
  const Record& record = *lead.record;
  std::string text =
      latin_form(record[Field::first_name].value + " " + record[Field::last_name].value);
  // What a text before it has in it is found there.
  const auto add = [&](std::string_view part) {
    const std::string form = latin_form(part);
    if (text.find(form) == std::string::npos) text += "\t" + form;
  };
  add(record[Field::email].value);
  for (const PersonOrdinal person : lead.persons) {
    const IdentityKey& key = state.person(person).key;
    const bool other = key.kind == KeyKind::address || key.kind == KeyKind::user;
    if (other && key.text != record[Field::email].value) add(key.text);
  }
  add(record[Field::company_name].value);
  add(record[Field::company_domain].value);
  search.put(row, text);
}

void LeadColumns::put_standing(const Version& state, const Lead& lead, std::uint32_t row) {
  const Record& record = *lead.record;
  const Standing& standing = lead.standing;
  const bool is_scored = standing.model_version != 0;
  const Activity activity =
      is_scored ? standing.activity : EventIndex(events_of(state, lead)).activity();
  const auto flag = [](bool holds, LeadFlag which) { return holds ? which : 0; };
  flags[row] = static_cast<std::uint16_t>(
      kListed | flag(lead.visitor, kVisitor) | flag(record[Field::email].known(), kHasEmail) |
      flag(record.free_mail, kFreeMail) | flag(record.disposable_mail, kDisposableMail) |
      flag(record.role_address, kRoleAddress) |
      flag(activity.last_own_action.has_value(), kOwnAction) |
      flag(activity.shown_interest, kShownInterest) | flag(activity.unsubscribed, kUnsubscribed));
  employees[row] = record.employees.value_or(kNoNumber);
  created_at[row] = to_ms(lead.created_at);
  first_seen[row] = ms_of(activity.first_seen);
  last_seen[row] = ms_of(activity.last_seen);
  accounts[row] = lead.account;
  put_scores(state, standing, row);
}

void LeadColumns::put_scores(const Version& state, const Standing& standing, std::uint32_t row) {
  scores.fit[row] = standing.fit.micro;
  scores.interest[row] = standing.interest.micro;
  const std::uint32_t model = version_of(state);
  const bool of_this_model = model != 0 && standing.model_version == model;
  scores.valid_until[row] = of_this_model ? to_ms(standing.valid_until) : 0;
}

void LeadColumns::put_segments(const Lead* before, const Lead* lead, std::uint32_t row) {
  const auto* then = before == nullptr ? nullptr : before->segments.get();
  const auto* now = lead == nullptr ? nullptr : lead->segments.get();
  if (then == now) return;
  if (then != nullptr) {
    for (const SegmentChange& entry : then->current) segments[entry.segment].set(row, false);
  }
  if (now == nullptr) return;
  for (const SegmentChange& entry : now->current) {
    if (entry.segment >= segments.size()) segments.resize(entry.segment + 1u);
    segments[entry.segment].set(row, true);
  }
}

void LeadColumns::write(const CellWriter::Sink& sink) const {
  CellWriter out(sink);
  out.number(rows_);
  out.cells(flags);
  for (const auto* cells : {&employees, &created_at, &first_seen, &last_seen, &scores.fit,
                            &scores.interest, &scores.valid_until}) {
    out.cells(*cells);
  }
  out.cells(accounts);
  events.write(out);
  for (const TextColumn& column : texts_) {
    out.cells(column.codes);
    column.texts.write(out);
  }
  out.number(segments.size());
  for (const RowSet& segment : segments) segment.write(out);
  search.write(out);
}

bool LeadColumns::read(std::string_view bytes) {
  CellReader in(bytes);
  rows_ = static_cast<std::uint32_t>(in.number());
  in.cells(flags);
  for (auto* cells : {&employees, &created_at, &first_seen, &last_seen, &scores.fit,
                      &scores.interest, &scores.valid_until}) {
    in.cells(*cells);
  }
  in.cells(accounts);
  events.read(in);
  for (TextColumn& column : texts_) {
    in.cells(column.codes);
    column.texts.read(in);
  }
  for (std::uint64_t left = in.number(); left > 0 && !in.failed(); --left) {
    segments.emplace_back().read(in);
  }
  search.read(in);
  return !in.failed() && in.at_end() && flags.size() == std::size_t{blocks()} * kBlockRows;
}

std::size_t LeadColumns::memory() const {
  std::size_t bytes = events.memory() + search.memory();
  const auto add = [&](const auto& cells) {
    bytes += cells.capacity() * sizeof(typename std::decay_t<decltype(cells)>::value_type);
  };
  add(flags);
  for (const auto* cells : {&employees, &created_at, &first_seen, &last_seen, &scores.fit,
                            &scores.interest, &scores.valid_until}) {
    add(*cells);
  }
  add(accounts);
  for (const TextColumn& column : texts_) {
    add(column.codes);
    bytes += column.texts.memory();
  }
  for (const RowSet& segment : segments) bytes += segment.memory();
  return bytes;
}

}  // namespace galena::workspace
