// Lists of leads against the records: whatever is asked, all pages together are those for whom it
// holds, in order.
#include "workspace/find_leads.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "domain/decide.hpp"
#include "domain/latin_form.hpp"
#include "domain/shown_lead.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

Workspace with_playbook() {
  Workspace workspace;
  workspace.apply(*decide(workspace.now(), playbook_input(standard_playbook()), kTestTime));
  return workspace;
}

void identify(Workspace& workspace, std::string_view id, std::string_view traits) {
  const auto input =
      identify_as(fmt::format(R"("userId":"{}")", id), traits, domain::Source::server);
  workspace.apply(*decide(workspace.now(), input, kTestTime));
}

std::vector<std::string> emails(const LeadTable::Look& look, const LeadPage& page) {
  std::vector<std::string> found;
  for (const LeadOrdinal lead : page.leads) {
    found.push_back((*look.state().lead(lead).record)[Field::email].value);
  }
  return found;
}

using Emails = std::vector<std::string>;

TEST(FindLeads, by_any_part_of_a_name_an_address_or_a_company) {
  Workspace workspace = with_playbook();
  identify(workspace, "1",
           R"("email":"anna@x.example","firstName":"Anna","lastName":"Müller","company":"Acme")");
  identify(workspace, "2", R"("email":"bo@acker.example","name":"Bo Lund")");
  LeadTable table;
  const auto look = table.look(workspace.publish(), kTestTime);
  const auto found = [&](std::string_view search) {
    return emails(look, find_leads(look, {.search = std::string(search)}));
  };
  EXPECT_EQ(found("MULL"), Emails{"anna@x.example"});
  EXPECT_EQ(found("müller anna"), Emails{"anna@x.example"});
  EXPECT_EQ(found("ac"), (Emails{"bo@acker.example", "anna@x.example"}));
  EXPECT_EQ(found("acme bo"), Emails{});
  EXPECT_EQ(found("\xF0\x9F\x98\x80"), Emails{});  // a smile is no letter
}

// A text of which nearly everybody has another is looked at lead by lead.
TEST(FindLeads, by_a_part_of_what_everybody_has_for_himself) {
  Workspace workspace = with_playbook();
  std::size_t with_17 = 0, without_1 = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string name = fmt::format("u{}", i);
    identify(workspace, name, fmt::format(R"("email":"{}@x.example")", name));
    with_17 += static_cast<std::size_t>(name.find("17") != std::string::npos);
    without_1 += static_cast<std::size_t>(name.find('1') == std::string::npos);
  }
  identify(workspace, "nobody", R"("firstName":"Nobody")");
  LeadTable table;
  const auto look = table.look(workspace.publish(), kTestTime);
  const auto total = [&](std::string_view filter) {
    const Version& state = look.state();
    LeadQuery query;
    query.filter = Criterion::parse(filter, names_of(*state.playbook()), *state.kinds()).value();
    return find_leads(look, query).total;
  };
  EXPECT_EQ(total(R"(email contains "17")"), with_17);
  EXPECT_EQ(total(R"(exists(email) and not email contains "1")"), without_1);
  EXPECT_EQ(total(R"(not email contains "1")"), without_1 + 1);
  EXPECT_EQ(total(R"(email != "u1@x.example")"), 4999);
  EXPECT_EQ(total("not exists(email)"), 1);
}

TEST(FindLeads, sorts_names_without_regard_to_accents_and_nobody_last) {
  Workspace workspace = with_playbook();
  identify(workspace, "1", R"("email":"1@x.example","firstName":"Özil","lastName":"B")");
  identify(workspace, "2", R"("email":"2@x.example","firstName":"Zoe")");
  identify(workspace, "3", R"("email":"3@x.example")");
  identify(workspace, "4", R"("email":"4@x.example","lastName":"Adler")");
  identify(workspace, "5", R"("email":"5@x.example","firstName":"özil","lastName":"Adams")");
  LeadTable table;
  const auto look = table.look(workspace.publish(), kTestTime);
  const auto sorted = [&](std::string_view by) {
    return emails(look, find_leads(look, {.order = LeadOrder::read(by).value()}));
  };
  EXPECT_EQ(sorted("name"),
            (Emails{"4@x.example", "5@x.example", "1@x.example", "2@x.example", "3@x.example"}));
  EXPECT_EQ(sorted("-name"),
            (Emails{"2@x.example", "1@x.example", "5@x.example", "4@x.example", "3@x.example"}));
  EXPECT_EQ(sorted("email").front(), "1@x.example");
}

TEST(FindLeads, what_cannot_be_sorted_by_is_refused) {
  for (const char* none : {"", "-", "--score", "scores", "market", "own_action", "count(x)"}) {
    EXPECT_FALSE(LeadOrder::read(none)) << none;
  }
  EXPECT_EQ(LeadOrder::read("-score"), kBestFirst);
}

