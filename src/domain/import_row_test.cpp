#include "domain/import_row.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/csv.hpp"
#include "base/csv_detect.hpp"
#include "base/json.hpp"
#include "domain/account.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Target = ImportTarget;

json::value parsed(std::string_view text) {
  const auto read = parse_json(text);
  EXPECT_TRUE(read) << text;
  return read ? *read : json::value();
}

// The messages of a row as JSON, or what is wrong with it.
json::array messages(const ImportMapping& mapping, const std::vector<std::string_view>& cells) {
  const auto row = ImportRowReader(mapping).read(cells);
  json::array all;
  if (!row) return {json::value(row.error().field), json::value(row.error().message)};
  for (const ImportMessage& message : row->messages) all.push_back(parsed(message.text));
  return all;
}

std::vector<std::string> warnings(const ImportMapping& mapping,
                                  const std::vector<std::string_view>& cells) {
  const auto row = ImportRowReader(mapping).read(cells);
  EXPECT_TRUE(row) << row.error().message;
  std::vector<std::string> all;
  if (!row) return all;
  for (const Error& warning : row->warnings) all.push_back(warning.field + ": " + warning.message);
  return all;
}

struct Refusal {
  std::string field;
  std::string message;
};

Refusal refusal(const ImportMapping& mapping, const std::vector<std::string_view>& cells) {
  const auto row = ImportRowReader(mapping).read(cells);
  EXPECT_FALSE(row);
  return row ? Refusal{} : Refusal{row.error().field, row.error().message};
}

ImportMapping people(std::vector<ImportColumn> columns) {
  return {.system = "hubspot", .columns = std::move(columns)};
}

// --- real exports ------------------------------------------------------------------------------

// The first row of a file, read as its layout proposes.
ImportedRow row_of_file(const std::string& name) {
  std::ifstream file(std::filesystem::path(GALENA_SOURCE_DIR) / "tests" / "data" / "csv" /
                         "crm_headers" / (name + ".csv"),
                     std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::optional<ImportRowReader> rows;
  ImportedRow first;
  const auto header = [&](std::uint64_t, CsvCells cells) {
    rows.emplace(suggested_mapping(recognise_layout(cells), cells));
  };
  const auto row = [&](std::uint64_t, CsvCells cells) {
    auto read = rows->read(cells);
    ASSERT_TRUE(read) << read.error().field << ": " << read.error().message;
    first = std::move(*read);
  };
  CsvReader reader(detect_dialect(bytes), {.header = header, .row = row});
  reader.feed(bytes);
  reader.finish();
  return first;
}

void expect_text(const ImportedRow& row, std::string_view expected) {
  ASSERT_THAT(row.messages, SizeIs(1));
  EXPECT_EQ(parsed(row.messages[0].text), parsed(expected)) << row.messages[0].text;
}

TEST(ImportRow, a_hubspot_contact) {
  const ImportedRow row = row_of_file("hubspot_contacts");
  EXPECT_EQ(row.messages.at(0).type, MessageType::identify);
  EXPECT_THAT(row.warnings, IsEmpty());
  expect_text(row, R"({"type": "identify", "userId": "zoe@northwind.example", "traits": {
    "email": "zoe@northwind.example", "first_name": "Zoë", "last_name": "Østergaard, Jr.",
    "title": "VP, Sales", "phone": "+45 12 34 56 78", "owner": "Ada Example", "status": "Open",
    "stage": "Lead", "source": "Paid Search", "created_at": "2025-03-04T09:30:00.000Z",
    "company": {"name": "Northwind \"Health\", LLC", "domain": "northwind.example"},
    "address": {"country": "Denmark", "city": "København"}, "hubspot_id": "00001"}})");
}

TEST(ImportRow, a_salesforce_lead) {
  expect_text(row_of_file("salesforce_lead_dataloader"),
              R"({"type": "identify", "userId": "zoe@northwind.example", "traits": {
    "email": "zoe@northwind.example", "first_name": "Zoë", "last_name": "Østergaard, Jr.",
    "title": "VP, Sales", "phone": "+45 12 34 56 78", "mobile": "+4512345678",
    "owner": "Ada Example", "status": "Open", "source": "Paid Search",
    "created_at": "2025-03-04T09:30:00.000Z",
    "company": {"name": "Northwind \"Health\", LLC", "domain": "northwind.example",
                "employees": 51},
    "address": {"country": "Denmark", "city": "København"}, "salesforce_id": "00001"}})");
}

