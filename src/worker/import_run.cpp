// Sends the rows of a file into the log, some dozen at a time and a step ahead, so that the
// log is written while the next rows are read. The progress is kept in the order of the rows.
#include <deque>
#include <future>
#include <map>
#include <thread>

#include "domain/import_effect.hpp"
#include "domain/outcome.hpp"
#include "worker/import_rows.hpp"

namespace galena::worker {
namespace {

using namespace domain;
using namespace std::chrono_literals;
using engine::Receipt;
using engine::Receipts;

// Chunks that wait for the log while the next is read: few, so that whoever sends single events
// beside waits for a few milliseconds of rows at most.
constexpr std::size_t kAhead = 1;

// Chunk by chunk; what becomes of each is counted before the next.
class Run {
 public:
  explicit Run(ImportStep& step) : step_(step), workspace_(step.row().workspace) {
    step_.before_keep = [this] { write_rejected(); };
  }
  ~Run() { step_.before_keep = {}; }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // False if the step is to end.
  bool take(FileRow&& row) {
    chunk_.add(std::move(row));
    if (!chunk_.is_full()) return true;
    send();
    while (sent_.size() > kAhead) settle();
    return step_.goes_on();
  }

  void finish() {
    if (!chunk_.rows.empty()) send();
    while (!sent_.empty()) settle();
    step_.keep();
  }

 private:
  struct Sent {
    RowChunk chunk;
    std::future<Result<Receipts>> receipts;
  };

  std::future<Result<Receipts>> submit(std::vector<Input> inputs) {
    auto promise = std::make_shared<std::promise<Result<Receipts>>>();
    auto receipts = promise->get_future();
    if (inputs.empty()) {
      promise->set_value(Receipts{});
      return receipts;
    }
    step_.engine().submit(workspace_, std::move(inputs), [promise](Result<Receipts> given) {
      promise->set_value(std::move(given));
    });
    return receipts;
  }

  void send() {
    RowChunk chunk = std::exchange(chunk_, {});
    std::vector<Input> inputs = chunk.inputs(step_);
    auto receipts = submit(std::move(inputs));
    sent_.push_back({std::move(chunk), std::move(receipts)});
  }

  // Nothing of what was refused for want of room was taken, so it is sent again as it was.
  Receipts receipts_of(Sent& sent) {
    for (auto receipts = sent.receipts.get();; receipts = submit(sent.chunk.inputs(step_)).get()) {
      if (receipts) return std::move(*receipts);
      std::this_thread::sleep_for(200ms);
    }
  }

  void settle() {
    Sent sent = std::move(sent_.front());
    sent_.pop_front();
    Receipts receipts = receipts_of(sent);
    complete_duplicates(receipts);
    const workspace::VersionPtr state = step_.engine().read(workspace_);
    ImportProgress& progress = step_.progress();
    for (RowChunk::Row& row : sent.chunk.rows) {
      count(sent.chunk, row, receipts, *state);
      if (row.error) rejected_ += rejected_line(row);
      progress.line = row.line;
    }
    progress.bytes_read = sent.chunk.bytes_read;
  }

  void write_rejected() {
    if (rejected_.empty()) return;
    ImportProgress& progress = step_.progress();
    step_.store().import_files().write(workspace_, step_.row().id, store::ImportFile::rejected,
                                       progress.rejected_bytes, rejected_);
    progress.rejected_bytes += rejected_.size();
    rejected_.clear();
  }

  // Of rows that were sent by who was interrupted, the log says what became of them.
  void complete_duplicates(Receipts& receipts) {
    std::vector<store::Position> positions;
    for (const auto& receipt : receipts) {
      if (receipt && receipt->duplicate) positions.push_back(receipt->position);
    }
    if (positions.empty()) return;
    std::map<Position, Outcome> outcomes;
    step_.store().read_rows(workspace_, positions, [&](const store::LogRow& row) {
      if (auto outcome = read_outcome(row.outcome)) outcomes[row.position] = std::move(*outcome);
    });
    for (auto& receipt : receipts) {
      if (!receipt || !receipt->duplicate) continue;
      const Outcome& outcome = outcomes[receipt->position];
      receipt->under = outcome.under.value_or(0);
      receipt->merged = !outcome.merged.empty();
    }
  }

  void count(const RowChunk& chunk, RowChunk::Row& row, const Receipts& receipts,
             const workspace::Version& state) {
    ImportFigures& figures = step_.progress().imported;
    ++figures.rows;
    std::optional<ImportEffect> effect;
    bool suppressed = false, merged = false;
    for (std::size_t i = row.first; i < row.first + row.count && !row.error; ++i) {
      const Result<Receipt>& receipt = receipts.at(chunk.input_of.at(i));
      if (!receipt) {
        row.error = receipt.error();
      } else if (receipt->suppressed) {
        suppressed = true;
      } else {
        merged |= receipt->merged;
        if (!effect) effect = effect_of(*receipt, state);
      }
    }
    if (row.error) {
      ++figures.rejected;
    } else if (suppressed) {
      ++figures.suppressed;
    } else if (effect) {
      domain::count(*effect, figures);
    }
    if (merged) ++figures.merged;
  }

  ImportEffect effect_of(const Receipt& receipt, const workspace::Version& state) const {
    const ImportProgress& progress = step_.progress();
    // By another import, as a deal that was told before.
    if (receipt.duplicate && receipt.position <= progress.began_after) return {};
    const Person& person = state.person(receipt.under);
    return import_effect(person, *state.lead(person.lead).record, receipt.position,
                         progress.began_after);
  }

  ImportStep& step_;
  const store::WorkspaceId workspace_;
  RowChunk chunk_;
  std::deque<Sent> sent_;
  std::string rejected_;  // lines that are not in the file yet
};

}  // namespace

Result<StepEnd> run_import(ImportStep& step) {
  ImportProgress& progress = step.progress();
  if (progress.line == 0 && progress.began_after == 0) {
    progress.began_after = step.engine().last_position(step.row().workspace);
    if (!step.keep()) return StepEnd::interrupted;
  }
  Run run(step);
  bool interrupted = false;
  const auto read = each_import_row(step, progress.line, [&](FileRow&& row) {
    interrupted = !run.take(std::move(row));
    return !interrupted;
  });
  run.finish();
  if (!read) return tl::unexpected(read.error());
  return interrupted ? StepEnd::interrupted : StepEnd::completed;
}

}  // namespace galena::worker
