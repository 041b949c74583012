#include "domain/import_words.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "domain/import_layout.hpp"
#include "domain/import_layouts.hpp"
#include "domain/latin_form.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;
using Forms = std::span<const std::string>;
using Words = std::multimap<std::string, WordMeaning, std::less<>>;

void add_words(std::string_view words, WordMeaning meaning, Words& table) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find('|'));
    table.emplace(header_form(word), meaning);
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
}

const Words& generic_words() {
  static const auto words = [] {
    Words table;
    for (const HeaderWords& row : generic_headers()) {
      add_words(row.english, {row.target, "English"}, table);
      add_words(row.german, {row.target, "German"}, table);
      add_words(row.french, {row.target, "French"}, table);
      add_words(row.spanish, {row.target, "Spanish"}, table);
    }
    return table;
  }();
  return words;
}

// Whether some header other than a bare "name" has the meaning.
bool means(Forms forms, Target target) {
  return std::ranges::any_of(forms, [&](const std::string& form) {
    if (is_bare_name(form)) return false;
    const auto [first, last] = generic_words().equal_range(form);
    return std::any_of(first, last,
                       [&](const auto& entry) { return entry.second.target == target; });
  });
}

bool means_any(Forms forms, std::initializer_list<Target> targets) {
  return std::ranges::any_of(targets, [&](Target target) { return means(forms, target); });
}

constexpr PartMeaning kParts[] = {
    {"email", Target::email},
    {"mail", Target::email},
    {"courriel", Target::email},
    {"correo", Target::email},
    {"phone", Target::phone},
    {"telephone", Target::phone},
    {"telefon", Target::phone},
    {"telefono", Target::phone},
    {"linkedin", Target::linkedin},
    {"website", Target::company_domain},
    {"webseite", Target::company_domain},
    {"homepage", Target::company_domain},
    {"employees", Target::company_size},
    {"mitarbeiter", Target::company_size},
    {"empleados", Target::company_size},
};

// With one of these the header tells something about the thing, or another one than the main one.
constexpr std::string_view kOtherwise[] = {
    "status",    "source",     "quelle",    "opt",      "out",       "bounce",    "bounced",
    "sent",      "open",       "opened",    "clicked",  "date",      "datum",     "id",
    "type",      "typ",        "consent",   "verified", "score",     "secondary", "second",
    "tertiary",  "2",          "3",         "other",    "home",      "private",   "privat",
    "fax",       "count",      "domain",    "company",  "corporate", "firma",     "unternehmen",
    "assistant", "confidence", "marketing", "last",     "template",  "subject",   "growth"};

std::vector<std::string> words_of(std::string_view header) {
  std::vector<std::string> words(1);
  for (const char c : latin_form(header)) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_letter) {
      words.back().push_back(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

}  // namespace

bool is_bare_name(std::string_view form) {
  return form == "name" || form == "nom" || form == "nombre";
}

std::optional<WordMeaning> word_meaning(std::string_view form, ImportKind kind) {
  const auto [first, last] = generic_words().equal_range(form);
  for (auto it = first; it != last; ++it) {
    WordMeaning meaning = it->second;
    if (is_bare_name(form) && kind == ImportKind::accounts) meaning.target = Target::company;
    const bool names_deal = is_bare_name(form) || form == "title" || form == "titel";
    if (names_deal && kind == ImportKind::deals) meaning.target = Target::deal_name;
    if (has_target(kind, meaning.target)) return meaning;
  }
  return std::nullopt;
}

bool is_header_word(std::string_view form) {
  return generic_words().contains(form);
}

ImportKind kind_by_words(std::span<const std::string> forms) {
  const bool of_deals =
      means(forms, Target::deal_name) ||
      (means(forms, Target::amount) && means_any(forms, {Target::stage, Target::closed_at}));
  if (of_deals && !means_any(forms, {Target::first_name, Target::last_name})) {
    return ImportKind::deals;
  }
  if (means_any(forms, {Target::email, Target::first_name, Target::last_name, Target::title,
                        Target::mobile})) {
    return ImportKind::people;
  }
  // A list of companies may name somebody to ask for, but then nobody can be known by that.
  const bool has_domain = means(forms, Target::company_domain);
  if (means(forms, Target::full_name) && !has_domain) return ImportKind::people;
  const bool has_name = std::ranges::any_of(forms, is_bare_name);
  if (means(forms, Target::company)) return has_name ? ImportKind::people : ImportKind::accounts;
  const bool of_companies =
      has_domain || means_any(forms, {Target::company_size, Target::industry});
  return of_companies ? ImportKind::accounts : ImportKind::people;
}

std::optional<PartMeaning> part_meaning(std::string_view header, ImportKind kind) {
  const std::vector<std::string> words = words_of(header);
  const auto has = [&](std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  };
  if (std::ranges::any_of(kOtherwise, has)) return std::nullopt;
  for (const PartMeaning& part : kParts) {
    if (has_target(kind, part.target) && has(part.word)) return part;
  }
  return std::nullopt;
}

}  // namespace galena::domain
