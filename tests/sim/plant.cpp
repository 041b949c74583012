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

// Spoils the first row in which there is something to spoil; false if there is none.
bool PlantedStore::spoil(std::vector<store::LogRow>& rows) {
  for (store::LogRow& row : rows) {
    if (plant_ == Plant::turn_time_back) {
      row.received_at -= std::chrono::hours{1};
      return true;
    }
    const bool is_input = plant_ == Plant::change_input;
    std::string_view& text = is_input ? row.input : row.outcome;
    spoilt_ =
        is_input ? with(text, "\"mark\":", "\"Mark\":") : with(text, ",\"lead\",", ",\"contact\",");
    if (spoilt_ == text) continue;
    text = spoilt_;
    return true;
  }
  return false;
}

void PlantedStore::append(std::span<const store::LogRow> rows) {
  is_due_ = is_due_ || ++appends_ % kEvery == 0;
  if (!is_due_ || !spoils_rows()) return ForwardingStore::append(rows);
  is_due_ = false;
  if (plant_ == Plant::lose_rows) return;
  std::vector<store::LogRow> changed(rows.begin(), rows.end());
  is_due_ = !spoil(changed);  // later, then
  ForwardingStore::append(changed);
}

void PlantedStore::write_snapshot(store::WorkspaceId workspace, store::Position position,
                                  const store::SnapshotSource& source) {
  if (plant_ != Plant::change_snapshot) {
    return ForwardingStore::write_snapshot(workspace, position, source);
  }
  std::string bytes;
  source([&](std::string_view piece) { bytes += piece; });
  bytes = with(bytes, "VP Sales", "VP sales");
  ForwardingStore::write_snapshot(workspace, position, [&](const auto& sink) { sink(bytes); });
}

}  // namespace galena::sim
