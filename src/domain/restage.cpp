#include "domain/restage.hpp"

#include <algorithm>
#include <set>

#include "domain/record.hpp"
#include "domain/standpoint.hpp"

namespace galena::domain {
namespace {

// An input after which the lead may stand elsewhere.
struct Step {
  Position position = 0;
  Time at{};
  const Event* event = nullptr;
  LeadOrdinal merged = kBeganNone;  // this lead became part of ours
};

class StageStory {
 public:
  StageStory(const Draft& draft, LeadOrdinal lead, Position since, const Regrouping& regrouping,
             const StagesBefore& before, AccountStories& accounts)
      : draft_(draft),
        lead_(draft.lead(lead)),
        ordinal_(lead),
        since_(since),
        regrouping_(regrouping),
        before_(before),
        accounts_(accounts),
        lifecycle_(draft.playbook().lifecycle) {
    std::vector<Event> in_order;
    events_in_order(draft.persons_of(lead_), in_order);
    events_ = std::move(in_order);
    std::ranges::sort(events_, {}, &Event::position);
  }

  std::vector<StageEntry> tell() {
    begin();
    for (const Step& step : steps()) {
      if (step.merged != kBeganNone) hand_on(step);
      enter(step);
    }
    return std::move(stages_);
  }

 private:
  const std::vector<StageEntry>& stages_before() const {
    static const std::vector<StageEntry> kNone;
    const auto found = before_.find(ordinal_);
    return found == before_.end() ? kNone : found->second;
  }

  void begin() {
    const Event first = first_event();
    for (const StageEntry& entry : stages_before()) {
      if (entry.position >= first.position && entry.position < since_) stages_.push_back(entry);
    }
    if (!stages_.empty()) return;
    // It began at the input that is taken back, or later, or only because of the undo.
    if (events_.empty() && !stages_before().empty()) return stages_.push_back(stages_before()[0]);
    const std::string& name = lifecycle_.stages.front().rule.name;
    if (const StageEntry* made = made_at(first.position, name)) return stages_.push_back(*made);
    stages_.push_back({name, first.known_at, {}, draft_.playbook().version, first.position});
  }

  // The one with which the lead began: who joined it later may have come before.
  Event first_event() const {
    const auto began = regrouping_.joined.find(lead_.persons.front());
    const Position position = began == regrouping_.joined.end() ? 0 : began->second;
    const auto found = std::ranges::lower_bound(events_, position, {}, &Event::position);
    if (found != events_.end()) return *found;
    return {.known_at = draft_.at(), .position = static_cast<std::uint32_t>(draft_.position())};
  }

  const StageEntry* made_at(Position position, std::string_view stage) const {
    for (const auto& [lead, entries] : before_) {
      for (const StageEntry& entry : entries) {
        if (entry.position == position && entry.stage == stage) return &entry;
      }
    }
    return nullptr;
  }

  // Long histories are asked only where something was entered, and where an event first gives a
  // stage by its name; a long story of the account not at all for its own sake.
  std::vector<Step> steps() const {
    constexpr std::size_t kEventsMax = 1000;
    std::map<Position, Step> steps;
    for (const StageEntry& entry : stages_before()) {
      if (entry.position >= since_) steps[entry.position] = {entry.position, entry.at};
    }
    constexpr std::size_t kChaptersMax = 100;
    const auto& chapters = accounts_.of(lead_.account);
    for (const AccountStories::Chapter& chapter : chapters) {
      if (chapter.position < since_ || chapters.size() > kChaptersMax) continue;
      steps[chapter.position] = {chapter.position, chapter.at};
    }
    const bool ask_each = events_.size() <= kEventsMax;
    std::set<KindCode> kinds;
    for (const Event& event : events_) {
      if (event.position < since_) continue;
      const bool asked = ask_each || steps.contains(event.position) ||
                         (gives_stage(event.kind) && kinds.insert(event.kind).second);
      if (asked) steps[event.position] = {event.position, event.known_at, &event};
    }
    for (const Regrouping::Merge& merge : regrouping_.merged_since) {
      if (merge.into != ordinal_ || merge.from == kBeganNone) continue;
      Step& step = steps[merge.position];
      if (step.position == 0) step = {merge.position, draft_.at()};
      step.merged = merge.from;
    }
    steps.erase(draft_.position());
    std::vector<Step> in_order;
    for (const auto& [position, step] : steps) in_order.push_back(step);
    in_order.push_back({draft_.position(), draft_.at()});
    return in_order;
  }

