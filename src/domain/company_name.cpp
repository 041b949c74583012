#include "domain/company_name.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/latin_form.hpp"

namespace galena::domain {

extern const std::string_view kLegalFormsText;

namespace {

constexpr std::size_t kPhraseWordsMax = 5;

struct Forms {
  std::map<std::string, std::string, std::less<>> legal;  // phrase -> its one form
  std::vector<std::string> partners;
  std::vector<std::string> raw;
};

const Forms& forms() {
  static const auto* table = [] {
    auto* made = new Forms;
    std::string_view text = kLegalFormsText;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (line.empty() || line.front() == '#') continue;
      const std::size_t equals = line.find(" = ");
      if (line.starts_with("company: ")) {
        made->partners.emplace_back(line.substr(9));
      } else if (line.starts_with("raw: ")) {
        made->raw.push_back(comparison_form(line.substr(5)));
      } else if (equals != std::string_view::npos) {
        made->legal.emplace(line.substr(0, equals), line.substr(equals + 3));
      } else {
        made->legal.emplace(line, line);
      }
    }
    return made;
  }();
  return *table;
}

void append(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text.push_back(' ');
  text.append(word);
}

struct Word {
  std::string_view text;
  std::string form;  // one or more words of the comparison form; empty for signs alone
  CompanyPart part = CompanyPart::name;
};

// "S.A.," gives "sa", "AT&T" "att", "Coca-Cola" "coca cola", "&" "and".
std::string word_form(std::string_view text) {
  const std::string latin = latin_form(text);
  if (latin == "&" || latin == "+" || latin == "n") return "and";
  std::string form;
  for (const char c : latin) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      form.push_back(c);
    } else if (c == '-' || c == '/' || c == ',' || c == ' ' || c == '(' || c == ')') {
      if (!form.empty() && form.back() != ' ') form.push_back(' ');
    }
  }
  if (form.ends_with(' ')) form.pop_back();
  return form;
}

std::vector<Word> split(std::string_view name) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < name.size();) {
    const auto blank = [&](std::size_t i) {
      return name[i] == ' ' || (name[i] >= '\t' && name[i] <= '\r');
    };
    if (blank(at)) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    while (at < name.size() && !blank(at)) ++at;
    const std::string_view text = name.substr(start, at - start);
    words.push_back({.text = text, .form = word_form(text)});
  }
  return words;
}

// The forms of words [first, end) as one phrase; without "and" for "GmbH & Co. KG".
std::string phrase_of(const std::vector<Word>& words, std::size_t first, std::size_t end) {
  std::string phrase;
  for (std::size_t i = first; i < end; ++i) {
    if (words[i].form.empty()) continue;
    if (!phrase.empty()) phrase.push_back(' ');
    phrase += words[i].form;
  }
  return phrase;
}

bool is_and(const Word& word) {
  return word.form == "and" || word.form == "und" || word.form == "et" || word.form == "y" ||
         word.form == "e";
}

// Where the longest legal form that ends before `end` begins; `end` when none does.
std::size_t legal_start(const std::vector<Word>& words, std::size_t end, std::string& form) {
  const std::size_t words_max = std::min(kPhraseWordsMax, end);
  for (std::size_t count = words_max; count >= 1; --count) {
    const std::size_t first = end - count;
    if (is_and(words[first]) || words[first].form.empty()) continue;
    // "& Co" are partners, "hotel and spa" is a house.
    if (first > 0 && is_and(words[first - 1]) && count == 1) continue;
    const auto found = forms().legal.find(phrase_of(words, first, end));
    if (found == forms().legal.end()) continue;
    form = found->second;
    return first;
  }
  return end;
}

std::size_t partners_start(const std::vector<Word>& words, std::size_t end) {
  if (end < 3) return end;
  std::string phrase = phrase_of(words, end - 2, end);
  return std::ranges::find(forms().partners, phrase) != forms().partners.end() ? end - 2 : end;
}

bool has_name_before(const std::vector<Word>& words, std::size_t end) {
  return std::any_of(words.begin(), words.begin() + std::ptrdiff_t(end),
                     [](const Word& word) { return !word.form.empty() && word.form != "the"; });
}

