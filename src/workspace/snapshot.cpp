#include "workspace/snapshot.hpp"

#include <cstring>

#include "domain/playbook.hpp"
#include "domain/record.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

constexpr std::uint32_t kFormat = 2;
constexpr std::uint32_t kReaderVersion = 2;  // of domain/message and domain/identity (ADR 0001)

class Writer {
 public:
  std::string take() { return std::move(out_); }

  void number(std::uint64_t value) {  // LEB128
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void signed_number(std::int64_t value) {  // zigzag
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void time(Time value) { signed_number(to_ms(value)); }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }
  void fixed(const void* bytes, std::size_t size) {
    out_.append(static_cast<const char*>(bytes), size);
  }

 private:
  std::string out_;
};

// Reads what Writer wrote. Past the end it gives zeros and remembers that it failed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }
  template <class Number>
  Number as() {
    return static_cast<Number>(number());
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  Time time() { return from_ms(signed_number()); }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      failed_ = true;
      return {};
    }
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  void fixed(void* bytes, std::size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      return;
    }
    std::memcpy(bytes, rest_.data(), size);
    rest_.remove_prefix(size);
  }
  // How many entries of at least one byte may follow.
  std::uint64_t count() {
    const std::uint64_t value = number();
    if (value <= rest_.size()) return value;
    failed_ = true;
    return 0;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

void write_person(Writer& out, const Person& person, std::vector<Event>& scratch) {
  out.number(static_cast<std::uint64_t>(person.key.kind));
  out.text(person.key.text);
  out.number(person.lead);
  out.number(person.shared_since);
  out.number(person.facts.size());
  for (const Fact& fact : person.facts) {
    out.number(static_cast<std::uint64_t>(fact.field));
    out.number(static_cast<std::uint64_t>(fact.source));
    out.time(fact.at);
    out.time(fact.known_at);
    out.number(fact.position);
    out.text(fact.value);
    out.number(fact.implied ? 1 : 0);
  }
  scratch.clear();
  person.history.collect(scratch);
  out.number(scratch.size());
  for (const Event& event : scratch) {
    out.time(event.at);
    out.signed_number((event.known_at - event.at).count());
    out.number(event.position);
    out.number(event.kind);
    out.number(event.counted ? 1 : 0);
    out.number(event.object);
    out.signed_number(event.value);
  }
}

PersonPtr read_person(Reader& in) {
  auto person = std::make_shared<Person>();
  person->key.kind = in.as<KeyKind>();
  person->key.text = in.text();
  person->lead = in.as<LeadOrdinal>();
  person->shared_since = in.as<std::uint32_t>();
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    Fact fact;
    fact.field = in.as<Field>();
    fact.source = in.as<Source>();
    fact.at = in.time();
    fact.known_at = in.time();
    fact.position = in.as<std::uint32_t>();
    fact.value = in.text();
    fact.implied = in.number() != 0;
    person->facts.push_back(std::move(fact));
  }
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    Event event;
    event.at = in.time();
    event.known_at = event.at + Duration{in.signed_number()};
    event.position = in.as<std::uint32_t>();
    event.kind = in.as<KindCode>();
    event.counted = in.number() != 0;
    event.object = in.number();
    event.value = in.signed_number();
    person->history.append(event);
  }
  return person;
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
}

std::shared_ptr<Lead> read_lead(Reader& in) {
  auto lead = std::make_shared<Lead>();
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    lead->persons.push_back(in.as<PersonOrdinal>());
  }
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    StageEntry stage;
    stage.stage = in.text();
    stage.at = in.time();
    stage.score.micro = in.signed_number();
    stage.model_version = in.as<std::uint32_t>();
    stage.position = in.as<std::uint32_t>();
    lead->stages.push_back(std::move(stage));
  }
  if (const std::uint64_t into = in.number(); into != 0) {
    lead->merged_into = static_cast<LeadOrdinal>(into - 1);
  }
  lead->created_at = in.time();
  return lead;
}

// What follows from the persons: the record, and whether it is only a visitor.
bool derive(Lead& lead, const CowTable<Person>& persons) {
  std::vector<const Person*> own;
  for (const PersonOrdinal ordinal : lead.persons) {
    if (ordinal >= persons.size()) return false;
    own.push_back(&persons[ordinal]);
    if (persons[ordinal].key.kind != KeyKind::anonymous) lead.visitor = false;
  }
  lead.record = fold_record(own);
  return !lead.stages.empty();
}

}  // namespace

