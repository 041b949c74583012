#include "story.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/text.hpp"
#include "domain/playbook_columns.hpp"
#include "settings.hpp"
#include "workspace/dump.hpp"

namespace galena::cases {

using namespace domain;

namespace {

const Time kBegin = read_time("2026-01-01");

std::string number(Points points) {
  if (points.micro % 1'000'000 == 0) return fmt::format("{}", points.micro / 1'000'000);
  return fmt::format("{:.6f}", points.value());
}

// Points as a case writes them: "80", or to six places where decay made them odd.
bool same_points(const std::string& expected, const std::string& actual) {
  if (expected == actual) return true;
  return std::llround(std::stod(expected) * 1e6) == std::llround(std::stod(actual) * 1e6);
}

std::string line_of(const LedgerLine& line) {
  const std::string_view before[] = {"", "cap of ", "group cap of ", ""};
  const auto kind = static_cast<std::size_t>(line.kind);
  const std::string name = line.kind == LedgerLine::Kind::manual ? "manual" : line.rule;
  return fmt::format("{}{} {}{}", before[kind], name, line.points.micro < 0 ? "" : "+",
                     number(line.points));
}

constexpr std::string_view kPlaybookWords[] = {"playbook: ", "rule ", "group ", "stage ",
                                               "segment "};

}  // namespace

void Story::play() {
  for (const Step& step : case_.steps) {
    try {
      switch (step.kind) {
        case Step::Kind::given:
          given(step);
          break;
        case Step::Kind::when:
          when(step);
          break;
        case Step::Kind::then:
          then(step);
          break;
      }
    } catch (const std::exception& error) {
      fail_at(step.line, error.what());
      return;
    }
  }
  if (refused_) fail_at(refused_line_, "was refused: " + refused_->message);
  check_ledgers();
  check_recall();
}

void Story::given(const Step& step) {
  if (started_) throw std::runtime_error("given stands before the first when and then");
  if (!step.head.starts_with("person")) return change_playbook(step.head, step.body, playbook_);
  const std::string name(trimmed(std::string_view(step.head).substr(6)));
  people_.emplace_back(read_actor(name.empty() ? "someone" : name), step.body);
}

// Position 1 of every workspace is its playbook; then the people given are made known.
void Story::start() {
  if (std::exchange(started_, true)) return;
  now_ = kBegin;
  apply_playbook();
  for (const auto& [actor, traits] : people_) {
    take_request(request_of(actor, "identify (" + traits + ")"));
  }
  if (!people_.empty()) actor_ = people_.front().first;
}

void Story::when(const Step& step) {
  start();
  if (refused_) throw std::runtime_error("the one before was refused: " + refused_->message);
  const std::size_t comma = std::min(step.head.find(','), step.head.size());
  const Time at = read_time(trimmed(std::string_view(step.head).substr(0, comma)));
  if (at < now_) throw std::runtime_error("a case goes forward in time; say stated = … instead");
  now_ = at;
  if (comma < step.head.size()) {
    actor_ = read_actor(trimmed(std::string_view(step.head).substr(comma + 1)));
  }
  do_deed(step.body);
  refused_line_ = step.line;
}

void Story::do_deed(const std::string& deed) {
  if (deed == "time passes") {
    TimeInput input;
    for (LeadOrdinal i = 0; i < workspace_.now().lead_count(); ++i) input.leads.push_back(i);
    return take(input);
  }
  if (deed.starts_with("adjust ")) {
    const Lead* lead = lead_of(actor_);
    if (lead == nullptr) throw std::runtime_error("nobody to adjust");
    const Points points{std::llround(std::stod(deed.substr(7)) * 1e6)};
    const LeadOrdinal ordinal = workspace_.now().person(lead->persons.front()).lead;
    return take(AdjustmentInput{ordinal, points, "a reason", "maria", ""});
  }
  for (const std::string_view word : kPlaybookWords) {
    if (!deed.starts_with("the " + std::string(word))) continue;
    const std::size_t colon = deed.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("a colon is missing");
    change_playbook(trimmed(std::string_view(deed).substr(4, colon - 4)),
                    trimmed(std::string_view(deed).substr(colon + 1)), playbook_);
    return apply_playbook();
  }
  take_request(request_of(actor_, deed));
}

void Story::apply_playbook() {
  take(PlaybookInput{write_playbook(playbook_), "maria", ""});
  while (!refused_ && workspace_.now().rescore_next()) {
    const LeadOrdinal from = *workspace_.now().rescore_next();
    take(RescoreInput{from, from + RescoreInput::kLeadsMax, workspace_.now().playbook()->version});
  }
}

void Story::take_request(const Request& request) {
  const RequestFacts facts{.source = request.source, .key = 1, .arrived = now_};
  auto batch = read_request(request.body, request.type, facts);
  if (!batch) {
    refused_ = batch.error();
  } else if (!batch->refused.empty()) {
    refused_ = batch->refused.front().error;
  } else {
    take(batch->inputs.front());
  }
}

// What the log says of the properties that a playbook is the first to ask for.
void Story::read_again(const workspace::Workspace& workspace, Input& input) const {
  auto* change = std::get_if<PlaybookInput>(&input);
  const auto playbook = change ? read_playbook(change->toml, Playbook{}) : Playbook{};
  if (change == nullptr || !playbook) return;
  const Position last = workspace.now().last_position();
  for (const std::string& name : properties_wanted(workspace.now(), *playbook)) {
    workspace::PropertyColumnWriter writer;
    for (Position at = 1; at <= last; ++at) {
      for (const ToldProperty& told : properties_told(log_[at - 1].input, {{name, 0}})) {
        writer.put(at, told.value);
      }
    }
    change->evidence.push_back({name, writer.column(), last});
  }
}

void Story::take(Input input) {
  if (workspace_.now().find_taken_in(identity_of(input)))
    return;  // sent again: answered, not logged
  read_again(workspace_, input);
  const auto changes = decide(workspace_.now(), input, now_);
  if (!changes) {
    refused_ = changes.error();
    return;
  }
  log_.push_back({kind_of(input), input_text(input), outcome_text(changes->outcome), now_});
  workspace_.apply(*changes);
}

const Lead* Story::lead_of(const Actor& actor) const {
  const workspace::Version& state = workspace_.now();
  std::optional<PersonOrdinal> person;
  if (!actor.user.empty()) {
    person = state.find_person({KeyKind::user, actor.user});
  } else if (!actor.address.empty()) {
    person = state.find_person({KeyKind::address, actor.address});
  } else {
    person = state.find_person({KeyKind::anonymous, actor.device});
  }
  if (!person) return nullptr;
  return &state.lead(survivor(state, state.person(*person).lead));
}

// "bob at 2026-02-01 10:00", "after 30 days", "ledger", "bob ledger", "refused".
void Story::then(const Step& step) {
  start();
  std::string_view head = step.head;
  if (head == "refused") {
    if (!refused_) throw std::runtime_error("it was not refused");
    if (refused_->message.find(step.body) == std::string::npos) {
      fail_at(step.line, "refused for another reason: " + refused_->message);
    }
    refused_.reset();
    return;
  }
  const bool ledger = head.ends_with("ledger");
  if (ledger) head = trimmed(head.substr(0, head.size() - 6));
  Time at = now_;
  const std::string padded = " " + std::string(head);
  if (const std::size_t after = padded.find(" after "); after != std::string::npos) {
    const auto duration = parse_duration(trimmed(std::string_view(padded).substr(after + 7)));
    if (!duration) throw std::runtime_error(duration.error().message);
    at = now_ + *duration;
    head = head.substr(0, after);
  } else if (const std::size_t moment = padded.find(" at "); moment != std::string::npos) {
    at = read_time(trimmed(std::string_view(padded).substr(moment + 4)));
    head = head.substr(0, moment);
  }
  head = trimmed(head);
  const Lead* lead = lead_of(head.empty() ? actor_ : read_actor(head));
  if (!ledger) return expect(step, at, lead);
  if (lead == nullptr) throw std::runtime_error("nobody of that name is known");
  expect_ledger(step, at, *lead);
}

void Story::expect(const Step& step, Time at, const Lead* lead) {
  for (const auto& [key, expected] : read_details(step.body)) {
    if (key == "leads" || key == "visitors") {
      const std::string count = count_of(key);
      if (count != expected) fail_at(step.line, fmt::format("{} = {}", key, count));
      continue;
    }
    if (lead == nullptr) throw std::runtime_error("nobody of that name is known");
    if (key == "lead") {
      if (lead_of(read_actor(expected)) != lead) fail_at(step.line, "is not the same lead");
      continue;
    }
    const std::string found = actual(key, at, *lead);
    const bool points = key == "score" || key == "fit" || key == "interest";
    if (points ? same_points(expected, found) : expected == found) continue;
    fail_at(step.line, fmt::format("{} = {}, not {}", key, found, expected));
    if (!points) continue;
    std::vector<LedgerLine> ledger;
    standing_of(workspace_.now(), *lead, at, &ledger);
    for (const LedgerLine& line : ledger) fail_at(step.line, "ledger: " + line_of(line));
  }
}

std::string Story::count_of(const std::string& key) const {
  const workspace::Version& state = workspace_.now();
  int known = 0, visitors = 0;
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    if (state.lead(i).merged_into) continue;
    ++(state.lead(i).visitor ? visitors : known);
  }
  return fmt::format("{}", key == "leads" ? known : visitors);
}

