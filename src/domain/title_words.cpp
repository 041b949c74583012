#include "domain/title_words.hpp"

#include <algorithm>
#include <bitset>

#include "base/text.hpp"
#include "domain/title_tokens.hpp"

namespace galena::domain {

// The texts of data/title_ranks.txt and data/title_fields.txt.
extern const std::string_view kTitleRanksText;
extern const std::string_view kTitleFieldsText;

constinit const std::array<std::string_view, kDepartmentCount> kDepartments = {"",
                                                                               "executive",
                                                                               "marketing",
                                                                               "sales",
                                                                               "product",
                                                                               "engineering",
                                                                               "it",
                                                                               "data",
                                                                               "design",
                                                                               "finance",
                                                                               "hr",
                                                                               "legal",
                                                                               "operations",
                                                                               "procurement",
                                                                               "support",
                                                                               "research",
                                                                               "education",
                                                                               "healthcare",
                                                                               "administration",
                                                                               "consulting"};

namespace {

struct RoleName {
  std::string_view name;
  TitleRole role;
};

constexpr RoleName kRoleNames[] = {
    {"job", TitleRole::job},
    {"aide", TitleRole::aide},
    {"filler", TitleRole::filler},
    {"nothing", TitleRole::nothing},
    {"conjunction", TitleRole::conjunction},
    {"of", TitleRole::of},
    {"to", TitleRole::to},
    {"company", TitleRole::company},
    {"former", TitleRole::former},
    {"office-of", TitleRole::office_of},
    {"office", TitleRole::office},
    {"chief", TitleRole::chief},
    {"officer", TitleRole::officer},
    {"head", TitleRole::head},
    {"lead", TitleRole::lead},
    {"principal", TitleRole::principal},
    {"partner", TitleRole::partner},
    {"doctor", TitleRole::doctor},
    {"code", TitleRole::code},
};

constexpr std::size_t kGuessBytesMin = 6;  // shorter words are too easily taken for another

bool set_role(std::string_view name, TitleWord& word) {
  for (const RoleName& known : kRoleNames) {
    if (known.name == name) {
      word.role = known.role;
      return true;
    }
  }
  return false;
}

bool set_department(std::string_view name, TitleWord& word) {
  std::uint8_t strength = 3;
  if (name.ends_with('!')) strength = 5;
  if (name.ends_with('+')) strength = 4;
  if (name.ends_with('~')) strength = 2;
  if (name.ends_with('?')) strength = 1;
  if (strength != 3) name.remove_suffix(1);
  const auto found = std::find(kDepartments.begin() + 1, kDepartments.end(), name);
  if (found == kDepartments.end()) return false;
  word.department = static_cast<std::uint8_t>(found - kDepartments.begin());
  word.strength = strength;
  return true;
}

// One word before the colon: a rank, a department or a role.
bool set_meaning(std::string_view name, TitleWord& word) {
  if (name == "student") word.role = TitleRole::student;
  const auto rank = seniority_from_string(name);
  if (rank && *rank != Seniority::unknown) {
    word.rank = *rank;
    return true;
  }
  return set_role(name, word) || set_department(name, word);
}

std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::size_t differing_prefix(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  return i;
}

bool is_vowel(char c) {
  return std::string_view("aeiouy").find(c) != std::string_view::npos;
}

// One slip within the word: a letter left out, doubled or put in, two swapped, a wrong vowel.
// The first and the last letter are right, which keeps "resident" apart from "president".
bool is_slip_of(std::string_view typed, std::string_view meant) {
  if (typed.front() != meant.front() || typed.back() != meant.back()) return false;
  const std::size_t at = differing_prefix(typed, meant);
  if (typed.size() + 1 == meant.size()) return typed.substr(at) == meant.substr(at + 1);
  if (typed.size() == meant.size() + 1) {
    return typed.substr(at + 1) == meant.substr(at) &&
           (meant.size() >= 7 || typed[at - 1] == typed[at]);
  }
  if (typed.size() != meant.size() || at + 1 >= meant.size()) return false;
  const bool swapped = typed[at] == meant[at + 1] && typed[at + 1] == meant[at] &&
                       typed.substr(at + 2) == meant.substr(at + 2);
  return swapped || (is_vowel(typed[at]) && is_vowel(meant[at]) &&
                     typed.substr(at + 1) == meant.substr(at + 1));
}

// FNV-1a: short words, and no enemy, as the table is ours.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 0x811C9DC5u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return hash ^ (hash >> 15);
}

}  // namespace

const TitleWord* PhraseTable::find(std::string_view phrase) const {
  if (slots_.empty()) return nullptr;
  const Slot& slot = slots_[slot_of(phrase, hash_of(phrase))];
  return slot.entry == 0 ? nullptr : &entries_[slot.entry - 1].meaning;
}

TitleWord& PhraseTable::meaning_of(std::string_view phrase) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(phrase);
  Slot& slot = slots_[slot_of(phrase, hash)];
  if (slot.entry == 0) {
    entries_.push_back({std::string(phrase), {}});
    slot = {hash, static_cast<std::uint32_t>(entries_.size())};
  }
  return entries_[slot.entry - 1].meaning;
}

std::size_t PhraseTable::slot_of(std::string_view phrase, std::uint32_t hash) const {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].entry != 0) {
    if (slots_[at].hash == hash && entries_[slots_[at].entry - 1].phrase == phrase) break;
    at = (at + 1) & (slots_.size() - 1);
  }
  return at;
}

