// What must hold of any state at any moment, told by oracles that know nothing of how it is kept.
// Each complains by throwing Complaint.
#pragma once

#include "complaint.hpp"
#include "deeds.hpp"
#include "domain/naive_criteria.hpp"
#include "domain/plain_state.hpp"
#include "store/store.hpp"
#include "workspace/workspace.hpp"
#include "world.hpp"

namespace galena::sim {

using store::Position;

// Every score is the sum of its ledger, is what the words of the requirements say, and is the one
// that is kept for as long as that is said to hold.
void check_scores(const domain::State& state, Time now);

// Accounts are what persons tell of them.
void check_accounts(const domain::State& state);

// Persons and leads belong together, and every person is found by their key.
void check_people(const domain::State& state);

// Nothing in it comes from another workspace: no key, no value.
void check_isolation(const workspace::Version& version, WorkspaceId workspace);

// A criterion as it runs and as it reads: both say the same of this subject.
void check_criterion(const domain::Criterion& criterion, const domain::naive::World& world,
                     const domain::Subject& subject);
// Random ones about random people.
void check_criteria(const domain::State& state, Random& random, Time now);

// The log of one workspace decided again from its first row, in plain vectors. Follows the log, and
// complains if what it has seen of it is another now.
class Replica {
 public:
  // To be called before an erasure rewrites the log. What `deeds` does not know of is not to be
  // rewritten.
  void follow(store::Store& store, WorkspaceId workspace, const Deeds& deeds);
  // The state is what the log says: the same people, leads, stages, scores; each event once.
  void check(const workspace::Version& version, Time now) const;

 private:
  void take(store::Store& store, const store::LogRow& row);
  // What the log says of the properties that a playbook is the first to ask for.
  void read_again(store::Store& store, WorkspaceId workspace, domain::PlaybookInput& input) const;
  // What the log says of what is taken back.
  void read_again(store::Store& store, WorkspaceId workspace, domain::VoidInput& input) const;

  domain::PlainState state_;
  struct SeenRow {
    std::size_t input, rest;  // hashes
  };
  std::vector<SeenRow> rows_;
  std::vector<std::uint32_t> event_rows_;
};

}  // namespace galena::sim
