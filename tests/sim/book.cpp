#include "book.hpp"

#include <charconv>

#include "complaint.hpp"

namespace galena::sim {

std::size_t Book::add(Sent sent) {
  sent_.push_back({.sent = std::move(sent), .position = std::nullopt});
  return sent_.size() - 1;
}

std::size_t Book::submit(WorkspaceId workspace, std::vector<std::size_t> numbers) {
  const std::vector<Time> arrived(numbers.size(), clock_.now());
  waiting_.emplace(submissions_, Submission{workspace, std::move(numbers), arrived});
  return submissions_++;
}

std::vector<std::size_t> Book::parts_of(std::size_t submission) const {
  return waiting_.at(submission).numbers;
}

bool Book::answer(std::size_t number, const Result<engine::Receipts>& receipts) {
  const auto found = waiting_.find(number);
  require(found != waiting_.end(), "submission {} was answered twice", number);
  const Submission submission = std::move(found->second);
  waiting_.erase(found);
  if (!receipts) {
    require(receipts.error().code == ErrorCode::unavailable, "a submission was refused: {}",
            receipts.error().message);
    for (const Time arrived : submission.arrived) time(submission.workspace).note(arrived);
    return true;
  }
  require(receipts->size() == submission.numbers.size(), "{} answers to {} inputs",
          receipts->size(), submission.numbers.size());
  for (std::size_t i = 0; i < receipts->size(); ++i) {
    Entry& entry = sent_[submission.numbers[i]];
    const Result<engine::Receipt>& receipt = (*receipts)[i];
    require(receipt || entry.sent.may_be_refused, "{} was refused: {}", entry.sent.mark,
            receipt ? "" : receipt.error().message);
    const Time arrived = entry.sent.keeps_arrival ? submission.arrived[i] : clock_.now();
    if (receipt) take_receipt(submission.numbers[i], *receipt, arrived);
    time(submission.workspace).note(arrived);
  }
  return false;
}

void Book::take_receipt(std::size_t number, const engine::Receipt& receipt, Time arrived) {
  Entry& entry = sent_[number];
  const Sent& sent = entry.sent;
  const auto known = known_.find({sent.workspace, sent.identity});
  const bool is_known = !sent.identity.empty() && known != known_.end();
  require(receipt.duplicate == is_known, "{} ({}) was {} at {}", sent.mark, sent.identity,
          receipt.duplicate ? "called a duplicate of what nobody took in" : "taken in again",
          receipt.position);
  if (is_known) {
    require(receipt.position == known->second, "{} is at {}, but the duplicate was told {}",
            sent.mark, known->second, receipt.position);
    return;
  }
  if (receipt.suppressed) {
    held_back_.push_back(number);
    return;
  }
  require(!entry.position, "{} was taken in twice, at {} and {}", sent.mark,
          entry.position.value_or(0), receipt.position);
  BelievedTime& believed = time(sent.workspace);
  entry.position = receipt.position;
  entry.earliest = believed.of(arrived);
  entry.latest = std::max(believed.note(arrived), believed.of(clock_.now()));
  if (!sent.identity.empty()) known_[{sent.workspace, sent.identity}] = receipt.position;
  ++acknowledged_;
}

std::optional<std::size_t> Book::number_in(std::string_view input) const {
  for (auto at = input.find('#'); at != input.npos; at = input.find('#', at + 1)) {
    std::size_t number = 0;
    const char* end = input.data() + input.size();
    const auto [rest, error] = std::from_chars(input.data() + at + 1, end, number);
    if (error == std::errc() && rest != end && *rest == '#') return number;
  }
  return std::nullopt;
}

Book::Places Book::places_in(store::Store& store, WorkspaceId workspace) const {
  Places places;
  store.read_log(workspace, 0, [&](const store::LogRow& row) {
    const auto number = number_in(row.input);
    if (!number) return true;
    require(*number < sent_.size() && sent_[*number].sent.workspace == workspace,
            "workspace {}: row {} holds #{}#, which nobody sent to it", workspace, row.position,
            *number);
    const auto [place, is_new] = places.emplace(*number, row.position);
    require(is_new, "workspace {}: #{}# stands at {} and again at {}", workspace, *number,
            place->second, row.position);
    return true;
  });
  return places;
}

void Book::settle(const Submission& submission, const Places& places) {
  std::size_t fresh = 0, found = 0;
  for (const std::size_t number : submission.numbers) {
    Entry& entry = sent_[number];
    const std::pair key(submission.workspace, entry.sent.identity);
    if (!entry.sent.identity.empty() && known_.contains(key)) continue;  // would be a duplicate
    const bool may_be_left_out = entry.sent.may_be_refused || names_erased(entry.sent);
    if (may_be_left_out && !places.contains(number)) continue;
    ++fresh;
    const auto place = places.find(number);
    if (place == places.end()) continue;
    ++found;
    entry.position = place->second;
    if (!entry.sent.identity.empty()) known_[key] = place->second;
  }
  require(found == 0 || found == fresh,
          "workspace {}: of a submission of {} new inputs {} survived the crash",
          submission.workspace, fresh, found);
}

void Book::settle(store::Store& store) {
  std::map<WorkspaceId, Places> places;
  for (const auto& [number, submission] : waiting_) {
    const auto [found, is_new] = places.try_emplace(submission.workspace);
    if (is_new) found->second = places_in(store, submission.workspace);
    settle(submission, found->second);
  }
  waiting_.clear();
}

bool Book::names_erased(const Sent& sent) const {
  const auto found = deeds_.find(sent.workspace);
  return found != deeds_.end() && found->second->names_erased(sent.text);
}

bool Book::may_be_rewritten(WorkspaceId workspace, Position position) const {
  const auto found = deeds_.find(workspace);
  return found != deeds_.end() && found->second->may_be_rewritten(position);
}

void Book::check_text(const store::LogRow& row, const Sent& sent) const {
  const bool is_less = may_be_rewritten(row.workspace, row.position) || names_erased(sent);
  require(is_less || row.input.find(sent.text) != row.input.npos,
          "workspace {}: row {} is not what was sent: {} instead of {}", row.workspace,
          row.position, row.input, sent.text);
  constexpr std::string_view kUser = R"("userId":")";
  const auto at = row.input.find(kUser);
  if (at == row.input.npos || row.kind != static_cast<int>(domain::InputKind::event)) return;
  const auto begin = at + kUser.size();
  const std::string user(row.input.substr(begin, row.input.find('"', begin) - begin));
  const auto found = deeds_.find(row.workspace);
  require(found == deeds_.end() || !found->second->was_held(user, row.position),
          "workspace {}: {} was erased and came back at {}", row.workspace, user, row.position);
}

