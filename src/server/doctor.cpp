// What `galena doctor` shows: what is there, how large, in memory and on the disk.
#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "base/sample.hpp"
#include "server/handlers.hpp"
#include "server/process_memory.hpp"
#include "server/version.hpp"
#include "store/reports.hpp"
#include "workspace/footprint.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using store::Position;
using store::WorkspaceId;

// How many erasures have not come to their end.
std::size_t erasures_running(const Call& call, WorkspaceId workspace) {
  const auto all = call.services.engine.erasures(workspace);
  return static_cast<std::size_t>(std::ranges::count(all, false, &engine::ErasureProgress::done));
}

// All workspaces' rows are in one table, and adding them up would read it from end to end. So some
// are measured, and the rest is taken to be like them.
std::uint64_t log_bytes(store::Store& store, WorkspaceId workspace, Position rows) {
  constexpr std::uint64_t kMeasuredMax = 256;
  constexpr std::uint64_t kHead = 24;  // place, time and lengths, as SQLite writes them
  std::vector<Position> positions = spread_sample(rows, kMeasuredMax);
  for (Position& position : positions) ++position;  // the first is 1
  std::uint64_t bytes = 0, found = 0;
  store.read_rows(workspace, positions, [&](const store::LogRow& row) {
    bytes += kHead + row.input.size() + row.outcome.size();
    ++found;
  });
  return found == 0 ? 0 : bytes * rows / found;
}

json::object memory_json(const ProcessMemory& memory) {
  return {{"resident_bytes", memory.resident_bytes},
          {"anonymous_bytes", memory.anonymous_bytes},
          {"file_bytes", memory.file_bytes},
          {"peak_bytes", memory.peak_bytes},
          {"swapped_bytes", memory.swapped_bytes}};
}

// What is known without waking it. Who sleeps has no erasure that goes on.
json::object asleep_json(const Call& call, const store::WorkspaceRow& row) {
  return {{"id", fmt::format("ws_{}", row.id)},
          {"name", row.name},
          {"asleep", true},
          {"log_rows", call.services.engine.last_position(row.id)},
          {"erasures_running", 0}};
}

json::object workspace_json(const Call& call, const store::WorkspaceRow& row,
                            const workspace::Version& state, const store::ReportsInfo& reports) {
  const workspace::Footprint footprint = workspace::footprint_of(state);
  const store::SnapshotsInfo snapshots = call.services.store.snapshots_info(row.id);
  const auto reported = reports.workspaces.find(row.id);
  const bool is_reported = reported != reports.workspaces.end();
  return {{"id", fmt::format("ws_{}", row.id)},
          {"name", row.name},
          {"asleep", false},
          {"leads", state.lead_count()},
          {"persons", state.person_count()},
          {"accounts", state.account_count()},
          {"events", footprint.events},
          {"log_rows", state.last_position()},
          {"erasures", state.suppressions()->erasures.size()},
          {"erasures_running", erasures_running(call, row.id)},
          {"playbook_version", state.playbook()->version},
          {"memory",
           {{"records_bytes", footprint.records_bytes},
            {"base_bytes", footprint.base_bytes},
            {"columns_bytes", call.services.engine.columns_memory(row.id)}}},
          {"disk",
           {{"log_bytes", log_bytes(call.services.store, row.id, state.last_position())},
            {"snapshots", snapshots.count},
            {"snapshot_bytes", snapshots.bytes},
            {"snapshot_position", snapshots.position},
            {"reports_position", is_reported ? reported->second.position : Position{0}}}}};
}

}  // namespace

Response local_doctor(const Call& call) {
  const store::DatabaseInfo info = call.services.store.info();
  const store::ReportsInfo reports = call.services.store.reports().info();
  json::array workspaces;
  for (const store::WorkspaceRow& row : call.services.store.workspaces()) {
    const auto state = call.services.engine.read_if_awake(row.id);
    if (!state) {
      workspaces.push_back(asleep_json(call, row));
      continue;
    }
    if (!state->playbook()) continue;  // it is being made just now
    workspaces.push_back(workspace_json(call, row, *state, reports));
  }
  const json::object shown{
      {"version", kVersion},
      {"data", call.services.data_directory},
      {"clock_held", call.services.engine.figures().clock_held.load()},
      {"memory", memory_json(process_memory())},
      {"database",
       {{"file", info.path},
        {"bytes", info.file_bytes},
        {"wal_bytes", info.wal_bytes},
        {"copies_bytes", info.copies_bytes},
        {"schema_version", info.schema_version},
        {"sqlite", info.library_version}}},
      {"reports",
       {{"file", reports.path}, {"bytes", reports.file_bytes}, {"wal_bytes", reports.wal_bytes}}},
      {"disk_free_bytes", info.disk_free_bytes},
      {"workspaces", std::move(workspaces)}};
  return {.body = json::serialize(shown)};
}

}  // namespace galena::server