std::string Story::actual(const std::string& key, Time at, const Lead& lead) const {
  const Standing standing = standing_of(workspace_.now(), lead, at);
  if (key == "score") return number(standing.score());
  if (key == "fit") return number(standing.fit);
  if (key == "interest") return number(standing.interest);
  if (key == "grade") {
    return fmt::format("{}{}", fit_grade(standing.fit), interest_level(standing.interest));
  }
  if (key == "temperature") return std::string(to_string(temperature(standing.activity, at)));
  if (key == "stage") return lead.stage();
  if (key == "events") return fmt::format("{}", standing.activity.events);
  if (key == "segments") {
    std::string names;
    const auto& all = workspace_.now().playbook()->segments.names;
    for (const SegmentChange& in :
         lead.segments ? lead.segments->current : std::vector<SegmentChange>()) {
      names += (names.empty() ? "" : " + ") + all[in.segment];
    }
    return names.empty() ? "none" : names;
  }
  if (key == "stages") {
    std::string path;
    for (const StageEntry& entry : lead.stages) {
      path += (path.empty() ? "" : " > ") + entry.stage;
    }
    return path;
  }
  if (key.starts_with("knows ")) {
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      const auto field = static_cast<Field>(i);
      if (field_name(field) == key.substr(6)) return (*lead.record)[field].value;
    }
  }
  throw std::runtime_error("nothing is called \"" + key + "\"");
}

