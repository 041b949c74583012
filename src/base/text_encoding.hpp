// Text in the encodings in which programs write it into files, made UTF-8 piece by piece.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace galena {

enum class TextEncoding : std::uint8_t {
  utf_8,
  utf_16le,
  utf_16be,
  windows_1252,  // Western Europe; what is called latin1 is this, as in browsers
  iso_8859_15,
  windows_1250,  // Central Europe
  windows_1251,  // Cyrillic
  macintosh,     // old Macs, Western Europe
};
constexpr std::size_t kTextEncodingCount = 8;

// "utf-8", "windows-1252".
std::string_view to_string(TextEncoding encoding);

// By its name in any case, with or without hyphens, or by what else it is called: "UTF8",
// "utf-8-sig", "latin1", "cp1252". Nothing for a name that is not known.
std::optional<TextEncoding> text_encoding(std::string_view name);

class TextDecoder {
 public:
  // Stands for what is no character in the encoding. No UTF-8 has this byte.
  static constexpr char kNoCharacter = '\xFF';

  explicit TextDecoder(TextEncoding encoding);

  // Appends what `bytes` say. A character that is cut off at their end waits for more; a byte order
  // mark at the beginning of the text is dropped. UTF-8 is passed on as it is, well-formed or not.
  // Bytes that are a control character of the range U+0080 to U+009F are no character: they are
  // the sign of another encoding.
  void decode(std::string_view bytes, std::string& utf8);

  // The end of the text: what still waits is no character.
  void finish(std::string& utf8);

 private:
  struct Character {
    std::array<char, 3> bytes;
    std::uint8_t size;
  };

  void fill_upper(const std::string& converter_name);
  void decode_utf_8(std::string_view bytes, std::string& utf8);
  void decode_utf_16(std::string_view bytes, std::string& utf8);
  void decode_single_bytes(std::string_view bytes, std::string& utf8) const;

  TextEncoding encoding_;
  bool begun_ = false;                // behind the place of a byte order mark
  std::string waiting_;               // cut off: three bytes at most
  std::array<Character, 128> upper_;  // of an encoding of single bytes: what 0x80 … 0xFF mean
};

}  // namespace galena
