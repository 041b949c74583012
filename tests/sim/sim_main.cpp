// galena_sim: lives through seeds, and says how to live through one again that went wrong.
//   galena_sim [--steps N] SEED...      these seeds
//   galena_sim [--steps N] FIRST..LAST  all of them
//   galena_sim [--steps N] --fresh      one that nobody has tried
//   galena_sim [--steps N] --file FILE  those of a file, one a line
//   galena_sim [--steps N] --seconds N  fresh ones for so long
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "complaint.hpp"
#include "simulation.hpp"

namespace galena::sim {
namespace {

struct Wanted {
  int steps = SimulationOptions{}.steps;
  std::uint64_t seconds = 0;
  std::vector<std::uint64_t> seeds;
  bool is_understood = true;
};

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// "17" or "1..2000".
bool read_seeds(std::string_view text, std::vector<std::uint64_t>& seeds) {
  const auto dots = text.find("..");
  std::uint64_t first = 0, last = 0;
  if (!read_number(text.substr(0, dots), first)) return false;
  if (dots == text.npos) last = first;
  if (dots != text.npos && !read_number(text.substr(dots + 2), last)) return false;
  for (std::uint64_t seed = first; seed <= last; ++seed) seeds.push_back(seed);
  return true;
}

// The first word of each line; the rest says what the seed had found.
bool read_file(const std::string& name, std::vector<std::uint64_t>& seeds) {
  std::ifstream file(name);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (!read_seeds(line.substr(0, line.find(' ')), seeds)) return false;
  }
  return file.eof();
}

// Short, so that it can be told over the telephone.
std::uint64_t fresh_seed() {
  std::random_device random;
  return random();
}

Wanted read_words(const std::vector<std::string>& words) {
  Wanted wanted;
  std::uint64_t steps = 0;
  for (std::size_t i = 0; i < words.size() && wanted.is_understood; ++i) {
    const bool has_value = i + 1 < words.size();
    if (words[i] == "--fresh") {
      wanted.seeds.push_back(fresh_seed());
      fmt::print("a fresh seed: {}\n", wanted.seeds.back());
    } else if (words[i] == "--seconds" && has_value) {
      wanted.is_understood = read_number(words[++i], wanted.seconds);
    } else if (words[i] == "--steps" && has_value) {
      wanted.is_understood = read_number(words[++i], steps);
      wanted.steps = static_cast<int>(steps);
    } else if (words[i] == "--file" && has_value) {
      wanted.is_understood = read_file(words[++i], wanted.seeds);
    } else {
      wanted.is_understood = read_seeds(words[i], wanted.seeds);
    }
  }
  wanted.is_understood &= !wanted.seeds.empty() || wanted.seconds > 0;
  return wanted;
}

void add(SimulationFigures& sum, const SimulationFigures& each) {
  sum.acknowledged += each.acknowledged;
  sum.duplicates += each.duplicates;
  sum.crashes += each.crashes;
  sum.refused_commits += each.refused_commits;
  sum.restarts += each.restarts;
  sum.checks += each.checks;
  sum.moved_by_time += each.moved_by_time;
  sum.held += each.held;
  sum.merges += each.merges;
  sum.voids += each.voids;
  sum.undone += each.undone;
  sum.erasures += each.erasures;
  sum.held_back += each.held_back;
  sum.asleep += each.asleep;
}

void print(const SimulationFigures& sum, std::size_t seeds) {
  fmt::print(
      "{} seeds: {} inputs acknowledged, {} duplicates, {} refused; {} crashes, {} starts,\n"
      "{} leads moved by time alone, {} looks at a clock not believed; all checked {} times;\n"
      "{} merges, {} voids, {} undone at once, {} erasures done, {} messages held back;\n"
      "{} times one slept at the end of a look\n",
      seeds, sum.acknowledged, sum.duplicates, sum.refused_commits, sum.crashes, sum.restarts,
      sum.moved_by_time, sum.held, sum.checks, sum.merges, sum.voids, sum.undone, sum.erasures,
      sum.held_back, sum.asleep);
}

// The seed that is lived through: a broken invariant ends the program where it stands.
volatile std::sig_atomic_t seed_high = 0, seed_low = 0;

void say_seed(int) {
  const auto seed = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(seed_high)) << 32) |
                    static_cast<std::uint32_t>(seed_low);
  std::fprintf(stderr, "FAILED seed %llu\n", static_cast<unsigned long long>(seed));
}

bool live_through(std::uint64_t seed, int steps, const char* program, SimulationFigures& sum) {
  seed_high = static_cast<std::sig_atomic_t>(seed >> 32);
  seed_low = static_cast<std::sig_atomic_t>(seed);
  Simulation simulation({.seed = seed, .steps = steps});
  try {
    simulation.run();
  } catch (const std::exception& complaint) {
    fmt::print("FAILED seed {}: {}\n  again: {} --steps {} {}\n", seed, complaint.what(), program,
               steps, seed);
    return false;
  }
  add(sum, simulation.figures());
  return true;
}

int run(const Wanted& wanted, const char* program) {
  SimulationFigures sum;
  std::fflush(stdout);  // whatever happens, the seeds are known
  for (const std::uint64_t seed : wanted.seeds) {
    if (!live_through(seed, wanted.steps, program, sum)) return 1;
  }
  std::size_t count = wanted.seeds.size();
  const auto begin = std::chrono::steady_clock::now();
  const std::chrono::seconds until(static_cast<std::int64_t>(wanted.seconds));
  for (std::uint64_t seed = fresh_seed(); std::chrono::steady_clock::now() - begin < until;
       ++seed) {
    if (!live_through(seed, wanted.steps, program, sum)) return 1;
    ++count;
  }
  print(sum, count);
  return 0;
}

}  // namespace
}  // namespace galena::sim

int main(int count, char** words) {
  // Snapshots are real files. Whether the machine's own disk keeps them is not what is asked here.
  if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
  std::signal(SIGABRT, galena::sim::say_seed);
  spdlog::set_level(spdlog::level::off);  // what it warns of is done to it on purpose
  const auto wanted = galena::sim::read_words({words + 1, words + count});
  if (wanted.is_understood) return galena::sim::run(wanted, words[0]);
  fmt::print("galena_sim [--steps N] SEED | FIRST..LAST | --fresh | --file FILE | --seconds N\n");
  return 2;
}
