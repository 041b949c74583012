#include "workspace/snapshot.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <vector>

#include "domain/input.hpp"
#include "domain/mail_domain.hpp"
#include "domain/playbook.hpp"
#include "domain/record.hpp"
#include "workspace/snapshot_bytes.hpp"
#include "workspace/snapshot_properties.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

constexpr std::uint32_t kFormat = 7;
constexpr std::uint32_t kReaderVersion = 3;  // of domain/message and domain/identity (ADR 0001)

using Writer = SnapshotWriter;
using Reader = SnapshotReader;

// What records may refer to.
struct Bounds {
  std::uint32_t position = 0;
  KindCode kind_max = 0;
  std::uint32_t playbook_version = 0;
  std::uint64_t segments = 0;  // names that segments ever had
};

void write_facts(Writer& out, const std::vector<Fact>& facts) {
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

void write_told_of(Writer& out, const Person& person) {
  out.number(person.told_of ? person.told_of->size() : 0);
  if (!person.told_of) return;
  for (const ToldOf& told : *person.told_of) {
    out.number(static_cast<std::uint64_t>(told.account.kind));
    out.text(told.account.text);
    write_facts(out, told.facts);
  }
}

void write_person(Writer& out, const Person& person, std::vector<Event>& scratch) {
  out.number(static_cast<std::uint64_t>(person.key.kind));
  out.text(person.key.text);
  out.number(person.lead);
  out.number(person.shared_since);
  out.number((person.nobody ? 1u : 0u) + (person.erased ? 2u : 0u));
  out.number(person.began == kBeganNone ? 0 : person.began + std::uint64_t{1});
  write_facts(out, person.facts);
  write_told_of(out, person);
  scratch.clear();
  person.history.collect(scratch);
  out.number(scratch.size());
  for (const Event& event : scratch) {
    out.time(event.at);
    out.signed_number((event.known_at - event.at).count());
    out.number(event.position);
    out.number(event.kind);
    out.number((event.counted ? 1u : 0u) + (event.voided ? 2u : 0u));
    out.number(event.object);
    out.signed_number(event.value);
  }
}

Fact read_fact(Reader& in, const Bounds& bounds) {
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

std::vector<Fact> read_facts(Reader& in, const Bounds& bounds) {
  std::vector<Fact> facts;
  for (std::uint64_t left = in.count(7); left > 0 && !in.failed(); --left) {
    facts.push_back(read_fact(in, bounds));
  }
  return facts;
}

std::shared_ptr<const std::vector<ToldOf>> read_told_of(Reader& in, const Bounds& bounds) {
  auto told_of = std::make_shared<std::vector<ToldOf>>();
  for (std::uint64_t left = in.count(10); left > 0 && !in.failed(); --left) {
    ToldOf told;
    told.account.kind = in.choice(AccountKind::group);
    told.account.text = in.text();
    told.facts = read_facts(in, bounds);
    const bool twice =
        std::ranges::find(*told_of, told.account, &ToldOf::account) != told_of->end();
    if (twice || told.facts.empty() || told.account.text.empty()) in.refuse();
    told_of->push_back(std::move(told));
  }
  if (told_of->size() > Person::kToldOfMax) in.refuse();
  if (told_of->empty()) return nullptr;
  return told_of;
}

Event read_event(Reader& in, const Bounds& bounds, std::uint32_t position_min) {
  Event event;
  event.at = in.time();
  event.known_at = in.time_after(event.at);
  event.position = in.between<std::uint32_t>(position_min, bounds.position);
  event.kind = in.between<KindCode>(0, bounds.kind_max);
  const auto marks = in.between<std::uint32_t>(0, 3);
  event.counted = (marks & 1) != 0;
  event.voided = (marks & 2) != 0;
  event.object = in.number();
  event.value =
      in.signed_between(-AdjustmentInput::kPointsMax.micro, AdjustmentInput::kPointsMax.micro);
  return event;
}

std::shared_ptr<Person> read_person(Reader& in, const Bounds& bounds) {
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
  std::uint32_t position_min = 1;  // a history is in log order
  for (std::uint64_t left = in.count(7); left > 0 && !in.failed(); --left) {
    const Event event = read_event(in, bounds, position_min);
    position_min = event.position + 1;
    person->history.append(event);
  }
  return person;
}

void write_changes(Writer& out, const std::vector<SegmentChange>& changes) {
  out.number(changes.size());
  for (const SegmentChange& change : changes) {
    out.time(change.at);
    out.number(change.position);
    out.number(change.segment);
    out.number(change.entered ? 1 : 0);
  }
}

std::vector<SegmentChange> read_changes(Reader& in, const Bounds& bounds) {
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

void write_segments(Writer& out, const Lead& lead) {
  static const SegmentStory kNone;
  const SegmentStory& story = lead.segments ? *lead.segments : kNone;
  write_changes(out, story.current);
  write_changes(out, story.changes);
}

// True if the lead is in the segments that its last changes say, as far as they go back.
bool agrees(const SegmentStory& story) {
  for (auto change = story.changes.begin(); change != story.changes.end(); ++change) {
    const bool is_last = std::none_of(change + 1, story.changes.end(), [&](const auto& later) {
      return later.segment == change->segment;
    });
    if (is_last && story.contains(change->segment) != change->entered) return false;
  }
  return true;
}

// In order, and sound; else the reader has failed.
std::shared_ptr<const SegmentStory> read_segments(Reader& in, const Bounds& bounds) {
  auto story = std::make_shared<SegmentStory>();
  story->current = read_changes(in, bounds);
  story->changes = read_changes(in, bounds);
  const auto rises = [](const SegmentChange& a, const SegmentChange& b) {
    return a.segment < b.segment;
  };
  const bool sound =
      std::ranges::adjacent_find(story->current, std::not_fn(rises)) == story->current.end() &&
      std::ranges::all_of(story->current, &SegmentChange::entered) &&
      story->changes.size() <= SegmentStory::kChangesMax &&
      std::ranges::is_sorted(story->changes, {}, &SegmentChange::position) && agrees(*story);
  if (!sound) in.refuse();
  if (story->changes.empty() && story->current.empty()) return nullptr;
  return story;
}

void write_lead(Writer& out, const Lead& lead) {
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

std::shared_ptr<Lead> read_lead(Reader& in, const Bounds& bounds, LeadOrdinal lead_count) {
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

const std::vector<std::string> kNoNames;

void write_names(Writer& out, const std::vector<std::string>& names) {
  out.number(names.size());
  for (const std::string& name : names) out.text(name);
}

std::vector<std::string> read_names(Reader& in) {
  std::vector<std::string> names;
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    names.push_back(in.text());
  }
  return names;
}

void write_suppressions(Writer& out, const Suppressions& suppressions) {
  out.text(suppressions.secret);
  out.number(suppressions.entries.size());
  for (const auto& [print, entry] : suppressions.entries) {
    out.fixed(&print, sizeof(print));
    out.number(entry.lifted ? 1 : 0);
    out.time(entry.at);
  }
  out.number(suppressions.erasures.size());
  for (const Suppressions::Erasure& erasure : suppressions.erasures) {
    out.number(erasure.position);
    out.number(erasure.lead);
    out.time(erasure.at);
  }
}

std::shared_ptr<const Suppressions> read_suppressions(Reader& in, const Bounds& bounds) {
  auto suppressions = std::make_shared<Suppressions>();
  suppressions->secret = in.text();
  for (std::uint64_t left = in.count(18); left > 0 && !in.failed(); --left) {
    Fingerprint print{};
    in.fixed(&print, sizeof(print));
    const bool lifted = in.flag();
    const auto& entries = suppressions->entries;
    if (!entries.empty() && print <= entries.rbegin()->first) in.refuse();
    suppressions->entries[print] = {lifted, in.time()};
  }
  if (suppressions->secret.empty() != suppressions->entries.empty()) in.refuse();
  if (!suppressions->secret.empty() && suppressions->secret.size() != 32) in.refuse();
  std::uint32_t position_min = 1;
  for (std::uint64_t left = in.count(3); left > 0 && !in.failed(); --left) {
    Suppressions::Erasure erasure;
    erasure.position = in.between<std::uint32_t>(position_min, bounds.position);
    erasure.lead = in.as<LeadOrdinal>();
    erasure.at = in.time();
    position_min = erasure.position + 1;
    suppressions->erasures.push_back(erasure);
  }
  return suppressions;
}

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::internal, "a damaged snapshot");
}

}  // namespace

struct SnapshotCodec {
  static void write_header(Writer& out, const Version& version) {
    out.number(kFormat);
    out.number(kReaderVersion);
    out.number(lists_fingerprint());
    out.number(version.position_);
    out.time(version.log_time_);
    out.number(version.rescore_next_ ? *version.rescore_next_ + std::uint64_t{1} : 0);
    out.number(version.playbook_ ? version.playbook_->version : 0);
    out.text(version.playbook_ ? write_playbook(version.playbook_->source) : std::string());
    write_names(out, version.playbook_ ? version.playbook_->segments.names : kNoNames);
    write_names(out, version.kinds_->own_names());
  }

  static Result<> read_header(Reader& in, Version& version) {
    if (in.number() != kFormat || in.number() != kReaderVersion) {
      return fail(ErrorCode::internal, "a snapshot of another format");
    }
    if (in.number() != lists_fingerprint()) {
      return fail(ErrorCode::internal, "a snapshot made with other lists of mail domains");
    }
    version.position_ = in.as<std::uint32_t>();  // records name positions in 32 bits
    version.log_time_ = in.time();
    if (const auto next = in.as<LeadOrdinal>(); next != 0) version.rescore_next_ = next - 1;
    const auto playbook_version = in.as<std::uint32_t>();
    const std::string toml = in.text();
    const std::vector<std::string> segment_names = read_names(in);
    std::vector<std::string> names = read_names(in);
    if (in.failed() || names.size() > KindTable::kNamesMax) return damaged();
    if (segment_names.size() > Segments::kNamesMax) return damaged();
    version.kinds_ = std::make_shared<KindTable>(std::move(names));
    return read_playbook_of(version, toml, playbook_version, segment_names);
  }

  static Result<> read_playbook_of(Version& version, const std::string& toml,
                                   std::uint32_t playbook_version,
                                   const std::vector<std::string>& segment_names) {
    if (playbook_version == 0) {
      if (!toml.empty() || !segment_names.empty()) return damaged();
      return {};
    }
    const auto refused = [](const Error& error) {
      return fail(ErrorCode::internal, "the playbook of a snapshot: " + error.message);
    };
    auto playbook = read_playbook(toml, Playbook{});
    if (!playbook) return refused(playbook.error());
    auto compiled = compile_playbook(*playbook, playbook_version, *version.kinds_, segment_names);
    if (!compiled) return refused(compiled.error());
    if ((*compiled)->lifecycle.stages.empty()) return damaged();
    // The playbook's own names are among those that there were.
    if ((*compiled)->segments.names != segment_names) return damaged();
    version.playbook_ = std::move(*compiled);
    return {};
  }

  static Bounds bounds_of(const Version& version) {
    return {.position = static_cast<std::uint32_t>(version.position_),
            .kind_max = static_cast<KindCode>(kFirstFreeKind + version.kinds_->own_count() - 1),
            .playbook_version = version.playbook_ ? version.playbook_->version : 0,
            .segments = version.playbook_ ? version.playbook_->segments.names.size() : 0};
  }

  // Those that persons remember, in log order; numbers follow from that.
  static void write_sightings(Writer& out, const Version& version) {
    std::vector<SightingNumber> numbers;
    for (PersonOrdinal i = 0; i < version.persons_.size(); ++i) {
      const auto& own = version.persons_[i].sightings;
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
        const auto& own = version.persons_[person].sightings;
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

  // One for each property that the playbook asks for.
  static void read_columns(Reader& in, Version& version, const Bounds& bounds) {
    const std::size_t count = version.playbook_ ? version.playbook_->properties.size() : 0;
    while (version.columns_.size() < count) {
      version.columns_.push_back(read_column(in, bounds.position));
    }
  }

  static void encode(const Version& version, const std::function<void(std::string_view)>& sink) {
    constexpr std::size_t kPieceBytes = 64 << 10;
    Writer out;
    write_header(out, version);
    write_suppressions(out, *version.suppressions_);
    for (const PropertyColumnPtr& column : version.columns_) {
      write_column(out, *column);
      out.give(sink, kPieceBytes);
    }
    write_sightings(out, version);
    std::vector<Event> scratch;
    out.number(version.persons_.size());
    for (PersonOrdinal i = 0; i < version.persons_.size(); ++i) {
      write_person(out, version.persons_[i], scratch);
      out.give(sink, kPieceBytes);
    }
    out.number(version.leads_.size());
    for (LeadOrdinal i = 0; i < version.leads_.size(); ++i) {
      write_lead(out, version.leads_[i]);
      out.give(sink, kPieceBytes);
    }
    out.number(version.taken_in_count_);
    for (std::uint64_t at = 0; at < version.taken_in_count_; ++at) {
      const TakenIn& taken = version.indexes_->taken_in[at];
      out.fixed(&taken.identity, sizeof(taken.identity));
      out.number(taken.position);
      out.give(sink, kPieceBytes);
    }
    out.give(sink, 1);
  }

  static Result<Version> decode(std::string_view bytes) {
    Reader in(bytes);
    Version version(std::make_shared<Indexes>());
    if (auto header = read_header(in, version); !header) return tl::unexpected(header.error());
    const Bounds bounds = bounds_of(version);
    version.suppressions_ = read_suppressions(in, bounds);
    read_columns(in, version, bounds);
    if (!read_persons(in, version, bounds) || !read_leads(in, version, bounds)) return damaged();
    read_identities(in, version, bounds);
    if (in.failed() || !in.at_end()) return damaged();
    version.keeps_accounts_ = false;  // until they are found
    return version;
  }
};

void encode_snapshot(const Version& version, const std::function<void(std::string_view)>& sink) {
  SnapshotCodec::encode(version, sink);
}

std::string encode_snapshot(const Version& version) {
  std::string bytes;
  encode_snapshot(version, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

Result<Version> decode_snapshot(std::string_view bytes) {
  return SnapshotCodec::decode(bytes);
}

}  // namespace galena::workspace