TEST(FindLeads, a_place_is_read_as_it_was_printed) {
  const LeadPlace place{.rank = 77, .text = "ä.b", .text2 = "", .lead = 5};
  const auto again = LeadPlace::read(place.print());
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->print(), place.print());
  for (const char* none : {"", "1", "1.2", "1.2.", "x.2.00.00", "1.2.0.00", "1.2.00.0x"}) {
    EXPECT_FALSE(LeadPlace::read(none)) << none;
  }
}

// What somebody is sorted by, of the record: a number or a text; nothing: last.
struct Key {
  bool missing = true;
  double number = 0;
  std::string text;

  std::pair<std::string, std::string> letters() const { return {latin_form(text), text}; }
};

Key key_of(const Version& state, const Lead& lead, const LeadOrder& order, Time now) {
  if (!order.attribute) {
    const Record& record = *lead.record;
    const std::string first = comparison_form(record[Field::first_name].value);
    const std::string last = comparison_form(record[Field::last_name].value);
    return {first.empty() && last.empty(), 0, first.empty() ? last : first + "\x01" + last};
  }
  const bool known =
      lead.standing.model_version == state.playbook()->version && now < lead.standing.valid_until;
  const Standing standing = known ? lead.standing : standing_of(state, lead, now);
  const Subject subject{*lead.record, &standing, lead.stage(), nullptr, now, lead.created_at};
  const Value value = value_of(*order.attribute, subject);
  if (is_missing(value)) return {};
  if (const auto* number = std::get_if<double>(&value)) return {false, *number, {}};
  if (const auto* at = std::get_if<Time>(&value)) return {false, double(to_ms(*at)), {}};
  const auto text = std::get<std::string_view>(value);
  if (order.attribute == Attribute::stage) {
    return {false, double(state.playbook()->lifecycle.index_of(text)), {}};
  }
  if (order.attribute == Attribute::title_seniority) {
    return {false, double(static_cast<int>(*seniority_from_string(text))), {}};
  }
  return {false, 0, value_form(*order.attribute, text)};
}

bool before(const Key& a, const Key& b, bool descending, LeadOrdinal first, LeadOrdinal second) {
  if (a.missing != b.missing) return b.missing;
  if (!a.missing && a.number != b.number) return (a.number < b.number) != descending;
  if (!a.missing && a.letters() != b.letters()) return (a.letters() < b.letters()) != descending;
  return first > second;
}

RC_GTEST_PROP(FindLeadsProperty, all_pages_are_those_wanted_in_order, ()) {
  RandomHistory history;
  LeadTable table;
  for (int steps = 2; steps > 0; --steps) {
    history.take_some(*rc::gen::inRange(0, 60));
    table.follow(history.workspace.publish(), history.now());
  }
  const Time now = history.now() + minutes{*rc::gen::element(0, 60 * 24 * 20)};
  const auto look = table.look(history.workspace.publish(), now);
  const Version& state = look.state();
  LeadQuery query{.visitors = *rc::gen::arbitrary<bool>(),
                  .limit = *rc::gen::inRange<std::size_t>(1, 5)};
  query.order =
      LeadOrder::read(*rc::gen::element<std::string>(
                          "name", "-name", "score", "-score", "-interest", "fit", "email", "-email",
                          "title", "company.name", "-company.name", "company.employees",
                          "-company.employees", "stage", "-stage", "title.seniority",
                          "-title.seniority", "created_at", "-last_seen", "first_seen"))
          .value();
  if (*rc::gen::inRange(0, 3) == 0) query.stage = "lead";
  if (*rc::gen::inRange(0, 3) == 0) query.search = *rc::gen::element<std::string>("p1", "acme");
  std::vector<LeadOrdinal> expected;
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    const Lead& lead = state.lead(i);
    if (!is_listed(state, i) || (lead.visitor && !query.visitors)) continue;
    if (query.stage && lead.stage() != *query.stage) continue;
    if (!query.search.empty()) {
      bool found = false;
      for (const Field field : {Field::email, Field::company_name, Field::company_domain}) {
        found |= latin_form((*lead.record)[field].value).contains(query.search);
      }
      for (const PersonOrdinal person : lead.persons) {
        const IdentityKey& key = state.person(person).key;
        found |= key.kind != KeyKind::anonymous && latin_form(key.text).contains(query.search);
      }
      if (!found) continue;
    }
    expected.push_back(i);
  }
  std::ranges::sort(expected, [&](LeadOrdinal a, LeadOrdinal b) {
    return before(key_of(state, state.lead(a), query.order, now),
                  key_of(state, state.lead(b), query.order, now), query.order.descending, a, b);
  });
  std::vector<LeadOrdinal> all;
  for (bool more = true; more;) {
    const LeadPage page = find_leads(look, query);
    RC_ASSERT(page.total == expected.size());
    RC_ASSERT(page.leads.size() <= query.limit);
    all.insert(all.end(), page.leads.begin(), page.leads.end());
    more = page.next.has_value();
    if (more) RC_ASSERT(page.leads.size() == query.limit);
    if (more) query.after = LeadPlace::read(page.next->print());
  }
  RC_ASSERT(all == expected);
}

}  // namespace
}  // namespace galena::workspace