TEST(ImportRow, a_pipedrive_person_has_one_name_for_all) {
  expect_text(row_of_file("pipedrive_people"),
              R"({"type": "identify", "userId": "zoe@northwind.example", "traits": {
    "email": "zoe@northwind.example", "first_name": "Zoë", "last_name": "Østergaard",
    "phone": "+45 12 34 56 78", "owner": "Ada Example", "created_at": "2025-03-04T09:30:00.000Z",
    "company": {"name": "Northwind \"Health\", LLC"}, "pipedrive_id": "00001"}})");
}

TEST(ImportRow, an_apollo_person_has_several_numbers) {
  expect_text(row_of_file("apollo_people"),
              R"({"type": "identify", "userId": "zoe@northwind.example", "traits": {
    "email": "zoe@northwind.example", "first_name": "Zoë", "last_name": "Østergaard, Jr.",
    "title": "VP, Sales", "phone": "+45 12 34 56 78", "mobile": "+4512345678",
    "owner": "Ada Example", "stage": "Lead", "linkedin": "https://www.linkedin.com/in/zoe-example",
    "company": {"name": "Northwind \"Health\", LLC", "domain": "northwind.example",
                "employees": 51},
    "address": {"country": "Denmark", "city": "København"}, "apollo_id": "00001"}})");
}

TEST(ImportRow, an_apollo_account_is_a_group_by_its_domain) {
  const ImportedRow row = row_of_file("apollo_accounts");
  EXPECT_EQ(row.messages.at(0).type, MessageType::group);
  expect_text(row, R"({"type": "group", "traits": {"name": "Northwind \"Health\", LLC",
    "domain": "northwind.example", "employees": 51, "address": {"country": "Denmark"}}})");
}

TEST(ImportRow, a_hubspot_deal_of_a_company_alone) {
  const ImportedRow row = row_of_file("hubspot_deals");
  EXPECT_EQ(row.messages.at(0).type, MessageType::track);
  EXPECT_EQ(row.messages.at(0).company, "Northwind \"Health\", LLC");
  expect_text(row, R"({"type": "track", "event": "Opportunity Created",
    "timestamp": "2025-03-04T09:30:00.000Z", "properties": {"amount": 15000.5, "stage": "Lead",
    "owner": "Ada Example", "company": "Northwind \"Health\", LLC",
    "created_at": "2025-03-04T09:30:00.000Z"}})");
  EXPECT_EQ(parsed(with_user(row.messages[0].text, "zoe@\"x\"")).as_object().at("userId"),
            "zoe@\"x\"");
}

// --- what the core makes of it -----------------------------------------------------------------

Message read_by_core(const ImportMessage& message, Source source) {
  const auto batch = read_request(message.text, message.type, {.source = source});
  EXPECT_TRUE(batch) << message.text;
  EXPECT_THAT(batch->inputs, SizeIs(1)) << message.text;
  return batch->inputs.at(0).message;
}

TEST(ImportRow, the_core_knows_the_traits) {
  const Message lead =
      read_by_core(row_of_file("salesforce_lead_dataloader").messages.at(0), Source::import);
  EXPECT_EQ(lead.user_id, "zoe@northwind.example");
  EXPECT_EQ(lead.trait(Field::email), "zoe@northwind.example");
  EXPECT_EQ(lead.trait(Field::last_name), "Østergaard, Jr.");
  EXPECT_EQ(lead.trait(Field::title), "VP, Sales");
  EXPECT_EQ(lead.trait(Field::phone), "+45 12 34 56 78");
  EXPECT_EQ(lead.trait(Field::company_domain), "northwind.example");
  EXPECT_EQ(lead.trait(Field::employees), "51");
  EXPECT_EQ(lead.trait(Field::country), "Denmark");
  EXPECT_EQ(lead.trait(Field::city), "København");
}

TEST(ImportRow, the_core_knows_the_organisation) {
  const Message account = read_by_core(row_of_file("apollo_accounts").messages.at(0), Source::api);
  const auto told = organisation_told(account, Source::api);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->kind, AccountKind::domain);
  EXPECT_EQ(told->text, "northwind.example");
  EXPECT_EQ(account.trait(Field::company_name), "Northwind \"Health\", LLC");
  EXPECT_EQ(account.trait(Field::country), "Denmark");
}

// --- people ------------------------------------------------------------------------------------

