#include "workspace/base_rows.hpp"

#include <algorithm>

namespace galena::workspace {

using namespace domain;

namespace {

// What was written by this program and has come through its checksum is sound.
void expect_sound(const ByteReader& in) {
  GALENA_ASSERT(!in.failed());
}

void write_value(ByteWriter& out, const FieldValue& value) {
  out.number(static_cast<std::uint64_t>(value.source));
  out.time(value.at);
  out.time(value.known_at);
  out.number(value.position);
  out.number((value.implied ? 1u : 0u) + (value.of_account ? 2u : 0u));
  out.text(value.value);
}

FieldValue read_value(ByteReader& in) {
  FieldValue value;
  value.source = in.choice(Source::api);
  value.at = in.time();
  value.known_at = in.time();
  value.position = in.as<std::uint32_t>();
  const auto marks = in.between<std::uint32_t>(0, 3);
  value.implied = (marks & 1) != 0;
  value.of_account = (marks & 2) != 0;
  value.value = in.text();
  return value;
}

// Where a value of a record stands.
enum class Place : std::uint8_t { fact, fact_in_other_words, here };
constexpr std::uint64_t kPlaces = 3;

bool is_from(const FieldValue& value, Field field, const Fact& fact) {
  return !value.of_account && fact.field == field && fact.source == value.source &&
         fact.position == value.position && fact.at == value.at &&
         fact.known_at == value.known_at && fact.implied == value.implied;
}

struct FactPlace {
  std::size_t person, fact;
};

std::optional<FactPlace> find_fact(const FieldValue& value, Field field, const Lead& lead,
                                   const PersonOf& person_of) {
  for (std::size_t i = 0; i < lead.persons.size(); ++i) {
    const auto& facts = person_of(lead.persons[i]).facts;
    const auto found =
        std::ranges::find_if(facts, [&](const Fact& each) { return is_from(value, field, each); });
    if (found != facts.end()) return FactPlace{i, std::size_t(found - facts.begin())};
  }
  return std::nullopt;
}

void write_field(ByteWriter& out, Field field, const Lead& lead, const PersonOf& person_of) {
  const FieldValue& value = (*lead.record)[field];
  const auto head = [&](Place place) {
    out.number(static_cast<std::uint64_t>(field) * kPlaces + static_cast<std::uint64_t>(place));
  };
  const auto from = find_fact(value, field, lead, person_of);
  if (!from) {
    head(Place::here);
    return write_value(out, value);
  }
  const Fact& fact = person_of(lead.persons[from->person]).facts[from->fact];
  const bool same = fact.value == value.value;
  head(same ? Place::fact : Place::fact_in_other_words);
  out.number(from->person);
  out.number(from->fact);
  if (!same) out.text(value.value);
}

FieldValue read_field(ByteReader& in, Place place, const Lead& lead, const PersonOf& person_of) {
  if (place == Place::here) return read_value(in);
  const std::uint64_t person = in.number();
  const std::uint64_t at = in.number();
  GALENA_ASSERT(person < lead.persons.size());
  const auto& facts = person_of(lead.persons[person]).facts;
  GALENA_ASSERT(at < facts.size());
  const Fact& fact = facts[at];
  FieldValue value{fact.value, fact.source, fact.at, fact.known_at, fact.position, fact.implied};
  if (place == Place::fact_in_other_words) value.value = in.text();
  return value;
}

constexpr std::uint64_t kNoField = kFieldCount * kPlaces;

void write_record(ByteWriter& out, const Lead& lead, const PersonOf& person_of) {
  const Record& record = *lead.record;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (record[field].known()) write_field(out, field, lead, person_of);
  }
  out.number(kNoField);
  out.number(static_cast<std::uint64_t>(record.seniority));
  out.text(record.department);
  out.text(record.email_domain);
  out.text(record.country);
  out.text(record.industry_form);
  out.number((record.free_mail ? 1u : 0u) + (record.disposable_mail ? 2u : 0u) +
             (record.role_address ? 4u : 0u) + (record.employees ? 8u : 0u));
  if (record.employees) out.signed_number(*record.employees);
}

std::shared_ptr<const Record> read_record(ByteReader& in, const Lead& lead,
                                          const PersonOf& person_of) {
  auto record = std::make_shared<Record>();
  for (;;) {
    const auto head = in.between<std::uint64_t>(0, kNoField);
    if (head == kNoField || in.failed()) break;
    record->fields[head / kPlaces] =
        read_field(in, static_cast<Place>(head % kPlaces), lead, person_of);
  }
  record->seniority = in.choice(Seniority::c_level);
  record->department = in.text();
  record->email_domain = in.text();
  record->country = in.text();
  record->industry_form = in.text();
  const auto marks = in.between<std::uint32_t>(0, 15);
  record->free_mail = (marks & 1) != 0;
  record->disposable_mail = (marks & 2) != 0;
  record->role_address = (marks & 4) != 0;
  if ((marks & 8) != 0) record->employees = in.signed_number();
  return record;
}

// Any moment, also Time::max().
void write_moment(ByteWriter& out, Time time) {
  out.signed_number(to_ms(time));
}

Time read_moment(ByteReader& in) {
  return from_ms(in.signed_number());
}

void write_standing(ByteWriter& out, const Standing& standing) {
  out.number(standing.model_version);
  if (standing.model_version == 0) return;
  out.signed_number(standing.fit.micro);
  out.signed_number(standing.interest.micro);
  write_moment(out, standing.computed_at);
  write_moment(out, standing.valid_until);
  out.signed_number(standing.ceiling.micro);
  const Activity& activity = standing.activity;
  const std::array times{activity.first_seen, activity.last_seen, activity.last_own_action,
                         activity.last_hot_request};
  unsigned marks = (activity.shown_interest ? 16u : 0u) + (activity.unsubscribed ? 32u : 0u);
  for (std::size_t i = 0; i < times.size(); ++i) marks |= times[i] ? 1u << i : 0u;
  out.number(marks);
  for (const auto& time : times) {
    if (time) write_moment(out, *time);
  }
  out.number(activity.events);
  out.number(activity.sessions);
}

Standing read_standing(ByteReader& in) {
  Standing standing;
  standing.model_version = in.as<std::uint32_t>();
  if (standing.model_version == 0) return standing;
  standing.fit.micro = in.signed_number();
  standing.interest.micro = in.signed_number();
  standing.computed_at = read_moment(in);
  standing.valid_until = read_moment(in);
  standing.ceiling.micro = in.signed_number();
  Activity& activity = standing.activity;
  const auto marks = in.between<std::uint32_t>(0, 63);
  activity.shown_interest = (marks & 16) != 0;
  activity.unsubscribed = (marks & 32) != 0;
  const std::array times{&activity.first_seen, &activity.last_seen, &activity.last_own_action,
                         &activity.last_hot_request};
  for (std::size_t i = 0; i < times.size(); ++i) {
    if ((marks >> i & 1) != 0) *times[i] = read_moment(in);
  }
  activity.events = in.as<std::uint32_t>();
  activity.sessions = in.as<std::uint32_t>();
  return standing;
}

template <class Ordinal>
void write_ordinals(ByteWriter& out, std::size_t count, const auto& each) {
  out.number(count);
  Ordinal before = 0;
  each([&](Ordinal ordinal) {
    out.number(ordinal - before);
    before = ordinal;
    return true;
  });
}

template <class Visit>
void read_ordinals(ByteReader& in, Visit visit) {
  std::uint32_t ordinal = 0;
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    ordinal += in.as<std::uint32_t>();
    visit(ordinal);
  }
}

