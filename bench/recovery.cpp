// A start upon a data directory that scale_data made: from the snapshot, from the snapshot and a
// tail of the log, and from the log alone; and the memory of each.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <string>

#include "engine/recovery.hpp"
#include "store/forwarding_store.hpp"
#include "store/store.hpp"
#include "workspace/lead_table.hpp"

namespace {

using namespace galena;
using namespace galena::engine;
using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point begun) {
  return std::chrono::duration<double>(Steady::now() - begun).count();
}

double anonymous_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stod(line.substr(8)) / 1024;
  }
  return 0;
}

// The log alone.
class WithoutSnapshot final : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  std::optional<store::Snapshot> newest_snapshot(store::WorkspaceId) override {
    return std::nullopt;
  }
};

struct Started {
  double state_s = 0, columns_s = 0;
};

// What add_actor does: the state, then what lists are asked of.
Started start(store::Store& store, std::string_view name, Time now) {
  Started started;
  const double before_mb = anonymous_mb();
  auto begun = Steady::now();
  Recovered recovered = recover_with_columns(store, 1, now);
  const workspace::VersionPtr version = recovered.workspace.publish();
  started.state_s = seconds_since(begun);
  const double state_mb = anonymous_mb() - before_mb;
  begun = Steady::now();
  workspace::LeadTable table;
  auto columns = recovered.base ? columns_of(*recovered.base) : nullptr;
  if (columns) table.begin(recovered.base, std::move(columns));
  table.follow(version, now);
  started.columns_s = seconds_since(begun);
  const auto look = table.look(version, now);
  fmt::print(
      "{:<28} {:8.2f} s, columns {:6.2f} s; {:7.0f} MB, columns {:5.0f} MB; {} leads, {} events\n",
      name, started.state_s, started.columns_s, state_mb, static_cast<double>(table.memory()) / 1e6,
      version->lead_count(), look.columns().events.size());
  return started;
}

}  // namespace

int main(int argc, char** argv) {
  const auto opened = store::open_sqlite({.directory = argc > 1 ? argv[1] : "data"});
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().message);
    return 1;
  }
  store::Store& store = **opened;
  const Time now = system_clock().now();
  const Started snapshot = start(store, "from the snapshot", now);
  if (argc > 2 && std::string_view(argv[2]) == "--snapshot") return 0;
  WithoutSnapshot log(store);
  const Started read = start(log, "from the log", now);
  fmt::print("{:.0f} times as fast as the log\n",
             (read.state_s + read.columns_s) / (snapshot.state_s + snapshot.columns_s));
}
