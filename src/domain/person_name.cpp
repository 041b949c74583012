#include "domain/person_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/latin_form.hpp"
#include "domain/name_words.hpp"

namespace galena::domain {
namespace {

// A word of the name with what its signs say.
struct Word {
  std::string_view text;
  std::string form;  // latin form without points, commas, quotes and brackets around it
  NamePart part = NamePart::surname;
  bool comma_after = false;
  bool capitals = false;
  bool done = false;  // labelled

  bool is(NameWord kind) const { return is_name_word(form, kind); }
  bool initial() const { return form.size() == 1 && form != "&"; }
};
using Words = std::vector<Word>;

// Bytes of the blank at `at`, also a wide or unbreakable one; 0 when there is none.
std::size_t blank_bytes(std::string_view name, std::size_t at) {
  const char c = name[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (name.substr(at).starts_with("\xE3\x80\x80")) return 3;
  return name.substr(at).starts_with("\xC2\xA0") ? 2 : 0;
}

bool all_capitals(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string bare_form(std::string_view text) {
  std::string form = latin_form(text);
  std::erase(form, '.');
  constexpr std::string_view kAround = ",;:'\"`()[]{}<>*";
  const std::size_t first = form.find_first_not_of(kAround);
  if (first == std::string::npos) return {};
  return form.substr(first, form.find_last_not_of(kAround) - first + 1);
}

Words split(std::string_view name) {
  Words words;
  for (std::size_t at = 0; at < name.size();) {
    if (const std::size_t bytes = blank_bytes(name, at); bytes > 0) {
      at += bytes;
      continue;
    }
    const std::size_t start = at;
    while (at < name.size() && blank_bytes(name, at) == 0) ++at;
    const std::string_view text = name.substr(start, at - start);
    words.push_back({.text = text,
                     .form = bare_form(text),
                     .comma_after = text.ends_with(',') || text.ends_with(';'),
                     .capitals = all_capitals(text)});
  }
  return words;
}

void label(Word& word, NamePart part) {
  word.part = part;
  word.done = true;
}

bool opens_quote(std::string_view text) {
  for (const std::string_view sign : {"(", "\"", "'", "`", "\xE2\x80\x9C", "\xE2\x80\x98", "["}) {
    if (text.starts_with(sign)) return true;
  }
  return false;
}

bool closes_quote(std::string_view text) {
  while (!text.empty() && (text.back() == ',' || text.back() == '.')) text.remove_suffix(1);
  for (const std::string_view sign : {")", "\"", "'", "`", "\xE2\x80\x9D", "\xE2\x80\x99", "]"}) {
    if (text.ends_with(sign)) return true;
  }
  return false;
}

// What stands in quotes or brackets is what the person is called.
void label_nicknames(Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!opens_quote(words[i].text)) continue;
    std::size_t end = i;
    while (end < words.size() && !closes_quote(words[end].text)) ++end;
    if (end == words.size() || words.size() == 1) continue;
    for (; i <= end; ++i) label(words[i], NamePart::nickname);
    --i;
  }
}

std::size_t open_words(const Words& words) {
  return static_cast<std::size_t>(
      std::ranges::count_if(words, [](const Word& word) { return !word.done; }));
}

// Mr., "Dr. and Mrs.", "State Senator": words of titles at the beginning, as long as a name is
// left.
void label_prefixes(Words& words) {
  std::size_t i = 0;
  bool titled = false;
  while (i + 1 < words.size() && open_words(words) > 1) {
    Word& word = words[i];
    const bool last_name_first = word.comma_after;
    const bool ambiguous = word.is(NameWord::generation) && !word.is(NameWord::marital);
    if (last_name_first || ambiguous) return;
    const bool joins = titled && word.is(NameWord::conjunction) &&
                       (words[i + 1].is(NameWord::marital) || words[i + 1].is(NameWord::honour));
    if (joins) {
      label(word, NamePart::conjunction);
    } else if (word.is(NameWord::marital)) {
      label(word, NamePart::prefix_marital);
    } else if (word.is(NameWord::honour)) {
      label(word, NamePart::prefix_other);
    } else {
      return;
    }
    titled = true;
    ++i;
  }
}

bool is_suffix(const Words& words, std::size_t i, std::size_t open) {
  const Word& word = words[i];
  if (word.form.empty()) return true;
  const bool behind_comma = i > 0 && words[i - 1].comma_after;
  if (word.is(NameWord::generation)) return open > 1;
  if (word.is(NameWord::degree)) return open > 1 && (open > 2 || behind_comma || word.capitals);
  if (word.is(NameWord::unsure_degree)) {
    const bool marked = word.text.find('.') != std::string_view::npos && word.form.size() > 1;
    return open > 1 && (behind_comma || (marked && open > 2)) && !words[i].comma_after;
  }
  return open > 2 && behind_comma && word.form == "v";
}

// Jr., MD, "attorney at law" at the end, the last first.
void label_suffixes(Words& words) {
  for (std::size_t i = words.size(); i-- > 1;) {
    if (words[i].done) continue;
    const std::size_t open = open_words(words);
    if (!is_suffix(words, i, open)) return;
    label(words[i], words[i].is(NameWord::generation) ? NamePart::suffix_generational
                                                      : NamePart::suffix_other);
  }
}

// The words of one run that have no label yet.
std::vector<Word*> unlabelled(Words& words, std::size_t first, std::size_t end) {
  std::vector<Word*> open;
  for (std::size_t i = first; i < end; ++i) {
    if (!words[i].done) open.push_back(&words[i]);
  }
  return open;
}

void label_given(std::span<Word* const> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    Word& word = *names[i];
    if (i == 0) {
      label(word, word.initial() ? NamePart::first_initial : NamePart::given);
    } else {
      label(word, word.initial() ? NamePart::middle_initial : NamePart::middle);
    }
  }
}

// "V.S. Subrahmanian" and "JT": several initials written as one word.
bool is_initials(const Word& word) {
  const auto points = std::ranges::count(word.text, '.');
  return word.initial() || (points >= 2 && word.form.size() <= 3);
}

// A lone word: given names are short, known, and end in vowels; else a family's.
bool looks_given(std::string_view form) {
  if (!nickname_families(form).empty()) return true;
  for (const std::string_view end :
       {"son",  "man",   "ez",   "ski", "sky",  "ton", "ford", "berg", "stein",
        "wood", "field", "well", "ing", "land", "ley", "er",   "s",    "us",
        "ck",   "tt",    "ll",   "rd",  "ng",   "os",  "in",   "ns"}) {
    if (form.ends_with(end)) return false;
  }
  for (const std::string_view end : {"a", "ie", "ine", "yn", "ette", "elle", "ey", "i", "ee", "y",
                                     "ene", "ice", "een", "eth", "isha", "ina", "ell", "o", "e"}) {
    if (form.ends_with(end)) return true;
  }
  return false;
}

// Where the family name begins among words in the order "given … family".
std::size_t family_start(std::span<Word* const> names) {
  const std::size_t last = names.size() - 1;
  for (std::size_t i = 1; i < last; ++i) {
    if (!names[i]->is(NameWord::particle) || names[i]->form.size() == 0) continue;
    const bool initial = names[i]->initial();
    if (!initial) return i;
    // "Richard O Connell" is a family name, "James O Davis" has a middle initial.
    if (i + 1 == last && names[i]->form == "d" && names[i]->text.size() > 1) return i;
  }
  return last;
}

void label_in_order(std::span<Word* const> names, bool titled) {
  if (names.empty()) return;
  if (names.size() == 1) {
    const bool given = !titled && looks_given(names[0]->form);
    label(*names[0], given ? NamePart::given : NamePart::surname);
    return;
  }
  Word& final_word = *names.back();
  if (final_word.initial()) {
    if (names.size() == 2) {
      label_given(names.first(1));
      label(final_word, NamePart::last_initial);
    } else {  // "Meyer Charles L": the family first, without a comma
      label(*names[0], NamePart::surname);
      label_given(names.subspan(1));
    }
    return;
  }
  const std::size_t start = family_start(names);
  label_given(names.first(start));
  if (is_initials(*names[0])) names[0]->part = NamePart::first_initial;
  for (std::size_t i = start; i < names.size(); ++i) label(*names[i], NamePart::surname);
}

// "Smith Jr, John A": the family stands before the comma. False when the order is the usual one.
bool label_reversed(Words& words, std::size_t first, std::size_t end) {
  std::size_t comma = first;
  while (comma < end && !words[comma].comma_after) ++comma;
  if (comma + 1 >= end) return false;
  const auto after = unlabelled(words, comma + 1, end);
  const auto before = unlabelled(words, first, comma + 1);
  if (after.empty() || before.empty()) return false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    Word& word = *before[i];
    const bool generation = i > 0 && word.is(NameWord::generation);
    const bool lone_initial = before.size() == 1 && word.initial();
    label(word, generation     ? NamePart::suffix_generational
                : lone_initial ? NamePart::last_initial
                               : NamePart::surname);
  }
  label_given(after);
  return true;
}

