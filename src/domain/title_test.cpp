#include "domain/title.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "domain/title_tokens.hpp"
#include "domain/title_words.hpp"

namespace galena::domain {
namespace {

std::string seniority(std::string_view title) {
  const std::string_view word = to_string(read_title(title).seniority);
  return word.empty() ? "unknown" : std::string(word);
}

std::string department(std::string_view title) {
  return std::string(read_title(title).department);
}

TEST(Title, SeniorityWordsAreThoseOfTheApi) {
  for (const std::string_view word :
       {"c_level", "vp", "director", "manager", "staff", "student", "retired"}) {
    const auto rank = seniority_from_string(word);
    ASSERT_TRUE(rank) << word;
    EXPECT_EQ(to_string(*rank), word);
  }
  EXPECT_EQ(to_string(Seniority::unknown), "");
  EXPECT_FALSE(seniority_from_string("boss"));
}

TEST(Title, TheHighestRankHoldsAndItsDepartment) {
  EXPECT_EQ(seniority("Sr. VP, Mktg & Comms"), "vp");
  EXPECT_EQ(department("Sr. VP, Mktg & Comms"), "marketing");
  EXPECT_EQ(seniority("Co-Founder/CTO"), "c_level");
  EXPECT_EQ(department("Co-Founder/CTO"), "engineering");
  EXPECT_EQ(seniority("Head of Growth"), "director");
  EXPECT_EQ(seniority("CEO & Founder | Speaker | Author"), "c_level");
  EXPECT_EQ(seniority("Founder & Sales Manager"), "c_level");
}

TEST(Title, ARankInSomebodysServiceIsTheOthers) {
  for (const std::string_view title :
       {"Assistant to the VP", "Executive Assistant to CEO", "Director's assistant",
        "Vice President's office coordinator", "CEO Assistant", "Executive Assistant, CEO",
        "Executive Assistant - Office of the CFO", "Assistentin der Geschäftsführung",
        "Analyst reporting to the Director", "Vorstandsassistentin",
        "Secretary to the President"}) {
    EXPECT_EQ(seniority(title), "staff") << title;
  }
  EXPECT_EQ(seniority("Assistant Director"), "director");
  EXPECT_EQ(seniority("Assistant Vice President"), "vp");
  EXPECT_EQ(seniority("Chief of Staff to the CEO"), "director");
}

TEST(Title, ThePastAndWishesAreNoRank) {
  EXPECT_EQ(seniority("Former VP"), "unknown");
  EXPECT_EQ(seniority("Ex-CEO, now consultant"), "staff");
  EXPECT_EQ(seniority("Aspiring Product Manager"), "unknown");
  EXPECT_EQ(seniority("Founder, ex-Google"), "c_level");
  EXPECT_EQ(seniority("Retired CFO"), "retired");
  EXPECT_EQ(seniority("CFO (retired)"), "retired");
}

TEST(Title, StudentsLearnAndOthersServeThem) {
  EXPECT_EQ(seniority("PhD candidate"), "student");
  EXPECT_EQ(seniority("Werkstudentin Marketing"), "student");
  EXPECT_EQ(seniority("Student | Aspiring data scientist"), "student");
  EXPECT_EQ(seniority("Director of Student Affairs"), "director");
  EXPECT_EQ(seniority("Student Success Coach"), "staff");
}

TEST(Title, WritingDoesNotMatter) {
  for (const std::string_view title :
       {"vp of sales", "VP OF SALES", "V.P. of Sales", "V. P. Sales", "Vice-President, Sales",
        "Vice  President (Sales)", "Sales VP", "Vice- President Sales", "ＶＰ Sales",
        "Vice-Presidnet Sales", "\xE2\x80\xA2 VP Sales \xE2\x80\xA2", "VP\xC2\xA0Sales",
        "VP \xE2\x80\x93 Sales", "  VP/Sales  "}) {
    EXPECT_EQ(seniority(title), "vp") << title;
    EXPECT_EQ(department(title), "sales") << title;
  }
  for (const std::string_view title :
       {"Geschäftsführer", "GESCHÄFTSFÜHRER", "Geschaeftsfuehrer",
        "Gescha\xCC\x88"
        "ftsführer",
        "Geschäftsführerin", "Geschäftsführer/in", "Geschäftsführer*in", "Geschäftsführer(in)"}) {
    EXPECT_EQ(seniority(title), "c_level") << title;
  }
}

TEST(Title, WhatIsNoTitleIsUnknown) {
  for (const std::string_view title : {"", "   ", "-", "N/A", "n.a.", "none", "???", "12345",
                                       "unemployed", "\xFF\xFE", "🚀", "Mr."}) {
    EXPECT_EQ(seniority(title), "unknown") << title;
    EXPECT_EQ(department(title), "") << title;
  }
}

TEST(Title, AnyLengthIsRead) {
  EXPECT_EQ(seniority("CEO " + std::string(100000, 'x')), "c_level");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "Director, ";
  EXPECT_EQ(seniority(many), "director");
}

TEST(TitleWords, MistakesInTheTableAreNamed) {
  const auto line_of = [](std::string_view table) {
    const auto words = TitleWords::parse(table);
    return words ? std::string("fine") : words.error().field;
  };
  EXPECT_EQ(line_of("# nothing\n\nvp: vp,\n  v p\nmarketing: comms\n"), "fine");
  EXPECT_EQ(line_of("vp: vp\nboss: ceo\n"), "line 2");
  EXPECT_EQ(line_of("vp: vp\ndirector: head, vp\n"), "line 2");
  EXPECT_EQ(line_of("vp vp\n"), "line 1");
  EXPECT_EQ(line_of("misspelt: vp\n"), "line 1");
}

// --- labelled titles --------------------------------------------------------------------------

struct Labelled {
  std::string title, seniority, department;
};

// RFC 4180 without line breaks in fields.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back().push_back(line[++i]);
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(line[i]);
    }
  }
  return fields;
}

