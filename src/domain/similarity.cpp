#include "domain/similarity.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <vector>

namespace galena::domain {
namespace {

constexpr std::size_t kBytesMax = 64;
using Marks = std::bitset<kBytesMax>;

// Greedy matching depends on which text is walked, so the order is fixed first.
void put_in_order(std::string_view& a, std::string_view& b) {
  a = a.substr(0, kBytesMax);
  b = b.substr(0, kBytesMax);
  if (a.size() > b.size() || (a.size() == b.size() && a > b)) std::swap(a, b);
}

// Pairs each letter of `a` with the first free equal one of `b` within `reach`.
std::size_t match(std::string_view a, std::string_view b, std::size_t reach, Marks& in_a,
                  Marks& in_b) {
  std::size_t matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t first = i > reach ? i - reach : 0;
    const std::size_t end = std::min(i + reach + 1, b.size());
    for (std::size_t k = first; k < end; ++k) {
      if (in_b[k] || a[i] != b[k]) continue;
      in_a.set(i);
      in_b.set(k);
      ++matches;
      break;
    }
  }
  return matches;
}

std::size_t out_of_order(std::string_view a, std::string_view b, const Marks& in_a,
                         const Marks& in_b) {
  std::size_t count = 0;
  std::size_t k = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!in_a[i]) continue;
    while (!in_b[k]) ++k;
    if (a[i] != b[k]) ++count;
    ++k;
  }
  return count;
}

std::vector<std::string_view> sorted_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

// The letter that stands for the sound of `c` before `next`; 0 for a silent one.
char sound_of(char c, char next) {
  switch (c) {
    case 'c':
    case 'q':
    case 'g':
      return 'k';
    case 'z':
    case 'x':
      return 's';
    case 'd':
      return 't';
    case 'b':
      return 'p';
    case 'p':
      return next == 'h' ? 'f' : 'p';
    case 'v':
    case 'w':
      return 'f';
    case 'j':
      return 'y';
    case 'h':
      return 0;
    default:
      return c;
  }
}

}  // namespace

double jaro(std::string_view a, std::string_view b) {
  put_in_order(a, b);
  if (a == b) return 1;
  if (a.empty()) return 0;
  const std::size_t half = b.size() / 2;
  Marks in_a;
  Marks in_b;
  const std::size_t matches = match(a, b, half > 0 ? half - 1 : 0, in_a, in_b);
  if (matches == 0) return 0;
  const auto common = static_cast<double>(matches);
  const double exchanged = static_cast<double>(out_of_order(a, b, in_a, in_b)) / 2;
  return (common / static_cast<double>(a.size()) + common / static_cast<double>(b.size()) +
          (common - exchanged) / common) /
         3;
}

double jaro_winkler(std::string_view a, std::string_view b) {
  const double plain = jaro(a, b);
  std::size_t common = 0;
  const std::size_t most = std::min({a.size(), b.size(), std::size_t{4}});
  while (common < most && a[common] == b[common]) ++common;
  return plain + static_cast<double>(common) * 0.1 * (1 - plain);
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  put_in_order(a, b);
  if (b.size() - a.size() > limit) return limit + 1;
  std::array<std::array<std::size_t, kBytesMax + 1>, 3> rows{};
  for (std::size_t k = 0; k <= b.size(); ++k) rows[0][k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = i;
    std::size_t least = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t replaced = above[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
      row[k] = std::min({above[k] + 1, row[k - 1] + 1, replaced});
      const bool exchanged = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (exchanged) row[k] = std::min(row[k], before[k - 2] + 1);
      least = std::min(least, row[k]);
    }
    // An exchange may still jump over one row, which costs one.
    if (least > limit + 1) return limit + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

double edit_likeness(std::string_view a, std::string_view b) {
  put_in_order(a, b);
  if (b.empty()) return 1;
  return 1 - static_cast<double>(edit_distance(a, b)) / static_cast<double>(b.size());
}

double word_likeness(std::string_view a, std::string_view b) {
  const auto words_a = sorted_words(a);
  const auto words_b = sorted_words(b);
  if (words_a.empty() && words_b.empty()) return 1;
  std::vector<std::string_view> common;
  std::ranges::set_intersection(words_a, words_b, std::back_inserter(common));
  return 2 * static_cast<double>(common.size()) /
         static_cast<double>(words_a.size() + words_b.size());
}

std::string sound_key(std::string_view latin) {
  std::string key;
  char last = 0;
  bool first = true;
  for (std::size_t i = 0; i < latin.size() && key.size() < 6; ++i) {
    const char c = latin[i];
    if (c < 'a' || c > 'z') continue;
    const char next = i + 1 < latin.size() ? latin[i + 1] : '\0';
    char sound = sound_of(c, next);
    if (is_vowel(sound)) sound = first ? 'a' : '\0';
    const bool repeated = sound == last;
    if (c != 'h') last = sound;
    if (sound == 0 && first) continue;
    first = false;
    if (sound != 0 && !repeated) key.push_back(sound);
  }
  return key;
}

}  // namespace galena::domain
