// Erasing persons from the log (ADR 0010): what may stay of each row. Rows are to be rewritten from
// the newest to the oldest; then a log that is rewritten in part can still be recalled, because a
// key is gone from where it came first only when it is gone everywhere.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/input.hpp"
#include "domain/state.hpp"

namespace galena::domain {

struct RowOfLog {
  Position position = 0;
  InputKind kind{};
  std::string_view input;
  std::string_view outcome;
};

// True if the text names one of the addresses (in their comparison form), also as in an URL.
bool mentions_address(std::string_view text, std::span<const std::string> addresses);

// The addresses that stand in the text, in lower case, as far as they are plain ASCII.
std::vector<std::string> addresses_in(std::string_view text);

class RowEraser {
 public:
  struct Erasure {
    Position position = 0;  // of its row: a key that comes after that is somebody else's
    std::vector<EraseInput::Key> keys;
  };

  // `state`: in which the persons with these keys have been erased, and nobody else whose rows have
  // not been rewritten yet.
  RowEraser(const State& state, std::vector<Erasure> erasures);

  // The input that the row is to have; nothing if it may stay as it is.
  std::optional<std::string> rewritten(const RowOfLog& row) const;

 private:
  std::optional<std::string> own_event(const RowOfLog& row, const Event& event) const;
  std::optional<std::string> other_event(const RowOfLog& row) const;
  std::optional<std::string> said_by_hand(const RowOfLog& row) const;
  bool may_mention(std::string_view text) const;
  bool names_address(std::string_view text, Position at) const;
  bool is_out(std::string_view name, std::string_view text, const EventInput& told,
              Position at) const;
  bool concerns_erased(const Outcome& outcome) const;
  bool was_there(PersonOrdinal person, Position at) const;
  std::optional<PersonOrdinal> erased_person(const IdentityKey& key, Position at) const;
  void find_roles(EventInput& told, const Outcome& outcome, Position at) const;

  const State& state_;
  std::vector<Erasure> erasures_;  // in log order
  std::set<PersonOrdinal> persons_;
  std::set<LeadOrdinal> leads_;
  std::map<std::uint32_t, Event> events_;  // of the persons, by position
};

// The erasure's own row when all others are rewritten: without the keys.
std::string finished_erasure(EraseInput input);

}  // namespace galena::domain
