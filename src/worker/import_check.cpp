// A dry run: each row is decided as if it came now, and nothing of it is kept.
#include <unordered_set>

#include "domain/account.hpp"
#include "domain/decide.hpp"
#include "domain/erasure.hpp"
#include "domain/identity.hpp"
#include "domain/import_effect.hpp"
#include "worker/import_rows.hpp"
#include "workspace/workspace.hpp"

namespace galena::worker {
namespace {

using namespace domain;

class Check {
 public:
  Check(ImportStep& step, workspace::VersionPtr state)
      : step_(step), state_(std::move(state)), now_(step.engine().clock().now()) {
    now_ = std::max(now_, state_->log_time());
  }

  // False if the step is to end.
  bool take(FileRow&& row) {
    chunk_.add(std::move(row));
    if (!chunk_.is_full()) return true;
    decide_chunk();
    return step_.goes_on();
  }

  void finish() {
    decide_chunk();
    step_.keep();
  }

 private:
  // With a copy of the state of its own, with which goes what it had to read.
  void decide_chunk() {
    RowChunk chunk = std::exchange(chunk_, {});
    const std::vector<Input> inputs = chunk.inputs(step_);
    const workspace::Version slice(*state_);
    ImportFigures& figures = step_.progress().checked;
    for (const RowChunk::Row& row : chunk.rows) {
      ++figures.rows;
      std::optional<ImportEffect> effect;
      bool rejected = row.error.has_value(), suppressed = false, merged = false;
      for (std::size_t i = row.first; i < row.first + row.count && !rejected; ++i) {
        auto event = std::get<EventInput>(inputs.at(chunk.input_of.at(i)));
        suppressed |= !may_come_in(slice, event);
        if (suppressed) break;
        const auto would = decide_one(slice, event, merged);
        rejected = !would;
        if (would && !effect) effect = *would;
      }
      if (rejected) {
        ++figures.rejected;
      } else if (suppressed) {
        ++figures.suppressed;
      } else if (effect) {
        domain::count(*effect, figures);
      }
      if (merged) ++figures.merged;
    }
    step_.progress().bytes_read = chunk.bytes_read;
  }

  Result<ImportEffect> decide_one(const State& state, const EventInput& event, bool& merged) {
    if (state_->find_taken_in(identity_of(event))) return ImportEffect{};
    const bool is_again = names_again(state, event);
    const auto changes = decide(state, event, now_);
    if (!changes) return tl::unexpected(changes.error());
    if (is_again) return ImportEffect{ImportEffect::Kind::duplicate};
    merged |= !changes->outcome.merged.empty();
    const PersonOrdinal under = changes->outcome.under.value();
    const auto person =
        std::ranges::find(changes->persons, under, [](auto& each) { return each.first; });
    GALENA_ASSERT(person != changes->persons.end());
    const LeadOrdinal ordinal = person->second->lead;
    const auto lead =
        std::ranges::find(changes->leads, ordinal, [](auto& each) { return each.first; });
    const Record& record =
        lead != changes->leads.end() ? *lead->second->record : *state.lead(ordinal).record;
    return import_effect(*person->second, record, changes->position, state.last_position());
  }

  // An earlier row named the same person: by one of the keys.
  bool names_again(const State& state, const EventInput& event) {
    if (event.message.type != MessageType::identify && event.message.type != MessageType::group) {
      return false;
    }
    bool again = false;
    const MessageKeys keys = keys_of(event.message, state);
    const auto organisation = organisation_key(event.message);
    for (const auto* key : {&keys.user, &keys.address, &organisation}) {
      if (key->has_value()) again |= !named_.insert(workspace::hash_of(**key)).second;
    }
    return again;
  }

  ImportStep& step_;
  const workspace::VersionPtr state_;
  Time now_;
  RowChunk chunk_;
  std::unordered_set<std::uint64_t> named_;  // hashes of keys
};

}  // namespace

Result<StepEnd> check_import(ImportStep& step) {
  const workspace::VersionPtr state = step.engine().read(step.row().workspace);
  if (!state) return fail(ErrorCode::not_found, "this workspace is not there any more");
  step.progress().checked = {};  // from the beginning, if it was interrupted
  Check check(step, state);
  bool interrupted = false;
  const auto read = each_import_row(step, 0, [&](FileRow&& row) {
    interrupted = !check.take(std::move(row));
    return !interrupted;
  });
  if (!read) return tl::unexpected(read.error());
  if (interrupted) return StepEnd::interrupted;
  check.finish();
  return StepEnd::completed;
}

}  // namespace galena::worker