void write_facts(ByteWriter& out, const CompanyFacts& facts) {
  out.number(facts.size());
  for (const auto& [field, value] : facts) {
    out.number(static_cast<std::uint64_t>(field));
    write_value(out, value);
  }
}

CompanyFacts read_facts(ByteReader& in) {
  CompanyFacts facts;
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    const Field field = in.choice(static_cast<Field>(kFieldCount - 1));
    facts.emplace_back(field, read_value(in));
  }
  return facts;
}

// What comes before the events. The reader stands there afterwards.
std::shared_ptr<Person> read_without_events(ByteReader& in, const Bounds& bounds) {
  auto person = read_person(in, bounds);
  read_ordinals(in, [&](SightingNumber number) { person->sightings.push_back(number); });
  return person;
}

History::Run run_at(ByteReader& in, const std::shared_ptr<const void>& holder) {
  History::Run run;
  run.count = in.as<std::uint32_t>();
  if (run.count == 0) return run;
  run.holder = holder;
  run.bytes = in.rest();
  return run;
}

}  // namespace

void write_base_person(ByteWriter& out, const Person& person, std::vector<Event>& scratch) {
  write_person(out, person);
  write_ordinals<SightingNumber>(out, person.sightings.size(), [&](const auto& give) {
    for (const SightingNumber number : person.sightings) give(number);
  });
  scratch.clear();
  person.history.collect(scratch);
  out.number(scratch.size());
  pack_events(scratch, out);
}