TEST(ImportRow, who_has_no_address_is_known_by_an_id) {
  const ImportMapping mapping = people({{"Id", Target::external_id}, {"E-mail", Target::email}});
  EXPECT_EQ(messages(mapping, {"00001", ""}),
            parsed(R"([{"type": "identify", "userId": "hubspot:00001",
                        "traits": {"hubspot_id": "00001"}}])"));
  EXPECT_EQ(messages(mapping, {"7", "n/a"}).at(0).as_object().at("userId"), "hubspot:7");
  EXPECT_EQ(refusal(mapping, {"-", " "}).field, "E-mail");
}

TEST(ImportRow, a_row_without_address_and_id_is_refused) {
  const ImportMapping mapping = people({{"E-mail", Target::email}, {"Name", Target::full_name}});
  const Refusal told = refusal(mapping, {"", "Zoë"});
  EXPECT_EQ(told.field, "E-mail");
  EXPECT_THAT(told.message, HasSubstr("neither an e-mail address nor an id"));
}

TEST(ImportRow, an_id_of_no_system_needs_the_name_of_the_list) {
  ImportMapping mapping = people({{"No", Target::external_id}, {"Name", Target::full_name}});
  mapping.system = "";
  const Refusal told = refusal(mapping, {"17", "Zoë"});
  EXPECT_EQ(told.field, "No");
  EXPECT_THAT(told.message, HasSubstr("name the source of the list"));
  mapping.source = "Hannover Fair 2026";
  EXPECT_EQ(messages(mapping, {"17", "Zoë"}),
            parsed(R"([{"type": "identify", "userId": "hannover_fair_2026:17", "traits": {
              "first_name": "Zoë", "source": "Hannover Fair 2026", "external_id": "17"}}])"));
}

TEST(ImportRow, a_wrong_address_is_refused_in_words) {
  const ImportMapping mapping = people({{"Your e-mail", Target::email}});
  const Refusal told = refusal(mapping, {"zoe@"});
  EXPECT_EQ(told.field, "Your e-mail");
  EXPECT_EQ(told.message, "\"zoe@\" is no e-mail address: an address needs a domain after the @");
  EXPECT_THAT(refusal(mapping, {"ann smith@acme.com"}).message, HasSubstr("no e-mail address"));
}

TEST(ImportRow, of_several_addresses_the_first_is_taken) {
  const ImportMapping mapping = people({{"E-mail", Target::email}});
  EXPECT_EQ(messages(mapping, {"Zoe@Northwind.EXAMPLE, z@private.example"})
                .at(0)
                .as_object()
                .at("userId"),
            "Zoe@northwind.example");
  EXPECT_THAT(warnings(mapping, {"zoe@northwind.example; z@private.example"}),
              ElementsAre(HasSubstr("zoe@northwind.example was taken")));
  EXPECT_THAT(warnings(mapping, {"Zoë Ø <zoe@northwind.example>"}), IsEmpty());
}

TEST(ImportRow, what_cannot_be_read_is_left_out_with_a_warning) {
  const ImportMapping mapping = people({{"E-mail", Target::email},
                                        {"Created", Target::created_at},
                                        {"Size", Target::company_size},
                                        {"Web", Target::company_domain},
                                        {"Revenue", Target::company_revenue}});
  const std::vector<std::string_view> cells{"a@acme.com", "some day", "many", "see below", "much"};
  EXPECT_EQ(messages(mapping, cells), parsed(R"([{"type": "identify", "userId": "a@acme.com",
                        "traits": {"email": "a@acme.com"}}])"));
  EXPECT_THAT(warnings(mapping, cells),
              ElementsAre(HasSubstr("Created: \"some day\" is no date"),
                          HasSubstr("Web: \"see below\" is no company's web address"),
                          HasSubstr("Size: \"many\" is no number"),
                          HasSubstr("Revenue: \"much\" is no amount")));
  EXPECT_THAT(warnings(mapping, {"a@acme.com", "", "-", "n/a"}), IsEmpty());
}

TEST(ImportRow, values_are_brought_into_their_form) {
  ImportMapping mapping = people({{"E-mail", Target::email},
                                  {"Size", Target::company_size},
                                  {"Web", Target::company_domain},
                                  {"Revenue", Target::company_revenue},
                                  {"Converted", Target::converted},
                                  {"Created", Target::created_at},
                                  {"Mobile", Target::mobile}});
  mapping.dates = DateOrder::month_first;
  EXPECT_EQ(messages(mapping, {" a@acme.com\xC2\xA0", "1,000+", "http://www.Acme.com/x?y", "$1.2M",
                               "FALSE", "03/04/2025", "0170 1"}),
            parsed(R"([{"type": "identify", "userId": "a@acme.com", "traits": {
              "email": "a@acme.com", "phone": "0170 1", "mobile": "0170 1", "converted": false,
              "created_at": "2025-03-04",
              "company": {"domain": "acme.com", "employees": 1000, "revenue": 1200000}}}])"));
}

