// The engine alone against SQLite alone: events a second from JSON batches of 100 to the durable
// acknowledgement, and the same log rows (same bytes, same transaction size, synchronous=FULL) put
// in by a prepared loop. Prints both, their ratio, and the bare write + fdatasync of this disk.
//     engine_bench DIRECTORY [BATCHES]
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "feed.hpp"
#include "store/store.hpp"

namespace {

using namespace galena;
using Clock = std::chrono::steady_clock;

constexpr int kBatch = bench::kBatch;
constexpr int kPeople = 10'000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Every person identifies once, then tracks.
std::string batch_json(int number) {
  return bench::batch_json([&](std::string& body, int i) {
    const int event = number * kBatch + i;
    if (event < kPeople) return bench::append_identify(body, event, event);
    bench::append_track(body, event % kPeople, event);
  });
}

struct Row {
  std::int64_t id;
  std::int64_t received_at;
  int kind;
  std::string input;
  std::string outcome;
};

struct EngineRun {
  double events_per_s = 0;
  std::size_t rows_per_commit = 1;
  std::vector<Row> rows;
};

EngineRun run_engine(const std::string& directory, int batches) {
  std::vector<std::string> bodies;
  for (int i = 0; i < batches; ++i) bodies.push_back(batch_json(i));
  auto store = store::open_sqlite({.directory = directory});
  GALENA_ASSERT(store.has_value());
  EngineRun run;
  {
    engine::Engine engine(**store, system_clock(), {.snapshot_every = 0});
    const auto workspace = engine.create_workspace("bench");
    GALENA_ASSERT(workspace.has_value());
    const auto commits_before = engine.figures().commits.load();
    const auto start = Clock::now();
    bench::feed(engine, *workspace, bodies);
    run.events_per_s = double(batches) * kBatch / seconds_since(start);
    const auto commits = engine.figures().commits.load() - commits_before;
    run.rows_per_commit = std::max<std::size_t>(1, std::size_t(batches) * kBatch / commits);
  }
  (*store)->read_log(1, 0, [&](const store::LogRow& row) {
    run.rows.push_back({static_cast<std::int64_t>(row.position), to_ms(row.received_at), row.kind,
                        std::string(row.input), std::string(row.outcome)});
    return true;
  });
  return run;
}

void check(int code, sqlite3* database) {
  if (code != SQLITE_OK && code != SQLITE_DONE) {
    fmt::print(stderr, "SQLite: {}\n", sqlite3_errmsg(database));
    std::exit(1);
  }
}

// The reference: the same rows into the same table, as fast as SQLite takes them.
double run_sqlite(const std::string& file, const EngineRun& run) {
  sqlite3* database = nullptr;
  check(sqlite3_open(file.c_str(), &database), database);
  const auto sql = [&](const char* text) {
    check(sqlite3_exec(database, text, nullptr, nullptr, nullptr), database);
  };
  sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (id INTEGER PRIMARY "
      "KEY, received_at INTEGER NOT NULL, kind INTEGER NOT NULL, input TEXT NOT NULL, outcome TEXT "
      "NOT NULL) STRICT");
  sqlite3_stmt* insert = nullptr;
  check(sqlite3_prepare_v2(database, "INSERT INTO log VALUES (?,?,?,?,?)", -1, &insert, nullptr),
        database);
  const auto start = Clock::now();
  for (std::size_t at = 0; at < run.rows.size(); at += run.rows_per_commit) {
    sql("BEGIN IMMEDIATE");
    const std::size_t end = std::min(at + run.rows_per_commit, run.rows.size());
    for (std::size_t i = at; i < end; ++i) {
      const Row& row = run.rows[i];
      sqlite3_bind_int64(insert, 1, row.id);
      sqlite3_bind_int64(insert, 2, row.received_at);
      sqlite3_bind_int(insert, 3, row.kind);
      sqlite3_bind_text(insert, 4, row.input.data(), int(row.input.size()), SQLITE_STATIC);
      sqlite3_bind_text(insert, 5, row.outcome.data(), int(row.outcome.size()), SQLITE_STATIC);
      check(sqlite3_step(insert), database);
      sqlite3_reset(insert);
    }
    sql("COMMIT");
  }
  const double rate = double(run.rows.size()) / seconds_since(start);
  sqlite3_finalize(insert);
  sqlite3_close(database);
  return rate;
}

void print_disk(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const std::string block(8192, 'x');
  std::vector<double> times;
  for (int i = 0; i < 1000; ++i) {
    const auto start = Clock::now();
    GALENA_ASSERT(::write(descriptor, block.data(), block.size()) == ssize_t(block.size()));
    ::fdatasync(descriptor);
    times.push_back(seconds_since(start) * 1000);
  }
  ::close(descriptor);
  std::ranges::sort(times);
  fmt::print("bare write+fdatasync of 8 KB: p50 {:.2f} ms, p99 {:.2f} ms\n", times[500],
             times[990]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "engine_bench DIRECTORY [BATCHES]; 0 times the disk alone\n");
    return 2;
  }
  const std::string directory = argv[1];
  const int batches = argc > 2 ? std::atoi(argv[2]) : 3000;
  std::filesystem::create_directories(directory);
  std::vector<double> ratios;
  for (int round = 0; round < 3 && batches > 0; ++round) {
    const std::string own = fmt::format("{}/round-{}", directory, round);
    const EngineRun run = run_engine(own, batches);
    const double raw = run_sqlite(own + "/raw.db", run);
    ratios.push_back(run.events_per_s / raw);
    fmt::print("engine {:.0f} events/s, SQLite {:.0f} rows/s, ratio {:.3f} ({} rows a commit)\n",
               run.events_per_s, raw, ratios.back(), run.rows_per_commit);
    std::filesystem::remove_all(own);
  }
  if (!ratios.empty()) {
    std::ranges::sort(ratios);
    fmt::print("engine alone / prepared loop: median {:.3f} of {} rounds\n", ratios[1],
               ratios.size());
  }
  print_disk(directory + "/disk");
  std::filesystem::remove(directory + "/disk");
  return 0;
}
