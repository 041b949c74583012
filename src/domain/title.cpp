#include "domain/title.hpp"

#include <array>
#include <utility>

#include "domain/title_tokens.hpp"
#include "domain/title_words.hpp"

namespace galena::domain {
namespace {

constexpr std::array<std::string_view, 8> kSeniorityWords = {
    "", "student", "retired", "staff", "manager", "director", "vp", "c_level"};

constexpr std::size_t kItemsMax = 48;

// A word or phrase of the vocabulary as it stands in the title. Chunks are what conjunctions and
// prepositions separate ("Head" of "Sales" & "Marketing"), segments what commas and bars do.
struct Item {
  TitleWord word;
  TitleBreak before = TitleBreak::none;
  bool possessive = false;
  bool unknown = false;  // not in the vocabulary
  bool ignored = false;  // past, or the employer's name
  std::uint8_t chunk = 0;
  std::uint8_t segment = 0;
};

struct Items {
  std::array<Item, kItemsMax> all;
  std::size_t count = 0;

  Item& operator[](std::size_t i) { return all[i]; }
  const Item& operator[](std::size_t i) const { return all[i]; }
};

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The longest phrase of the vocabulary that starts at token `first`; `words` gets its length.
Item item_at(const TitleTokens& tokens, std::size_t first, std::size_t& words) {
  const TitleWords& vocabulary = TitleWords::standard();
  Item item;
  item.before = tokens[first].before;
  item.possessive = tokens[first].possessive;
  words = 1;
  const TitleWord* known = vocabulary.find(tokens[first].text);
  const std::size_t longest = known == nullptr ? 1 : known->words_max;
  std::size_t reach = 1;  // tokens that only blanks separate
  while (reach < longest && first + reach < tokens.size() &&
         tokens[first + reach].before == TitleBreak::none &&
         !tokens[first + reach - 1].possessive) {
    ++reach;
  }
  for (; reach > 1; --reach) {
    const TitleWord* phrase = vocabulary.find(tokens.phrase(first, reach));
    if (phrase == nullptr || !phrase->is_entry) continue;
    item.word = *phrase;
    item.possessive = tokens[first + reach - 1].possessive;
    words = reach;
    return item;
  }
  if (known != nullptr && known->is_entry) {
    item.word = *known;
  } else if (tokens[first].text.size() == 1 || is_number(tokens[first].text)) {
    item.word.role = TitleRole::filler;
  } else if (const auto guessed = vocabulary.guess(tokens[first].text)) {
    item.word = *guessed;
  } else {
    item.unknown = true;
  }
  return item;
}

bool starts_noun(TitleRole role) {
  return role == TitleRole::conjunction || role == TitleRole::of || role == TitleRole::to ||
         role == TitleRole::company || role == TitleRole::office_of;
}

void take_apart(std::string_view title, Items& items) {
  const TitleTokens tokens(title);
  std::uint8_t chunk = 0;
  std::uint8_t segment = 0;
  for (std::size_t i = 0, words = 1; i < tokens.size(); i += words) {
    Item item = item_at(tokens, i, words);
    if (item.before >= TitleBreak::middle) ++segment;
    if (item.before != TitleBreak::none || starts_noun(item.word.role)) ++chunk;
    item.chunk = chunk;
    item.segment = segment;
    items[items.count++] = item;
    if (starts_noun(item.word.role)) ++chunk;
  }
}

bool is_filler(const Item& item) {
  return item.word.role == TitleRole::filler;
}

bool is_job(const Item& item) {
  return item.word.role == TitleRole::job || item.word.role == TitleRole::aide;
}

// The next item of the same chunk that says something; null at its end.
const Item* next_in_chunk(const Items& items, std::size_t i) {
  for (std::size_t k = i + 1; k < items.count && items[k].chunk == items[i].chunk; ++k) {
    if (!is_filler(items[k])) return &items[k];
  }
  return nullptr;
}

// Whether a job or another rank ends the chunk: in "lead software engineer" it is the noun.
bool noun_follows(const Items& items, std::size_t i) {
  for (std::size_t k = i + 1; k < items.count && items[k].chunk == items[i].chunk; ++k) {
    if (is_job(items[k]) || items[k].word.rank > Seniority::staff) return true;
    if (items[k].word.role == TitleRole::head || items[k].word.role == TitleRole::lead) return true;
  }
  return false;
}

bool first_in_chunk(const Items& items, std::size_t i) {
  for (std::size_t k = i; k > 0 && items[k - 1].chunk == items[i].chunk; --k) {
    if (!is_filler(items[k - 1])) return false;
  }
  return true;
}

// "Chief … Officer" over conjunctions ("Chief Product and Technology Officer") is an office;
// "Chief Marketing" as well; "Chief Engineer" and "Fire Chief" lead, without being one.
Seniority rank_of_chief(Items& items, std::size_t i) {
  std::size_t officer = i;
  for (std::size_t k = i + 1; k < items.count && items[k].segment == items[i].segment; ++k) {
    if (items[k].word.role == TitleRole::officer) officer = k;
    if (officer != i || is_job(items[k]) || items[k].word.rank > Seniority::staff) break;
  }
  if (officer != i) {
    for (std::size_t k = i + 1; k < officer; ++k) {
      if (items[k].word.department != 0) items[k].word.strength = 5;
    }
    return Seniority::c_level;
  }
  return next_in_chunk(items, i) == nullptr || noun_follows(items, i) ? Seniority::director
                                                                      : Seniority::c_level;
}

bool has_healthcare(const Items& items) {
  for (std::size_t i = 0; i < items.count; ++i) {
    if (kDepartments[items[i].word.department] == "healthcare") return true;
  }
  return false;
}

// The rank that item `i` names where it stands.
Seniority rank_at(Items& items, std::size_t i) {
  const Item* next = next_in_chunk(items, i);
  switch (items[i].word.role) {
    case TitleRole::chief:
      return rank_of_chief(items, i);
    case TitleRole::head:  // of a kitchen or ward: "head chef"
      return noun_follows(items, i) ? Seniority::manager : Seniority::director;
    case TitleRole::lead:  // "lead engineer" works, "engineering lead" leads
      if (noun_follows(items, i)) return Seniority::unknown;
      if (first_in_chunk(items, i) && next != nullptr && next->unknown) return Seniority::unknown;
      return Seniority::manager;
    case TitleRole::principal:
      return next != nullptr ? Seniority::unknown : Seniority::director;
    case TitleRole::partner:
      return noun_follows(items, i) ? Seniority::unknown : Seniority::c_level;
    case TitleRole::doctor:
      return first_in_chunk(items, i) && !has_healthcare(items) ? Seniority::c_level
                                                                : Seniority::unknown;
    case TitleRole::code:  // "CRO specialist", "CEO office manager"
      if (next != nullptr && (is_job(*next) || next->word.rank == Seniority::manager ||
                              next->word.role == TitleRole::office)) {
        return Seniority::unknown;
      }
      return items[i].word.rank;
    default:
      return items[i].word.rank;
  }
}

// Words whose rank depends on their neighbours (rank_at).
bool has_rank_by_place(const Item& item) {
  switch (item.word.role) {
    case TitleRole::chief:
    case TitleRole::head:
    case TitleRole::lead:
    case TitleRole::principal:
    case TitleRole::partner:
    case TitleRole::doctor:
      return true;
    default:
      return false;
  }
}

struct Finding {
  Seniority rank = Seniority::unknown;
  std::uint8_t segment = 0;  // where the rank stands
  bool student = false;
  bool retired = false;
  bool content = false;  // something was said that could be a job
};

// Whether `to` at item `i` leads to somebody else's rank: "reports to the CEO".
bool leads_to_rank(Items& items, std::size_t i) {
  for (std::size_t k = i + 1; k < items.count && items[k].segment == items[i].segment; ++k) {
    if (is_filler(items[k])) continue;
    return rank_at(items, k) > Seniority::staff || items[k].word.role == TitleRole::office;
  }
  return false;
}

// "Executive Assistant, CEO": the rank behind the comma is the other's.
bool opens_with_high_rank(Items& items, std::size_t start) {
  for (std::size_t k = start; k < items.count && items[k].segment == items[start].segment; ++k) {
    if (!is_filler(items[k])) return rank_at(items, k) >= Seniority::director;
  }
  return false;
}

void ignore_rest_of_segment(Items& items, std::size_t from) {
  for (std::size_t k = from; k < items.count && items[k].segment == items[from].segment; ++k) {
    items[k].ignored = true;
  }
}

bool says_nothing(const Item& item) {
  switch (item.word.role) {
    case TitleRole::filler:
    case TitleRole::nothing:
    case TitleRole::conjunction:
    case TitleRole::of:
    case TitleRole::to:
    case TitleRole::company:
    case TitleRole::former:
      return true;
    default:
      return false;
  }
}

// Reads the segment that starts at item `start`; returns where the next one starts. `after_aide`
// carries from segment to segment whether an assistant was the last thing named.
std::size_t read_segment(Items& items, std::size_t start, bool& after_aide, Finding& finding) {
  bool others_rank =
      after_aide && items[start].before == TitleBreak::middle && opens_with_high_rank(items, start);
  bool aide = false;
  bool student = false;
  Seniority of_chunk = Seniority::unknown;
  Seniority of_segment = Seniority::unknown;
  std::size_t i = start;
  for (; i < items.count && items[i].segment == items[start].segment; ++i) {
    Item& item = items[i];
    if (i > start && item.chunk != items[i - 1].chunk) {
      of_segment = std::max(of_segment, std::exchange(of_chunk, Seniority::unknown));
    }
    if (item.ignored) continue;
    if (item.word.role == TitleRole::former || item.word.role == TitleRole::company) {
      ignore_rest_of_segment(items, i);
      continue;
    }
    if (item.word.role == TitleRole::office_of) others_rank = true;
    if (item.word.role == TitleRole::of && aide) others_rank = true;
    if (item.word.role == TitleRole::to && (aide || leads_to_rank(items, i))) others_rank = true;
    if (!says_nothing(item)) finding.content = true;
    if (item.word.rank == Seniority::retired) finding.retired = true;
    if (item.word.role == TitleRole::student) student = true;
    if (item.word.role == TitleRole::aide) {
      aide = true;
      of_chunk = Seniority::unknown;
      continue;
    }
    if (item.word.rank <= Seniority::staff && !has_rank_by_place(item)) continue;
    const Seniority rank = rank_at(items, i);
    const bool others = item.possessive || others_rank;
    if (others || (rank == Seniority::unknown && item.word.role == TitleRole::code)) {
      item.ignored = true;  // its department is the other's, too
    }
    if (others || rank <= Seniority::staff) continue;
    of_chunk = std::max(of_chunk, rank);
    aide = false;
  }
  of_segment = std::max(of_segment, of_chunk);
  if (student && of_segment < Seniority::manager) finding.student = true;
  if (of_segment > finding.rank) {
    finding.rank = of_segment;
    finding.segment = items[start].segment;
  }
  after_aide = aide;
  return i;
}

struct Department {
  std::uint8_t index = 0;
  std::uint8_t strength = 0;
};

// Within a chunk the last word is the noun ("product marketing"), of several chunks the first
// counts ("sales and marketing"); strength goes before either.
Department department_of_segment(const Items& items, std::uint8_t segment) {
  Department best;
  Department of_chunk;
  for (std::size_t i = 0; i < items.count; ++i) {
    const Item& item = items[i];
    if (item.segment != segment) continue;
    if (i > 0 && item.chunk != items[i - 1].chunk) {
      if (of_chunk.strength > best.strength) best = of_chunk;
      of_chunk = {};
    }
    if (item.ignored || item.word.department == 0) continue;
    if (item.word.strength >= of_chunk.strength) {
      of_chunk = {item.word.department, item.word.strength};
    }
  }
  return of_chunk.strength > best.strength ? of_chunk : best;
}

// The department beside the rank; another segment is asked where that says little
// ("Vice President | Marketing") and where an office is named ("Co-Founder, CTO").
std::string_view department_of(const Items& items, std::uint8_t rank_segment) {
  constexpr std::uint8_t kClear = 3;
  constexpr std::uint8_t kOffice = 5;
  Department best = department_of_segment(items, rank_segment);
  const auto ask = [&](std::uint8_t segment) {
    const Department other = department_of_segment(items, segment);
    const bool clearer = best.strength < kClear && (other.strength >= kClear || best.strength == 0);
    const bool office = best.strength < kOffice && other.strength == kOffice;
    if ((clearer || office) && other.strength > best.strength) best = other;
  };
  const std::uint8_t last = items[items.count - 1].segment;
  for (std::uint8_t segment = rank_segment; segment < last;) ask(++segment);
  for (std::uint8_t segment = 0; segment < rank_segment; ++segment) ask(segment);
  return kDepartments[best.index];
}

}  // namespace

std::string_view to_string(Seniority seniority) {
  return kSeniorityWords[static_cast<std::size_t>(seniority)];
}

std::optional<Seniority> seniority_from_string(std::string_view word) {
  for (std::size_t i = 0; i < kSeniorityWords.size(); ++i) {
    if (kSeniorityWords[i] == word) return static_cast<Seniority>(i);
  }
  return std::nullopt;
}

TitleReading read_title(std::string_view title) {
  Items items;
  take_apart(title, items);
  if (items.count == 0) return {};
  Finding finding;
  bool after_aide = false;
  for (std::size_t i = 0; i < items.count;) i = read_segment(items, i, after_aide, finding);
  if (!finding.content) return {};

  TitleReading reading{.seniority = Seniority::staff,
                       .department = department_of(items, finding.segment)};
  if (finding.rank > Seniority::staff) reading.seniority = finding.rank;
  if (finding.student) reading.seniority = Seniority::student;
  if (finding.retired) reading.seniority = Seniority::retired;
  return reading;
}

}  // namespace galena::domain
