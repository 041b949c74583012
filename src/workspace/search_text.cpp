#include "workspace/search_text.hpp"

#include <algorithm>
#include <cstring>

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

}  // namespace

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

void SearchText::find(const std::vector<std::string>& words,
                      const std::function<void(std::uint32_t)>& visit) const {
  if (words.empty()) return;
  // The longest is the rarest, as a rule.
  const auto& rarest = *std::ranges::max_element(words, {}, &std::string::size);
  const char* const end = bytes_.data() + bytes_.size();
  for (const char* from = bytes_.data(); from < end;) {
    const void* hit =
        memmem(from, static_cast<std::size_t>(end - from), rarest.data(), rarest.size());
    if (hit == nullptr) return;
    const auto before = static_cast<std::size_t>(static_cast<const char*>(hit) - bytes_.data());
    const auto* record = static_cast<const char*>(memrchr(bytes_.data(), kBegin, before));
    const auto begin = static_cast<std::size_t>(record - bytes_.data());
    const std::string_view text = text_at(begin);
    const std::uint32_t row = read_header(record);
    const bool all = places_[row] == begin + 1 && std::ranges::all_of(words, [&](const auto& word) {
                       return text.find(word) != std::string_view::npos;
                     });
    if (all) visit(row);
    from = text.data() + text.size();
  }
}

}  // namespace galena::workspace
