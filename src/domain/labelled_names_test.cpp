// Names that other people labelled word by word (probablepeople's training sets), against the
// labels of person_name.hpp and company_name.hpp.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "domain/company_name.hpp"
#include "domain/person_name.hpp"

namespace galena::domain {
namespace {

const std::filesystem::path kPeople =
    std::filesystem::path(GALENA_SOURCE_DIR) / ".." / "shared" / "data" / "people";

struct Labelled {
  std::string text;
  std::vector<std::string> labels;
};

std::string without_entities(std::string text) {
  for (const auto& [entity, sign] : std::map<std::string, std::string>{
           {"&quot;", "\""}, {"&apos;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at) {
      text.replace(at, entity.size(), sign);
    }
  }
  return text;
}

// The flat form of these files: <Name><Label>word</Label> <Label>word</Label></Name>. Words with
// blanks inside a label are several words of that label.
std::vector<Labelled> read_labelled(const std::filesystem::path& file) {
  std::ifstream input(file);
  const std::string xml(std::istreambuf_iterator<char>(input), {});
  std::vector<Labelled> names;
  for (std::size_t at = 0; (at = xml.find('<', at)) != std::string::npos;) {
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) break;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag == "Name") names.emplace_back();
    if (tag == "Name" || tag.starts_with('/') || tag == "NameCollection" || names.empty()) continue;
    std::string word;
    const std::string text = without_entities(xml.substr(at, xml.find('<', at) - at)) + " ";
    for (const char c : text) {
      if (c != ' ' && c != '\n') {
        word.push_back(c);
      } else if (!word.empty()) {
        names.back().text += (names.back().text.empty() ? "" : " ") + word;
        names.back().labels.push_back(tag);
        word.clear();
      }
    }
  }
  return names;
}

struct Tally {
  std::size_t right = 0;
  std::size_t all = 0;
  void count(bool correct) {
    right += correct ? 1 : 0;
    ++all;
  }
  double share() const { return static_cast<double>(right) / static_cast<double>(all); }
};

std::string_view tag_of(NamePart part) {
  constexpr std::string_view kTags[] = {"PrefixMarital", "PrefixOther", "GivenName",
                                        "FirstInitial",  "MiddleName",  "MiddleInitial",
                                        "Surname",       "LastInitial", "SuffixGenerational",
                                        "SuffixOther",   "Nickname",    "And"};
  return kTags[static_cast<std::size_t>(part)];
}

TEST(LabelledNames, PersonsWordByWord) {
  const auto file = kPeople / "person_labeled.xml";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs ../shared/data/people";
  Tally all;      // words of all names
  Tally several;  // words of names of two words and more
  Tally whole;    // names of two words and more, every word right
  for (const Labelled& name : read_labelled(file)) {
    const auto tokens = label_person_name(name.text);
    ASSERT_EQ(tokens.size(), name.labels.size()) << name.text;
    bool right = true;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool same = tag_of(tokens[i].part) == name.labels[i];
      all.count(same);
      right = right && same;
      if (tokens.size() < 2) continue;
      several.count(same);
    }
    if (tokens.size() > 1) whole.count(right);
  }
  std::cout << "words " << all.share() << ", of longer names " << several.share()
            << ", longer names as a whole " << whole.share() << "\n";
  EXPECT_GT(all.share(), 0.88);  // a lone word may be either name; nobody can know
  EXPECT_GT(several.share(), 0.96);
  EXPECT_GT(whole.share(), 0.94);
}

// "Company" and "Corp." at the end: these files call them now a legal type, now a part of the name.
// Here they are legal forms, so they are counted as such.
bool is_plain_form(std::string_view name, std::string_view word) {
  static const std::set<std::string, std::less<>> kForms{"company", "co",    "co.",        "co.,",
                                                         "corp",    "corp.", "corporation"};
  const std::size_t at = name.rfind(word);
  const std::string_view rest = name.substr(at + word.size());
  return kForms.contains(word) && rest.size() <= 5 && name.find('&') == std::string_view::npos;
}

TEST(LabelledNames, CompaniesWordByWord) {
  const auto file = kPeople / "company_labeled.xml";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs ../shared/data/people";
  Tally words;
  Tally forms;     // words that are legal forms and were found
  Tally found;     // words found as legal forms that are some
  Tally partners;  // words of "& Co" that were found
  for (const Labelled& name : read_labelled(file)) {
    const auto tokens = label_company_name(name.text);
    ASSERT_EQ(tokens.size(), name.labels.size()) << name.text;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool is_legal =
          name.labels[i] == "CorporationLegalType" || is_plain_form(name.text, tokens[i].text);
      const bool is_partners = name.labels[i] == "CorporationNameAndCompany";
      const CompanyPart part = is_legal      ? CompanyPart::legal_form
                               : is_partners ? CompanyPart::and_company
                                             : CompanyPart::name;
      words.count(tokens[i].part == part);
      if (is_legal) forms.count(tokens[i].part == part);
      if (is_partners) partners.count(tokens[i].part == part);
      if (tokens[i].part == CompanyPart::legal_form) found.count(is_legal);
    }
  }
  std::cout << "words " << words.share() << ", legal forms: recall " << forms.share()
            << ", precision " << found.share() << ", partners " << partners.share() << "\n";
  EXPECT_GT(words.share(), 0.97);
  EXPECT_GT(forms.share(), 0.95);
  EXPECT_GT(found.share(), 0.95);
  EXPECT_GT(partners.share(), 0.85);
}

}  // namespace
}  // namespace galena::domain
