#include "base/text.hpp"

#include <sodium.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstring>

#include "base/result.hpp"

namespace galena {
namespace {

char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Lower case, blanks trimmed and folded; enough for ASCII, the last step for everything else.
std::string fold_ascii(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool pending_blank = false;
  for (const char c : text) {
    if (is_blank(c)) {
      pending_blank = !folded.empty();
      continue;
    }
    if (pending_blank) folded.push_back(' ');
    pending_blank = false;
    folded.push_back(ascii_lower(c));
  }
  return folded;
}

}  // namespace

std::string comparison_form(std::string_view text) {
  if (is_ascii(text)) return fold_ascii(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
  GALENA_ASSERT(U_SUCCESS(status));
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString folded = folder->normalize(wide, status);
  std::string utf8;
  folded.toUTF8String(utf8);
  return fold_ascii(utf8);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = p + text.size();
  const auto follows = [&](int count) {
    if (end - p <= count) return false;
    for (int i = 1; i <= count; ++i) {
      if ((p[i] & 0xC0) != 0x80) return false;
    }
    return true;
  };
  while (p < end) {
    if (*p < 0x80) {
      ++p;
    } else if (*p >= 0xC2 && *p <= 0xDF) {
      if (!follows(1)) return false;
      p += 2;
    } else if ((*p & 0xF0) == 0xE0) {
      if (!follows(2)) return false;
      if (*p == 0xE0 && p[1] < 0xA0) return false;  // overlong
      if (*p == 0xED && p[1] > 0x9F) return false;  // surrogate
      p += 3;
    } else if (*p >= 0xF0 && *p <= 0xF4) {
      if (!follows(3)) return false;
      if (*p == 0xF0 && p[1] < 0x90) return false;
      if (*p == 0xF4 && p[1] > 0x8F) return false;  // beyond U+10FFFF
      p += 4;
    } else {
      return false;
    }
  }
  return true;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::uint64_t stable_hash(std::string_view text) {
  static constexpr unsigned char kKey[crypto_shorthash_KEYBYTES] = {'g', 'a', 'l', 'e', 'n', 'a'};
  std::uint64_t hash = 0;
  static_assert(crypto_shorthash_BYTES == sizeof(hash));
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                   reinterpret_cast<const unsigned char*>(text.data()), text.size(), kKey);
  return hash;
}

Fingerprint fingerprint(std::string_view text) {
  Fingerprint print{};
  static_assert(crypto_generichash_BYTES_MIN == sizeof(print));
  crypto_generichash(reinterpret_cast<unsigned char*>(print.data()), sizeof(print),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return print;
}

Fingerprint keyed_fingerprint(std::string_view secret, std::string_view text) {
  GALENA_ASSERT(secret.size() == crypto_generichash_KEYBYTES);
  Fingerprint print{};
  crypto_generichash(reinterpret_cast<unsigned char*>(print.data()), sizeof(print),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  return print;
}

std::string print_text(const Fingerprint& print) {
  return to_hex({reinterpret_cast<const char*>(print.data()), sizeof(print)});
}

std::optional<Fingerprint> read_print(std::string_view text) {
  Fingerprint print{};
  if (text.size() != 2 * sizeof(print)) return std::nullopt;
  std::size_t size = 0;
  const int code = sodium_hex2bin(reinterpret_cast<unsigned char*>(print.data()), sizeof(print),
                                  text.data(), text.size(), nullptr, &size, nullptr);
  if (code != 0 || size != sizeof(print)) return std::nullopt;
  return print;
}

std::string to_hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  hex.pop_back();
  return hex;
}

bool from_hex(std::string_view text, std::string& bytes) {
  bytes.resize(text.size() / 2);
  std::size_t size = 0;
  const int code = sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                  text.data(), text.size(), nullptr, &size, nullptr);
  return code == 0 && size * 2 == text.size();
}

bool from_base64(std::string_view text, std::string& bytes) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  bytes.resize(text.size());
  std::size_t size = 0;
  const int outcome = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()),
                                        bytes.size(), text.data(), text.size(), nullptr, &size,
                                        nullptr, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  bytes.resize(size);
  return outcome == 0;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = ascii_lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool percent_decode(std::string_view text, std::string& decoded) {
  decoded.clear();
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return true;
}

}  // namespace galena
