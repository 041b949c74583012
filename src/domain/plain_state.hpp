// For tests: a workspace in plain vectors, the reference that workspace::Workspace must agree with,
// and short ways to make inputs.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "domain/decide.hpp"
#include "domain/playbook_columns.hpp"

namespace galena::domain {

class PlainColumn final : public PropertyColumn {
 public:
  PlainColumn() = default;
  explicit PlainColumn(const PropertyColumn& other) {
    other.each([&](Position at, const PropertyValue& value) { values_[at] = value; });
  }

  const PropertyValue* at(Position position) const override {
    const auto found = values_.find(position);
    return found == values_.end() ? nullptr : &found->second;
  }
  void each(const Visit& visit) const override {
    for (const auto& [position, value] : values_) visit(position, value);
  }

  void put(Position position, const std::optional<PropertyValue>& value) {
    values_.erase(position);
    if (value) values_[position] = *value;
  }

 private:
  std::map<Position, PropertyValue> values_;
};

class PlainState final : public State {
 public:
  Position last_position() const override { return position_; }
  std::optional<PersonOrdinal> find_person(const IdentityKey& key) const override {
    for (PersonOrdinal i = 0; i < persons_.size(); ++i) {
      if (persons_[i]->key == key) return i;
    }
    return std::nullopt;
  }
  PersonOrdinal person_count() const override {
    return static_cast<PersonOrdinal>(persons_.size());
  }
  LeadOrdinal lead_count() const override { return static_cast<LeadOrdinal>(leads_.size()); }
  const Person& person(PersonOrdinal ordinal) const override { return *persons_.at(ordinal); }
  const Lead& lead(LeadOrdinal ordinal) const override { return *leads_.at(ordinal); }
  const std::shared_ptr<const CompiledPlaybook>& playbook() const override { return playbook_; }
  const std::shared_ptr<const KindTable>& kinds() const override { return kinds_; }
  std::optional<LeadOrdinal> rescore_next() const override { return rescore_next_; }
  const std::shared_ptr<const Suppressions>& suppressions() const override { return suppressions_; }
  SightingNumber sighting_count() const override {
    return static_cast<SightingNumber>(sightings_.size());
  }
  const Sighting& sighting(SightingNumber number) const override { return sightings_.at(number); }

  bool keeps_accounts() const override { return keeps_accounts_; }
  std::optional<AccountOrdinal> find_account(const AccountKey& key) const override {
    for (AccountOrdinal i = 0; i < accounts_.size(); ++i) {
      if (accounts_[i]->key == key) return i;
    }
    return std::nullopt;
  }
  AccountOrdinal account_count() const override {
    return static_cast<AccountOrdinal>(accounts_.size());
  }
  const Account& account(AccountOrdinal ordinal) const override { return *accounts_.at(ordinal); }

  std::span<const PropertyColumnPtr> properties() const override { return columns_; }

  void apply(const Changes& changes) {
    if (changes.property_columns) columns_ = *changes.property_columns;
    for (const PropertyChange& change : changes.property_changes) {
      auto column = std::make_shared<PlainColumn>(*columns_.at(change.slot));
      column->put(change.position, change.value);
      columns_[change.slot] = column;
    }
    for (const auto& [ordinal, person] : changes.persons) put(persons_, ordinal, person);
    for (const auto& [ordinal, lead] : changes.leads) put(leads_, ordinal, lead);
    for (const auto& [ordinal, account] : changes.accounts) put(accounts_, ordinal, account);
    if (changes.recalled) accounts_.clear();
    keeps_accounts_ &= !changes.recalled;
    sightings_.insert(sightings_.end(), changes.sightings.begin(), changes.sightings.end());
    if (changes.playbook) playbook_ = changes.playbook;
    if (changes.kinds) kinds_ = changes.kinds;
    if (changes.suppressions) suppressions_ = changes.suppressions;
    position_ = changes.position;
    if (changes.outcome.rescore_next || changes.ends_rescore) {
      rescore_next_ = changes.outcome.rescore_next;
    }
  }

 private:
  template <class Record>
  static void put(std::vector<Record>& records, std::uint32_t ordinal, const Record& record) {
    ASSERT_LE(ordinal, records.size());
    if (ordinal == records.size()) records.emplace_back();
    records[ordinal] = record;
  }

  std::vector<PersonPtr> persons_;
  std::vector<LeadPtr> leads_;
  std::vector<AccountPtr> accounts_;
  bool keeps_accounts_ = true;
  std::vector<Sighting> sightings_;
  std::vector<PropertyColumnPtr> columns_;
  std::shared_ptr<const CompiledPlaybook> playbook_;
  std::shared_ptr<const KindTable> kinds_ = std::make_shared<KindTable>();
  std::shared_ptr<const Suppressions> suppressions_ = std::make_shared<Suppressions>();
  Position position_ = 0;
  std::optional<LeadOrdinal> rescore_next_;
};

// What a playbook needs to know that asks for more than the one before. `each_event` calls what it
// is given with position and row of every event up to the state's last position, in log order.
template <class EachEvent>
std::vector<PropertyEvidence> plain_evidence(const State& state, const PlaybookInput& input,
                                             EachEvent each_event) {
  std::vector<PropertyEvidence> evidence;
  const auto playbook = read_playbook(input.toml, Playbook{});
  if (!playbook) return evidence;
  for (const std::string& name : properties_wanted(state, *playbook)) {
    const auto column = std::make_shared<PlainColumn>();
    each_event([&](Position position, std::string_view row) {
      for (const auto& told : properties_told(row, {{name, 0}})) column->put(position, told.value);
    });
    evidence.push_back({name, column, state.last_position()});
  }
  return evidence;
}

inline const Time kTestTime = *parse_time("2026-01-15T10:00:00Z");

// Decides and applies; the Changes say what happened.
inline Changes take(PlainState& state, const Input& input, Time at = kTestTime) {
  auto changes = decide(state, input, at);
  EXPECT_TRUE(changes.has_value()) << changes.error().message;
  if (!changes) return {};
  state.apply(*changes);
  return *changes;
}

inline Input playbook_input(const Playbook& playbook) {
  return PlaybookInput{write_playbook(playbook), "user 1", ""};
}

// A state at position 1: it has a playbook and nobody.
inline PlainState new_state(const Playbook& playbook = standard_playbook()) {
  PlainState state;
  take(state, playbook_input(playbook));
  return state;
}

// The message as read from a request body.
inline EventInput event_input(MessageType type, std::string_view body,
                              Source source = Source::server, Time at = kTestTime) {
  auto batch = read_request(body, type, {.source = source, .key = 1, .arrived = at});
  EXPECT_TRUE(batch.has_value() && batch->refused.empty()) << body;
  return batch.value().inputs.at(0);
}

inline EventInput track(std::string_view ids, std::string_view event,
                        Source source = Source::server) {
  return event_input(MessageType::track, fmt::format(R"({{{},"event":"{}"}})", ids, event), source);
}

inline EventInput identify_as(std::string_view ids, std::string_view traits,
                              Source source = Source::server) {
  return event_input(MessageType::identify, fmt::format(R"({{{},"traits":{{{}}}}})", ids, traits),
                     source);
}

}  // namespace galena::domain
