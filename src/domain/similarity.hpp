// How alike two short texts are. All work on the bytes of latin forms (latin_form.hpp), are
// symmetric, lie in 0 to 1 where they are a likeness, and give 1 for equal texts. Texts are cut
// at 64 bytes: names are shorter, and the cost stays bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace galena::domain {

// Jaro: the mean of the shares of common letters and of those in order. M. A. Jaro, "Advances in
// record-linkage methodology as applied to matching the 1985 census of Tampa, Florida", JASA 84
// (1989). Empty texts: 1 with each other, 0 with anything else.
double jaro(std::string_view a, std::string_view b);

// Jaro raised by a common beginning of up to four letters, a tenth each. W. E. Winkler, "String
// comparator metrics and enhanced decision rules in the Fellegi-Sunter model" (1990). Here the
// beginning always counts, as in Winkler's first form, without a lower bound of Jaro.
double jaro_winkler(std::string_view a, std::string_view b);

// Insertions, deletions, replacements and exchanges of neighbours that turn a into b, no part
// changed twice (optimal string alignment). F. J. Damerau, "A technique for computer detection and
// correction of spelling errors", CACM 7 (1964). Stops counting at `limit + 1`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit = 64);

// 1 - edit_distance / length of the longer.
double edit_likeness(std::string_view a, std::string_view b);

// Sørensen-Dice over the sets of blank-separated words: 2 |common| / (|a| + |b|). L. R. Dice,
// "Measures of the amount of ecologic association between species", Ecology 26 (1945).
double word_likeness(std::string_view a, std::string_view b);

// A key that spellings of one sound share, for finding candidates and never as proof: the first
// letter and up to five consonants, letters of one sound made one ("Meyer", "Maier" and "Mayr"
// give "mr"; "Philipp" and "Filip" give "flp"). The idea is Soundex's (R. C. Russell, US patent
// 1,261,167, 1918), without its numbers. Empty for a text without letters.
std::string sound_key(std::string_view latin);

}  // namespace galena::domain
