#include "simulation.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace galena::sim {

using std::chrono::hours;
using std::chrono::minutes;
using store::Fault;

namespace {

// Before a change of the clocks in Europe; another in the Americas is not far.
const Time kBegin = *parse_time("2026-03-26T21:00:00Z");
constexpr std::size_t kWorkspacesMax = 3;

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : options_(options), random_(options.seed), clock_(kBegin), book_(clock_) {}

Simulation::~Simulation() = default;

void Simulation::run() {
  start();
  make_workspace();
  make_workspace();
  for (int i = 0; i < options_.steps; ++i) step();
  clear_faults();
  decide_all();
  check_all();
  hash_logs();
  stop_orderly();
}

void Simulation::hash_logs() {
  for (const auto& [id, workspace] : workspaces_) {
    store_->read_log(id, 0, [&](const store::LogRow& row) {
      digest_ = demo::scrambled(digest_ ^ stable_hash(row.input) ^ stable_hash(row.outcome)) +
                static_cast<std::uint64_t>(to_ms(row.received_at));
      return true;
    });
  }
}

void Simulation::step() {
  const std::uint32_t dice = random_.below(1000);
  if (dice < 760) {
    some_traffic();
  } else if (dice < 930) {
    some_upkeep();
  } else {
    some_trouble();
  }
}

void Simulation::some_traffic() {
  const std::uint32_t dice = random_.below(100);
  if (dice < 80) {
    send_messages();
  } else if (dice < 86) {
    send_adjustment();
  } else if (dice < 96) {
    send_by_hand();
  } else {
    send_playbook();
  }
  // Otherwise it waits, and comes into a batch with what comes next.
  if (random_.percent(65)) survives([&] { engine_->step(); });
}

void Simulation::some_upkeep() {
  const std::uint32_t dice = random_.below(100);
  const std::array<Duration, 4> spans{std::chrono::seconds{40}, minutes{5}, minutes{50}, hours{9}};
  if (dice < 35) {
    clock_.pass(random_.within(random_.pick(spans)));
    disturb_erasing();
    look_after();
  } else if (dice < 55) {
    let_time_pass();
  } else if (dice < 60) {
    merge_and_undo();
  } else if (dice < 70) {
    set_clock();
  } else if (dice < 85) {
    checkpoint();
  } else if (dice < 90) {
    engine_->snapshot_all();
  } else if (dice < 97) {
    if (decide_all()) check_all();
  } else {
    make_workspace();
  }
}

void Simulation::some_trouble() {
  const std::uint32_t dice = random_.below(100);
  store::CrashDisk& disk = vfs_.disk();
  if (dice < 30) {
    disk.inject(Fault::crash, 1 + random_.below(80));
  } else if (dice < 50) {
    disk.inject(Fault::full, 1 + random_.below(20));
  } else if (dice < 60) {
    disk.inject(Fault::sync_error, 1 + random_.below(6));
  } else if (dice < 75) {
    die_by_bad_luck();
  } else if (dice < 85) {
    die(store::Survivors::all);  // the program alone was killed
  } else {
    if (stop_orderly()) start();
  }
}

WorkspaceId Simulation::some_workspace() {
  auto chosen = workspaces_.begin();
  std::advance(chosen, random_.below(static_cast<std::uint32_t>(workspaces_.size())));
  return chosen->first;
}

// A new message, or one that was sent before: whether it had arrived or not.
Message Simulation::message_for(WorkspaceId workspace, std::size_t& number) {
  auto& before = workspaces_.at(workspace).messages;
  const bool may_repeat = options_.plant != Plant::wrong_workspace;  // that would be found first
  if (may_repeat && !before.empty() && random_.percent(18)) {
    const auto latest = std::min<std::uint32_t>(static_cast<std::uint32_t>(before.size()), 30);
    const std::size_t from = random_.percent(70) ? before.size() - latest : 0;
    const auto& [sent, message] =
        before[from + random_.below(static_cast<std::uint32_t>(before.size() - from))];
    number = sent;
    Message again = message;
    if (options_.plant == Plant::take_twice) {
      const auto id = again.text.find(R"("messageId":")");
      again.text = again.text.substr(0, id) + R"("messageId":"again )" + again.text.substr(id + 13);
    }
    return again;
  }
  const std::string mark = mark_of(book_.size());
  Message message = random_message(random_, workspace, book_.size(), clock_.now());
  const bool is_browser = message.source == domain::Source::browser;
  number = note({.workspace = workspace,
                 .mark = mark,
                 .text = R"("message":)" + message.text,
                 .identity = message.message_id.empty()
                                 ? ""
                                 : (is_browser ? "browser " : "trusted ") + message.message_id,
                 .keeps_arrival = true});
  if (!message.message_id.empty()) before.emplace_back(number, message);
  return message;
}

