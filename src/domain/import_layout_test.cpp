#include "domain/import_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/csv.hpp"
#include "base/csv_detect.hpp"
#include "base/json.hpp"
#include "domain/import_layouts.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using Target = ImportTarget;
using Rows = std::vector<std::vector<std::string>>;

const std::filesystem::path kHeaders =
    std::filesystem::path(GALENA_SOURCE_DIR) / "tests" / "data" / "csv" / "crm_headers";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

json::value read_json(const std::string& name) {
  const auto read = parse_json(read_file(kHeaders / name));
  EXPECT_TRUE(read) << read.error().message;
  return read ? *read : json::value();
}

Rows rows_of(std::string_view bytes, const CsvHints& hints = {}) {
  Rows rows;
  CsvDialect dialect = detect_dialect(bytes, hints, CsvSample::whole_file);
  dialect.header = false;
  CsvReader reader(
      dialect,
      {.row = [&](std::uint64_t, CsvCells cells) { rows.emplace_back(cells.begin(), cells.end()); },
       .fault = [](const CsvFault& fault) { ADD_FAILURE() << fault.message; }});
  reader.feed(bytes);
  reader.finish();
  return rows;
}

ImportLayout recognised(std::string_view header_line) {
  const Rows rows = rows_of(header_line, {.separator = ","});
  return recognise_layout(std::span<const std::vector<std::string>>(rows));
}

std::vector<Target> targets_of(const ImportLayout& layout) {
  std::vector<Target> targets;
  targets.reserve(layout.columns.size());
  for (const ColumnGuess& column : layout.columns) targets.push_back(column.target);
  return targets;
}

// Each header has the target that is expected, and what is not expected has none.
void expect_mapping(const ImportLayout& layout, const std::vector<std::string>& header,
                    const json::object& expected, const std::string& file) {
  ASSERT_EQ(layout.columns.size(), header.size()) << file;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const json::value* told = expected.if_contains(header[i]);
    const std::string_view target = told == nullptr ? "none" : std::string_view(told->as_string());
    EXPECT_EQ(to_string(layout.columns[i].target), target)
        << file << ": " << header[i] << " (" << layout.columns[i].reason << ")";
    EXPECT_FALSE(layout.columns[i].reason.empty()) << header[i];
  }
}

TEST(ImportLayout, headers_of_crms_map_as_expected) {
  const json::value all = read_json("expected_mapping.json");
  for (const auto& [name, told] : all.as_object()) {
    const json::object& expected = told.as_object();
    const std::string file = std::string(name) + ".csv";
    const std::string bytes = read_file(kHeaders / file);
    EXPECT_EQ(bytes.starts_with("\xEF\xBB\xBF"), expected.at("encoding") == "utf-8-sig") << file;
    const Rows rows = rows_of(bytes);
    const ImportLayout layout = recognise_layout(std::span<const std::vector<std::string>>(rows));
    EXPECT_EQ(layout.name, std::string_view(name));
    EXPECT_EQ(layout.header_row + 1,
              static_cast<std::size_t>(expected.at("header_line").as_int64()));
    ASSERT_EQ(rows[0].size(), static_cast<std::size_t>(expected.at("columns").as_int64())) << file;
    expect_mapping(layout, rows[0], expected.at("map").as_object(), file);
  }
}

TEST(ImportLayout, so_do_further_layouts) {
  const json::value all = read_json("more_layouts.json");
  for (const json::value& one : all.as_array()) {
    const json::object& expected = one.as_object();
    const std::string header(expected.at("header").as_string());
    // As a cell has it that no reader has freed of a byte order mark.
    const Rows rows = rows_of("\n" + header, {.separator = ","});
    const ImportLayout layout = recognise_layout(std::span<const std::vector<std::string>>(rows));
    EXPECT_EQ(layout.name, std::string_view(expected.at("layout").as_string())) << header;
    EXPECT_EQ(to_string(layout.kind), std::string_view(expected.at("kind").as_string())) << header;
    const json::value* event = expected.if_contains("event");
    EXPECT_EQ(layout.event, event == nullptr ? "" : std::string_view(event->as_string())) << header;
    ASSERT_EQ(rows.size(), 1u);
    expect_mapping(layout, rows[0], expected.at("map").as_object(), header);
  }
}

