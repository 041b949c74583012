#include "workspace/search_text.hpp"

#include <algorithm>
#include <cstring>
#include <experimental/simd>

#include "base/result.hpp"
#include "base/text.hpp"

namespace galena::workspace {
namespace {

constexpr char kBegin = '\n';
constexpr std::size_t kHeaderBytes = 6;

void write_header(std::string& bytes, std::uint32_t row) {
  bytes.push_back(kBegin);
  for (int shift = 0; shift < 35; shift += 7) {
    bytes.push_back(static_cast<char>(0x80 | ((std::uint64_t{row} >> shift) & 0x7F)));
  }
}

std::uint32_t read_header(const char* record) {
  std::uint64_t row = 0;
  for (int i = 4; i >= 0; --i) {
    row = row << 7 | (static_cast<unsigned char>(record[1 + i]) & 0x7F);
  }
  return static_cast<std::uint32_t>(row);
}

// The first place from `from` on that has the word, `end` if there is none. Compares its first and
// last letter with many places at once: several times as fast as memmem for words as people type
// them.
const char* find_word(const char* from, const char* end, std::string_view word) {
  using Letters = std::experimental::native_simd<char>;
  const std::size_t last = word.size() - 1;
  const Letters first_letter(word.front()), last_letter(word.back());
  constexpr auto kUnaligned = std::experimental::element_aligned;
  for (; end - from >= static_cast<std::ptrdiff_t>(Letters::size() + last);
       from += Letters::size()) {
    auto may_be = Letters(from, kUnaligned) == first_letter;
    if (last > 0) may_be = may_be && Letters(from + last, kUnaligned) == last_letter;
    while (std::experimental::any_of(may_be)) {
      const int at = std::experimental::find_first_set(may_be);
      if (std::memcmp(from + at, word.data(), word.size()) == 0) return from + at;
      may_be[static_cast<std::size_t>(at)] = false;
    }
  }
  const std::string_view rest(from,
                              static_cast<std::size_t>(std::max<std::ptrdiff_t>(end - from, 0)));
  const std::size_t at = rest.find(word);
  return at == std::string_view::npos ? end : from + at;
}

}  // namespace

void SearchText::write(CellWriter& out) const {
  out.cells(bytes_);
  out.number(bytes_free_);
  out.cells(places_);
}

void SearchText::read(CellReader& in) {
  in.cells(bytes_, true);
  bytes_free_ = in.number();
  in.cells(places_);
}

// Up to the next record.
std::string_view SearchText::text_at(std::size_t begin) const {
  const std::size_t text = begin + kHeaderBytes;
  const std::size_t end = bytes_.find(kBegin, text);
  return std::string_view(bytes_).substr(text, end == std::string::npos ? end : end - text);
}

void SearchText::put(std::uint32_t row, std::string_view text) {
  GALENA_ASSERT(is_ascii(text) && text.find(kBegin) == std::string_view::npos);
  text = text.substr(0, kTextBytesMax);
  if (row >= places_.size()) {
    if (text.empty()) return;
    places_.resize(row + std::size_t{1});
  }
  Place& place = places_[row];
  if (place != 0) {
    const std::string_view old = text_at(place - 1);
    if (old == text) return;
    std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(place - 1 + kHeaderBytes), old.size(),
                '\0');
    bytes_free_ += kHeaderBytes + old.size();
    place = 0;
  }
  if (!text.empty()) {
    place = bytes_.size() + 1;
    write_header(bytes_, row);
    bytes_ += text;
  }
  constexpr std::size_t kBytesMin = 1 << 16;
  if (bytes_free_ > kBytesMin && bytes_free_ * 2 > bytes_.size()) compact();
}

void SearchText::compact() {
  std::string bytes;
  bytes.reserve((bytes_.size() - bytes_free_) * 9 / 8);
  for (std::uint32_t row = 0; row < places_.size(); ++row) {
    if (places_[row] == 0) continue;
    const std::string_view text = text_at(places_[row] - 1);
    places_[row] = bytes.size() + 1;
    write_header(bytes, row);
    bytes += text;
  }
  bytes_ = std::move(bytes);
  bytes_free_ = 0;
}

// The records that begin in a part of all bytes.
void SearchText::find_in(Part part, const std::vector<std::string>& words,
                         std::vector<std::uint32_t>& rows) const {
  // The longest is the rarest, as a rule.
  const auto rarest = std::ranges::max_element(words, {}, &std::string::size);
  const auto has_others = [&](std::string_view text) {
    return std::ranges::all_of(words, [&](const std::string& word) {
      return &word == &*rarest || text.find(word) != std::string_view::npos;
    });
  };
  const char* const end = bytes_.data() + part.end;
  for (const char* from = bytes_.data() + part.begin + kHeaderBytes; from < end;) {
    const char* hit = find_word(from, end, *rarest);
    if (hit == end) return;
    const auto* const first = from - kHeaderBytes;
    const auto* record =
        static_cast<const char*>(memrchr(first, kBegin, static_cast<std::size_t>(hit - first)));
    const auto begin = static_cast<std::size_t>(record - bytes_.data());
    const std::string_view text = text_at(begin);
    const std::uint32_t row = read_header(record);
    if (places_[row] == begin + 1 && has_others(text)) rows.push_back(row);
    from = text.data() + text.size() + kHeaderBytes;
  }
}

void SearchText::find(const std::vector<std::string>& words, RowSet& rows) const {
  if (words.empty()) return;
  constexpr std::size_t kPartBytes = 1 << 20;
  std::vector<Part> parts;
  for (std::size_t begin = 0; begin < bytes_.size();) {
    const std::size_t end =
        std::min(bytes_.find(kBegin, std::min(begin + kPartBytes, bytes_.size())), bytes_.size());
    parts.push_back({begin, end});
    begin = end;
  }
  std::vector<std::vector<std::uint32_t>> found(parts.size());
  on_all_cores(static_cast<std::uint32_t>(parts.size()),
               [&](std::uint32_t part) { find_in(parts[part], words, found[part]); });
  for (const auto& part : found) {
    for (const std::uint32_t row : part) rows.set(row, true);
  }
}

}  // namespace galena::workspace