// Takes forms off the end, one after the other, as long as a name is left before them.
std::string label_end(std::vector<Word>& words) {
  std::string legal;
  std::size_t end = words.size();
  while (end > 0) {
    if (words[end - 1].form.empty()) {
      --end;
      continue;
    }
    std::string form;
    CompanyPart part = CompanyPart::legal_form;
    std::size_t first = legal_start(words, end, form);
    if (const std::size_t partners = partners_start(words, end); partners < first) {
      first = partners;
      part = CompanyPart::and_company;
      form.clear();
    }
    if (first == end || !has_name_before(words, first)) break;
    for (std::size_t i = first; i < end; ++i) words[i].part = part;
    if (!form.empty()) {
      append(form, legal);
      legal = form;
    }
    end = first;
  }
  return legal;
}

// Forms that are nothing else also count before other words: "Acme GmbH Deutschland", "Acme Inc
// dba Roadrunner", "Keller & Sons Movers".
void label_within(std::vector<Word>& words, std::string& legal) {
  static constexpr std::string_view kClear[] = {"gmbh", "inc",  "incorporated", "llc", "llp", "ltd",
                                                "ltda", "pllc", "sarl",         "srl", "pc"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    Word& word = words[i];
    if (word.part != CompanyPart::name || !has_name_before(words, i)) continue;
    if (std::ranges::find(kClear, word.form) != std::ranges::end(kClear)) {
      word.part = CompanyPart::legal_form;
      if (legal.empty()) legal = forms().legal.find(word.form)->second;
    } else if (i >= 2 && partners_start(words, i + 1) == i - 1) {
      words[i - 1].part = word.part = CompanyPart::and_company;
    }
  }
}

std::string label_words(std::vector<Word>& words) {
  std::string legal = label_end(words);
  label_within(words, legal);
  return legal;
}

// Forms in scripts without blanks, taken out of the text; what was found goes to `legal`.
std::string without_raw_forms(std::string_view name, std::string& legal) {
  std::string text = comparison_form(name);
  for (const std::string& form : forms().raw) {
    const std::size_t at = text.find(form);
    if (at == std::string::npos || text.size() == form.size()) continue;
    text.replace(at, form.size(), 1, ' ');
    legal = form;
  }
  return text;
}

// "i b m" and "h and m" are one word, as their owners and typists never agree on the signs.
std::string with_joined_letters(std::string_view form) {
  std::string joined;
  bool after_letter = false;
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t end = std::min(form.find(' ', at), form.size());
    const std::string_view word = form.substr(at, end - at);
    const bool and_letter = word == "and" && after_letter && end + 2 <= form.size() &&
                            (end + 2 == form.size() || form[end + 2] == ' ');
    at = end + 1;
    if (and_letter) continue;
    const bool letter = word.size() == 1;
    if (!(letter && after_letter) && !joined.empty()) joined.push_back(' ');
    joined += word;
    after_letter = letter;
  }
  return joined;
}

}  // namespace

std::vector<CompanyToken> label_company_name(std::string_view name) {
  std::vector<Word> words = split(name);
  label_words(words);
  std::vector<CompanyToken> tokens;
  for (const Word& word : words) tokens.push_back({word.text, word.part});
  return tokens;
}

CompanyName parse_company_name(std::string_view name) {
  CompanyName parsed;
  std::string raw_legal;
  const std::string text = without_raw_forms(name, raw_legal);
  std::vector<Word> words = split(text);
  parsed.legal_form = label_words(words);
  if (parsed.legal_form.empty()) parsed.legal_form = latin_form(raw_legal);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (word.part != CompanyPart::legal_form) append(parsed.form, word.form);
    const bool article = i == 0 && word.form == "the" && words.size() > 1;
    if (word.part == CompanyPart::name && !article) append(parsed.short_form, word.form);
  }
  parsed.short_form = with_joined_letters(parsed.short_form);
  parsed.form = with_joined_letters(parsed.form);
  append(parsed.form, parsed.legal_form);
  return parsed;
}

}  // namespace galena::domain
