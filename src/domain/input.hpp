// What comes into a workspace: a fact, before anything is decided about it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/lead.hpp"
#include "domain/message.hpp"
#include "domain/outcome.hpp"
#include "domain/points.hpp"
#include "domain/properties.hpp"

namespace galena::domain {

// The `kind` of a log row. The numbers are stored.
enum class InputKind : int {
  event = 1,
  playbook = 2,
  adjustment = 3,
  rescore = 4,
  time = 5,
  merge = 6,
  voiding = 7,
  distinct = 8,
  erasure = 9
};

struct PlaybookInput {
  std::string toml;    // the whole document, as write_playbook writes it
  std::string author;  // "user 3", "key 5", "setup"
  std::string idempotency_key;
  std::uint32_t replaces = 0;  // refused if another version is live by then; 0: never refused
  std::string told;            // what its author is answered, so that a retry is answered the same
  // Read again from the log by whoever decides or recalls, and not logged: the properties that
  // nobody asked for before (properties_wanted), up to the last position.
  std::vector<PropertyEvidence> evidence = {};
};

struct AdjustmentInput {
  static constexpr Points kPointsMax = Points::whole(1'000'000);  // either sign
  LeadOrdinal lead = 0;
  Points points{};
  std::string reason;
  std::string author;
  std::string idempotency_key;
};

// Continuation of a playbook change: scores the next leads and moves their stages.
struct RescoreInput {
  static constexpr LeadOrdinal kLeadsMax = 50;
  LeadOrdinal from = 0;
  LeadOrdinal to = 0;                  // one past the last
  std::uint32_t playbook_version = 0;  // a newer playbook makes this one void
};

// Moments that have come due: time alone may have moved these leads.
struct TimeInput {
  std::vector<LeadOrdinal> leads;
};

// What somebody says of two leads.
struct SaidOfTwo {
  LeadOrdinal lead = 0;
  LeadOrdinal other = 0;
  std::string reason;
  std::string author;
  std::string idempotency_key;
};

// That they are one. By Galena itself, unasked (ADR 0013): how likely that is, and as of which
// position it was found.
struct MergeInput : SaidOfTwo {
  struct Unasked {
    double probability = 0;
    Position as_of = 0;
  };
  std::optional<Unasked> unasked = {};
};
inline constexpr std::string_view kGalena = "galena";  // the author of what is done unasked

// That they are not one, however alike.
struct DistinctInput : SaidOfTwo {};

struct LoggedInput;

// Somebody's data go, or keys whose person was erased may come again (ADR 0010). What is not said
// by its author is put into it before it is decided (erasure.hpp, complete_erasure).
struct EraseInput {
  struct Key {
    PersonOrdinal person = 0;
    IdentityKey key;

    bool operator==(const Key&) const = default;
  };

  std::optional<LeadOrdinal> lead;  // nothing: nobody who is here
  std::string author;
  std::string idempotency_key;
  std::string secret;                 // 32 bytes of the workspace, drawn for its first erasure
  std::vector<Fingerprint> suppress;  // keys that may not come back (suppressions.hpp)
  std::vector<Fingerprint> lift;      // keys that may
  std::vector<Key> keys;              // of the persons: until the log has been rewritten
};

// Takes back an event or what was said by hand, as if it had never been.
struct VoidInput {
  Position voids = 0;  // the input at this position
  std::string reason;
  std::string author;
  std::string idempotency_key;
  // Read again from the log by whoever decides or recalls, and not logged with the undo: the input
  // that is undone and, if that is an event, all events of its person, in log order.
  std::vector<LoggedInput> evidence;

  const LoggedInput* voided_input() const;  // null: the evidence does not have it
};

using Input = std::variant<EventInput, PlaybookInput, AdjustmentInput, RescoreInput, TimeInput,
                           MergeInput, VoidInput, DistinctInput, EraseInput>;

// A row of the log as it was read.
struct LoggedInput {
  Position position = 0;
  Input input;
  Outcome outcome;
};

InputKind kind_of(const Input& input);

// What makes the input one and the same when it is sent again: the message id or the idempotency
// key, with the trust of where it came from, so that a public browser key cannot use up the ids of
// a server's events. Empty: nothing does.
std::string identity_of(const Input& input);

// Under which an identity is remembered. One that stands for a text which is gone ("#" and the
// fingerprint) gives the same as that text did.
Fingerprint fingerprint_of_identity(std::string_view identity);
// The identity without its text; empty stays empty.
std::string identity_without_text(std::string_view identity);

// The log row's `input`, and back. Reading what a newer Galena wrote is an Error (internal).
std::string input_text(const Input& input);
Result<Input> read_input(InputKind kind, std::string_view text);

}  // namespace galena::domain
