#include "workload.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace galena::store {
namespace {

const std::string kRewritten(300, '.');
constexpr std::size_t kSteps = 32;
constexpr std::uint64_t kWalBytesMax = 60'000;  // so that a long WAL is cut now and then

}  // namespace

std::string row_text(WorkspaceId workspace, Position position) {
  std::string text = fmt::format("{}:{}:", workspace, position);
  const std::uint64_t hash = stable_hash(text);
  // Mostly some hundred bytes; one in sixteen fills pages of its own.
  const std::size_t size = hash % 16 == 0 ? 9000 : hash % 700;
  while (text.size() < size) text += fmt::format("{:x}", hash + text.size());
  return text;
}

Workload::Workload(std::string directory, std::string vfs, std::uint64_t seed,
                   bool checkpoint_thread)
    : directory_(std::move(directory)),
      vfs_(std::move(vfs)),
      checkpoint_thread_(checkpoint_thread) {
  plan(seed);
}

void Workload::plan(std::uint64_t seed) {
  std::mt19937 random(seed);
  Ends ends{};
  steps_.push_back({.kind = Kind::reopen, .rows = {}});
  while (steps_.size() < kSteps) {
    const std::uint64_t dice = random() % 20;
    Step step{.kind = dice < 13   ? Kind::append
                      : dice < 16 ? Kind::catalogue
                      : dice < 18 ? Kind::passive
                      : dice < 19 ? Kind::restart
                                  : Kind::scrub,
              .rows = {}};
    if (steps_.size() == kSteps * 2 / 3) step.kind = Kind::reopen;
    const std::uint64_t count = step.kind == Kind::append ? 1 + random() % 9 : 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto index = random() % kWorkspaces;
      step.rows.push_back({.workspace = static_cast<WorkspaceId>(index + 1),
                           .position = ++ends[index],
                           .received_at = from_ms(1),
                           .kind = 1,
                           .input = {},
                           .outcome = "{}"});
    }
    steps_.push_back(std::move(step));
  }
}

bool Workload::step() {
  if (next_ == steps_.size()) return false;
  run(steps_[next_]);
  promised_ = in_flight_;
  keys_promised_ = keys_in_flight_;
  return ++next_ < steps_.size();
}

void Workload::run(const Step& step) {
  switch (step.kind) {
    case Kind::append:
      append(step);
      break;
    case Kind::catalogue: {
      if (store_->workspaces().empty()) store_->create_workspace("Acme", from_ms(1));
      keys_in_flight_ = keys_promised_ + 1;
      const std::string name = std::to_string(keys_in_flight_);
      store_->create_key(
          {.workspace = 1, .kind = "api", .name = name, .prefix = "p", .hash = name});
      break;
    }
    case Kind::passive:
      store_->checkpointer().passive();
      break;
    case Kind::restart:
      store_->checkpointer().restart();
      break;
    case Kind::scrub:
      rewrite_some();
      store_->scrub();
      break;
    case Kind::reopen:
      if (const std::string why = reopen(); !why.empty()) {
        throw StoreError(StoreError::Kind::full, why);
      }
      break;
  }
}

// The first rows of each log say the same at greater length, so that they move.
void Workload::rewrite_some() {
  for (WorkspaceId workspace = 1; workspace <= kWorkspaces; ++workspace) {
    std::vector<std::string> texts;
    for (Position position = 1; position <= std::min<Position>(promised_[workspace - 1], 5);
         ++position) {
      texts.push_back(row_text(workspace, position) + kRewritten);
    }
    std::vector<RewrittenRow> rows;
    for (const std::string& text : texts) rows.push_back({rows.size() + 1, text});
    store_->rewrite(workspace, rows);
  }
}

void Workload::append(const Step& step) {
  std::vector<std::string> texts;
  std::vector<LogRow> rows = step.rows;
  for (const LogRow& row : rows) {
    texts.push_back(row_text(row.workspace, row.position));
    in_flight_[row.workspace - 1] = row.position;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].input = texts[i];
  store_->append(rows);
}

std::string Workload::reopen() {
  store_.reset();
  auto opened =
      open_sqlite_with({.directory = directory_, .vfs = vfs_, .wal_bytes_max = kWalBytesMax},
                       {.checkpoint_thread = checkpoint_thread_});
  if (!opened) return opened.error().message;
  store_ = std::move(*opened);
  return "";
}

std::string Workload::check_log(WorkspaceId workspace, Ends& found) {
  std::string wrong;
  Position last = 0;
  store_->read_log(workspace, 0, [&](const LogRow& row) {
    if (row.position != last + 1) {
      wrong = fmt::format("row {} follows row {}", row.position, last);
    } else if (row.input != row_text(workspace, row.position) &&
               row.input != row_text(workspace, row.position) + kRewritten) {
      wrong = fmt::format("row {} has another's content", row.position);
    }
    last = row.position;
    return wrong.empty();
  });
  found[workspace - 1] = last;
  return wrong;
}

std::string Workload::complaint() {
  Ends found{};
  for (WorkspaceId workspace = 1; workspace <= kWorkspaces; ++workspace) {
    if (auto wrong = check_log(workspace, found); !wrong.empty()) return wrong;
  }
  if (found != promised_ && found != in_flight_) {
    return fmt::format("the logs end at {},{},{}; promised was {},{},{}, in flight {},{},{}",
                       found[0], found[1], found[2], promised_[0], promised_[1], promised_[2],
                       in_flight_[0], in_flight_[1], in_flight_[2]);
  }
  const std::size_t keys = store_->keys().size();
  if (keys != keys_promised_ && keys != keys_in_flight_) {
    return fmt::format("{} keys; {} promised, {} in flight", keys, keys_promised_, keys_in_flight_);
  }
  Connection connection(directory_ + "/galena.db", vfs_, Access::read);
  const std::string integrity = connection.text("PRAGMA integrity_check");
  return integrity == "ok" ? "" : integrity;
}

bool Workload::nothing_in_flight_arrived() {
  Ends found{};
  for (WorkspaceId workspace = 1; workspace <= kWorkspaces; ++workspace) {
    found[workspace - 1] = store_->last_position(workspace);
  }
  return found == promised_ && store_->keys().size() == keys_promised_;
}

}  // namespace galena::store
