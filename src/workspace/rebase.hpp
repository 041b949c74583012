// A workspace on its way to another base: made beside the writer from what is published, until so
// little is left that the writer can do it between two batches (ADR 0015).
#pragma once

#include "workspace/workspace.hpp"

namespace galena::workspace {

class Rebase {
 public:
  // The base, and the version that was written as it.
  Rebase(BasePtr base, const Version& written);

  // What changed up to a later version of the same workspace, at the cost of that.
  void follow(const Version& to);

  // So many records are between this and the version.
  std::uint64_t left(const Version& to) const;

  // The version that it has come to, upon the new base. (Rebase is of no use afterwards.)
  Version take() { return std::move(version_); }

 private:
  void follow_persons(const Version& to);
  void follow_indexes(const Version& to);

  Version version_;
  std::uint64_t taken_in_of_base_ = 0;  // by the count of the version that was written
  domain::PersonOrdinal persons_indexed_ = 0;
  domain::AccountOrdinal accounts_indexed_ = 0;
  domain::SightingNumber sightings_copied_ = 0;
};

}  // namespace galena::workspace