void PhraseTable::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(std::max<std::size_t>(1024, old.size() * 2), Slot{});
  for (const Slot& slot : old) {
    if (slot.entry != 0) slots_[slot_of(entries_[slot.entry - 1].phrase, slot.hash)] = slot;
  }
}

const TitleWords& TitleWords::standard() {
  static const TitleWords words = [] {
    auto read = parse(std::string(kTitleRanksText).append(kTitleFieldsText));
    GALENA_ASSERT(read.has_value());
    return std::move(*read);
  }();
  return words;
}

Result<TitleWords> TitleWords::parse(std::string_view text) {
  TitleWords words;
  std::string logical;  // a line and the indented ones that continue it
  int number = 0;
  int started = 0;
  const auto add = [&]() -> Result<> {
    if (!logical.empty() && !words.add_line(logical)) {
      return fail(ErrorCode::invalid,
                  "an unknown meaning, or a phrase that was there before: " + words.last_phrase_,
                  "line " + std::to_string(started));
    }
    logical.clear();
    return {};
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#') continue;
    if (line.front() != ' ') {
      if (auto added = add(); !added) return tl::unexpected(std::move(added.error()));
      started = number;
    }
    logical.append(content).append(" ");
  }
  if (auto added = add(); !added) return tl::unexpected(std::move(added.error()));
  const auto longer_first = [](const Part& a, const Part& b) {
    return a.text.size() != b.text.size() ? a.text.size() > b.text.size() : a.text < b.text;
  };
  for (auto* parts : {&words.endings_, &words.beginnings_}) {
    for (auto& bucket : *parts) std::sort(bucket.begin(), bucket.end(), longer_first);
  }
  return words;
}

bool TitleWords::add_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  TitleWord meaning;
  meaning.is_entry = true;
  bool misspelt = false;
  std::string_view meanings = trimmed(line.substr(0, colon));
  while (!meanings.empty()) {
    const std::string_view name = next_part(meanings, ' ');
    if (name == "misspelt") {
      misspelt = true;
    } else if (!name.empty() && !set_meaning(name, meaning)) {
      return false;
    }
  }
  std::string_view phrases = line.substr(colon + 1);
  while (!phrases.empty()) {
    const std::string_view phrase = next_part(phrases, ',');
    if (phrase.empty()) continue;
    last_phrase_ = phrase;
    if (misspelt) {
      const TitleWord* known = find(phrase);
      if (known == nullptr || !known->is_entry) return false;
      often_misspelt_.push_back({std::string(phrase), *known});
    } else if (!add_phrase(phrase, meaning)) {
      return false;
    }
  }
  return true;
}

bool TitleWords::add_phrase(std::string_view phrase, TitleWord meaning) {
  const bool ending = phrase.starts_with('*');
  const bool beginning = phrase.ends_with('*');
  if (ending) phrase.remove_prefix(1);
  if (beginning) phrase.remove_suffix(1);
  const TitleTokens tokens(phrase);
  if (tokens.size() == 0) return false;
  const std::string_view folded = tokens.phrase(0, tokens.size());
  if (ending || beginning) {
    if (tokens.size() != 1 || (ending && beginning)) return false;
    const auto letter = static_cast<unsigned char>(ending ? folded.back() : folded.front());
    (ending ? endings_ : beginnings_)[letter].push_back({std::string(folded), meaning});
    return true;
  }
  const auto words_of_phrase = static_cast<std::uint8_t>(tokens.size());
  TitleWord& first = phrases_.meaning_of(tokens[0].text);
  first.words_max = std::max(first.words_max, words_of_phrase);
  TitleWord& entry = phrases_.meaning_of(folded);
  if (entry.is_entry) return false;  // said twice: which one is meant?
  const std::uint8_t words_max = entry.words_max;
  entry = meaning;
  entry.words_max = words_max;
  return true;
}

const TitleWord* TitleWords::find(std::string_view phrase) const {
  return phrases_.find(phrase);
}

std::optional<TitleWord> TitleWords::guess(std::string_view word) const {
  if (word.size() < kGuessBytesMin) return std::nullopt;
  if (word.size() > kGuessBytesMin && word.ends_with("in")) {
    if (const TitleWord* male = find(word.substr(0, word.size() - 2)); male && male->is_entry) {
      return *male;
    }
    if (const auto male = guess(word.substr(0, word.size() - 2))) return male;
  }
  std::optional<TitleWord> compound;
  std::string_view rest = word;
  for (const Part& part : endings_[static_cast<unsigned char>(word.back())]) {
    if (word.size() <= part.text.size() || !word.ends_with(part.text)) continue;
    compound = part.word;
    rest.remove_suffix(part.text.size());
    break;
  }
  for (const Part& part : beginnings_[static_cast<unsigned char>(word.front())]) {
    if (!rest.starts_with(part.text)) continue;
    if (!compound) compound = part.word;
    if (part.word.strength > compound->strength) {  // the noun at the end goes first
      compound->department = part.word.department;
      compound->strength = part.word.strength;
    }
    break;
  }
  if (compound) return compound;
  for (const Part& part : often_misspelt_) {
    if (is_slip_of(word, part.text)) return part.word;
  }
  return std::nullopt;
}

}  // namespace galena::domain