std::vector<Labelled> labelled(const std::string& name) {
  std::ifstream file(GALENA_SOURCE_DIR "/tests/cases/" + name);
  std::vector<Labelled> titles;
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    if (fields.size() == 3) titles.push_back({fields[0], fields[1], fields[2]});
  }
  return titles;
}

struct Score {
  int right = 0;  // read as this and labelled so
  int read = 0;   // read as this
  int labelled = 0;

  double precision() const { return read == 0 ? 1 : double(right) / read; }
  double recall() const { return labelled == 0 ? 1 : double(right) / labelled; }
};

struct Scores {
  std::array<Score, 8> by_rank;
  Score department;  // of titles whose label names one
};

Scores measure(const std::vector<Labelled>& titles) {
  Scores scores;
  for (const Labelled& label : titles) {
    const TitleReading reading = read_title(label.title);
    const auto wanted = seniority_from_string(label.seniority).value_or(Seniority::unknown);
    const bool right = reading.seniority == wanted;
    scores.by_rank[static_cast<std::size_t>(wanted)].labelled++;
    scores.by_rank[static_cast<std::size_t>(reading.seniority)].read++;
    if (right) scores.by_rank[static_cast<std::size_t>(wanted)].right++;
    const bool same = label.department.empty() || reading.department == label.department;
    if (!label.department.empty()) {
      scores.department.labelled++;
      if (same) scores.department.right++;
    }
    if (!right || !same) {
      std::cout << "  " << label.title << ": " << label.seniority << " " << label.department
                << ", read as " << seniority(label.title) << " " << reading.department << "\n";
    }
  }
  return scores;
}

void expect_good(const std::string& file, std::size_t titles_min) {
  const auto titles = labelled(file);
  ASSERT_GE(titles.size(), titles_min);
  const Scores scores = measure(titles);
  for (std::size_t i = 0; i < scores.by_rank.size(); ++i) {
    const Score& score = scores.by_rank[i];
    const auto word = to_string(static_cast<Seniority>(i));
    std::cout << "  " << (word.empty() ? "unknown" : word) << ": precision " << score.precision()
              << ", recall " << score.recall() << " of " << score.labelled << "\n";
    EXPECT_GE(score.precision(), 0.95) << word;
    EXPECT_GE(score.recall(), 0.95) << word;
  }
  std::cout << "  department: " << scores.department.recall() << " of "
            << scores.department.labelled << "\n";
  EXPECT_GE(scores.department.recall(), 0.9);
}

// The rules were tuned on these.
TEST(Title, LabelledTitles) {
  expect_good("titles.csv", 700);
}

// These were labelled after the rules stood. At the first reading 0.98 of the ranks and 0.95 of
// the departments were right, no rank below 0.96 in precision or recall. They measure; a rule is
// never made for one of them alone.
TEST(Title, TitlesNotSeenBefore) {
  expect_good("titles_unseen.csv", 300);
}

TEST(Title, WordsAreTakenApart) {
  const TitleTokens tokens("V.P./R&D - Chef d'équipe (CEO's Büro), Leiter*in");
  std::vector<std::string> words;
  for (std::size_t i = 0; i < tokens.size(); ++i) words.emplace_back(tokens[i].text);
  EXPECT_EQ(words, (std::vector<std::string>{"vp", "r&d", "chef", "d", "equipe", "ceo", "buro",
                                             "leiter"}));
  EXPECT_EQ(tokens[1].before, TitleBreak::weak);
  EXPECT_EQ(tokens[2].before, TitleBreak::middle);
  EXPECT_TRUE(tokens[5].possessive);
  EXPECT_EQ(tokens.phrase(2, 3), "chef d equipe");
}

}  // namespace
}  // namespace galena::domain