// The words [first, end) of one person. With a partner the family name comes at the very end.
void label_person(Words& words, std::size_t first, std::size_t end, bool shares_family) {
  if (label_reversed(words, first, end)) return;
  const auto names = unlabelled(words, first, end);
  const bool titled = first < end && words[first].done && words[first].part != NamePart::nickname;
  const bool without_family =
      shares_family && !titled && (names.size() == 1 || (names.size() == 2 && names[1]->initial()));
  if (without_family) {
    label_given(names);
  } else {
    label_in_order(names, titled);
  }
}

std::size_t partner_at(const Words& words) {
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const bool joins = !words[i].done && words[i].is(NameWord::conjunction);
    // "Maria y Gasset", "E. Allen": single letters join only when they stand alone, uncapitalised.
    const bool letter = words[i].form.size() == 1 && words[i].form != "&" && words[i].form != "+";
    if (joins && !(letter && (words[i].capitals || words.size() < 4))) return i;
  }
  return words.size();
}

Words label_words(std::string_view name) {
  Words words = split(name);
  if (words.empty()) return words;
  label_nicknames(words);
  label_prefixes(words);
  label_suffixes(words);
  const std::size_t partner = partner_at(words);
  if (partner < words.size()) {
    label(words[partner], NamePart::conjunction);
    for (std::size_t i = partner + 1; i + 1 < words.size(); ++i) {  // titles of the second
      if (!words[i].is(NameWord::marital) && !words[i].is(NameWord::honour)) break;
      label(words[i],
            words[i].is(NameWord::marital) ? NamePart::prefix_marital : NamePart::prefix_other);
    }
    label_person(words, 0, partner, true);
    label_person(words, partner + 1, words.size(), false);
  } else {
    label_person(words, 0, words.size(), false);
  }
  return words;
}

