#include "plant.hpp"

#include <string>
#include <vector>

#include "domain/input.hpp"

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

void PlantedStore::read_log(store::WorkspaceId workspace, store::Position after,
                            const std::function<bool(const store::LogRow&)>& visit) {
  const bool loses = plant_ == Plant::lose_void && is_starting;
  ForwardingStore::read_log(workspace, after, [&](const store::LogRow& row) {
    if (!loses || row.kind != static_cast<int>(domain::InputKind::voiding)) return visit(row);
    store::LogRow nothing = row;
    nothing.kind = static_cast<int>(domain::InputKind::time);
    nothing.input = R"({"leads":[]})";
    nothing.outcome = "{}";
    return visit(nothing);
  });
}

void PlantedStore::work(const std::function<void()>& body) {
  const bool is_last = kill_in_ > 0 && --kill_in_ == 0;
  if (!is_last || kills_after_) body();
  if (!is_last) return;
  was_killed_ = true;
  throw store::StoreError(store::StoreError::Kind::io, "the program was killed");
}

void PlantedStore::rewrite(store::WorkspaceId workspace,
                           std::span<const store::RewrittenRow> rows) {
  const bool skips = plant_ == Plant::skip_erased_row && rows.size() > 1;
  work([&] { ForwardingStore::rewrite(workspace, skips ? rows.subspan(1) : rows); });
}

void PlantedStore::scrub() {
  work([&] { ForwardingStore::scrub(); });
}

void PlantedStore::forget_copies(store::WorkspaceId workspace, store::Position before) {
  work([&] { ForwardingStore::forget_copies(workspace, before); });
}

void PlantedStore::keep_erasure_list(std::string_view text) {
  work([&] { ForwardingStore::keep_erasure_list(text); });
}

}  // namespace galena::sim
