// Proposals against sets in which others say who is who: febrl's made-up Australians and the day
// care centres of Chicago. Record numbers and social security numbers are not looked at.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "domain/match.hpp"

namespace galena::domain {
namespace {

const std::filesystem::path kPeople =
    std::filesystem::path(GALENA_SOURCE_DIR) / ".." / "shared" / "data" / "people";

using Row = std::map<std::string, std::string>;

std::string trimmed_field(std::string_view field) {
  const std::size_t first = field.find_first_not_of(" \r\n\t");
  if (first == std::string_view::npos) return {};
  return std::string(field.substr(first, field.find_last_not_of(" \r\n\t") - first + 1));
}

// RFC 4180 with blanks around fields.
std::vector<Row> read_csv(const std::filesystem::path& file) {
  std::ifstream input(file);
  const std::string text(std::istreambuf_iterator<char>(input), {});
  std::vector<std::vector<std::string>> lines(1);
  std::string field;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      lines.back().push_back(trimmed_field(field));
      field.clear();
      if (c == '\n') lines.emplace_back();
    } else {
      field.push_back(c);
    }
  }
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != lines[0].size()) continue;
    Row row;
    for (std::size_t k = 0; k < lines[i].size(); ++k) row[lines[0][k]] = lines[i][k];
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Quality {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

// `parties[i]` says whose record profile i is.
Quality quality(const std::vector<MatchProfile>& profiles, const std::vector<std::string>& parties,
                std::string_view title) {
  std::map<std::string, double> sizes;
  for (const std::string& party : parties) ++sizes[party];
  double pairs = 0;
  for (const auto& [party, size] : sizes) pairs += size * (size - 1) / 2;
  double right = 0;
  const auto proposals = propose_duplicates(profiles);
  for (const DuplicateProposal& proposal : proposals) {
    right += parties[proposal.first] == parties[proposal.second] ? 1 : 0;
  }
  const auto all = static_cast<double>(proposals.size());
  Quality found{right / all, right / pairs, 2 * right / (all + pairs)};
  std::cout << title << ": precision " << found.precision << ", recall " << found.recall << ", F1 "
            << found.f1 << " (" << right << " of " << pairs << " pairs)\n";
  return found;
}

Quality quality_of_febrl(const std::string& name) {
  std::vector<MatchProfile> profiles;
  std::vector<std::string> parties;
  for (const Row& row : read_csv(kPeople / "febrl" / name)) {
    profiles.push_back(make_profile({.first_name = row.at("given_name"),
                                     .last_name = row.at("surname"),
                                     .street = row.at("address_1"),
                                     .street_number = row.at("street_number"),
                                     .unit = row.at("address_2"),
                                     .city = row.at("suburb"),
                                     .postcode = row.at("postcode"),
                                     .region = row.at("state"),
                                     .date_of_birth = row.at("date_of_birth")}));
    const std::string& id = row.at("rec_id");
    parties.push_back(id.substr(4, id.find('-', 4) - 4));
  }
  return quality(profiles, parties, name);
}

TEST(MatchLabelled, FebrlSets) {
  if (!std::filesystem::exists(kPeople / "febrl")) GTEST_SKIP() << "needs ../shared/data/people";
  for (const std::string name : {"dataset1.csv", "dataset2.csv"}) {
    const Quality found = quality_of_febrl(name);
    EXPECT_GE(found.f1, 0.99) << name;
    EXPECT_GE(found.precision, 0.998) << name;
  }
}

TEST(MatchLabelled, DayCareCentres) {
  const auto file = kPeople / "dedupe_csv_example_true_ids.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs ../shared/data/people";
  std::vector<MatchProfile> profiles;
  std::vector<std::string> parties;
  for (const Row& row : read_csv(file)) {
    profiles.push_back(make_profile({.company = row.at("Site name"),
                                     .phone = row.at("Phone"),
                                     .street = row.at("Address"),
                                     .postcode = row.at("Zip")}));
    parties.push_back(row.at("True Id"));
  }
  const Quality found = quality(profiles, parties, "day care centres");
  EXPECT_GE(found.precision, 0.9);
  EXPECT_GE(found.recall, 0.9);
}

}  // namespace
}  // namespace galena::domain
