// Faults put in on purpose: each breaks one promise, and a checker has to find it.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/forwarding_store.hpp"

namespace galena::sim {

enum class Plant {
  nothing,
  lose_rows,        // an append says that it is done, and is not
  change_input,     // a letter of a row is another
  change_outcome,   // what was decided is written down otherwise
  turn_time_back,   // a row is an hour earlier
  change_snapshot,  // a snapshot is sound, and of another state
  take_twice,       // what is sent again is not known again
  wrong_workspace,  // something comes in at another's
  late_timers,      // time comes due a second late
  skip_erased_row,  // an erasure leaves one of the rows as it was
  lose_void,        // a start does not see that something was taken back
};

struct PlantRow {
  Plant plant;
  std::string_view name;
  std::string_view complaint;  // what the checker says, a part of it: a regular expression
};

// THE TABLE OF PLANTS.
inline constexpr std::array kPlants{
    PlantRow{Plant::lose_rows, "lose_rows", "was published, the log ends at"},
    PlantRow{Plant::change_input, "change_input", "is not what was sent"},
    PlantRow{Plant::change_outcome, "change_outcome",
             "told again it is|another state was published"},
    PlantRow{Plant::turn_time_back, "turn_time_back",
             "log time runs back at|another state was published"},
    PlantRow{Plant::change_snapshot, "change_snapshot", "from the log alone|from its snapshot"},
    PlantRow{Plant::take_twice, "take_twice", "was taken in again at"},
    PlantRow{Plant::wrong_workspace, "wrong_workspace", "and is gone|which nobody sent to it"},
    PlantRow{Plant::late_timers, "late_timers", "should have entered|by their words"},
    PlantRow{Plant::skip_erased_row, "skip_erased_row",
             "was erased, and a file has it|cannot be replayed"},
    PlantRow{Plant::lose_void, "lose_void",
             "taken back, and stands|the log alone it is another|told again"},
};

// A store that does what the plant says, once in a while.
class PlantedStore final : public store::ForwardingStore {
 public:
  PlantedStore(store::Store& to, Plant plant) : ForwardingStore(to), plant_(plant) {}

  void append(std::span<const store::LogRow> rows) override;
  void write_snapshot(store::WorkspaceId workspace, store::Position position,
                      const store::SnapshotSource& source) override;
  void read_log(store::WorkspaceId workspace, store::Position after,
                const std::function<bool(const store::LogRow&)>& visit) override;

  // What an erasure does to the files. The nth call from now on is the last thing the program does,
  // or what it dies before; 0: none.
  void kill_at(int nth, bool after = false) {
    kill_in_ = nth;
    kills_after_ = after;
  }
  bool was_killed() const { return was_killed_; }
  void rewrite(store::WorkspaceId workspace, std::span<const store::RewrittenRow> rows) override;
  void scrub() override;
  void forget_copies(store::WorkspaceId workspace, store::Position before) override;
  void keep_erasure_list(std::string_view text) override;

  // The engine is being started.
  bool is_starting = false;

 private:
  void work(const std::function<void()>& body);
  bool spoils_rows() const {
    return plant_ == Plant::lose_rows || plant_ == Plant::change_input ||
           plant_ == Plant::change_outcome || plant_ == Plant::turn_time_back;
  }
  bool spoil(std::vector<store::LogRow>& rows);

  Plant plant_;
  int appends_ = 0;
  int kill_in_ = 0;
  bool kills_after_ = false;
  bool was_killed_ = false;
  bool is_due_ = false;
  std::string spoilt_;
};

}  // namespace galena::sim
