// The words of a criterion's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace galena::domain {

struct Token {
  enum class Type : std::uint8_t { word, text, number, moment, symbol, end };
  Type type = Type::end;
  std::string text;  // without its quotes
  double number = 0;
  std::size_t column = 1;  // 1 is the first
};

// Ends with a token of type end. Errors name the column.
Result<std::vector<Token>> tokens_of(std::string_view text);

// An Error that points at a column.
tl::unexpected<Error> wrong_at(std::size_t column, std::string message);

}  // namespace galena::domain
