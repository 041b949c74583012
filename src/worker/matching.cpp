#include "worker/matching.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <future>
#include <set>

#include "domain/identity.hpp"
#include "workspace/duplicate_leads.hpp"

namespace galena::worker {
namespace {

using namespace domain;
using namespace std::chrono_literals;
using workspace::Proposal;

constexpr auto kPause = 5s;
constexpr std::size_t kReasonBytesMax = 500;

// For a person to read: "99.97 % likely: same phone: …; same family name: …".
std::string reason_of(const MatchResult& result) {
  std::string reason = fmt::format("{:.4g} % likely", result.probability * 100);
  for (const MatchReason& each : result.reasons) {
    if (reason.size() + each.text.size() > kReasonBytesMax) break;
    reason.append(reason.ends_with("likely") ? ": " : "; ").append(each.text);
  }
  return reason;
}

}  // namespace

Matching::~Matching() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Matching::start() {
  thread_ = std::thread([this] { run(); });
}

void Matching::run() {
  std::unique_lock lock(mutex_);
  std::chrono::nanoseconds pause = kPause;
  while (!wake_.wait_for(lock, pause, [&] { return stopping_; })) {
    lock.unlock();
    const auto began = std::chrono::steady_clock::now();
    try {
      look();
    } catch (const store::StoreError& error) {
      spdlog::warn("looking for duplicates: {}", error.what());
    }
    pause =
        std::max<std::chrono::nanoseconds>(kPause, 9 * (std::chrono::steady_clock::now() - began));
    lock.lock();
  }
}

std::size_t Matching::look() {
  std::size_t merged = 0;
  for (const store::WorkspaceRow& workspace : store_.workspaces()) merged += look_at(workspace.id);
  return merged;
}

std::size_t Matching::look_at(store::WorkspaceId workspace) {
  const workspace::VersionPtr state = engine_.read_if_awake(workspace);
  if (!state || !state->playbook()) return 0;
  const auto merge_from = state->playbook()->source.matching.merge_from;
  const Position as_of = state->last_position();
  if (!merge_from || seen_[workspace] == as_of) return 0;
  seen_[workspace] = as_of;
  std::vector<Input> merges;
  std::set<LeadOrdinal> touched;  // what follows from a merge is found by the next look
  for (const Proposal& proposal : workspace::duplicate_leads(*state, *merge_from)) {
    if (merges.size() == kMergesMax) break;
    const StatePeople people(*state);
    if (people.has_user(proposal.first) && people.has_user(proposal.second)) continue;
    if (!is_open(*state, proposal)) continue;
    if (touched.contains(proposal.first) || touched.contains(proposal.second)) continue;
    touched.insert({proposal.first, proposal.second});
    merges.push_back(MergeInput{
        {proposal.first, proposal.second, reason_of(proposal.result), std::string(kGalena), ""},
        MergeInput::Unasked{proposal.result.probability, as_of}});
  }
  if (merges.empty()) return 0;
  std::promise<Result<engine::Receipts>> promise;
  engine_.submit(workspace, std::move(merges), [&](Result<engine::Receipts> receipts) {
    promise.set_value(std::move(receipts));
  });
  const auto receipts = promise.get_future().get();
  if (!receipts) {
    seen_.erase(workspace);  // nothing was taken: again, later
    return 0;
  }
  return static_cast<std::size_t>(
      std::ranges::count_if(*receipts, [](const auto& receipt) { return receipt.has_value(); }));
}

}  // namespace galena::worker
