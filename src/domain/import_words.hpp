// What headers mean by their words, in files of no known program: English, German, French, Spanish.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/import_target.hpp"

namespace galena::domain {

struct WordMeaning {
  ImportTarget target = ImportTarget::none;
  std::string_view language;  // "German"
};

// Of a whole header, by its form (header_form). A bare "name" is that of what the rows are about.
std::optional<WordMeaning> word_meaning(std::string_view form, ImportKind kind);

// Whether any kind of rows has such a header.
bool is_header_word(std::string_view form);

// "Name" and the like, which alone do not say whose.
bool is_bare_name(std::string_view form);

// What the rows are about, by the forms of all headers.
ImportKind kind_by_words(std::span<const std::string> forms);

struct PartMeaning {
  std::string_view word;  // latin form
  ImportTarget target = ImportTarget::none;
};

// Of a header that has a telling word among others: "Your e-mail, please". Nothing if another word
// says that it is about something else ("E-mail opened").
std::optional<PartMeaning> part_meaning(std::string_view header, ImportKind kind);

}  // namespace galena::domain
