// Columns over all leads of a data directory that scale_data made: rescoring, segments, a forecast,
// lists and searches, each against a plain pass over the same bytes.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <numeric>
#include <vector>

#include "domain/decide.hpp"
#include "engine/recovery.hpp"
#include "store/store.hpp"
#include "workspace/column_score.hpp"
#include "workspace/find_leads.hpp"
#include "workspace/playbook_effect.hpp"

namespace {

using namespace galena;
using namespace galena::domain;
using namespace galena::workspace;

using Steady = std::chrono::steady_clock;
const Time kNow = *parse_time("2026-11-01T00:00:00Z");

template <class Act>
double ms_of(Act act) {
  const auto begun = Steady::now();
  act();
  return std::chrono::duration<double, std::milli>(Steady::now() - begun).count();
}

// What all cores together worked for this process.
double cpu_ms() {
  return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC;
}

// Milliseconds, the median of so many after one that is not counted, and how long cores were at
// work for one on average: that says what something costs even while others use the machine.
struct Cost {
  double ms = 0, cpu = 0;
};

template <class Act>
Cost median_ms(int times, Act act) {
  act();
  std::vector<double> all;
  const double begun = cpu_ms();
  for (int i = 0; i < times; ++i) all.push_back(ms_of(act));
  const double cpu = (cpu_ms() - begun) / times;
  std::ranges::sort(all);
  return {all[all.size() / 2], cpu};
}

void print(std::string_view name, double ms) {
  fmt::print("{:<44} {:10.2f} ms\n", name, ms);
}

void print(std::string_view name, const Cost& cost) {
  fmt::print("{:<44} {:10.2f} ms, {:.2f} ms of work\n", name, cost.ms, cost.cpu);
}

// Each list is asked for three times: the first page of 50, and how many there are in all.
void ask(std::string_view name, const LeadTable::Look& look,
         const std::vector<LeadQuery>& queries) {
  std::vector<double> ms;
  std::uint64_t found = 0;
  const double begun = cpu_ms();
  for (int round = 0; round < 3; ++round) {
    for (const LeadQuery& query : queries) {
      ms.push_back(ms_of([&] { found += find_leads(look, query).total; }));
    }
  }
  const double cpu = (cpu_ms() - begun) / static_cast<double>(ms.size());
  std::ranges::sort(ms);
  fmt::print(
      "{:<44} p50 {:7.2f} ms  p99 {:7.2f} ms  work {:7.2f} ms on average  (about {} found)\n", name,
      ms[ms.size() / 2], ms[ms.size() * 99 / 100], cpu, found / ms.size());
}

std::uint64_t plain_sum(const LeadColumns& columns) {
  std::uint64_t sum = 0;
  for (std::uint32_t row = 0; row < columns.rows(); ++row) {
    for (const PackedEvent& event : columns.events.run(row).events) {
      sum += event.seconds + event.kind + event.rest;
    }
  }
  return sum;
}

// Counting one name since a moment, and nothing else.
std::uint64_t plain_count(const LeadColumns& columns) {
  std::uint64_t count = 0;
  for (std::uint32_t row = 0; row < columns.rows(); ++row) {
    for (const PackedEvent& event : columns.events.run(row).events) {
      count += static_cast<std::uint64_t>(event.kind == kPricingViewed) &
               static_cast<std::uint64_t>(event.seconds > 1'790'000'000u);
    }
  }
  return count;
}

class Bench {
 public:
  Bench(VersionPtr version, const std::string& changed) : version_(std::move(version)) {
    const auto playbook = read_playbook(changed, version_->playbook()->source);
    GALENA_ASSERT(playbook.has_value());
    changed_ = *compile_playbook(*playbook, version_->playbook()->version + 1, *version_->kinds(),
                                 version_->playbook()->segments.names);
  }

  void run() {
    print("columns made", ms_of([&] { table_.follow(version_, kNow); }));
    const auto look = table_.look(version_, kNow);
    const LeadColumns& columns = look.columns();
    fmt::print("leads {}, events {}, columns {} MB, of which events {} MB\n", columns.rows(),
               columns.events.size(), columns.memory() >> 20, columns.events.memory() >> 20);
    rescore(look);
    segments(look);
    print("forecast of a change, all of it",
          median_ms(3, [&] { effect_of(look, *changed_, PropertyView(version_->properties())); }));
    lists(look);
  }

 private:
  void rescore(const LeadTable::Look& look) {
    const ColumnSubject subject = look.subject();
    RowSet rows;
    for (std::uint32_t row = 0; row < look.columns().rows(); ++row) {
      rows.set(row, (look.columns().flags[row] & kListed) != 0);
    }
    ScoreColumns scores;
    scores.resize(look.columns().flags.size());
    volatile std::uint64_t kept = 0;
    const Cost plain = median_ms(5, [&] { kept = plain_sum(look.columns()); });
    print("plain sum over the events, one thread", plain);
    print("rescored under the changed model", median_ms(5, [&] {
            score_blocks(ColumnScorer(changed_->model, subject), rows, look.columns().blocks(),
                         scores);
          }));
    const Cost one = median_ms(5, [&] {
      const ColumnScorer scorer(changed_->model, subject);
      for (std::uint32_t block = 0; block < look.columns().blocks(); ++block) {
        scorer.score(block, rows.block(block), scores);
      }
    });
    print("the same on one thread", one);
    fmt::print("{:<44} {:10.1f} x the plain sum\n", "", one.cpu / plain.cpu);
    const auto sum = [](const std::vector<std::int64_t>& micro) {
      return static_cast<double>(std::accumulate(micro.begin(), micro.end(), std::int64_t{0})) /
             1e6;
    };
    fmt::print("{:<44} {:10.1f} points\n", "sum of all scores",
               sum(scores.fit) + sum(scores.interest));
  }

  void segments(const LeadTable::Look& look) {
    const ColumnSubject subject = look.subject();
    std::atomic<std::uint64_t> members = 0;
    const Cost cost = median_ms(5, [&] {
      members = 0;
      ColumnFilters filters(subject);
      for (const Segments::Segment& segment : version_->playbook()->segments.all) {
        filters.add(segment.when);
      }
      on_all_cores(look.columns().blocks(), [&](std::uint32_t block) {
        BlockRows rows;
        rows.fill(~std::uint64_t{0});
        filters.each(block, rows,
                     [&](std::size_t, const BlockRows& held) { members += count_of(held); });
      });
    });
    print(fmt::format("{} segments recounted", version_->playbook()->segments.all.size()), cost);
    fmt::print("{:<44} {:10}\n", "memberships", members.load());
  }

  LeadQuery query(std::string_view filter, std::string_view sort = "-score") const {
    LeadQuery made;
    made.order = LeadOrder::read(sort).value();
    if (!filter.empty()) {
      made.filter =
          Criterion::parse(filter, names_of(*version_->playbook()), *version_->kinds()).value();
    }
    return made;
  }

  void filters(const LeadTable::Look& look) const {
    std::vector<LeadQuery> attributes, scores, counts;
    for (const char* country : {"DE", "AT", "CH", "SE", "DK", "NO", "FI", "GB", "NL"}) {
      for (const char* level : {"c_level", "vp", "director", "manager", "staff"}) {
        attributes.push_back(query(
            fmt::format(R"(country = "{}" and title.seniority = "{}" and company.employees >= 50)",
                        country, level)));
      }
    }
    for (int points = 0; points < 100; points += 5) {
      scores.push_back(query(fmt::format("score >= {}", points)));
      scores.push_back(query(fmt::format("interest < {} and fit >= 10", points), "-last_seen"));
    }
    for (int days = 10; days <= 200; days += 10) {
      counts.push_back(query(fmt::format(R"(count("Pricing Viewed", last {} days) >= 2)", days)));
      counts.push_back(query(fmt::format(R"(count("Page Viewed", last {} days) >= 5)", days)));
    }
    ask("filter on attributes", look, attributes);
    ask("filter on scores", look, scores);
    ask("filter on counts of events", look, counts);
    volatile std::uint64_t kept = 0;
    print("plain pass over the events, one thread",
          median_ms(5, [&] { kept = plain_count(look.columns()); }));
  }

  void lists(const LeadTable::Look& look) const {
    filters(look);
    std::vector<LeadQuery> stages, members, searches, sorts;
    for (const auto& stage : version_->playbook()->lifecycle.stages) {
      stages.push_back(query(""));
      stages.back().stage = stage.rule.name;
    }
    for (const auto& segment : version_->playbook()->segments.all) {
      members.push_back(query(""));
      members.back().segment = segment.code;
    }
    for (const char* words : {"a",       "an",   "ann",    "anna",    "mul",
                              "schmidt", "sch",  "gmbh",   "tech",    "example",
                              "e s",     "berg", "so",     "son",     "sson",
                              "ar",      "info", "max m",  "peter s", "nobodyhasthis",
                              "x",       "qq",   "@gmail", "hotmail", "lars",
                              "ing",     "eva",  "jo",     "jor",     "jorg",
                              "1",       "12",   "wolf"}) {
      searches.push_back(query(""));
      searches.back().search = words;
    }
    for (const char* sort :
         {"name", "-name", "email", "company.name", "-company.name", "title", "-last_seen",
          "last_seen", "-created_at", "created_at", "company.employees", "stage", "country"}) {
      sorts.push_back(query("", sort));
    }
    ask("a stage", look, stages);
    ask("a segment", look, members);
    ask("search", look, searches);
    ask("sorted by a column, no filter", look, sorts);
  }

  VersionPtr version_;
  std::shared_ptr<const CompiledPlaybook> changed_;
  LeadTable table_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "columns_bench DATA_DIRECTORY CHANGED_PLAYBOOK.toml\n");
    return 2;
  }
  auto store = store::open_sqlite({.directory = argv[1]});
  GALENA_ASSERT(store.has_value());
  std::ifstream file(argv[2]);
  const std::string changed{std::istreambuf_iterator<char>(file), {}};
  std::optional<Workspace> workspace;
  print("started", ms_of([&] { workspace.emplace(engine::recover(**store, 1, kNow)); }));
  Bench(workspace->publish(), changed).run();
  return 0;
}
