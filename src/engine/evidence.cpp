#include "engine/evidence.hpp"

#include <algorithm>

#include "domain/voiding.hpp"

namespace galena::engine {

using namespace domain;

void add_evidence(VoidInput& input, const State& state, const ReadRows& read) {
  input.evidence.clear();
  const auto take = [&](const store::LogRow& row) {
    auto told = read_input(static_cast<InputKind>(row.kind), row.input);
    auto outcome = read_outcome(row.outcome);
    if (told && outcome) {
      input.evidence.push_back({row.position, std::move(*told), std::move(*outcome)});
    }
  };
  const Position voids = input.voids;
  if (voids == 0 || voids > state.last_position()) return;
  read(std::span(&voids, 1), take);
  if (input.evidence.empty()) return;
  auto positions = evidence_wanted(state, input.evidence.front());
  std::erase(positions, voids);
  read(positions, take);
  std::ranges::sort(input.evidence, {}, &LoggedInput::position);
}

}  // namespace galena::engine
