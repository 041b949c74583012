#include "domain/title_tokens.hpp"

#include <cstddef>

namespace galena::domain {
namespace {

// U+00C0 to U+017F without accents; signs of two letters are in two_letters.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
    "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

char second_letter(char32_t c) {
  switch (c) {
    case 0xC6:
    case 0xE6:
    case 0x152:
    case 0x153:
      return 'e';
    case 0xDF:
      return 's';
    default:
      return 0;
  }
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The byte at `at`, or 0 behind the end.
char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

struct Decoded {
  char32_t code = 0xFFFD;
  std::size_t bytes = 1;
};

// A multi-byte character; broken UTF-8 is one byte of U+FFFD.
Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(byte_at(text, at + i));
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const auto low = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3F); };
  if ((byte(0) & 0xE0) == 0xC0 && tail(1)) return {(char32_t(byte(0) & 0x1F) << 6) | low(1), 2};
  if ((byte(0) & 0xF0) == 0xE0 && tail(1) && tail(2)) {
    return {(char32_t(byte(0) & 0x0F) << 12) | (low(1) << 6) | low(2), 3};
  }
  if ((byte(0) & 0xF8) == 0xF0 && tail(1) && tail(2) && tail(3)) {
    return {(char32_t(byte(0) & 0x07) << 18) | (low(1) << 12) | (low(2) << 6) | low(3), 4};
  }
  return {};
}

enum class Sign { letter, joined, blank, apostrophe, dash, strong };

// What a character beyond ASCII is in a title.
Sign sign_of(char32_t c) {
  if (c >= 0x300 && c <= 0x36F) return Sign::joined;  // combining accents
  if (c == 0xAD || c == 0x200B || c == 0x200C || c == 0x200D || c == 0xFEFF) return Sign::joined;
  if (c == 0x2018 || c == 0x2019 || c == 0xB4) return Sign::apostrophe;
  if (c >= 0x2012 && c <= 0x2015) return Sign::dash;
  if (c == 0xB7 || c == 0xBB || c == 0x203A || c == 0x2192) return Sign::strong;
  if (c == 0x2022 || c == 0x2027 || c == 0x25CF || c == 0x2219 || c == 0xFF5C) return Sign::strong;
  if (c < 0xC0 || (c >= 0x2000 && c <= 0x2BFF) || c == 0x3000) return Sign::blank;
  if (c == 0xFFFD || c >= 0x1F000) return Sign::blank;  // broken text, emoji
  return Sign::letter;
}

// Endings by which several languages name both sexes: Leiter/in, Directeur(trice), chargé·e.
// Returns their length at the start of `rest`, 0 when there is none.
std::size_t gender_ending(std::string_view rest) {
  if (std::string_view("/*:_(.-\xC2").find(rest.front()) == std::string_view::npos) return 0;
  for (const std::string_view ending :
       {"/-innen", "/innen", "*innen", ":innen", "_innen", "(innen)", "/-in",         "/in",
        "*in",     ":in",    "_in",    "(in)",   "(-in)",  "/trice",  "(trice)",      "(rice)",
        ".trice",  "/rice",  "(e)",    "/e",     ".e",     "-e",      "\xC2\xB7\x65", "(a)",
        "/a",      "(o)",    "/o",     "/euse",  "(euse)", "/frau",   "(s)"}) {
    if (rest.starts_with(ending) && !is_word_byte(byte_at(rest, ending.size()))) {
      return ending.size();
    }
  }
  return 0;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\0';
}

}  // namespace

TitleTokens::TitleTokens(std::string_view title) {
  read(title);
}

void TitleTokens::put(char c) {
  if (used_ < kBytesMax) buffer_[used_++] = c;
}

void TitleTokens::end_word() {
  if (used_ == word_start_) return;
  if (count_ < kTokensMax) {
    const std::string_view text(buffer_.data() + word_start_, used_ - word_start_);
    tokens_[count_++] = {text, count_ == 0 ? TitleBreak::none : pending_, false};
  }
  put(' ');
  word_start_ = used_;
  pending_ = TitleBreak::none;
}

void TitleTokens::separate(TitleBreak kind) {
  end_word();
  if (kind > pending_) pending_ = kind;
}

// Whether the sign at `at` stands within a short form: V.P., R&D, FP&A, m/w/d.
bool TitleTokens::joins(std::string_view title, std::size_t at) const {
  const std::size_t length = used_ - word_start_;
  const char next = byte_at(title, at + 1);
  const bool one_follows = is_word_byte(next) && !is_word_byte(byte_at(title, at + 2));
  if (title[at] == '&') return one_follows && (length == 1 || length == 2);
  const bool after_one =
      length == 1 || (length >= 2 && title[at] == '/' && buffer_[used_ - 2] == '/');
  return one_follows && after_one;
}

