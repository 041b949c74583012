// The vocabulary of job titles, read once from data/title_ranks.txt (which explains the format) and
// data/title_fields.txt.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/title.hpp"

namespace galena::domain {

// What a word does besides naming a rank or a department. title.cpp has one rule for each.
enum class TitleRole : std::uint8_t {
  none,
  job,      // a kind of work: engineer, nurse, consultant
  aide,     // works for the rank beside it: "CEO assistant", "assistant to the CEO"
  filler,   // says nothing here: senior, deputy, global, the
  nothing,  // not a title at all: n/a, unemployed
  conjunction,
  of,         // of, for, in: a new noun begins
  to,         // to: what follows may be somebody else's rank
  company,    // at: what follows is an employer
  former,     // what follows is past or a wish
  office_of,  // "office of the CEO": the rank is another's
  office,     // "CEO office"
  student,
  chief,
  officer,
  head,
  lead,
  principal,
  partner,
  doctor,  // MD: managing director or medical doctor
  code,    // CEO, CTO …: a rank unless a job follows at once ("CRO specialist")
};

constexpr std::size_t kDepartmentCount = 20;
// The empty word and the standard departments (listed in title.hpp).
extern const std::array<std::string_view, kDepartmentCount> kDepartments;

struct TitleWord {
  Seniority rank = Seniority::unknown;
  std::uint8_t department = 0;  // index into kDepartments; 0 = none
  std::uint8_t strength = 0;    // of the department: 5 names it outright … 1 is a mere hint
  TitleRole role = TitleRole::none;
  std::uint8_t words_max = 1;  // of the longest phrase that begins with this word
  bool is_entry = false;       // false: only the beginning of longer phrases
};

// Phrases with their meanings: open addressing, made for many look-ups and no removal.
class PhraseTable {
 public:
  const TitleWord* find(std::string_view phrase) const;
  // The meaning to fill in, a new one when there is none. Valid until the next call.
  TitleWord& meaning_of(std::string_view phrase);

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t entry = 0;  // index + 1; 0 = free
  };
  struct Entry {
    std::string phrase;
    TitleWord meaning;
  };

  // The slot that has the phrase or would get it.
  std::size_t slot_of(std::string_view phrase, std::uint32_t hash) const;
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::vector<Entry> entries_;
};

class TitleWords {
 public:
  // The compiled-in table. Its text is tested, so a mistake in it is a programmer's error.
  static const TitleWords& standard();

  // Reads a table. The Error names the line.
  static Result<TitleWords> parse(std::string_view text);

  // An entry or the beginning of one; null when unknown. `phrase` is folded (title_tokens.hpp).
  const TitleWord* find(std::string_view phrase) const;

  // For a single word that find does not know: feminine forms, compounds ("Vertriebsleiterin"),
  // slips of the typing finger ("Manger", "Directer").
  std::optional<TitleWord> guess(std::string_view word) const;

 private:
  struct Part {
    std::string text;
    TitleWord word;
  };
  using Parts = std::array<std::vector<Part>, 256>;  // by the letter where they are looked for

  bool add_line(std::string_view line);
  bool add_phrase(std::string_view phrase, TitleWord meaning);

  PhraseTable phrases_;
  Parts endings_;     // by last letter, longest first
  Parts beginnings_;  // by first letter, longest first
  std::vector<Part> often_misspelt_;
  std::string last_phrase_;  // for the Error
};

}  // namespace galena::domain
