// Takes back what an import told, row by row, the last one first: as if it had never been.
#include <fmt/format.h>

#include <future>
#include <ranges>

#include "domain/input.hpp"
#include "worker/import_rows.hpp"

namespace galena::worker {
namespace {

using namespace domain;

constexpr std::size_t kTogether = 20;  // an undo looks through all that its person did

// True for what a file told, and not whoever else may have written such a text.
bool is_of_file(std::string_view text) {
  const auto event = read_logged_event(text);
  return event && event->source == Source::import;
}

// Where the log has its rows.
std::vector<Position> rows_of(const ImportStep& step, Position began_after) {
  const std::string sign = fmt::format(R"("import":{{"id":"imp_{}"}})", step.row().id);
  std::vector<Position> rows;
  step.store().read_log(step.row().workspace, began_after, [&](const store::LogRow& row) {
    const bool is_event = row.kind == static_cast<int>(InputKind::event);
    const bool is_signed = is_event && row.input.find(sign) != std::string_view::npos;
    if (is_signed && is_of_file(row.input)) rows.push_back(row.position);
    return true;
  });
  return rows;
}

std::vector<Input> undo_of(const ImportStep& step, std::span<const Position> rows) {
  std::vector<Input> inputs;
  for (const Position row : std::views::reverse(rows)) {
    inputs.push_back(VoidInput{.voids = row,
                               .reason = fmt::format("the import imp_{} of {} was taken back",
                                                     step.row().id, step.row().name),
                               .author = step.row().author,
                               .idempotency_key = fmt::format("undo-imp_{}-{}", step.row().id, row),
                               .evidence = {}});
  }
  return inputs;
}

}  // namespace

Result<StepEnd> undo_import(ImportStep& step) {
  const std::vector<Position> rows = rows_of(step, step.progress().began_after);
  step.progress().taken_back = 0;
  step.progress().left_standing = 0;
  std::size_t left = rows.size();
  while (left > 0) {
    const std::size_t count = std::min(left, kTogether);
    std::promise<Result<engine::Receipts>> promise;
    step.engine().submit(
        step.row().workspace, undo_of(step, std::span(rows).subspan(left - count, count)),
        [&](Result<engine::Receipts> given) { promise.set_value(std::move(given)); });
    const auto receipts = promise.get_future().get();
    if (!receipts) return StepEnd::interrupted;  // no room just now: later
    for (const auto& receipt : *receipts) {
      ++(receipt ? step.progress().taken_back : step.progress().left_standing);
    }
    left -= count;
    if (!step.goes_on()) return StepEnd::interrupted;
  }
  return StepEnd::completed;
}

}  // namespace galena::worker