// Nobody is kept out who was not erased.
void Book::check_held_back(WorkspaceId workspace) {
  std::erase_if(held_back_, [&](std::size_t number) {
    const Sent& sent = sent_[number].sent;
    if (sent.workspace != workspace) return false;
    require(names_erased(sent), "{} was held back, and names nobody who was erased", sent.mark);
    return true;
  });
}

void Book::check_row(const store::LogRow& row, Time before,
                     const std::map<Position, std::size_t>& known) const {
  auto number = number_in(row.input);
  if (!number && may_be_rewritten(row.workspace, row.position)) {
    if (const auto place = known.find(row.position); place != known.end()) number = place->second;
  }
  require(row.received_at >= before, "workspace {}: log time runs back at {}", row.workspace,
          row.position);
  if (!number) {
    const bool by_itself = row.kind == 4 || row.kind == 5 || row.position == 1;
    require(by_itself, "workspace {}: row {} was sent by nobody", row.workspace, row.position);
    return;
  }
  const Entry& entry = sent_[*number];
  require(entry.position == row.position, "workspace {}: {} stands at {}, but {}", row.workspace,
          entry.sent.mark, row.position,
          entry.position ? fmt::format("its sender was told {}", *entry.position)
                         : "its sender was not told so");
  check_text(row, entry.sent);
  if (entry.latest == Time{}) return;  // nobody was told, so nobody knows when
  require(row.received_at >= std::max(before, entry.earliest) &&
              row.received_at <= std::max(before, entry.latest),
          "workspace {}: row {} is of {}, which is not between {} and {}", row.workspace,
          row.position, format_time(row.received_at), format_time(entry.earliest),
          format_time(entry.latest));
}

void Book::check(store::Store& store, WorkspaceId workspace) {
  const Places places = places_in(store, workspace);
  check_held_back(workspace);
  std::map<Position, std::size_t> known;
  for (std::size_t number = 0; number < sent_.size(); ++number) {
    const Entry& entry = sent_[number];
    if (entry.sent.workspace != workspace || !entry.position) continue;
    known.emplace(*entry.position, number);
    require(places.contains(number) || may_be_rewritten(workspace, *entry.position),
            "workspace {}: {} was acknowledged at {} and is gone", workspace, entry.sent.mark,
            *entry.position);
  }
  Position last = 0;
  Time before{};
  store.read_log(workspace, 0, [&](const store::LogRow& row) {
    require(row.position == ++last, "workspace {}: row {} stands where {} should", workspace,
            row.position, last);
    check_row(row, before, known);
    before = row.received_at;
    return true;
  });
  require(store.last_position(workspace) == last, "workspace {}: the log does not end at {}",
          workspace, last);
}

}  // namespace galena::sim
