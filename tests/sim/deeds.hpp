// What people did by hand, as the log of one workspace tells it: who was merged, what was taken
// back, who was erased. And what must hold of the state and of the files ever since.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/naive_criteria.hpp"
#include "store/store.hpp"
#include "workspace/workspace.hpp"
#include "world.hpp"

namespace galena::sim {

using store::Position;

class Deeds {
 public:
  // Reads what came to the log since. To be called before an erasure rewrites it; `state` is of the
  // log's end.
  void follow(store::Store& store, WorkspaceId workspace, const workspace::Version& state);

  // What was taken back counts for nothing and all else does; who was merged is one; who was erased
  // is nobody.
  void check(const workspace::Version& state) const;

  // All erasures are done: none of the files names one of those persons, but for keys that somebody
  // else has now.
  void check_forgotten(const workspace::Version& state,
                       const std::vector<std::string>& files) const;

  // Whether an erasure may have put another text into the row.
  bool may_be_rewritten(Position position) const;
  bool names_erased(std::string_view text) const;
  Position last_erasure() const { return last_erasure_; }
  // Whether nobody could come in under this user id then.
  bool was_held(const std::string& user, Position position) const;

  // Where things were said by hand, in log order.
  const std::vector<Position>& by_hand() const { return by_hand_; }

 private:
  struct OfTwo {
    domain::PersonOrdinal one, other;
  };

  void take(const store::LogRow& row, const workspace::Version& state);
  void take_erasure(const store::LogRow& row, const domain::EraseInput& input,
                    const workspace::Version& state);
  void check_voids(const workspace::Version& state) const;
  void check_merges(const workspace::Version& state) const;

  Position followed_ = 0;
  Position last_erasure_ = 0;
  std::vector<Position> by_hand_;
  std::set<Position> voided_;
  std::map<Position, OfTwo> merges_;
  std::set<domain::PersonOrdinal> erased_;
  std::set<std::string> erased_keys_;  // all that ever were, as names_in gives them
  std::set<std::string> gone_words_;   // may never be seen again
  std::set<std::string> gone_keys_;    // nor may they, unless they were allowed to come back
  // User ids: from where on they were held, and allowed again.
  std::map<std::string, std::vector<std::pair<Position, bool>>> held_users_;
  std::map<Position, std::set<std::string>> names_;  // in each row, as it was written first
  std::set<Position> rewritable_;
};

// The lead is in those segments whose criteria hold by their words, at this moment.
void check_segments(const domain::State& state, Time now);

}  // namespace galena::sim
