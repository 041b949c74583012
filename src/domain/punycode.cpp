#include "domain/punycode.hpp"

#include <algorithm>
#include <cstdint>

#include "base/result.hpp"

namespace galena::domain {
namespace {

// The parameters of RFC 3492, section 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kTMin = 1;
constexpr std::uint32_t kTMax = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kInitialBias = 72;
constexpr char32_t kInitialN = 0x80;

char digit(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

std::uint32_t adapted_bias(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (kBase - kTMin) * kTMax / 2; k += kBase) delta /= kBase - kTMin;
  return k + (kBase - kTMin + 1) * delta / (delta + kSkew);
}

std::optional<std::uint32_t> value_of(char digit) {
  if (digit >= 'a' && digit <= 'z') return static_cast<std::uint32_t>(digit - 'a');
  if (digit >= '0' && digit <= '9') return static_cast<std::uint32_t>(digit - '0' + 26);
  return std::nullopt;
}

// Reads the number at the start of `text` and removes it; nothing when there is none or it is too
// large to be one.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t bias) {
  constexpr std::uint64_t kNumberMax = 0x10FFFF * 64ull;  // labels have 63 characters at most
  std::uint64_t number = 0;
  std::uint64_t weight = 1;
  for (std::uint32_t k = kBase; !text.empty(); k += kBase) {
    const auto value = value_of(text.front());
    text.remove_prefix(1);
    if (!value) return std::nullopt;
    number += *value * weight;
    if (number > kNumberMax) return std::nullopt;
    const std::uint32_t threshold = k <= bias ? kTMin : std::min(k - bias, kTMax);
    if (*value < threshold) return static_cast<std::uint32_t>(number);
    weight = std::min(weight * (kBase - threshold), kNumberMax);
  }
  return std::nullopt;
}

void append_number(std::string& encoded, std::uint32_t number, std::uint32_t bias) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t threshold = k <= bias ? kTMin : std::min(k - bias, kTMax);
    if (number < threshold) break;
    encoded.push_back(digit(threshold + (number - threshold) % (kBase - threshold)));
    number = (number - threshold) / (kBase - threshold);
  }
  encoded.push_back(digit(number));
}

}  // namespace

std::string punycode(std::u32string_view label) {
  GALENA_ASSERT(std::all_of(label.begin(), label.end(), [](char32_t c) { return c <= 0x10FFFF; }));
  std::string encoded;
  for (const char32_t c : label) {
    if (c < kInitialN) encoded.push_back(static_cast<char>(c));
  }
  const auto basic = static_cast<std::uint32_t>(encoded.size());
  if (basic > 0) encoded.push_back('-');

  std::uint32_t delta = 0;
  std::uint32_t bias = kInitialBias;
  std::uint32_t handled = basic;
  for (char32_t n = kInitialN; handled < label.size(); ++n, ++delta) {
    char32_t next = U'\U0010FFFF';
    for (const char32_t c : label) {
      if (c >= n) next = std::min(next, c);
    }
    delta += (next - n) * (handled + 1);
    n = next;
    for (const char32_t c : label) {
      if (c < n) ++delta;
      if (c != n) continue;
      append_number(encoded, delta, bias);
      bias = adapted_bias(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
  }
  return encoded;
}

std::optional<std::u32string> from_punycode(std::string_view encoded) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(encoded.begin(), encoded.end(), is_ascii)) return std::nullopt;
  std::u32string label;
  if (const std::size_t hyphen = encoded.rfind('-'); hyphen != std::string_view::npos) {
    label.assign(encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(hyphen));
    encoded.remove_prefix(hyphen + 1);
  }
  std::uint64_t code = kInitialN;
  std::uint64_t position = 0;  // where the next character goes
  std::uint32_t bias = kInitialBias;
  const std::size_t basic = label.size();
  while (!encoded.empty()) {
    const auto delta = take_number(encoded, bias);
    if (!delta) return std::nullopt;
    const std::size_t points = label.size() + 1;
    bias = adapted_bias(*delta, static_cast<std::uint32_t>(points), label.size() == basic);
    position += *delta;
    code += position / points;
    if (code > 0x10FFFF) return std::nullopt;
    position %= points;
    label.insert(label.begin() + static_cast<std::ptrdiff_t>(position),
                 static_cast<char32_t>(code));
    ++position;
  }
  return label;
}

}  // namespace galena::domain