TEST(ImportRow, names_in_one_cell_are_taken_apart) {
  const ImportMapping mapping = people({{"E-mail", Target::email}, {"Name", Target::full_name}});
  const auto names = [&](std::string_view name) {
    const json::array all = messages(mapping, {"a@acme.com", name});
    const json::object& traits = all.at(0).as_object().at("traits").as_object();
    std::string both;
    for (const auto* key : {"first_name", "last_name"}) {
      const json::value* told = traits.if_contains(key);
      both += (both.empty() ? "" : "|") + std::string(told == nullptr ? "-" : told->as_string());
    }
    return both;
  };
  EXPECT_EQ(names("Zoë Østergaard"), "Zoë|Østergaard");
  EXPECT_EQ(names("Dr. John A. Smith Jr., MD"), "John A.|Smith Jr.");
  EXPECT_EQ(names("van der Berg, Jan"), "Jan|van der Berg");
  EXPECT_EQ(names("Ann and Bob Smith"), "Ann|Smith");
  EXPECT_EQ(names("Zoë"), "Zoë|-");
  EXPECT_EQ(names("a@acme.com"), "-|-");
}

TEST(ImportRow, columns_of_ones_own_are_kept_only_if_they_are_mapped) {
  const ImportMapping mapping = people(
      {{"E-mail", Target::email}, {"Colour", Target::none, "colour"}, {"Secret", Target::none}});
  EXPECT_EQ(messages(mapping, {"a@acme.com", "\"red\"\nblue", "x"}),
            parsed(R"([{"type": "identify", "userId": "a@acme.com",
                        "traits": {"email": "a@acme.com", "colour": "\"red\"\nblue"}}])"));
}

TEST(ImportRow, the_label_of_a_list_stands_in_for_a_source_or_beside_it) {
  ImportMapping mapping = people({{"E-mail", Target::email}, {"Source", Target::source}});
  mapping.source = "Bought 2026";
  const json::value with = messages(mapping, {"a@acme.com", "Web"}).at(0).at("traits");
  EXPECT_EQ(with.at("source"), "Web");
  EXPECT_EQ(with.at("imported_from"), "Bought 2026");
  const json::value without = messages(mapping, {"a@acme.com", ""}).at(0).at("traits");
  EXPECT_EQ(without.at("source"), "Bought 2026");
  EXPECT_EQ(without.as_object().if_contains("imported_from"), nullptr);
}

TEST(ImportRow, blank_rows_and_repeated_headers_say_nothing) {
  const ImportMapping mapping = people({{"E-mail", Target::email}, {"City", Target::city}});
  EXPECT_THAT(messages(mapping, {"", " "}), IsEmpty());
  EXPECT_THAT(messages(mapping, {}), IsEmpty());
  EXPECT_THAT(messages(mapping, {"E-mail", "City"}), IsEmpty());
  EXPECT_THAT(warnings(mapping, {"E-mail", "City"}), ElementsAre(HasSubstr("header once more")));
}

TEST(ImportRow, rows_may_be_shorter_or_longer_than_the_header) {
  const ImportMapping mapping = people({{"E-mail", Target::email}, {"City", Target::city}});
  EXPECT_THAT(warnings(mapping, {"a@acme.com"}), IsEmpty());
  EXPECT_THAT(warnings(mapping, {"a@acme.com", "Bonn", "x", "y"}),
              ElementsAre(HasSubstr("2 cells more than the header")));
}

TEST(ImportRow, a_row_larger_than_a_message_is_refused) {
  const ImportMapping mapping =
      people({{"E-mail", Target::email}, {"Notes", Target::none, "notes"}});
  const std::string notes(MessageLimits::kCallBytes, 'x');
  const Refusal told = refusal(mapping, {"a@acme.com", notes});
  EXPECT_EQ(told.field, "Notes");
  EXPECT_THAT(told.message, HasSubstr("32768 may be kept"));
  const std::string id(600, '1');
  EXPECT_EQ(refusal(people({{"Id", Target::external_id}}), {id}).field, "Id");
}

// --- what people did ---------------------------------------------------------------------------

