// C++ and Markdown as the rules see them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace galena::tidy {

bool is_cpp(std::string_view path);
bool is_unit_test(std::string_view path);  // *_test.cpp
bool is_markdown(std::string_view path);

// "src/domain/score.cpp" is in "src/"; an empty folder holds everything.
bool is_in(std::string_view path, std::string_view folder);

std::vector<std::string_view> lines_of(std::string_view text);

// The 1-based line in which the byte at `offset` stands.
int line_at(std::string_view text, std::size_t offset);

bool is_word_char(char c);

// Where `word` stands from `from` on, with no letter, digit or "_" at either side; npos if nowhere.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

// The same text with blanks for comments and for what is inside of string and character literals.
// Line breaks and columns stay.
std::string code_only(std::string_view text);

// Blanks for preprocessor lines, continued ones too. For code_only text.
std::string without_directives(std::string code);

// What `text` holds between backticks, in order.
std::vector<std::string_view> quoted_names(std::string_view text);

// Markdown with blanks for fenced code blocks; line breaks stay.
std::string prose_only(std::string_view markdown);

}  // namespace galena::tidy
