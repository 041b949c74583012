// JSON as text: taken apart without being read, so that what is kept is what was sent, token for
// token.
#pragma once

#include <string>
#include <string_view>

namespace galena::domain {

// Walks over the values of a list, or the members of an object ("key":value), as text. Of valid
// JSON each comes whole; any other text is cut up somehow.
class JsonItems {
 public:
  // `text` begins right behind the "[" or "{".
  explicit JsonItems(std::string_view text) : rest_(text) {}

  // The next one; empty at the end.
  std::string_view next();
  // What comes behind the last one: at the end of the list its "]".
  std::string_view rest() const { return rest_; }

 private:
  std::string_view take(std::size_t size);

  std::string_view rest_;
};

// The text behind the "[" of a member that is a list; empty if there is none, or if its key is
// spelled with escapes.
std::string_view list_text(std::string_view object, std::string_view key);

// The text without insignificant blanks; `text` is valid JSON.
std::string minified_json(std::string_view text);

// A minified object without one of its members.
std::string without_member(std::string object, std::string_view key);

// Whole numbers that 64 bits cannot hold get an exponent of nothing, so that they are read as what
// they are to JavaScript: numbers of less precision.
std::string with_readable_numbers(std::string_view text);

}  // namespace galena::domain
