// The vocabulary of person names, read once from data/name_words.txt and data/nicknames.txt.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace galena::domain {

enum class NameWord : std::uint8_t {
  marital = 1,
  honour = 2,
  generation = 4,
  degree = 8,
  unsure_degree = 16,
  particle = 32,
  conjunction = 64,
};

// `word` in latin form; points in it do not count ("ph.d." is "phd").
bool is_name_word(std::string_view word, NameWord kind);

// The families of names that have this given name, ascending: "bill" is in that of William. Empty
// when no table knows it.
std::span<const std::uint16_t> nickname_families(std::string_view given);

// Whether two different given names may be one person's by the table: bill and william, hans and
// john. False for equal or unknown names. Symmetric.
bool are_nicknames(std::string_view a, std::string_view b);

}  // namespace galena::domain