void append(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text.push_back(' ');
  text.append(word);
}

std::string generation_form(std::string_view form) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kForms{{{"junior", "jr"},
                                                                                 {"jnr", "jr"},
                                                                                 {"filho", "jr"},
                                                                                 {"senior", "sr"},
                                                                                 {"snr", "sr"},
                                                                                 {"2nd", "ii"},
                                                                                 {"3rd", "iii"},
                                                                                 {"4th", "iv"},
                                                                                 {"neto", "iii"}}};
  for (const auto& [word, kept] : kForms) {
    if (word == form) return std::string(kept);
  }
  return std::string(form);
}

}  // namespace

std::vector<NameToken> label_person_name(std::string_view name) {
  std::vector<NameToken> tokens;
  for (const Word& word : label_words(name)) tokens.push_back({word.text, word.part});
  return tokens;
}

PersonName parse_person_name(std::string_view name) {
  PersonName parsed;
  bool second = false;
  bool own_family = false;  // the first of two has a family name of their own
  for (const Word& word : label_words(name)) {
    switch (word.part) {
      case NamePart::given:
      case NamePart::first_initial:
        if (!second) append(parsed.given.empty() ? parsed.given : parsed.middle, word.form);
        break;
      case NamePart::middle:
      case NamePart::middle_initial:
        if (!second) append(parsed.middle, word.form);
        break;
      case NamePart::surname:
      case NamePart::last_initial:
        if (!own_family) append(parsed.family, word.form);
        break;
      case NamePart::suffix_generational:
        if (parsed.generation.empty()) parsed.generation = generation_form(word.form);
        break;
      case NamePart::nickname:
        append(parsed.nickname, word.form);
        break;
      case NamePart::conjunction:
        second = !parsed.empty();  // "Mr. and Mrs." is no second person yet
        own_family = !parsed.family.empty();
        break;
      default:
        break;
    }
  }
  return parsed;
}

PersonName parse_person_name(std::string_view first, std::string_view last) {
  std::string whole(first);
  append(whole, last);
  if (last.empty() || first.empty()) return parse_person_name(whole);
  // Each field is read by itself, so that a comma or a particle in one says nothing of the other.
  PersonName name;
  for (const Word& word : label_words(first)) {
    if (word.part == NamePart::nickname) {
      append(name.nickname, word.form);
    } else if (word.part == NamePart::suffix_generational) {
      name.generation = generation_form(word.form);
    } else if (word.part != NamePart::prefix_marital && word.part != NamePart::prefix_other &&
               word.part != NamePart::suffix_other) {
      append(name.given.empty() ? name.given : name.middle, word.form);
    }
  }
  PersonName end;
  for (const Word& word : label_words(last)) {
    if (word.part == NamePart::suffix_generational) {
      name.generation = generation_form(word.form);
    } else if (word.part != NamePart::prefix_marital && word.part != NamePart::prefix_other &&
               word.part != NamePart::suffix_other && word.part != NamePart::nickname) {
      append(end.family, word.form);
    }
  }
  name.family = end.family;
  // The last name field that repeats the first ("John" / "John Smith") holds the whole name.
  const std::string repeated = name.given + " ";
  if (!name.given.empty() && name.family.starts_with(repeated)) {
    name.family.erase(0, repeated.size());
  }
  return name;
}

}  // namespace galena::domain