void Story::expect_ledger(const Step& step, Time at, const Lead& lead) {
  std::vector<LedgerLine> ledger;
  standing_of(workspace_.now(), lead, at, &ledger);
  std::vector<std::string> found;
  for (const LedgerLine& line : ledger) found.push_back(line_of(line));
  std::vector<std::string> expected = split(step.body, ';');
  if (expected == std::vector<std::string>{"empty"}) expected.clear();
  std::ranges::sort(found);
  std::ranges::sort(expected);
  if (found != expected) {
    fail_at(step.line, fmt::format("the ledger is: {}\nnot: {}", fmt::join(found, "; "),
                                   fmt::join(expected, "; ")));
  }
}

void Story::fail_at(int line, const std::string& message) const {
  ADD_FAILURE_AT(case_.file.c_str(), line) << message;
}

// The score is the sum of its ledger, for everybody in every case; what decide kept is what a fresh
// look computes.
void Story::check_ledgers() {
  const workspace::Version& state = workspace_.now();
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    std::vector<LedgerLine> ledger;
    const Standing standing = standing_of(state, state.lead(i), now_, &ledger);
    Points fit, interest;
    for (const LedgerLine& line : ledger) (line.is_fit ? fit : interest) += line.points;
    if (fit != standing.fit || interest != standing.interest) {
      fail_at(case_.line, fmt::format("lead {}: the score is not the sum of its ledger", i));
    }
  }
}

// Reading the log's texts back, without deciding anything again, gives the same state.
void Story::check_recall() {
  workspace::Workspace recalled;
  for (const LogRow& row : log_) {
    auto input = read_input(row.kind, row.input);
    const auto outcome = read_outcome(row.outcome);
    if (!input || !outcome) {
      return fail_at(case_.line, "the log cannot be read: " + row.input + " " + row.outcome);
    }
    read_again(recalled, *input);
    const auto changes = recall(recalled.now(), *input, *outcome, row.at);
    if (!changes) return fail_at(case_.line, "cannot be recalled: " + changes.error().message);
    recalled.apply(*changes);
  }
  if (workspace::canonical_dump(recalled.now()) != workspace::canonical_dump(workspace_.now())) {
    fail_at(case_.line, "the state recalled from the log is another one");
  }
}

}  // namespace galena::cases