TEST(ImportLayout, says_how_sure_it_is_and_why) {
  const ImportLayout layout = recognised("Record ID,Lead Status,Email,Handy,Email Address,x");
  EXPECT_EQ(layout.title, "HubSpot contacts");
  EXPECT_EQ(layout.system, "hubspot");
  EXPECT_THAT(targets_of(layout), ElementsAre(Target::external_id, Target::status, Target::email,
                                              Target::mobile, Target::none, Target::none));
  EXPECT_EQ(layout.columns[2].sureness, 1);
  EXPECT_EQ(layout.columns[2].reason, "in HubSpot contacts it is the e-mail address");
  EXPECT_LT(layout.columns[3].sureness, 1);
  EXPECT_EQ(layout.columns[3].reason, "German for the mobile number");
  EXPECT_EQ(layout.columns[4].reason, "the e-mail address is taken from \"Email\"");
  EXPECT_EQ(layout.columns[5].sureness, 0);
  EXPECT_EQ(layout.columns[5].reason, "no header that is known");
}

TEST(ImportLayout, keeps_ids_of_deals_under_a_name_of_their_own) {
  const ImportLayout layout = recognised("Record ID,Deal Name,Deal Stage");
  EXPECT_EQ(layout.columns[0].target, Target::none);
  EXPECT_EQ(layout.columns[0].property, "deal_id");
}

TEST(ImportLayout, one_mark_alone_is_no_proof) {
  EXPECT_TRUE(recognised("Id,First name,Email").is_generic());
  EXPECT_TRUE(recognised("Name,Email,Role").is_generic());
  EXPECT_TRUE(recognised("x,y,z").is_generic());
  EXPECT_TRUE(recognise_layout(std::span<const std::string_view>()).is_generic());
}

TEST(ImportLayout, the_header_may_stand_below_a_summary) {
  const Rows zoom = rows_of(
      "Attendee Report\n"
      "Report Generated:,\"03/04/2025 09:30\"\n"
      "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered\n"
      "Lead scoring,812 3456,\"03/04/2025 15:00\",61,230\n"
      "Panelist Details\n"
      "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes)\n"
      "Yes,Ada,ada@example.com,x,y,60\n"
      "Attendee Details\n"
      "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
      "Approval Status,Join Time,Leave Time,Time in Session (minutes),Country/Region Name\n"
      "Yes,Zoë,Zoë,Østergaard,zoe@northwind.example,x,approved,y,z,12,Denmark\n");
  const ImportLayout layout = recognise_layout(std::span<const std::vector<std::string>>(zoom));
  EXPECT_EQ(layout.name, "zoom_attendees");
  EXPECT_EQ(layout.header_row, 8u);
  EXPECT_EQ(layout.columns.size(), 11u);

  const Rows teams = rows_of(
      "1. Summary\nMeeting title\tWeekly\nAttended participants\t3\n\n2. Participants\n"
      "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
      "Zoë\t11/26/25, 4:16:55 PM\tx\t1m\tzoe@northwind.example\tzoe\tAttendee\n\n"
      "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n");
  const ImportLayout attendance =
      recognise_layout(std::span<const std::vector<std::string>>(teams));
  EXPECT_EQ(attendance.name, "teams_attendance");
  EXPECT_EQ(attendance.header_row, 4u);  // blank lines are no rows
}

TEST(ImportLayouts, the_tables_are_sound) {
  std::set<std::string_view> names;
  for (const auto tables : {hubspot_layouts(), salesforce_layouts(), pipedrive_layouts(),
                            apollo_layouts(), lead_source_layouts()}) {
    for (const LayoutTable& table : tables) {
      EXPECT_TRUE(names.insert(table.name).second) << table.name;
      for (const LayoutColumn& column : table.columns) {
        EXPECT_TRUE(column.target == Target::none || has_target(table.kind, column.target))
            << table.name << ": " << column.header;
        EXPECT_FALSE(header_form(column.header).empty()) << table.name << ": " << column.header;
      }
      EXPECT_GE(table.marks.size(), 2u);
    }
  }
  for (const HeaderWords& row : generic_headers()) EXPECT_FALSE(row.english.empty());
}

TEST(ImportTarget, names_are_found_again) {
  for (std::size_t i = 0; i < kImportTargetCount; ++i) {
    const auto target = static_cast<Target>(i);
    EXPECT_EQ(import_target(to_string(target)), target);
    EXPECT_FALSE(in_words(target).empty());
  }
  EXPECT_EQ(import_target("shoe_size"), std::nullopt);
  for (const ImportKind kind : {ImportKind::people, ImportKind::accounts, ImportKind::deals}) {
    EXPECT_EQ(import_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(import_kind("things"), std::nullopt);
}

TEST(ImportLayout, header_forms_know_no_case_blanks_signs_or_accents) {
  EXPECT_EQ(header_form("\xEF\xBB\xBF\"E-Mail_Address \""), "emailaddress");
  EXPECT_EQ(header_form("PRÉNOM"), "prenom");
  EXPECT_EQ(header_form("# Employees"), "employees");
  EXPECT_EQ(header_form("Straße"), "strasse");
  EXPECT_EQ(header_form("--"), "");
}

}  // namespace
}  // namespace galena::domain
