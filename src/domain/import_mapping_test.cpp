#include "domain/import_mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace galena::domain {
namespace {

using testing::HasSubstr;
using Target = ImportTarget;

ImportMapping some_mapping() {
  return {.layout = "hubspot_contacts",
          .kind = ImportKind::people,
          .system = "hubspot",
          .source = "Spring list \"A\"",
          .event = "Badge Scanned",
          .dates = DateOrder::day_first,
          .columns = {{"E-Mail", Target::email},
                      {"Shoe size", Target::none, "shoe_size"},
                      {"Nothing", Target::none}}};
}

std::string field_of(const ImportMapping& mapping) {
  const auto checked = check_mapping(mapping);
  return checked ? "right" : checked.error().field;
}

TEST(ImportMapping, is_written_and_read_back) {
  const ImportMapping mapping = some_mapping();
  EXPECT_EQ(field_of(mapping), "right");
  const auto read = read_mapping(mapping_text(mapping));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, mapping);
  const auto least = read_mapping(R"({"columns": [{"header": "a"}]})");
  ASSERT_TRUE(least) << least.error().message;
  EXPECT_EQ(*least, (ImportMapping{.columns = {{"a"}}}));
}

TEST(ImportMapping, what_is_wrong_is_named) {
  const auto place = [](std::string_view text) {
    const auto read = read_mapping(text);
    return read ? std::string("right") : read.error().field + ": " + read.error().message;
  };
  EXPECT_THAT(place("{"), HasSubstr("JSON"));
  EXPECT_THAT(place("[]"), HasSubstr("object"));
  EXPECT_THAT(place("{}"), HasSubstr("/columns: must be a list"));
  EXPECT_THAT(place(R"({"columns": [], "sauce": ""})"), HasSubstr("/sauce: is not known"));
  EXPECT_THAT(place(R"({"columns": [], "kind": "dogs"})"), HasSubstr("/kind: "));
  EXPECT_THAT(place(R"({"columns": [], "kind": 7})"), HasSubstr("/kind: must be a text"));
  EXPECT_THAT(place(R"({"columns": [], "dates": "x"})"), HasSubstr("/dates: "));
  EXPECT_THAT(place(R"({"columns": [7]})"), HasSubstr("/columns/0: must be an object"));
  EXPECT_THAT(place(R"({"columns": [{"target": "shoe"}]})"), HasSubstr("/columns/0/target: "));
  EXPECT_THAT(place(R"({"columns": [{"to": "email"}]})"), HasSubstr("/columns/0/to: "));
}

TEST(ImportMapping, no_target_or_property_is_given_twice_or_means_another) {
  ImportMapping mapping = some_mapping();
  mapping.columns[2].target = Target::email;
  EXPECT_EQ(field_of(mapping), "/columns/2/target");
  EXPECT_THAT(check_mapping(mapping).error().message, HasSubstr("\"E-Mail\""));
  mapping.columns[2].target = Target::deal_name;
  EXPECT_EQ(field_of(mapping), "/columns/2/target");
  mapping.columns[2] = {"Nothing", Target::none, "shoe_size"};
  EXPECT_EQ(field_of(mapping), "/columns/2/property");
  for (const auto* name : {"email", "company", "address", "position", "Job Title", "name", "source",
                           " x", "\xff", "imported_from"}) {
    mapping.columns[2].property = name;
    EXPECT_EQ(field_of(mapping), "/columns/2/property") << name;
  }
  mapping.columns[2] = {"Nothing", Target::city, "x"};
  EXPECT_EQ(field_of(mapping), "/columns/2/property");
  mapping.columns[2] = {"Id", Target::external_id};
  mapping.columns[1].property = "hubspot_id";
  EXPECT_EQ(field_of(mapping), "/columns/1/property");
  mapping = some_mapping();
  mapping.system = "Hub Spot";
  EXPECT_EQ(field_of(mapping), "/system");
  mapping = some_mapping();
  mapping.kind = ImportKind::accounts;
  EXPECT_EQ(field_of(mapping), "/event");
  mapping = some_mapping();
  mapping.source = std::string(501, 'x');
  EXPECT_EQ(field_of(mapping), "/source");
}

TEST(ImportMapping, a_recognised_layout_proposes_one) {
  const std::vector<std::string_view> header{"Record ID", "Deal Name", "Deal Stage",
                                             "Pipeline",  "Amount",    "Record ID - Deal"};
  const ImportLayout layout = recognise_layout(std::span<const std::string_view>(header));
  const ImportMapping mapping = suggested_mapping(layout, header);
  EXPECT_EQ(field_of(mapping), "right");
  EXPECT_EQ(mapping.layout, "hubspot_deals");
  EXPECT_EQ(mapping.system, "hubspot");
  ASSERT_EQ(mapping.columns.size(), 6u);
  EXPECT_EQ(mapping.columns[0], (ImportColumn{"Record ID", Target::none, "deal_id"}));
  EXPECT_EQ(mapping.columns[1], (ImportColumn{"Deal Name", Target::deal_name}));
  EXPECT_EQ(mapping.columns[3], (ImportColumn{"Pipeline", Target::none, "pipeline"}));
  EXPECT_EQ(mapping.columns[5], (ImportColumn{"Record ID - Deal", Target::none}));
}

TEST(ImportMapping, the_order_of_dates_is_guessed_by_columns_of_dates) {
  const ImportMapping mapping{.columns = {{"Created", Target::created_at},
                                          {"Size", Target::none, "size"},
                                          {"Joined", Target::event_at}}};
  using Rows = std::vector<std::vector<std::string>>;
  EXPECT_EQ(guess_date_order(mapping, Rows{{"03/04/2025", "25/12/2025", "1/2/2025"}}),
            DateOrder::unknown);
  EXPECT_EQ(guess_date_order(mapping, Rows{{"03/04/2025"}, {"", "", "25/04/2025", "x"}}),
            DateOrder::day_first);
  EXPECT_EQ(guess_date_order(mapping, Rows{{"03/25/2025"}, {"", "", "25/04/2025"}}),
            DateOrder::unknown);
}

TEST(ImportMapping, headers_give_names_of_properties) {
  EXPECT_EQ(property_name("Lead Score (new)"), "lead_score_new");
  EXPECT_EQ(property_name("  Größe "), "grosse");
  EXPECT_EQ(property_name("--"), "");
}

}  // namespace
}  // namespace galena::domain
