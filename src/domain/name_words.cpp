#include "domain/name_words.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace galena::domain {

extern const std::string_view kNameWordsText;
extern const std::string_view kNicknamesText;

namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

// Calls `row(kind, word)` for each word of each line "kind: word word".
template <class Row>
void read_table(std::string_view text, Row row) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    GALENA_ASSERT(colon != std::string_view::npos);
    const std::string_view kind = line.substr(0, colon);
    for (std::size_t at = colon + 1; at < line.size();) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      if (end > at) row(kind, line.substr(at, end - at));
      at = end + 1;
    }
  }
}

std::string without_points(std::string_view word) {
  std::string bare(word);
  std::erase(bare, '.');
  return bare;
}

NameWord kind_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, NameWord>, 7> kKinds{
      {{"marital", NameWord::marital},
       {"honour", NameWord::honour},
       {"generation", NameWord::generation},
       {"degree", NameWord::degree},
       {"unsure", NameWord::unsure_degree},
       {"particle", NameWord::particle},
       {"and", NameWord::conjunction}}};
  const auto* found =
      std::ranges::find(kKinds, name, &std::pair<std::string_view, NameWord>::first);
  GALENA_ASSERT(found != kKinds.end());
  return found->second;
}

const TextMap<std::uint8_t>& words() {
  static const auto* table = [] {
    auto* made = new TextMap<std::uint8_t>;
    read_table(kNameWordsText, [&](std::string_view kind, std::string_view word) {
      auto& kinds = (*made)[without_points(word)];
      kinds = static_cast<std::uint8_t>(kinds | static_cast<std::uint8_t>(kind_of(kind)));
    });
    return made;
  }();
  return *table;
}

const TextMap<std::vector<std::uint16_t>>& families() {
  static const auto* table = [] {
    auto* made = new TextMap<std::vector<std::uint16_t>>;
    std::uint16_t number = 0;
    std::string_view formal;
    const auto add = [&](std::string_view name) {
      auto& known = (*made)[std::string(name)];
      if (known.empty() || known.back() != number) known.push_back(number);
    };
    read_table(kNicknamesText, [&](std::string_view name, std::string_view form) {
      if (name != formal) {
        formal = name;
        ++number;
        add(name);
      }
      add(form);
    });
    return made;
  }();
  return *table;
}

}  // namespace

bool is_name_word(std::string_view word, NameWord kind) {
  const auto found = words().find(without_points(word));
  return found != words().end() && (found->second & static_cast<std::uint8_t>(kind)) != 0;
}

std::span<const std::uint16_t> nickname_families(std::string_view given) {
  const auto found = families().find(given);
  return found == families().end() ? std::span<const std::uint16_t>() : found->second;
}

bool are_nicknames(std::string_view a, std::string_view b) {
  if (a == b) return false;
  const auto of_a = nickname_families(a);
  const auto of_b = nickname_families(b);
  return std::ranges::any_of(
      of_a, [&](std::uint16_t family) { return std::ranges::binary_search(of_b, family); });
}

}  // namespace galena::domain
