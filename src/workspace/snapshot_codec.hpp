// What the two forms of a snapshot have in common: the canonical dump (dump.hpp) and the base
// (base.hpp). Knows the inside of a version.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "workspace/row_codec.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

struct SnapshotCodec {
  static tl::unexpected<Error> damaged();

  // Position, log time, playbook, names of kinds and segments. The playbook is compiled again.
  static void write_head(ByteWriter& out, const Version& version);
  static Result<> read_head(ByteReader& in, Version& version);
  static Bounds bounds_of(const Version& version);

  static void write_suppressions(ByteWriter& out, const domain::Suppressions& suppressions);
  static std::shared_ptr<const domain::Suppressions> read_suppressions(ByteReader& in,
                                                                       const Bounds& bounds);

  static void write_properties(ByteWriter& out, const Version& version);
  static void read_properties(ByteReader& in, Version& version, const Bounds& bounds);

 private:
  static Result<> read_playbook_of(Version& version, const std::string& toml,
                                   std::uint32_t playbook_version,
                                   const std::vector<std::string>& segment_names);
};

}  // namespace galena::workspace
