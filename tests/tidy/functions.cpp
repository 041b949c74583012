#include "functions.hpp"

#include <algorithm>
#include <set>

#include "source.hpp"

namespace galena::tidy {
namespace {

enum class Scope { container, function, data };

struct Open {
  Scope scope = Scope::container;
  std::size_t head = 0;  // where the text before the brace begins
};

// The first word that says what a head is: after "template <...>", attributes and specifiers.
std::string_view first_word(std::string_view head) {
  static const std::set<std::string_view> kSpecifiers{"inline", "static", "constexpr", "typedef",
                                                      "const"};
  for (std::size_t i = 0; i < head.size();) {
    std::size_t end = i;
    while (end < head.size() && is_word_char(head[end])) ++end;
    const std::string_view word = head.substr(i, end - i);
    if (word == "template") {
      int depth = 0;
      for (i = end; i < head.size(); ++i) {
        if (head[i] == '<') ++depth;
        if (head[i] == '>' && --depth == 0) break;
      }
      ++i;
    } else if (word.empty()) {
      ++i;
    } else if (kSpecifiers.contains(word)) {
      i = end;
    } else {
      return word;
    }
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n\\");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n\\") - first + 1);
}

// "[x]" at the end of a head, but not that of an array's name.
bool ends_with_capture(std::string_view head) {
  if (!head.ends_with(']')) return false;
  const std::string_view before = trimmed(head.substr(0, head.rfind('[')));
  return before.empty() || !is_word_char(before.back());
}

// True if the list of a constructor has begun in `head`: a ":" that is no "::" after the ")".
bool in_initialiser_list(std::string_view head) {
  for (std::size_t i = std::min(head.find(')'), head.size()); i < head.size(); ++i) {
    if (head[i] != ':') continue;
    if (i + 1 == head.size() || head[i + 1] != ':') return true;
    ++i;
  }
  return false;
}

// What the brace after `head` opens, inside of `around`.
Scope scope_of(std::string_view head, Scope around) {
  static const std::set<std::string_view> kContainers{"namespace", "class", "struct",
                                                      "union",     "enum",  "extern"};
  if (around == Scope::function) return Scope::function;
  const bool lambda = head.find("](") != std::string_view::npos || ends_with_capture(head);
  if (around == Scope::data) return lambda ? Scope::function : Scope::data;
  const bool has_parameters = head.find(')') != std::string_view::npos;
  const std::string_view word = first_word(head);
  if (kContainers.contains(word) && !(word == "extern" && has_parameters)) return Scope::container;
  if (lambda) return Scope::function;
  if (head.empty() || head.ends_with('=') || !has_parameters) return Scope::data;
  // The "b_{2}" in "f() : a_(1), b_{2} {" is data; the brace after it opens the function.
  return is_word_char(head.back()) && in_initialiser_list(head) ? Scope::data : Scope::function;
}

// The word before the first "(".
std::string name_of(std::string_view head) {
  const std::size_t paren = std::min(head.find('('), head.size());
  const std::string_view before = trimmed(head.substr(0, paren));
  const std::size_t start = before.find_last_of(" \n\t*&");
  return std::string(start == std::string_view::npos ? before : before.substr(start + 1));
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : code_(without_directives(code_only(text))) {}

  std::vector<Function> scan() {
    for (at_ = 0; at_ < code_.size(); ++at_) {
      switch (code_[at_]) {
        case '(':
          ++parens_;
          break;
        case ')':
          --parens_;
          break;
        case ';':
          if (parens_ == 0) head_ = at_ + 1;
          break;
        case ':':
          skip_access_specifier();
          break;
        case '{':
          open();
          break;
        case '}':
          close();
          break;
        default:
          break;
      }
    }
    return std::move(functions_);
  }

 private:
  Scope around() const { return open_.empty() ? Scope::container : open_.back().scope; }

  std::string_view text(std::size_t from, std::size_t to) const {
    return std::string_view(code_).substr(from, to - from);
  }

  // "public:" ends like a statement.
  void skip_access_specifier() {
    const std::string_view word = trimmed(text(head_, at_));
    if (word == "public" || word == "private" || word == "protected") head_ = at_ + 1;
  }

  void open() {
    const std::string_view head = trimmed(text(head_, at_));
    open_.push_back({scope_of(head, around()), head_});
    parens_before_.push_back(parens_);
    parens_ = 0;
    head_ = at_ + 1;
  }

  void close() {
    if (open_.empty()) return;
    const Open opened = open_.back();
    open_.pop_back();
    parens_ = parens_before_.back();
    parens_before_.pop_back();
    if (opened.scope == Scope::function && around() != Scope::function) add(opened.head);
    // "x{1}, y{2} {" is one head: only data that ends here leaves its head open.
    head_ = opened.scope == Scope::data ? opened.head : at_ + 1;
  }

  void add(std::size_t head) {
    std::size_t first = head;
    while (first < at_ && (code_[first] == ' ' || code_[first] == '\n')) ++first;
    functions_.push_back(
        {name_of(trimmed(text(first, at_))), line_at(code_, first), line_at(code_, at_)});
  }

  std::string code_;
  std::size_t at_ = 0;
  std::size_t head_ = 0;
  int parens_ = 0;
  std::vector<Open> open_;
  std::vector<int> parens_before_;
  std::vector<Function> functions_;
};

}  // namespace

std::vector<Function> functions_of(std::string_view text) {
  return Scanner(text).scan();
}

}  // namespace galena::tidy