TEST(ImportRow, attendees_of_a_webinar_tell_that_they_came_or_only_registered) {
  ImportMapping mapping = people({{"E-mail", Target::email},
                                  {"Attended", Target::attended},
                                  {"Join Time", Target::event_at},
                                  {"Registration Time", Target::created_at},
                                  {"Minutes", Target::none, "minutes"}});
  mapping.event = "Webinar Attended";
  mapping.source = "Lead scoring";
  mapping.dates = DateOrder::month_first;
  const json::array came =
      messages(mapping, {"a@acme.com", "Yes", "03/04/2025 03:00:00 PM", "03/01/2025 10:00", "42"});
  ASSERT_THAT(came, SizeIs(2));
  EXPECT_EQ(came[1], parsed(R"({"type": "track", "userId": "a@acme.com",
    "event": "Webinar Attended", "timestamp": "2025-03-04T15:00:00.000Z",
    "properties": {"source": "Lead scoring", "minutes": "42"}})"));
  const json::array stayed_away =
      messages(mapping, {"a@acme.com", "No", "--", "03/01/2025 10:00", ""});
  ASSERT_THAT(stayed_away, SizeIs(2));
  EXPECT_EQ(stayed_away[1], parsed(R"({"type": "track", "userId": "a@acme.com",
    "event": "Webinar Registered", "timestamp": "2025-03-01T10:00:00.000Z",
    "properties": {"source": "Lead scoring"}})"));
}

TEST(ImportRow, an_event_is_told_of_all_if_nothing_says_who_did_not) {
  ImportMapping mapping = people({{"E-mail", Target::email}, {"Scanned", Target::event_at}});
  mapping.event = "Badge Scanned";
  EXPECT_EQ(messages(mapping, {"a@acme.com", "2025-03-04 09:30"}).at(1),
            parsed(R"({"type": "track", "userId": "a@acme.com", "event": "Badge Scanned",
                       "timestamp": "2025-03-04T09:30:00.000Z"})"));
  mapping.columns.push_back({"Came", Target::attended});
  EXPECT_THAT(messages(mapping, {"a@acme.com", "2025-03-04 09:30", "no"}), SizeIs(1));
}

// --- accounts ----------------------------------------------------------------------------------

TEST(ImportRow, accounts_are_known_by_domain_or_id) {
  ImportMapping mapping{.kind = ImportKind::accounts,
                        .system = "salesforce",
                        .columns = {{"Id", Target::external_id},
                                    {"Name", Target::company},
                                    {"Website", Target::company_domain}}};
  EXPECT_EQ(messages(mapping, {"001", "Acme", "www.acme.com"}),
            parsed(R"([{"type": "group", "traits": {"name": "Acme", "domain": "acme.com",
                        "salesforce_id": "001"}}])"));
  EXPECT_EQ(messages(mapping, {"001", "Acme", ""}),
            parsed(R"([{"type": "group", "groupId": "salesforce:001",
                        "traits": {"name": "Acme", "salesforce_id": "001"}}])"));
  EXPECT_EQ(refusal(mapping, {"", "Acme", ""}).field, "Website");
  EXPECT_THAT(refusal(mapping, {"", "Acme", "gmail.com"}).message, HasSubstr("\"gmail.com\""));
  EXPECT_THAT(warnings(mapping, {"001", "Acme", "gmail.com"}), SizeIs(1));
  EXPECT_EQ(refusal(mapping, {"info@acme.com", "Acme", ""}).field, "Id");
}

// --- deals -------------------------------------------------------------------------------------

ImportMapping deals() {
  return {.kind = ImportKind::deals,
          .columns = {{"Deal", Target::deal_name},
                      {"Amount", Target::amount},
                      {"Currency", Target::currency},
                      {"Stage", Target::stage},
                      {"Won", Target::won},
                      {"Closed", Target::closed},
                      {"Close date", Target::closed_at},
                      {"Company", Target::company},
                      {"Contact", Target::contact},
                      {"Id", Target::none, "deal_id"}}};
}

TEST(ImportRow, a_deal_is_told_of_its_contact) {
  EXPECT_EQ(messages(deals(), {"Big one", "15.000,50 €", "", "Gewonnen", "", "", "04.03.2025",
                               "Acme", "Zoë Ø (zoe@acme.com)", "17"}),
            parsed(R"~([{"type": "track", "userId": "zoe@acme.com", "event": "Opportunity Won",
    "timestamp": "2025-03-04", "properties": {"amount": 15000.5, "currency": "EUR",
    "deal_name": "Big one", "stage": "Gewonnen", "company": "Acme",
    "contact": "Zoë Ø (zoe@acme.com)", "closed_at": "2025-03-04", "deal_id": "17"}}])~"));
}

