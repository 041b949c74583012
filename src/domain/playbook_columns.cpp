#include "domain/playbook_columns.hpp"

#include <algorithm>

namespace galena::domain {
namespace {

class NothingTold final : public PropertyColumn {
 public:
  const PropertyValue* at(Position) const override { return nullptr; }
  void each(const Visit&) const override {}
};

PropertyColumnPtr column_of(const State& state, const std::string& name) {
  if (!state.playbook()) return nullptr;
  const auto found = state.playbook()->properties.find(name);
  return found == state.playbook()->properties.end() ? nullptr : state.properties()[found->second];
}

PropertyColumnPtr column_read(const State& state, const std::string& name,
                              std::span<const PropertyEvidence> evidence) {
  static const auto kNothing = std::make_shared<const NothingTold>();
  if (state.last_position() == 0) return kNothing;
  const auto found = std::ranges::find(evidence, name, &PropertyEvidence::name);
  const bool whole = found != evidence.end() && found->until == state.last_position();
  return whole ? found->column : nullptr;
}

}  // namespace

std::vector<std::string> properties_wanted(const State& state, const Playbook& playbook) {
  std::vector<std::string> wanted = properties_asked(playbook);
  std::erase_if(wanted, [&](const std::string& name) { return column_of(state, name) != nullptr; });
  return wanted;
}

std::optional<std::vector<PropertyColumnPtr>> columns_for(
    const CompiledPlaybook& playbook, const State& state,
    std::span<const PropertyEvidence> evidence) {
  std::vector<PropertyColumnPtr> columns;
  for (const auto& [name, slot] : playbook.properties) {
    PropertyColumnPtr column = column_of(state, name);
    if (column == nullptr) column = column_read(state, name, evidence);
    if (column == nullptr) return std::nullopt;
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace galena::domain
