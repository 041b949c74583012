#include "workspace/row_codec.hpp"

namespace galena::workspace {

using namespace domain;

namespace {

void write_facts(ByteWriter& out, const std::vector<Fact>& facts) {
  out.number(facts.size());
  for (const Fact& fact : facts) {
    out.number(static_cast<std::uint64_t>(fact.field));
    out.number(static_cast<std::uint64_t>(fact.source));
    out.time(fact.at);
    out.time(fact.known_at);
    out.number(fact.position);
    out.text(fact.value);
    out.number(fact.implied ? 1 : 0);
  }
}

void write_told_of(ByteWriter& out, const Person& person) {
  out.number(person.told_of ? person.told_of->size() : 0);
  if (!person.told_of) return;
  for (const ToldOf& told : *person.told_of) {
    out.number(static_cast<std::uint64_t>(told.account.kind));
    out.text(told.account.text);
    write_facts(out, told.facts);
  }
}

}  // namespace

void write_person(ByteWriter& out, const Person& person) {
  out.number(static_cast<std::uint64_t>(person.key.kind));
  out.text(person.key.text);
  out.number(person.lead);
  out.number(person.shared_since);
  out.number((person.nobody ? 1u : 0u) + (person.erased ? 2u : 0u));
  out.number(person.began == kBeganNone ? 0 : person.began + std::uint64_t{1});
  write_facts(out, person.facts);
  write_told_of(out, person);
}

namespace {

Fact read_fact(ByteReader& in, const Bounds& bounds) {
  Fact fact;
  fact.field = in.choice(static_cast<Field>(kFieldCount - 1));
  fact.source = in.choice(Source::api);
  fact.at = in.time();
  fact.known_at = in.time();
  fact.position = in.between<std::uint32_t>(1, bounds.position);
  fact.value = in.text();
  fact.implied = in.flag();
  return fact;
}

std::vector<Fact> read_facts(ByteReader& in, const Bounds& bounds) {
  std::vector<Fact> facts;
  for (std::uint64_t left = in.count(7); left > 0 && !in.failed(); --left) {
    facts.push_back(read_fact(in, bounds));
  }
  return facts;
}

std::shared_ptr<const std::vector<ToldOf>> read_told_of(ByteReader& in, const Bounds& bounds) {
  auto told_of = std::make_shared<std::vector<ToldOf>>();
  for (std::uint64_t left = in.count(10); left > 0 && !in.failed(); --left) {
    ToldOf told;
    told.account.kind = in.choice(AccountKind::group);
    told.account.text = in.text();
    told.facts = read_facts(in, bounds);
    told_of->push_back(std::move(told));
  }
  if (told_of->empty()) return nullptr;
  return told_of;
}

}  // namespace

std::shared_ptr<Person> read_person(ByteReader& in, const Bounds& bounds) {
  auto person = std::make_shared<Person>();
  person->key.kind = in.choice(KeyKind::organisation);
  person->key.text = in.text();
  person->lead = in.as<LeadOrdinal>();
  person->shared_since = in.between<std::uint32_t>(0, bounds.position);
  const auto person_marks = in.between<std::uint32_t>(0, 3);
  person->nobody = (person_marks & 1) != 0;
  person->erased = (person_marks & 2) != 0;
  if (person->erased != person->key.text.empty()) in.refuse();  // a key without text is nobody's
  if (const auto began = in.as<LeadOrdinal>(); began != 0) person->began = began - 1;
  person->facts = read_facts(in, bounds);
  person->told_of = read_told_of(in, bounds);
  return person;
}

namespace {

void write_changes(ByteWriter& out, const std::vector<SegmentChange>& changes) {
  out.number(changes.size());
  for (const SegmentChange& change : changes) {
    out.time(change.at);
    out.number(change.position);
    out.number(change.segment);
    out.number(change.entered ? 1 : 0);
  }
}

std::vector<SegmentChange> read_changes(ByteReader& in, const Bounds& bounds) {
  std::vector<SegmentChange> changes;
  for (std::uint64_t left = in.count(4); left > 0 && !in.failed(); --left) {
    SegmentChange change;
    change.at = in.time();
    change.position = in.between<std::uint32_t>(1, bounds.position);
    change.segment = in.as<SegmentCode>();
    change.entered = in.flag();
    if (change.segment >= bounds.segments) in.refuse();
    changes.push_back(change);
  }
  return changes;
}

void write_segments(ByteWriter& out, const Lead& lead) {
  static const SegmentStory kNone;
  const SegmentStory& story = lead.segments ? *lead.segments : kNone;
  write_changes(out, story.current);
  write_changes(out, story.changes);
}

std::shared_ptr<const SegmentStory> read_segments(ByteReader& in, const Bounds& bounds) {
  auto story = std::make_shared<SegmentStory>();
  story->current = read_changes(in, bounds);
  story->changes = read_changes(in, bounds);
  if (story->changes.empty() && story->current.empty()) return nullptr;
  return story;
}

}  // namespace

void write_lead(ByteWriter& out, const Lead& lead) {
  out.number(lead.persons.size());
  for (const PersonOrdinal person : lead.persons) out.number(person);
  out.number(lead.stages.size());
  for (const StageEntry& stage : lead.stages) {
    out.text(stage.stage);
    out.time(stage.at);
    out.signed_number(stage.score.micro);
    out.number(stage.model_version);
    out.number(stage.position);
  }
  out.number(lead.merged_into ? *lead.merged_into + std::uint64_t{1} : 0);
  out.time(lead.created_at);
  write_segments(out, lead);
}

std::shared_ptr<Lead> read_lead(ByteReader& in, const Bounds& bounds, LeadOrdinal lead_count) {
  auto lead = std::make_shared<Lead>();
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    lead->persons.push_back(in.as<PersonOrdinal>());
  }
  for (std::uint64_t left = in.count(5); left > 0 && !in.failed(); --left) {
    StageEntry stage;
    stage.stage = in.text();
    stage.at = in.time();
    stage.score.micro = in.signed_number();
    stage.model_version = in.between<std::uint32_t>(0, bounds.playbook_version);
    stage.position = in.between<std::uint32_t>(1, bounds.position);
    lead->stages.push_back(std::move(stage));
  }
  if (const auto into = in.between<LeadOrdinal>(0, lead_count); into != 0) {
    lead->merged_into = into - 1;
  }
  lead->created_at = in.time();
  lead->segments = read_segments(in, bounds);
  return lead;
}

}  // namespace galena::workspace