TEST(ImportRow, the_event_of_a_deal_is_how_it_went) {
  const auto event = [](std::string_view stage, std::string_view won, std::string_view closed) {
    const json::array all =
        messages(deals(), {"x", "1", "USD", stage, won, closed, "", "", "a@acme.com"});
    return std::string(all.at(0).at("event").as_string());
  };
  EXPECT_EQ(event("Negotiation", "", ""), "Opportunity Created");
  EXPECT_EQ(event("Closed Won", "", ""), "Opportunity Won");
  EXPECT_EQ(event("closedlost", "", ""), "Opportunity Lost");
  EXPECT_EQ(event("Phase 7", "TRUE", "TRUE"), "Opportunity Won");
  EXPECT_EQ(event("Phase 7", "FALSE", "TRUE"), "Opportunity Lost");
  EXPECT_EQ(event("Phase 7", "0", "0"), "Opportunity Created");
}

TEST(ImportRow, the_currency_is_told_or_stands_with_the_amount) {
  const auto told = [](std::string_view amount, std::string_view currency) {
    const json::array all =
        messages(deals(), {"x", amount, currency, "", "", "", "", "", "a@acme.com"});
    const json::value* found = all.at(0).at("properties").as_object().if_contains("currency");
    return found == nullptr ? std::string() : std::string(found->as_string());
  };
  EXPECT_EQ(told("15000", "eur"), "EUR");
  EXPECT_EQ(told("$15000", ""), "USD");
  EXPECT_EQ(told("$15000", "CAD"), "CAD");
  EXPECT_EQ(told("15000", ""), "");
  EXPECT_EQ(told("$15000", "florins"), "USD");
}

TEST(ImportRow, deals_of_nobody_and_of_no_number_are_refused) {
  const Refusal nobody = refusal(deals(), {"x", "1", "", "", "", "", "", "", "Zoë"});
  EXPECT_EQ(nobody.field, "Contact");
  EXPECT_THAT(nobody.message, HasSubstr("\"Zoë\" holds no e-mail address"));
  EXPECT_THAT(refusal(deals(), {"x", "1"}).message, HasSubstr("neither a contact nor a company"));
  const Refusal amount = refusal(deals(), {"x", "a lot", "", "", "", "", "", "Acme"});
  EXPECT_EQ(amount.field, "Amount");
  EXPECT_EQ(amount.message, "\"a lot\" is no amount; write it like 15,000.50");
  EXPECT_THAT(messages(deals(), {"x", "n/a", "", "", "", "", "", "Acme"}), SizeIs(1));
}

// --- anything ----------------------------------------------------------------------------------

RC_GTEST_PROP(ImportRowProperty, any_cells_are_refused_or_make_messages_that_the_core_takes, ()) {
  const auto cell = rc::gen::element<std::string>(
      "", "a@acme.com", "x", "\"", "\\", "\n", "17", "Zoë Ø", "https://acme.com", "-", "03/04/2025",
      "1,000", "yes", "\x01", "@", "null", std::string(600, 'y'), "Closed Won");
  for (const ImportKind kind : {ImportKind::people, ImportKind::accounts, ImportKind::deals}) {
    ImportMapping mapping{.kind = kind, .system = "crm"};
    if (kind == ImportKind::people) mapping.event = "Badge Scanned";
    std::vector<std::string> kept;
    for (std::size_t i = 1; i < kImportTargetCount; ++i) {
      const auto target = static_cast<Target>(i);
      if (!has_target(kind, target)) continue;
      mapping.columns.push_back({std::string(to_string(target)), target});
      kept.push_back(*cell);
    }
    mapping.columns.push_back({"more", Target::none, "more"});
    kept.push_back(*cell);
    const std::vector<std::string_view> cells(kept.begin(), kept.end());
    const auto row = ImportRowReader(mapping).read(cells);
    if (!row) {
      RC_ASSERT(!row.error().message.empty());
      continue;
    }
    for (const ImportMessage& message : row->messages) {
      const std::string text =
          message.company.empty() ? message.text : with_user(message.text, "a@acme.com");
      const auto batch = read_request(text, message.type, {.source = Source::api});
      RC_ASSERT(batch.has_value());
      RC_ASSERT(batch->refused.empty());
    }
  }
}

}  // namespace
}  // namespace galena::domain
