#include "workspace/search_text.hpp"

#include <algorithm>
#include <array>
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

using Letters = std::experimental::native_simd<char>;
using Frequencies = std::array<std::uint32_t, 256>;

// How often letters are, from a few samples.
Frequencies frequencies_in(std::string_view bytes) {
  constexpr std::size_t kSamples = 64, kSampleBytes = 256;
  Frequencies times{};
  for (std::size_t sample = 0; sample < kSamples; ++sample) {
    const std::size_t at = bytes.size() / kSamples * sample;
    for (const char letter : bytes.substr(at, kSampleBytes)) {
      ++times[static_cast<unsigned char>(letter)];
    }
  }
  return times;
}

// A word, and its two rarest letters: both are compared with many places at once, and where both
// are there the word is, as a rule.
class Pattern {
 public:
  Pattern(const std::string& word, const Frequencies& times) : word_(word) {
    const auto times_of = [&](std::size_t place) {
      return times[static_cast<unsigned char>(word[place])];
    };
    for (std::size_t place = 1; place < word.size(); ++place) {
      if (times_of(place) < times_of(rarest_)) rarest_ = place;
    }
    second_ = rarest_ == 0 ? word.size() - 1 : 0;
    for (std::size_t place = 0; place < word.size(); ++place) {
      if (place != rarest_ && times_of(place) < times_of(second_)) second_ = place;
    }
    rareness_ = std::uint64_t{times_of(rarest_)} * (word.size() > 1 ? times_of(second_) : kAlone);
  }

  const std::string& word() const { return word_; }
  // The less, the fewer places look as if the word were there.
  std::uint64_t rareness() const { return rareness_; }

  // The first place from `from` on that has the word, `end` if there is none.
  const char* find(const char* from, const char* end) const {
    constexpr auto kUnaligned = std::experimental::element_aligned;
    const Letters rarest(word_[rarest_]), second(word_[second_]);
    const auto bytes = static_cast<std::ptrdiff_t>(Letters::size() + word_.size() - 1);
    for (; end - from >= bytes; from += Letters::size()) {
      auto may_be = Letters(from + rarest_, kUnaligned) == rarest &&
                    Letters(from + second_, kUnaligned) == second;
      while (std::experimental::any_of(may_be)) {
        const int at = std::experimental::find_first_set(may_be);
        if (is_at(from + at)) return from + at;
        may_be[static_cast<std::size_t>(at)] = false;
      }
    }
    const std::string_view rest(from,
                                static_cast<std::size_t>(std::max<std::ptrdiff_t>(end - from, 0)));
    const std::size_t at = rest.find(word_);
    return at == std::string_view::npos ? end : from + at;
  }

 private:
  static constexpr std::uint64_t kAlone = 1 << 16;  // more than any letter beside it

  // Where its two letters are.
  bool is_at(const char* place) const {
    return word_.size() <= 2 || std::memcmp(place, word_.data(), word_.size()) == 0;
  }

  const std::string& word_;
  std::size_t rarest_ = 0, second_ = 0;  // places of letters
  std::uint64_t rareness_ = 0;
};

// Rows to be put into a set by one of several threads: those that stand together at once.
class Found {
 public:
  explicit Found(RowSet& rows) : rows_(rows) {}
  ~Found() { put(); }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;

  void add(std::uint32_t row) {
    if (row / 64 != word_) put();
    word_ = row / 64;
    bits_ |= std::uint64_t{1} << row % 64;
  }

 private:
  void put() {
    if (bits_ != 0) rows_.add(word_, bits_);
    bits_ = 0;
  }

  RowSet& rows_;
  std::uint32_t word_ = 0;
  std::uint64_t bits_ = 0;
};

// Those of some records that have all the words: those in which the first is found are looked at.
// What was put away has no letters left, so that nothing is found in it.
void find_in(std::string_view records, const std::vector<std::string>& words,
             const Pattern& pattern, RowSet& rows) {
  Found found(rows);
  const char* const end = records.data() + records.size();
  for (const char* from = records.data() + kHeaderBytes; from < end;) {
    const char* hit = pattern.find(from, end);
    if (hit == end) return;
    const auto* const begin = from - kHeaderBytes;
    const auto* record =
        static_cast<const char*>(memrchr(begin, kBegin, static_cast<std::size_t>(hit - begin)));
    const auto* next =
        static_cast<const char*>(std::memchr(hit, kBegin, static_cast<std::size_t>(end - hit)));
    if (next == nullptr) next = end;
    const std::string_view text(record + kHeaderBytes, next);
    const bool has_others = std::ranges::all_of(words, [&](const std::string& word) {
      return &word == &pattern.word() || text.find(word) != std::string_view::npos;
    });
    if (has_others) found.add(read_header(record));
    from = next + kHeaderBytes;
  }
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

void SearchText::find(const std::vector<std::string>& words, RowSet& rows) const {
  if (words.empty()) return;
  constexpr std::size_t kPartBytes = 1 << 20;
  std::vector<std::string_view> parts;  // whole records
  for (std::size_t begin = 0; begin < bytes_.size();) {
    const std::size_t end =
        std::min(bytes_.find(kBegin, std::min(begin + kPartBytes, bytes_.size())), bytes_.size());
    parts.push_back(std::string_view(bytes_).substr(begin, end - begin));
    begin = end;
  }
  const Frequencies times = frequencies_in(bytes_);
  std::vector<Pattern> patterns;
  for (const std::string& word : words) patterns.emplace_back(word, times);
  const auto first = std::ranges::min_element(patterns, {}, &Pattern::rareness);
  rows.make_room((places_.size() + kBlockRows - 1) / kBlockRows);
  on_all_cores(static_cast<std::uint32_t>(parts.size()),
               [&](std::uint32_t part) { find_in(parts[part], words, *first, rows); });
}

}  // namespace galena::workspace
