#include "plant.hpp"

#include <string>
#include <vector>

namespace galena::sim {
namespace {

constexpr int kEvery = 25;  // of the appends one is spoilt

std::string with(std::string_view text, std::string_view before, std::string_view after) {
  std::string changed(text);
  const auto at = changed.rfind(before);
  if (at != changed.npos) changed.replace(at, before.size(), after);
  return changed;
}

}  // namespace

void PlantedStore::append(std::span<const store::LogRow> rows) {
  const bool is_spoilt = ++appends_ % kEvery == 0;
  if (!is_spoilt || plant_ == Plant::nothing) return ForwardingStore::append(rows);
  if (plant_ == Plant::lose_rows) return;
  std::vector<store::LogRow> changed(rows.begin(), rows.end());
  store::LogRow& row = changed.front();
  std::string input(row.input), outcome(row.outcome);
  if (plant_ == Plant::change_input) input = with(input, "\"mark\":", "\"Mark\":");
  if (plant_ == Plant::change_outcome) outcome = with(outcome, ",\"lead\",", ",\"contact\",");
  if (plant_ == Plant::turn_time_back) row.received_at -= std::chrono::hours{1};
  row.input = input;
  row.outcome = outcome;
  ForwardingStore::append(changed);
}

void PlantedStore::save_snapshot(store::WorkspaceId workspace, store::Position position,
                                 std::string_view bytes) {
  const bool is_spoilt = plant_ == Plant::change_snapshot;
  ForwardingStore::save_snapshot(workspace, position,
                                 is_spoilt ? with(bytes, "VP Sales", "VP sales") : bytes);
}

}  // namespace galena::sim
