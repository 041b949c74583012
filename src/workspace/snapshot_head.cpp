#include "domain/mail_domain.hpp"
#include "domain/playbook.hpp"
#include "workspace/snapshot_codec.hpp"
#include "workspace/snapshot_properties.hpp"

namespace galena::workspace {

using namespace domain;

namespace {

constexpr std::uint32_t kFormat = 7;
constexpr std::uint32_t kReaderVersion = 4;  // of domain/message and domain/identity (ADR 0001)

const std::vector<std::string> kNoNames;

void write_names(ByteWriter& out, const std::vector<std::string>& names) {
  out.number(names.size());
  for (const std::string& name : names) out.text(name);
}

std::vector<std::string> read_names(ByteReader& in) {
  std::vector<std::string> names;
  for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
    names.push_back(in.text());
  }
  return names;
}

}  // namespace

tl::unexpected<Error> SnapshotCodec::damaged() {
  return fail(ErrorCode::internal, "a damaged snapshot");
}

void SnapshotCodec::write_suppressions(ByteWriter& out, const Suppressions& suppressions) {
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

std::shared_ptr<const Suppressions> SnapshotCodec::read_suppressions(ByteReader& in,
                                                                     const Bounds& bounds) {
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

void SnapshotCodec::write_head(ByteWriter& out, const Version& version) {
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

Result<> SnapshotCodec::read_head(ByteReader& in, Version& version) {
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

Result<> SnapshotCodec::read_playbook_of(Version& version, const std::string& toml,
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

Bounds SnapshotCodec::bounds_of(const Version& version) {
  return {.position = static_cast<std::uint32_t>(version.position_),
          .kind_max = static_cast<KindCode>(kFirstFreeKind + version.kinds_->own_count() - 1),
          .playbook_version = version.playbook_ ? version.playbook_->version : 0,
          .segments = version.playbook_ ? version.playbook_->segments.names.size() : 0};
}

void SnapshotCodec::write_properties(ByteWriter& out, const Version& version) {
  for (const PropertyColumnPtr& column : version.columns_) write_column(out, *column);
}

// One for each property that the playbook asks for.
void SnapshotCodec::read_properties(ByteReader& in, Version& version, const Bounds& bounds) {
  const std::size_t count = version.playbook_ ? version.playbook_->properties.size() : 0;
  while (version.columns_.size() < count) {
    version.columns_.push_back(read_column(in, bounds.position));
  }
}

}  // namespace galena::workspace
