// What a job title says: how senior its holder is and in which department. The rules are data
// (data/title_ranks.txt and title_fields.txt: abbreviations, words, precedence; English, German,
// French and Spanish in the main, the usual ones of other European languages too). Only the title
// is looked at, never the person or the company.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace galena::domain {

// Ascending. Where a title names several ("Founder & Sales Manager"), the highest holds, but
// `student` and `retired` outrank them all: "Retired CFO" buys nothing any more.
enum class Seniority : std::uint8_t {
  unknown,   // no title, or nothing in it names a job
  student,   // learns: pupils, students, PhD candidates, working students
  retired,   // "Retired CFO", "Rentner"; "Former VP" is not retired but has no rank either
  staff,     // does the work: specialists, engineers, assistants, interns, consultants
  manager,   // "manager" in the title, team leads, supervisors, heads of a small unit
  director,  // directors, heads of a department, chief of staff
  vp,        // vice presidents of all degrees
  c_level,   // chiefs, presidents, owners, founders, partners, managing directors, the board
};

// The words of the API: "c_level", "vp", …; unknown is the empty word.
std::string_view to_string(Seniority seniority);
std::optional<Seniority> seniority_from_string(std::string_view word);

struct TitleReading {
  Seniority seniority = Seniority::unknown;
  // Empty or one of: executive, marketing, sales, product, engineering, it, data, design, finance,
  // hr, legal, operations, procurement, support, research, education, healthcare, administration,
  // consulting. "executive" is who leads the whole firm. The view is to a constant.
  std::string_view department;

  friend bool operator==(const TitleReading&, const TitleReading&) = default;
};

// Reads any text; broken UTF-8 and absurd lengths are harmless. Well under a microsecond.
TitleReading read_title(std::string_view title);

}  // namespace galena::domain
