// The checkers of the simulator can fail: each fault that is put in is found, by the one whose work
// it is. And a seed lives through the same again.
#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

#include "simulation.hpp"

namespace galena::sim {
namespace {

using namespace domain;
using testing::ContainsRegex;
using testing::HasSubstr;

constexpr int kSteps = 250;
constexpr std::uint64_t kSeedsMax = 8;

class Sim : public testing::Test {
 protected:
  // What is done to the program on purpose is no news.
  static void SetUpTestSuite() { spdlog::set_level(spdlog::level::off); }
};

std::string complaint_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Complaint& complaint) {
    return complaint.what();
  }
  return "";
}

class SimPlants : public Sim, public testing::WithParamInterface<PlantRow> {};

TEST_P(SimPlants, AreFound) {
  std::string complaint;
  for (std::uint64_t seed = 1; seed <= kSeedsMax && complaint.empty(); ++seed) {
    complaint = complaint_of(
        [&] { Simulation({.seed = seed, .steps = kSteps, .plant = GetParam().plant}).run(); });
  }
  EXPECT_THAT(complaint, ContainsRegex(std::string(GetParam().complaint)));
}

INSTANTIATE_TEST_SUITE_P(All, SimPlants, testing::ValuesIn(kPlants),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Sim, TheSameSeedLivesThroughTheSame) {
  std::vector<std::uint64_t> digests;
  for (const std::uint64_t seed : {1u, 1u, 2u}) {
    Simulation simulation({.seed = seed, .steps = kSteps});
    simulation.run();
    digests.push_back(simulation.digest());
    EXPECT_GT(simulation.figures().acknowledged, 100u);
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_NE(digests[0], digests[2]);
}

// A state in which one lead or person is another.
class Altered final : public State {
 public:
  explicit Altered(const State& state) : state_(state) {}
  Position last_position() const override { return state_.last_position(); }
  std::optional<PersonOrdinal> find_person(const IdentityKey& key) const override {
    return state_.find_person(key);
  }
  PersonOrdinal person_count() const override { return state_.person_count(); }
  LeadOrdinal lead_count() const override { return state_.lead_count(); }
  const Person& person(PersonOrdinal i) const override {
    return i == 0 && first_person ? *first_person : state_.person(i);
  }
  const Lead& lead(LeadOrdinal i) const override {
    return i == 0 && first_lead ? *first_lead : state_.lead(i);
  }
  const std::shared_ptr<const CompiledPlaybook>& playbook() const override {
    return state_.playbook();
  }
  const std::shared_ptr<const KindTable>& kinds() const override { return state_.kinds(); }
  std::span<const PropertyColumnPtr> properties() const override { return state_.properties(); }
  std::optional<LeadOrdinal> rescore_next() const override { return state_.rescore_next(); }
  const std::shared_ptr<const Suppressions>& suppressions() const override {
    return state_.suppressions();
  }
  bool keeps_accounts() const override { return state_.keeps_accounts(); }
  std::optional<AccountOrdinal> find_account(const AccountKey& key) const override {
    return state_.find_account(key);
  }
  AccountOrdinal account_count() const override { return state_.account_count(); }
  const Account& account(AccountOrdinal i) const override { return state_.account(i); }
  SightingNumber sighting_count() const override { return state_.sighting_count(); }
  const Sighting& sighting(SightingNumber number) const override { return state_.sighting(number); }

  std::optional<Person> first_person;
  std::optional<Lead> first_lead;

 private:
  const State& state_;
};

class SimStates : public Sim {
 protected:
  SimStates() {
    take(state, track(R"("userId":"ann")", "Demo Requested"));
    take(state, track(R"("userId":"bob")", "Webinar Attended"));
    check_people(state);
    check_scores(state, kTestTime);
  }
  PlainState state = new_state();
};

TEST_F(SimStates, APersonOfAnotherLeadIsFound) {
  Altered altered(state);
  altered.first_person = state.person(0);
  altered.first_person->lead = 1;
  EXPECT_THAT(complaint_of([&] { check_people(altered); }), HasSubstr("person 0 is of lead 0"));
}

TEST_F(SimStates, APersonWhoIsNotFoundByTheirKeyIsFound) {
  Altered altered(state);
  altered.first_person = state.person(0);
  altered.first_person->key.text = "bob";
  EXPECT_THAT(complaint_of([&] { check_people(altered); }), HasSubstr("is not found by bob"));
}

TEST_F(SimStates, AScoreThatIsKeptWronglyIsFound) {
  Altered altered(state);
  altered.first_lead = state.lead(0);
  altered.first_lead->standing.interest += Points{1};
  EXPECT_THAT(complaint_of([&] { check_scores(altered, kTestTime); }), HasSubstr("is kept at 25"));
}

TEST_F(SimStates, ACriterionThatOverlooksAnEventIsFound) {
  const CriteriaNames names;
  const auto criterion = Criterion::parse("count(\"Demo Requested\") >= 1", names, *state.kinds());
  const naive::World world{names, *state.kinds(), events_of(state, state.lead(0))};
  const EventIndex all(world.events), none;
  Subject subject{*state.lead(0).record, nullptr, "lead", &all, kTestTime};
  check_criterion(*criterion, world, subject);
  subject.events = &none;
  EXPECT_THAT(complaint_of([&] { check_criterion(*criterion, world, subject); }),
              HasSubstr("by its words"));
}

TEST_F(Sim, AKeyOfAnotherWorkspaceIsFound) {
  workspace::Workspace workspace;
  for (const Input& input : {playbook_input(standard_playbook()),
                             Input(track(R"("userId":"of-workspace2-ann")", "Signed Up"))}) {
    workspace.apply(*decide(workspace.now(), input, kTestTime));
  }
  check_isolation(workspace.now(), 2);
  EXPECT_THAT(complaint_of([&] { check_isolation(workspace.now(), 1); }),
              HasSubstr("workspace 1 holds the key of-workspace2-ann"));
}

// A log, and what its clients were told.
class SimBook : public Sim {
 protected:
  SimBook() {
    auto opened = store::open_sqlite({.directory = directory.path()});
    store = std::move(*opened);
    workspace = store->create_workspace("Acme", kTestTime).id;
    book.begin(workspace, kTestTime);
  }
  std::size_t send(const std::string& mark) {
    return book.add({.workspace = workspace, .mark = mark, .text = mark, .identity = {}});
  }
  void log(Position position, const std::string& mark, Time at = kTestTime) {
    const store::LogRow row{.workspace = workspace,
                            .position = position,
                            .received_at = at,
                            .kind = 1,
                            .input = mark,
                            .outcome = "{}"};
    store->append(std::span(&row, 1));
  }
  engine::Receipts told(Position position) { return {engine::Receipt{.position = position}}; }
  std::string check() {
    return complaint_of([&] { book.check(*store, workspace); });
  }

  store::TestDirectory directory;
  std::unique_ptr<store::Store> store;
  VirtualClock clock{kTestTime};
  Book book{clock};
  WorkspaceId workspace = 0;
};

TEST_F(SimBook, HasNothingToComplainOfIfAllIsWell) {
  book.answer(book.submit(workspace, {send("#0#")}), told(1));
  log(1, "#0#");
  EXPECT_EQ(check(), "");
}

TEST_F(SimBook, FindsWhatWasAcknowledgedAndIsGone) {
  book.answer(book.submit(workspace, {send("#0#")}), told(1));
  EXPECT_THAT(check(), HasSubstr("#0# was acknowledged at 1 and is gone"));
}

TEST_F(SimBook, FindsWhatWasRefusedAndIsThere) {
  book.answer(book.submit(workspace, {send("#0#")}), fail(ErrorCode::unavailable, "no room"));
  log(1, "#0#");
  EXPECT_THAT(check(), HasSubstr("its sender was not told so"));
}

TEST_F(SimBook, FindsWhatStandsThereTwice) {
  book.answer(book.submit(workspace, {send("#0#")}), told(1));
  log(1, "#0#");
  log(2, "#0#");
  EXPECT_THAT(check(), HasSubstr("stands at 1 and again at 2"));
}

TEST_F(SimBook, FindsALogTimeOfNoClock) {
  book.answer(book.submit(workspace, {send("#0#")}), told(1));
  log(1, "#0#", kTestTime + std::chrono::minutes{1});
  EXPECT_THAT(check(), HasSubstr("which is not between"));
}

TEST_F(SimBook, FindsHalfASubmissionAfterACrash) {
  book.submit(workspace, {send("#0#"), send("#1#")});
  log(1, "#0#");
  EXPECT_THAT(complaint_of([&] { book.settle(*store); }), HasSubstr("of 2 new inputs 1 survived"));
}

}  // namespace
}  // namespace galena::sim
