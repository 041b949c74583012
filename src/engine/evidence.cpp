#include "engine/evidence.hpp"

#include <algorithm>

#include "domain/playbook_columns.hpp"
#include "domain/voiding.hpp"
#include "workspace/property_columns.hpp"

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

namespace {

// True if all that is wanted was read up to the same position, which the state has, too.
bool goes_on(const std::vector<PropertyEvidence>& evidence, const std::vector<std::string>& wanted,
             Position last) {
  return std::ranges::all_of(wanted, [&](const std::string& name) {
    const auto found = std::ranges::find(evidence, name, &PropertyEvidence::name);
    return found != evidence.end() && found->until <= last &&
           found->until == evidence.front().until;
  });
}

}  // namespace

void add_evidence(std::vector<PropertyEvidence>& evidence, const State& state,
                  const Playbook& playbook, const ReadLog& read) {
  const std::vector<std::string> wanted = properties_wanted(state, playbook);
  const Position last = state.last_position();
  if (wanted.empty() || !goes_on(evidence, wanted, last)) evidence.clear();
  if (wanted.empty()) return;
  const Position after = evidence.empty() ? 0 : evidence.front().until;
  PropertySlots slots;
  std::vector<workspace::PropertyColumnWriter> writers;
  for (const std::string& name : wanted) {
    slots.emplace(name, static_cast<PropertySlot>(writers.size()));
    const auto known = std::ranges::find(evidence, name, &PropertyEvidence::name);
    if (known != evidence.end()) {
      writers.emplace_back(*known->column);
    } else {
      writers.emplace_back();
    }
  }
  const auto visit = [&](const store::LogRow& row) {
    if (row.position > last) return false;
    if (row.kind != static_cast<int>(InputKind::event)) return true;
    for (const ToldProperty& told : properties_told(row.input, slots)) {
      writers[told.slot].put(row.position, told.value);
    }
    return true;
  };
  if (after < last) read(after, visit);
  evidence.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    evidence.push_back({wanted[i], writers[i].column(), last});
  }
}

void add_evidence(PlaybookInput& input, const State& state, const ReadLog& read) {
  const auto playbook = read_playbook(input.toml, Playbook{});
  if (playbook) add_evidence(input.evidence, state, *playbook, read);
}

}  // namespace galena::engine
