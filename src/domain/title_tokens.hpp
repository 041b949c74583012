// A title taken apart into folded words with what stands between them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace galena::domain {

// What stands before a word, in ascending order of how much it separates.
enum class TitleBreak : std::uint8_t {
  none,    // a blank or a hyphen
  weak,    // "&", "/", "+"
  middle,  // "," " - " "(" ":"
  strong,  // "|" ";" "•" a line break
};

struct TitleToken {
  std::string_view text;  // lower case, Latin letters without accents; views into the buffer
  TitleBreak before = TitleBreak::none;
  bool possessive = false;  // "CEO's"
};

// Two words that only a blank separates lie side by side in the buffer with one blank between
// them, so the text from the first to the last of several tokens is their phrase.
class TitleTokens {
 public:
  explicit TitleTokens(std::string_view title);
  TitleTokens(const TitleTokens&) = delete;
  TitleTokens& operator=(const TitleTokens&) = delete;

  std::size_t size() const { return count_; }
  const TitleToken& operator[](std::size_t i) const { return tokens_[i]; }

  // The text of tokens [first, first + words).
  std::string_view phrase(std::size_t first, std::size_t words) const {
    const char* begin = tokens_[first].text.data();
    const std::string_view last = tokens_[first + words - 1].text;
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
  }

 private:
  static constexpr std::size_t kTokensMax = 48;  // what follows is not read
  static constexpr std::size_t kBytesMax = 512;

  void read(std::string_view title);
  std::size_t read_sign(std::string_view title, std::size_t at);
  std::size_t read_other(std::string_view title, std::size_t at, char32_t code, std::size_t bytes);
  void read_point(std::string_view title, std::size_t at);
  std::size_t read_apostrophe(std::string_view title, std::size_t at, std::size_t bytes);
  void read_hyphen(std::string_view title, std::size_t at);
  bool joins(std::string_view title, std::size_t at) const;
  void put(char c);
  void end_word();
  void separate(TitleBreak kind);

  std::array<TitleToken, kTokensMax> tokens_;
  std::array<char, kBytesMax> buffer_;
  std::size_t count_ = 0;
  std::size_t used_ = 0;
  std::size_t word_start_ = 0;
  TitleBreak pending_ = TitleBreak::none;
};

}  // namespace galena::domain
