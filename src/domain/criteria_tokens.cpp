#include "domain/criteria_tokens.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace galena::domain {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.';
}

Result<Token> quoted(std::string_view text, std::size_t& at) {
  Token token{Token::Type::text, {}, 0, at + 1};
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    token.text.push_back(text[at++]);
  }
  if (at == text.size()) return wrong_at(token.column, "this text has no closing quote");
  ++at;
  return token;
}

// "2026-01-" begins a moment, nothing else does.
bool begins_moment(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-";
  if (text.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != '-') return false;
  }
  return true;
}

Token moment(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  const auto belongs = [](char c) {
    return is_digit(c) || c == '-' || c == ':' || c == '.' || c == '+' || c == 'T' || c == 'Z';
  };
  while (at < text.size() && belongs(text[at])) ++at;
  return {Token::Type::moment, std::string(text.substr(begin, at - begin)), 0, begin + 1};
}

Result<Token> number(std::string_view text, std::size_t& at) {
  Token token{Token::Type::number, {}, 0, at + 1};
  const auto [end, error] =
      std::from_chars(text.data() + at, text.data() + text.size(), token.number);
  if (error != std::errc{} || !std::isfinite(token.number)) {
    return wrong_at(token.column, "this is not a number that can be compared");
  }
  const auto size = static_cast<std::size_t>(end - text.data()) - at;
  token.text = text.substr(at, size);
  at += size;
  return token;
}

Token word(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && is_word_char(text[at])) ++at;
  return {Token::Type::word, std::string(text.substr(begin, at - begin)), 0, begin + 1};
}

Result<Token> symbol(std::string_view text, std::size_t& at) {
  const std::string_view two = text.substr(at, 2);
  const bool pair = two == "!=" || two == "<=" || two == ">=" || two == "==";
  Token token{Token::Type::symbol, std::string(pair ? two : text.substr(at, 1)), 0, at + 1};
  if (!pair && std::string_view("()=<>,").find(text[at]) == std::string_view::npos) {
    return wrong_at(at + 1, fmt::format("\"{}\" is not part of a criterion", token.text));
  }
  at += token.text.size();
  return token;
}

Result<Token> next_token(std::string_view text, std::size_t& at) {
  const char c = text[at];
  if (c == '"' || c == '\'') return quoted(text, at);
  if (begins_moment(text.substr(at))) return moment(text, at);
  if (is_digit(c) || c == '-') return number(text, at);
  if (is_word_char(c)) return word(text, at);
  return symbol(text, at);
}

}  // namespace

tl::unexpected<Error> wrong_at(std::size_t column, std::string message) {
  return fail(ErrorCode::invalid, std::move(message), fmt::format("column {}", column));
}

Result<std::vector<Token>> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
      continue;
    }
    auto token = next_token(text, at);
    if (!token) return tl::unexpected(token.error());
    tokens.push_back(std::move(*token));
  }
  tokens.push_back({Token::Type::end, "the end", 0, text.size() + 1});
  return tokens;
}

}  // namespace galena::domain
