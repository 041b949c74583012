#include "workspace/text_dictionary.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "domain/latin_form.hpp"

namespace galena::workspace {
namespace {

std::uint64_t rank_of(std::string_view text) {
  const std::string latin = is_ascii(text) ? std::string() : domain::latin_form(text);
  const std::string_view letters = latin.empty() ? text : std::string_view(latin);
  std::uint64_t rank = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    rank = rank << 8 | (i < letters.size() ? static_cast<unsigned char>(letters[i]) : 0);
  }
  return rank;
}

}  // namespace

int compare_in_alphabet(std::string_view a, std::string_view b) {
  if (!is_ascii(a) || !is_ascii(b)) {
    const int latin = domain::latin_form(a).compare(domain::latin_form(b));
    if (latin != 0) return latin;
  }
  return a.compare(b);
}

std::optional<TextCode> TextDictionary::find(std::string_view wanted) const {
  return index_.find(stable_hash(wanted), [&](TextCode code) { return text(code) == wanted; });
}

TextCode TextDictionary::hold(std::string_view wanted) {
  if (const auto known = find(wanted)) {
    ++entries_[*known].holders;
    return *known;
  }
  TextCode code = end();
  if (free_.empty()) {
    entries_.emplace_back();
  } else {
    code = free_.back();
    free_.pop_back();
  }
  entries_[code] = {.rank = rank_of(wanted),
                    .offset = bytes_.size(),
                    .size = static_cast<std::uint32_t>(wanted.size()),
                    .holders = 1};
  bytes_ += wanted;
  index_.insert(stable_hash(wanted), code);
  return code;
}

void TextDictionary::let_go(TextCode code) {
  if (code == kNoText || --entries_[code].holders > 0) return;
  Entry& entry = entries_[code];
  index_.erase(stable_hash(text(code)), code);
  std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(entry.offset), entry.size, '\0');
  bytes_free_ += entry.size;
  entry = {};
  free_.push_back(code);
  constexpr std::size_t kBytesMin = 1 << 16;
  if (bytes_free_ > kBytesMin && bytes_free_ * 2 > bytes_.size()) compact();
}

void TextDictionary::compact() {
  std::string bytes;
  bytes.reserve((bytes_.size() - bytes_free_) * 9 / 8);
  for (TextCode code = 1; code < end(); ++code) {
    if (!is_held(code)) continue;
    const std::size_t offset = bytes.size();
    bytes += text(code);
    entries_[code].offset = offset;
  }
  bytes_ = std::move(bytes);
  bytes_free_ = 0;
}

void TextDictionary::write(CellWriter& out) const {
  out.cells(entries_);
  out.cells(free_);
  out.cells(bytes_);
  out.number(bytes_free_);
}

void TextDictionary::read(CellReader& in) {
  in.cells(entries_);
  in.cells(free_);
  in.cells(bytes_, true);
  bytes_free_ = in.number();
  for (TextCode code = 1; code < end() && !in.failed(); ++code) {
    if (is_held(code)) index_.insert(stable_hash(text(code)), code);
  }
}

std::size_t TextDictionary::memory() const {
  return bytes_.capacity() + entries_.capacity() * sizeof(Entry) +
         free_.capacity() * sizeof(TextCode) + index_.capacity() * 8;
}

}  // namespace galena::workspace