PersonPtr read_base_person(std::string_view row, const Bounds& bounds,
                           const std::shared_ptr<const void>& holder) {
  ByteReader in(row);
  auto person = read_without_events(in, bounds);
  person->history = History(run_at(in, holder));
  expect_sound(in);
  return person;
}

bool has_key(std::string_view row, const IdentityKey& key) {
  ByteReader in(row);
  return in.choice(KeyKind::organisation) == key.kind && in.text() == key.text;
}

History::Run events_in(std::string_view row, const Bounds& bounds,
                       const std::shared_ptr<const void>& holder) {
  ByteReader in(row);
  read_without_events(in, bounds);
  History::Run run = run_at(in, holder);
  expect_sound(in);
  return run;
}

void write_base_lead(ByteWriter& out, const Lead& lead, const PersonOf& person_of) {
  out.number(lead.visitor ? 1 : 0);
  write_standing(out, lead.standing);
  out.number(lead.account == kNoAccount ? 0 : lead.account + std::uint64_t{1});
  write_moment(out, lead.due_at);
  write_lead(out, lead);
  write_record(out, lead, person_of);
}

bool names_any(std::string_view lead_row, const std::vector<bool>& persons) {
  ByteReader in(lead_row);
  in.flag();
  read_standing(in);
  in.as<AccountOrdinal>();
  read_moment(in);
  for (std::uint64_t left = in.count(); left > 0; --left) {
    const auto person = in.as<PersonOrdinal>();
    expect_sound(in);
    if (persons[person]) return true;
  }
  return false;
}

Glance read_glance(std::string_view row) {
  ByteReader in(row);
  Glance glance;
  glance.visitor = in.flag();
  glance.standing = read_standing(in);
  expect_sound(in);
  return glance;
}

std::shared_ptr<Lead> read_base_lead(std::string_view row, const Bounds& bounds,
                                     LeadOrdinal lead_count, const PersonOf& person_of) {
  ByteReader in(row);
  const bool visitor = in.flag();
  const Standing standing = read_standing(in);
  const auto account = in.as<AccountOrdinal>();
  const Time due_at = read_moment(in);
  auto lead = read_lead(in, bounds, lead_count);
  lead->visitor = visitor;
  lead->standing = standing;
  if (account != 0) lead->account = account - 1;
  lead->due_at = due_at;
  lead->record = read_record(in, *lead, person_of);
  expect_sound(in);
  return lead;
}

void write_account(ByteWriter& out, const Account& account) {
  out.number(static_cast<std::uint64_t>(account.key.kind));
  out.text(account.key.text);
  out.number(account.whole);
  write_ordinals<AccountOrdinal>(out, account.parts.size(), [&](const auto& give) {
    for (const AccountOrdinal part : account.parts) give(part);
  });
  for (const OrdinalSet* set : {&account.tellers, &account.leads}) {
    write_ordinals<std::uint32_t>(out, set->size(), [&](const auto& give) { set->each(give); });
  }
  write_facts(out, account.told);
  write_facts(out, account.known);
}

AccountPtr read_account(ByteReader& in) {
  auto account = std::make_shared<Account>();
  account->key.kind = in.choice(AccountKind::group);
  account->key.text = in.text();
  account->whole = in.as<AccountOrdinal>();
  read_ordinals(in, [&](AccountOrdinal part) { account->parts.push_back(part); });
  std::vector<std::uint32_t> ordinals;
  for (OrdinalSet* set : {&account->tellers, &account->leads}) {
    ordinals.clear();
    read_ordinals(in, [&](std::uint32_t ordinal) { ordinals.push_back(ordinal); });
    *set = OrdinalSet(ordinals);
  }
  account->told = read_facts(in);
  account->known = read_facts(in);
  return account;
}

}  // namespace galena::workspace