void Simulation::send_messages() {
  const WorkspaceId workspace = some_workspace();
  std::vector<domain::Input> inputs;
  std::vector<std::size_t> numbers;
  for (int i = random_.percent(60) ? 1 : random_.between(2, 7); i > 0; --i) {
    inputs.push_back(input_of(message_for(workspace, numbers.emplace_back()), clock_.now()));
  }
  submit(workspace, std::move(inputs), std::move(numbers));
}

void Simulation::send_adjustment() {
  const WorkspaceId workspace = some_workspace();
  const std::string mark = mark_of(book_.size());
  const std::string key = random_.percent(50) ? fmt::format("user 1:{}", random_.below(9)) : "";
  const std::uint32_t known = engine_->read(workspace)->lead_count();
  const std::string reason = mark + " " + words_of(workspace, book_.size());
  const domain::AdjustmentInput input{random_.below(known + 1),
                                      domain::Points::whole(random_.between(-30, 40)), reason,
                                      "user 1", key};
  const std::size_t number = note({.workspace = workspace,
                                   .mark = mark,
                                   .text = fmt::format("\"reason\":\"{}\"", reason),
                                   .identity = key,
                                   .may_be_refused = true});
  submit(workspace, {input}, {number});
}

void Simulation::send_playbook() {
  const WorkspaceId workspace = some_workspace();
  const std::string mark = mark_of(book_.size());
  const std::string key = random_.percent(50) ? fmt::format("user 2:{}", random_.below(5)) : "";
  const auto playbook = engine_->read(workspace)->playbook();
  domain::PlaybookInput input{domain::write_playbook(random_playbook(random_)), mark, key};
  const bool names_version = random_.percent(30);
  if (names_version) input.replaces = playbook->version;
  const std::size_t number = note({.workspace = workspace,
                                   .mark = mark,
                                   .text = fmt::format("\"author\":\"{}\"", mark),
                                   .identity = key,
                                   .may_be_refused = names_version});
  submit(workspace, {std::move(input)}, {number});
}

void Simulation::submit(WorkspaceId workspace, std::vector<domain::Input> inputs,
                        std::vector<std::size_t> numbers) {
  const std::size_t submission = book_.submit(workspace, std::move(numbers));
  WorkspaceId to = workspace;
  if (options_.plant == Plant::wrong_workspace && random_.percent(2)) to = some_workspace();
  engine_->submit(to, std::move(inputs), [this, submission](Result<engine::Receipts> receipts) {
    const bool refused = book_.answer(submission, receipts);
    if (refused) ++figures_.refused_commits;
    if (refused) return;
    for (const auto& receipt : *receipts) {
      figures_.duplicates += receipt && receipt->duplicate;
      figures_.held_back += receipt && receipt->suppressed;
    }
  });
}

void Simulation::make_workspace() {
  if (workspaces_.size() >= kWorkspacesMax) return;
  survives([&] {
    const auto made = engine_->create_workspace("Acme");
    if (made) adopt(*made);  // otherwise the next start does
  });
}

// By an owner, a time server, or a virtual machine that was asleep.
void Simulation::set_clock() {
  look_after();
  const std::array<Duration, 5> spans{minutes{3}, minutes{59}, hours{1}, hours{3}, hours{40}};
  const Duration by = random_.pick(spans) + Duration{random_.between(-1, 1)};
  clock_.jump(random_.percent(50) ? by : -by);
  look_after();
}

}  // namespace galena::sim
