// What a busy store does, the same for the same seed: appends for several workspaces, changes of
// the catalogue, checkpoints, a restart. It keeps book of what the store promised.
#pragma once

#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "store/sqlite_store.hpp"

namespace galena::store {

inline constexpr std::size_t kWorkspaces = 3;
using Ends = std::array<Position, kWorkspaces>;  // where the log of each workspace ends

// The content of a row follows from its place, so that a reader can tell whether it is the one.
std::string row_text(WorkspaceId workspace, Position position);

class Workload {
 public:
  Workload(std::string directory, std::string vfs, std::uint64_t seed, bool checkpoint_thread);

  // What is done next, and again if it failed. Lets StoreError through; false at the end.
  bool step();

  // In the open store there is what was promised; of what was in flight all or nothing. "" if so.
  std::string complaint();
  // Opens what the disk holds now, forgetting the store of before. "" or why not.
  std::string reopen();
  void close() { store_.reset(); }

  bool is_open() const { return store_ != nullptr; }
  Store& store() { return *store_; }
  // After a failure that left nothing behind.
  bool nothing_in_flight_arrived();

 private:
  enum class Kind { append, catalogue, passive, restart, scrub, reopen };
  struct Step {
    Kind kind = Kind::append;
    std::vector<LogRow> rows;  // without texts
  };

  void plan(std::uint64_t seed);
  void run(const Step& step);
  void append(const Step& step);
  void rewrite_some();
  std::string check_log(WorkspaceId workspace, Ends& found);

  std::string directory_;
  std::string vfs_;
  bool checkpoint_thread_;
  std::unique_ptr<SqliteStore> store_;
  std::vector<Step> steps_;
  std::size_t next_ = 0;

  Ends promised_{};
  Ends in_flight_{};  // where the logs end if the append in flight arrived
  std::size_t keys_promised_ = 0;
  std::size_t keys_in_flight_ = 0;
};

}  // namespace galena::store