// "V.P." is one word, "Sr.VP" two; a point at the end of a word is nothing.
void TitleTokens::read_point(std::string_view title, std::size_t at) {
  if (used_ == word_start_ || is_blank(byte_at(title, at + 1))) return;
  const bool after_one = at >= 1 && (at == 1 || !is_word_byte(title[at - 2]));
  const bool before_one = !is_word_byte(byte_at(title, at + 2));
  if (!(after_one && before_one)) end_word();
}

// "CEO's" is a possessive, other apostrophes separate ("d'équipe"). `bytes` is the sign's length.
std::size_t TitleTokens::read_apostrophe(std::string_view title, std::size_t at,
                                         std::size_t bytes) {
  const bool possessive = at > 0 && is_word_byte(title[at - 1]) &&
                          lower(byte_at(title, at + bytes)) == 's' &&
                          !is_word_byte(byte_at(title, at + bytes + 1));
  end_word();
  if (possessive && count_ > 0) tokens_[count_ - 1].possessive = true;
  return possessive ? bytes + 1 : bytes;
}

// "Co-Founder" are two words side by side, "Sales - EMEA" two things; "Vice- President" is a slip.
void TitleTokens::read_hyphen(std::string_view title, std::size_t at) {
  const bool spaced = at == 0 || is_blank(title[at - 1]) || is_blank(byte_at(title, at + 1));
  end_word();
  const bool half =
      count_ > 0 && (tokens_[count_ - 1].text == "vice" || tokens_[count_ - 1].text == "co");
  if (spaced && !half) separate(TitleBreak::middle);
}

// Signs of ASCII other than letters and digits; returns how many bytes were read.
std::size_t TitleTokens::read_sign(std::string_view title, std::size_t at) {
  const char c = title[at];
  if (c == ' ') {
    end_word();
    return 1;
  }
  const bool after_letter = at > 0 && is_word_byte(title[at - 1]);
  if (after_letter && used_ - word_start_ >= 2) {
    if (const std::size_t bytes = gender_ending(title.substr(at)); bytes > 0) return bytes;
  }
  switch (c) {
    case '.':
      read_point(title, at);
      return 1;
    case '\'':
    case '`':
      return read_apostrophe(title, at, 1);
    case '&':
    case '/':
    case '+':
      if (c != '+' && joins(title, at)) {
        put(c);
      } else {
        separate(TitleBreak::weak);
      }
      return 1;
    case '-':
      read_hyphen(title, at);
      return 1;
    case ',':
    case '(':
    case ')':
    case '[':
    case ']':
    case ':':
    case '<':
    case '>':
      separate(TitleBreak::middle);
      return 1;
    case '|':
    case ';':
    case '\n':
      separate(TitleBreak::strong);
      return 1;
    case '@':
      end_word();
      for (const char letter : {'a', 't'}) put(letter);
      end_word();
      return 1;
    default:
      end_word();
      return 1;
  }
}

void TitleTokens::read(std::string_view title) {
  for (std::size_t at = 0; at < title.size() && used_ < kBytesMax - 2;) {
    const char c = title[at];
    if (static_cast<unsigned char>(c) < 0x80) {
      if (is_word_byte(c)) {
        put(lower(c));
        ++at;
      } else {
        at += read_sign(title, at);
      }
      continue;
    }
    const Decoded sign = decode(title, at);
    if (sign.code >= 0xC0 && sign.code < 0x180) {
      const char folded = kLatin[sign.code - 0xC0];
      if (folded == ' ')
        end_word();
      else
        put(folded);
      if (const char second = second_letter(sign.code)) put(second);
    } else if (sign.code >= 0xFF01 && sign.code <= 0xFF5E) {  // full-width ASCII
      const char ascii = static_cast<char>(sign.code - 0xFF01 + '!');
      if (is_word_byte(ascii))
        put(lower(ascii));
      else
        separate(TitleBreak::middle);
    } else {
      at += read_other(title, at, sign.code, sign.bytes);
      continue;
    }
    at += sign.bytes;
  }
  end_word();
}

std::size_t TitleTokens::read_other(std::string_view title, std::size_t at, char32_t code,
                                    std::size_t bytes) {
  switch (sign_of(code)) {
    case Sign::letter:
      for (std::size_t i = 0; i < bytes; ++i) put(title[at + i]);
      break;
    case Sign::joined:
      break;
    case Sign::blank:
      end_word();
      break;
    case Sign::apostrophe:
      return read_apostrophe(title, at, bytes);
    case Sign::dash:
      separate(TitleBreak::middle);
      break;
    case Sign::strong:
      if (used_ > word_start_) {
        if (const std::size_t skip = gender_ending(title.substr(at)); skip > 0) return skip;
      }
      separate(TitleBreak::strong);
      break;
  }
  return bytes;
}

}  // namespace galena::domain