struct SnapshotCodec {
  static void write_header(Writer& out, const Version& version) {
    out.number(kFormat);
    out.number(kReaderVersion);
    out.number(version.position_);
    out.time(version.log_time_);
    out.number(version.rescore_next_ ? *version.rescore_next_ + std::uint64_t{1} : 0);
    out.number(version.playbook_ ? version.playbook_->version : 0);
    out.text(version.playbook_ ? write_playbook(version.playbook_->source) : std::string());
    out.number(version.kinds_->own_names().size());
    for (const std::string& name : version.kinds_->own_names()) out.text(name);
  }

  static Result<> read_header(Reader& in, Version& version) {
    if (in.number() != kFormat || in.number() != kReaderVersion) {
      return fail(ErrorCode::internal, "a snapshot of another format");
    }
    version.position_ = in.number();
    version.log_time_ = in.time();
    if (const std::uint64_t next = in.number(); next != 0) {
      version.rescore_next_ = static_cast<LeadOrdinal>(next - 1);
    }
    const auto playbook_version = in.as<std::uint32_t>();
    const std::string toml = in.text();
    std::vector<std::string> names;
    for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
      names.push_back(in.text());
    }
    version.kinds_ = std::make_shared<KindTable>(std::move(names));
    if (playbook_version == 0) return {};
    auto playbook = read_playbook(toml, Playbook{});
    if (!playbook) return tl::unexpected(playbook.error());
    auto compiled = compile_playbook(*playbook, playbook_version, *version.kinds_);
    if (!compiled) return tl::unexpected(compiled.error());
    version.playbook_ = std::move(*compiled);
    return {};
  }

  static void read_identities(Reader& in, Version& version) {
    Indexes& indexes = *version.indexes_;
    const std::uint64_t count = in.count();
    for (std::uint64_t at = 0; at < count && !in.failed(); ++at) {
      TakenIn taken;
      in.fixed(&taken.identity, sizeof(taken.identity));
      taken.position = in.as<std::uint32_t>();
      indexes.taken_in.set(at, taken);
      indexes.identities.insert(taken.identity[0], static_cast<std::uint32_t>(at));
    }
    version.taken_in_count_ = count;
  }

  static std::string encode(const Version& version) {
    Writer out;
    write_header(out, version);
    std::vector<Event> scratch;
    out.number(version.persons_.size());
    for (PersonOrdinal i = 0; i < version.persons_.size(); ++i) {
      write_person(out, version.persons_[i], scratch);
    }
    out.number(version.leads_.size());
    for (LeadOrdinal i = 0; i < version.leads_.size(); ++i) write_lead(out, version.leads_[i]);
    out.number(version.taken_in_count_);
    for (std::uint64_t at = 0; at < version.taken_in_count_; ++at) {
      const TakenIn& taken = version.indexes_->taken_in[at];
      out.fixed(&taken.identity, sizeof(taken.identity));
      out.number(taken.position);
    }
    return out.take();
  }

  static Result<Version> decode(std::string_view bytes) {
    Reader in(bytes);
    Version version(std::make_shared<Indexes>());
    if (auto header = read_header(in, version); !header) return tl::unexpected(header.error());
    const std::uint64_t persons = in.count();
    for (std::uint64_t i = 0; i < persons && !in.failed(); ++i) {
      auto person = read_person(in);
      version.indexes_->keys.insert(hash_of(person->key), static_cast<std::uint32_t>(i));
      version.persons_.set(static_cast<PersonOrdinal>(i), std::move(person));
    }
    const std::uint64_t leads = in.count();
    bool sound = true;
    for (std::uint64_t i = 0; i < leads && !in.failed() && sound; ++i) {
      auto lead = read_lead(in);
      sound = derive(*lead, version.persons_);
      version.leads_.set(static_cast<LeadOrdinal>(i), std::move(lead));
    }
    read_identities(in, version);
    if (in.failed() || !in.at_end() || !sound) {
      return fail(ErrorCode::internal, "a damaged snapshot");
    }
    return version;
  }
};

std::string encode_snapshot(const Version& version) {
  return SnapshotCodec::encode(version);
}

Result<Version> decode_snapshot(std::string_view bytes) {
  return SnapshotCodec::decode(bytes);
}

}  // namespace galena::workspace