  bool gives_stage(KindCode kind) const {
    return std::ranges::any_of(lifecycle_.stages,
                               [&](const auto& stage) { return stage.on == kind; });
  }

  void hand_on(const Step& step) {
    const auto theirs = before_.find(step.merged);
    if (theirs == before_.end()) return;
    const auto& entries = theirs->second;
    const auto last =
        std::ranges::find_if(entries.rbegin(), entries.rend(), [&](const auto& entry) {
          return entry.position < step.position && (entry.position < since_ || by_own_event(entry));
        });
    if (last == entries.rend() || !lifecycle_.outweighs(last->stage, stages_.back().stage)) return;
    const StageEntry* made = made_at(step.position, last->stage);
    stages_.push_back(made != nullptr
                          ? *made
                          : StageEntry{last->stage, step.at, last->score, last->model_version,
                                       static_cast<std::uint32_t>(step.position)});
  }

  // What a criterion gave since may hold no more, and is asked again; an event's name stands.
  bool by_own_event(const StageEntry& entry) const {
    const auto event = std::ranges::lower_bound(events_, entry.position, {}, &Event::position);
    const std::size_t stage = lifecycle_.index_of(entry.stage);
    return event != events_.end() && event->position == entry.position &&
           stage < lifecycle_.stages.size() && lifecycle_.stages[stage].on == event->kind;
  }

  void enter(const Step& step) {
    know_until(step.position);
    if (was_visitor_) return;
    const PropertyView told = draft_.properties();
    const Standing standing =
        score(draft_.playbook().model, *record_, index_, step.at, nullptr, told);
    const Subject subject{
        *record_, &standing, stages_.back().stage, &index_, step.at, lead_.created_at, {}, &told};
    const KindCode happened =
        step.event != nullptr && step.event->counted ? step.event->kind : KindCode{kNoKind};
    const auto entered = standpoint_of(draft_.playbook(), subject, happened).stages;
    for (const std::string_view name : entered) {
      const StageEntry* made = made_at(step.position, name);
      StageEntry entry{std::string(name), step.at, standing.score(), draft_.playbook().version,
                       static_cast<std::uint32_t>(step.position)};
      stages_.push_back(made != nullptr ? *made : std::move(entry));
    }
  }

  // Brings record and index to what was known after the input at `position`, of those who were in
  // the lead by then.
  void know_until(Position position) {
    std::vector<Person> known;
    was_visitor_ = true;
    for (const PersonOrdinal ordinal : lead_.persons) {
      const auto joined = regrouping_.joined.find(ordinal);
      if (joined != regrouping_.joined.end() && joined->second > position) continue;
      const Person& person = draft_.person(ordinal);
      Person& then = known.emplace_back();
      then.key = person.key;
      was_visitor_ &= !names_a_person(person.key.kind);
      then.shared_since = person.shared_since;
      std::ranges::copy_if(person.facts, std::back_inserter(then.facts),
                           [&](const Fact& fact) { return fact.position <= position; });
      std::vector<Event> events;
      person.history.collect(events);
      for (const Event& event : events) {
        if (event.position <= position) then.history.append(event);
      }
    }
    std::vector<const Person*> persons;
    for (const Person& person : known) persons.push_back(&person);
    auto record = fold_record(persons);
    add_known(*record, accounts_.known_then(*record, position));
    record_ = std::move(record);
    std::vector<Event> events;
    index_.assign(events_in_order(persons, events));
  }

  const Draft& draft_;
  const Lead& lead_;
  const LeadOrdinal ordinal_;
  const Position since_;
  const Regrouping& regrouping_;
  const StagesBefore& before_;
  AccountStories& accounts_;
  const Lifecycle& lifecycle_;
  std::vector<Event> events_;  // of the lead, in log order
  std::vector<StageEntry> stages_;
  std::shared_ptr<const Record> record_;
  bool was_visitor_ = true;
  EventIndex index_;
};

}  // namespace

std::vector<StageEntry> stages_retold(const Draft& draft, LeadOrdinal lead, Position since,
                                      const Regrouping& regrouping, const StagesBefore& before,
                                      AccountStories& accounts) {
  return StageStory(draft, lead, since, regrouping, before, accounts).tell();
}

}  // namespace galena::domain
