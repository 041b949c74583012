#include "source.hpp"

#include <algorithm>
#include <cctype>

namespace galena::tidy {
namespace {

// Puts blanks for [from, to) and keeps the line breaks.
void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

// The end of the literal that opens with the quote at `open`.
std::size_t end_of_literal(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[open]) {
      return i;
    }
  }
  return text.find('\n', open);
}

// For the quote of R"tag( at `open`: the start of )tag".
std::size_t end_of_raw_literal(std::string_view text, std::size_t open) {
  const std::size_t paren = text.find('(', open);
  if (paren == std::string_view::npos) return paren;
  const std::string close = ")" + std::string(text.substr(open + 1, paren - open - 1)) + "\"";
  return text.find(close, paren);
}

// True if the ' at `i` stands inside a number: 86'400.
bool is_digit_separator(std::string_view text, std::size_t i) {
  std::size_t start = i;
  while (start > 0 && (is_word_char(text[start - 1]) || text[start - 1] == '\'')) --start;
  return start < i && std::isdigit(static_cast<unsigned char>(text[start]));
}

}  // namespace

bool is_cpp(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp");
}

bool is_unit_test(std::string_view path) {
  return path.ends_with("_test.cpp");
}

bool is_markdown(std::string_view path) {
  return path.ends_with(".md");
}

bool is_in(std::string_view path, std::string_view folder) {
  return path.starts_with(folder);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

int line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_char(text[at - 1]);
    const bool ends = end == text.size() || !is_word_char(text[end]);
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

std::string code_only(std::string_view text) {
  std::string code(text);
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t end = i;  // of what is blanked, after the character at i
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("//")) {
      end = text.find('\n', i);
      blank(code, i, end);
    } else if (rest.starts_with("/*")) {
      end = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
      blank(code, i, end);
    } else if (rest.starts_with("R\"") && (i == 0 || !is_word_char(text[i - 1]))) {
      end = end_of_raw_literal(text, i + 1);
      blank(code, i, end);
      if (end < text.size()) end = text.find('"', end) + 1;
    } else if (text[i] == '"' || (text[i] == '\'' && !is_digit_separator(text, i))) {
      end = end_of_literal(text, i);
      blank(code, i + 1, end);
      if (end < text.size()) ++end;
    } else {
      ++end;
    }
    i = std::min(end, text.size());
  }
  return code;
}

std::string without_directives(std::string code) {
  std::size_t start = 0;
  bool continued = false;
  while (start < code.size()) {
    const std::size_t end = std::min(code.find('\n', start), code.size());
    const std::string_view line = std::string_view(code).substr(start, end - start);
    const std::size_t first = line.find_first_not_of(" \t");
    const bool directive = first != std::string_view::npos && line[first] == '#';
    const bool goes_on = line.ends_with('\\');
    if (directive || continued) {
      blank(code, start, end);
      continued = goes_on;
    }
    start = end + 1;
  }
  return code;
}

std::vector<std::string_view> quoted_names(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t open = text.find('`'); open != std::string_view::npos;) {
    const std::size_t close = text.find('`', open + 1);
    if (close == std::string_view::npos) break;
    names.push_back(text.substr(open + 1, close - open - 1));
    open = text.find('`', close + 1);
  }
  return names;
}

std::string prose_only(std::string_view markdown) {
  std::string prose;
  bool fenced = false;
  for (const std::string_view line : lines_of(markdown)) {
    const std::size_t first = line.find_first_not_of(' ');
    const bool fence = first != std::string_view::npos && line.substr(first).starts_with("```");
    if (!fence && !fenced) prose += line;
    if (fence) fenced = !fenced;
    prose += '\n';
  }
  return prose;
}

}  // namespace galena::tidy
