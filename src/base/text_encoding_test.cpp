#include "base/text_encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "base/text.hpp"

namespace galena {
namespace {

constexpr TextEncoding kAll[] = {TextEncoding::utf_8,        TextEncoding::utf_16le,
                                 TextEncoding::utf_16be,     TextEncoding::windows_1252,
                                 TextEncoding::iso_8859_15,  TextEncoding::windows_1250,
                                 TextEncoding::windows_1251, TextEncoding::macintosh};

std::string decoded(TextEncoding encoding, std::string_view bytes) {
  TextDecoder decoder(encoding);
  std::string utf8;
  decoder.decode(bytes, utf8);
  decoder.finish(utf8);
  return utf8;
}

// In pieces of the sizes that come round and round.
std::string decoded_in_pieces(TextEncoding encoding, std::string_view bytes,
                              const std::vector<std::size_t>& sizes) {
  TextDecoder decoder(encoding);
  std::string utf8;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t size = std::min(bytes.size(), sizes.empty() ? 1 : sizes[i % sizes.size()]);
    decoder.decode(bytes.substr(0, size), utf8);
    bytes.remove_prefix(size);
  }
  decoder.finish(utf8);
  return utf8;
}

TEST(TextEncoding, names_are_found_as_people_write_them) {
  for (const TextEncoding encoding : kAll) {
    EXPECT_EQ(text_encoding(to_string(encoding)), encoding);
  }
  EXPECT_EQ(text_encoding("UTF8"), TextEncoding::utf_8);
  EXPECT_EQ(text_encoding("utf-8-sig"), TextEncoding::utf_8);
  EXPECT_EQ(text_encoding("UTF-16LE"), TextEncoding::utf_16le);
  EXPECT_EQ(text_encoding("utf_16_be"), TextEncoding::utf_16be);
  EXPECT_EQ(text_encoding("Latin1"), TextEncoding::windows_1252);
  EXPECT_EQ(text_encoding("ISO-8859-1"), TextEncoding::windows_1252);
  EXPECT_EQ(text_encoding("CP1252"), TextEncoding::windows_1252);
  EXPECT_EQ(text_encoding("ebcdic"), std::nullopt);
  EXPECT_EQ(text_encoding(""), std::nullopt);
}

TEST(TextDecoder, reads_what_the_encodings_mean) {
  EXPECT_EQ(decoded(TextEncoding::windows_1252, "caf\xe9 \x80 \x92"), "café € ’");
  EXPECT_EQ(decoded(TextEncoding::iso_8859_15, "\xa4"), "€");
  EXPECT_EQ(decoded(TextEncoding::windows_1250, "\x8e\xe1k"), "Žák");
  EXPECT_EQ(decoded(TextEncoding::windows_1251, "\xcf\xe5\xf2\xf0"), "Петр");
  EXPECT_EQ(decoded(TextEncoding::macintosh, "caf\x8e"), "café");
  EXPECT_EQ(decoded(TextEncoding::utf_16le, std::string_view("a\0\xe9\0\x3d\xd8\0\xde", 8)), "aé😀");
  EXPECT_EQ(decoded(TextEncoding::utf_16be, std::string_view("\0a\0\xe9\xd8\x3d\xde\0", 8)), "aé😀");
}

TEST(TextDecoder, drops_a_byte_order_mark_at_the_beginning_alone) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(decoded(TextEncoding::utf_8, mark + "a" + mark), "a" + mark);
  EXPECT_EQ(decoded(TextEncoding::utf_8, "\xEF\xBB"), "\xEF\xBB");
  EXPECT_EQ(decoded(TextEncoding::utf_16le, std::string_view("\xff\xfe\x61\0\xff\xfe", 6)),
            "a" + mark);
  EXPECT_EQ(decoded(TextEncoding::utf_16be, std::string_view("\xfe\xff\0\x61", 4)), "a");
}

TEST(TextDecoder, marks_what_is_no_character) {
  EXPECT_EQ(decoded(TextEncoding::windows_1252, "a\x81z"), "a\xffz");
  EXPECT_EQ(decoded(TextEncoding::iso_8859_15, "a\x90z"), "a\xffz");
  EXPECT_EQ(decoded(TextEncoding::utf_16le, std::string_view("\0\xd8\x61\0", 4)), "\xff\x61");
  EXPECT_EQ(decoded(TextEncoding::utf_16le, std::string_view("\0\xdc\x61\0", 4)), "\xff\x61");
  EXPECT_EQ(decoded(TextEncoding::utf_16le, std::string_view("\x61\0\x62", 3)), "a\xff");
  EXPECT_EQ(decoded(TextEncoding::utf_16le, std::string_view("\x61\0\x3d\xd8", 4)), "a\xff");
}

RC_GTEST_PROP(TextDecoderProperty, pieces_make_no_difference,
              (const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& cuts)) {
  const std::string text(bytes.begin(), bytes.end());
  std::vector<std::size_t> sizes;
  for (const std::uint8_t cut : cuts) sizes.push_back(cut % 5 + 1u);
  for (const TextEncoding encoding : kAll) {
    const std::string whole = decoded(encoding, text);
    RC_ASSERT(decoded_in_pieces(encoding, text, sizes) == whole);
    if (encoding != TextEncoding::utf_8 && !whole.contains(TextDecoder::kNoCharacter)) {
      RC_ASSERT(is_utf8(whole));
    }
  }
}

RC_GTEST_PROP(TextDecoderProperty, utf_16_is_what_icu_takes_it_for,
              (const std::vector<std::uint16_t>& units)) {
  icu::UnicodeString wide;
  for (const std::uint16_t unit : units) wide.append(static_cast<char16_t>(unit));
  if (wide.isEmpty() || wide.charAt(0) == 0xFEFF) wide.insert(0, u'x');
  std::string bytes;
  bool well_formed = true;
  for (std::int32_t i = 0; i < wide.length(); ++i) {
    const char16_t unit = wide.charAt(i);
    bytes.push_back(static_cast<char>(unit & 0xFF));
    bytes.push_back(static_cast<char>(unit >> 8));
    if (U16_IS_SURROGATE(unit) && !U_IS_SUPPLEMENTARY(wide.char32At(i))) well_formed = false;
  }
  const std::string ours = decoded(TextEncoding::utf_16le, bytes);
  RC_ASSERT(ours.contains(TextDecoder::kNoCharacter) != well_formed);
  std::string icus;
  if (well_formed) RC_ASSERT(ours == wide.toUTF8String(icus));
}

}  // namespace
}  // namespace galena
