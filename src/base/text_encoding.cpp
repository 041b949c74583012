#include "base/text_encoding.hpp"

#include <unicode/ucnv.h>

#include <cstring>

#include "base/result.hpp"

namespace galena {
namespace {

constexpr std::array<std::string_view, kTextEncodingCount> kNames{
    "utf-8",       "utf-16le",     "utf-16be",     "windows-1252",
    "iso-8859-15", "windows-1250", "windows-1251", "macintosh"};

struct OtherName {
  std::string_view name;  // lower case, letters and digits alone
  TextEncoding encoding;
};

constexpr OtherName kOtherNames[] = {
    {"utf8sig", TextEncoding::utf_8},
    {"utf8bom", TextEncoding::utf_8},
    {"ascii", TextEncoding::utf_8},
    {"usascii", TextEncoding::utf_8},
    {"utf16", TextEncoding::utf_16le},
    {"unicode", TextEncoding::utf_16le},  // as Excel's "Unicode text" calls it
    {"ucs2", TextEncoding::utf_16le},
    {"ansi", TextEncoding::windows_1252},
    {"latin1", TextEncoding::windows_1252},
    {"iso88591", TextEncoding::windows_1252},
    {"cp1252", TextEncoding::windows_1252},
    {"latin9", TextEncoding::iso_8859_15},
    {"cp1250", TextEncoding::windows_1250},
    {"cp1251", TextEncoding::windows_1251},
    {"macroman", TextEncoding::macintosh},
    {"mac", TextEncoding::macintosh},
};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string bare_name(std::string_view name) {
  std::string bare;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') bare.push_back(static_cast<char>(c - 'A' + 'a'));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) bare.push_back(c);
  }
  return bare;
}

// Writes a code point and gives the place behind it; four bytes at most.
char* put(std::uint32_t code, char* out) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | (code >> 6));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (code >> 12));
    *out++ = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | (code >> 18));
    *out++ = static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    *out++ = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  }
  return out;
}

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// What follows the text that is there already, at most `size_max` bytes: `fill` writes from where
// it is told and gives the place behind what it wrote.
template <class Fill>
void append(std::string& text, std::size_t size_max, Fill fill) {
  const std::size_t old_size = text.size();
  text.resize(old_size + size_max);
  char* const begin = text.data() + old_size;
  text.resize(old_size + static_cast<std::size_t>(fill(begin) - begin));
}

}  // namespace

std::string_view to_string(TextEncoding encoding) {
  return kNames[static_cast<std::size_t>(encoding)];
}

std::optional<TextEncoding> text_encoding(std::string_view name) {
  const std::string bare = bare_name(name);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (bare == bare_name(kNames[i])) return static_cast<TextEncoding>(i);
  }
  for (const OtherName& other : kOtherNames) {
    if (bare == other.name) return other.encoding;
  }
  return std::nullopt;
}

TextDecoder::TextDecoder(TextEncoding encoding) : encoding_(encoding), upper_{} {
  const bool single_bytes = encoding != TextEncoding::utf_8 && encoding != TextEncoding::utf_16le &&
                            encoding != TextEncoding::utf_16be;
  if (single_bytes) fill_upper(std::string(to_string(encoding)));
}

// ICU knows the tables; asking it byte by byte would be slow, so they are asked once.
void TextDecoder::fill_upper(const std::string& converter_name) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* const converter = ucnv_open(converter_name.c_str(), &status);
  GALENA_ASSERT(U_SUCCESS(status));
  for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
    const char source = static_cast<char>(byte);
    const char* at = &source;
    const UChar32 code = ucnv_getNextUChar(converter, &at, at + 1, &status);
    Character& character = upper_[byte - 0x80];
    if (U_FAILURE(status) || code < 0xA0 || code == 0xFFFD) {
      character = {{kNoCharacter, 0, 0}, 1};
      status = U_ZERO_ERROR;
      ucnv_reset(converter);
    } else {
      GALENA_ASSERT(code < 0x10000);
      char* const begin = character.bytes.data();
      character.size =
          static_cast<std::uint8_t>(put(static_cast<std::uint32_t>(code), begin) - begin);
    }
  }
  ucnv_close(converter);
}

void TextDecoder::decode(std::string_view bytes, std::string& utf8) {
  std::string joined;
  if (!waiting_.empty()) {
    joined.swap(waiting_);
    joined.append(bytes);
    bytes = joined;
  }
  if (bytes.empty()) return;
  if (encoding_ == TextEncoding::utf_8) {
    decode_utf_8(bytes, utf8);
  } else if (encoding_ == TextEncoding::utf_16le || encoding_ == TextEncoding::utf_16be) {
    decode_utf_16(bytes, utf8);
  } else {
    decode_single_bytes(bytes, utf8);
  }
}

void TextDecoder::finish(std::string& utf8) {
  if (encoding_ == TextEncoding::utf_8) {
    utf8.append(waiting_);  // what might have become a byte order mark
  } else if (!waiting_.empty()) {
    utf8.push_back(kNoCharacter);
  }
  waiting_.clear();
}

void TextDecoder::decode_utf_8(std::string_view bytes, std::string& utf8) {
  if (!begun_) {
    if (bytes.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(bytes)) {
      waiting_ = bytes;
      return;
    }
    begun_ = true;
    if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  }
  utf8.append(bytes);
}

void TextDecoder::decode_utf_16(std::string_view bytes, std::string& utf8) {
  const std::size_t low = encoding_ == TextEncoding::utf_16le ? 0 : 1;
  const auto* const units = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::size_t size = bytes.size() / 2 * 2;
  std::size_t at = 0;
  const auto unit_at = [&](std::size_t place) -> std::uint32_t {
    return units[place + low] | (std::uint32_t{units[place + 1 - low]} << 8);
  };
  if (!begun_ && size >= 2) {
    begun_ = true;
    if (unit_at(0) == 0xFEFF) at = 2;
  }
  // A unit makes three bytes at most, a pair of them four.
  append(utf8, (size - at) / 2 * 3, [&](char* out) {
    for (; at < size; at += 2) {
      const std::uint32_t unit = unit_at(at);
      if (unit < 0x80) {
        *out++ = static_cast<char>(unit);
      } else if (is_high_surrogate(unit)) {
        if (at + 4 > size) break;
        const std::uint32_t second = unit_at(at + 2);
        if (is_low_surrogate(second)) {
          out = put(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00), out);
          at += 2;
        } else {
          *out++ = kNoCharacter;
        }
      } else if (is_low_surrogate(unit)) {
        *out++ = kNoCharacter;
      } else {
        out = put(unit, out);
      }
    }
    return out;
  });
  waiting_ = bytes.substr(at);
}

void TextDecoder::decode_single_bytes(std::string_view bytes, std::string& utf8) const {
  append(utf8, bytes.size() * 3, [&](char* out) {
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x80) {
        *out++ = c;
      } else {
        const Character& character = upper_[byte - 0x80u];
        std::memcpy(out, character.bytes.data(), character.bytes.size());
        out += character.size;
      }
    }
    return out;
  });
}

}  // namespace galena
