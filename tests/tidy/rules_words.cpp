// Words that must not stand somewhere.
#include <array>
#include <cctype>
#include <string>

#include "source.hpp"
#include "tidy.hpp"

namespace galena::tidy {
namespace {

enum class As {
  name,      // anywhere
  call,      // a call of it, plain or in std::
  c_call,    // a call as C's time() is called: time(nullptr), time(0), time(&now)
  std_name,  // std::name
};

struct Banned {
  std::string_view word;
  As as;
};

// What domain and workspace may not do: they are handed the time, the random numbers and the data.
constexpr std::array kImpure{
    // clocks and time zones of the machine
    Banned{"system_clock", As::name},
    Banned{"steady_clock", As::name},
    Banned{"high_resolution_clock", As::name},
    Banned{"utc_clock", As::name},
    Banned{"gettimeofday", As::name},
    Banned{"clock_gettime", As::name},
    Banned{"time", As::c_call},
    Banned{"clock", As::call},
    Banned{"localtime", As::call},
    Banned{"localtime_r", As::call},
    Banned{"mktime", As::call},
    // randomness
    Banned{"random_device", As::name},
    Banned{"mt19937", As::name},
    Banned{"mt19937_64", As::name},
    Banned{"rand", As::call},
    Banned{"srand", As::call},
    Banned{"random", As::call},
    Banned{"drand48", As::call},
    Banned{"getrandom", As::call},
    Banned{"randombytes_buf", As::name},
    Banned{"randombytes_random", As::name},
    Banned{"randombytes_uniform", As::name},
    // the environment, files, output
    Banned{"getenv", As::call},
    Banned{"secure_getenv", As::call},
    Banned{"system", As::call},
    Banned{"fopen", As::call},
    Banned{"popen", As::call},
    Banned{"ifstream", As::name},
    Banned{"ofstream", As::name},
    Banned{"fstream", As::name},
    Banned{"cout", As::std_name},
    Banned{"cerr", As::std_name},
    Banned{"clog", As::std_name},
    Banned{"printf", As::call},
    Banned{"fprintf", As::call},
    Banned{"puts", As::call},
    Banned{"spdlog", As::name},
    // waiting and threads
    Banned{"sleep", As::call},
    Banned{"usleep", As::call},
    Banned{"nanosleep", As::call},
    Banned{"sleep_for", As::name},
    Banned{"sleep_until", As::name},
    Banned{"this_thread", As::name},
    Banned{"thread", As::std_name},
    Banned{"jthread", As::std_name},
    Banned{"async", As::std_name},
};

constexpr std::array<std::string_view, 3> kUnfinished{
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X"};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// The position after the last character before `at` that is not blank.
std::size_t before_blanks(std::string_view code, std::size_t at) {
  while (at > 0 && is_blank(code[at - 1])) --at;
  return at;
}

std::string_view word_before(std::string_view code, std::size_t end) {
  std::size_t start = end;
  while (start > 0 && is_word_char(code[start - 1])) --start;
  return code.substr(start, end - start);
}

bool is_in_std(std::string_view code, std::size_t at) {
  return at >= 2 && code.substr(at - 2, 2) == "::" && word_before(code, at - 2) == "std";
}

// True if the word at `at` is called as a free function: not "event.time(", "Clock::time(", nor a
// declaration like "Time time(".
bool is_free_call(std::string_view code, std::size_t at, std::size_t word_size) {
  std::size_t after = at + word_size;
  while (after < code.size() && is_blank(code[after])) ++after;
  if (after == code.size() || code[after] != '(') return false;
  if (is_in_std(code, at)) return true;
  const std::string_view front = code.substr(0, before_blanks(code, at));
  if (front.ends_with("::")) return !is_word_char(front.size() > 2 ? front[front.size() - 3] : ' ');
  if (front.ends_with('.') || front.ends_with("->")) return false;
  static const std::set<std::string_view> kBeforeACall{
      "return", "co_return", "co_await", "co_yield", "throw", "else", "do", "case"};
  const std::string_view word = word_before(front, front.size());
  return word.empty() || kBeforeACall.contains(word);
}

// True for the arguments of C's time(): "(nullptr", "(NULL", "(0", "(&".
bool is_c_argument(std::string_view code, std::size_t after_word) {
  const std::string_view rest = code.substr(std::min(code.find('(', after_word), code.size()));
  return rest.starts_with("(nullptr") || rest.starts_with("(NULL") || rest.starts_with("(0") ||
         rest.starts_with("(&");
}

bool breaks(const Banned& banned, std::string_view code, std::size_t at) {
  switch (banned.as) {
    case As::name:
      return true;
    case As::c_call:
      return is_free_call(code, at, banned.word.size()) &&
             is_c_argument(code, at + banned.word.size());
    case As::std_name:
      return is_in_std(code, at);
    case As::call:
      return is_free_call(code, at, banned.word.size());
  }
  return false;
}

// Calls `found` with the offset of every `word` in `text`.
template <class Found>
void for_each_word(std::string_view text, std::string_view word, Found found) {
  for (std::size_t at = find_word(text, word); at != std::string_view::npos;
       at = find_word(text, word, at + word.size())) {
    found(at);
  }
}

// The home of a user, of root, or a work folder at the beginning of an absolute path.
bool names_a_machine(std::string_view line, std::size_t at) {
  if (at > 0 && (std::isalnum(static_cast<unsigned char>(line[at - 1])) || line[at - 1] == '.')) {
    return false;
  }
  const std::string_view rest = line.substr(at);
  if (rest.starts_with("/root"
                       "/") ||
      rest.starts_with("/work"
                       "/"))
    return true;
  constexpr std::string_view kHome =
      "/home"
      "/";
  if (!rest.starts_with(kHome)) return false;
  const std::size_t end = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz", kHome.size());
  return end != std::string_view::npos && end > kHome.size() && rest[end] == '/';
}

}  // namespace

void check_purity(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    const bool pure = is_in(file.path, "src/domain/") || is_in(file.path, "src/workspace/");
    if (!pure || !is_cpp(file.path) || is_unit_test(file.path)) continue;
    const std::string code = code_only(file.text);
    for (const Banned& banned : kImpure) {
      for_each_word(code, banned.word, [&](std::size_t at) {
        if (!breaks(banned, code, at)) return;
        report(file.path, line_at(code, at),
               std::string(banned.word) +
                   " has no place here: domain and workspace read no clock, draw no random number, "
                   "do no I/O and start no thread; take the value as a parameter");
      });
    }
  }
}

void check_skipped_tests(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    if (!is_cpp(file.path)) continue;
    const std::string code = code_only(file.text);
    for_each_word(code, "GTEST_SKIP", [&](std::size_t at) {
      const std::size_t end = code.find(';', at);
      if (code.substr(at, end - at).find("<<") != std::string::npos) return;
      report(file.path, line_at(code, at), "say why it is skipped: GTEST_SKIP() << \"why\"");
    });
    for (std::size_t at = code.find("DISABLED_"); at != std::string::npos;
         at = code.find("DISABLED_", at + 1)) {
      report(file.path, line_at(code, at),
             "repair the test or remove it; nobody runs it like this");
    }
  }
}

void check_unfinished(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    for (const std::string_view mark : kUnfinished) {
      for_each_word(file.text, mark, [&](std::size_t at) {
        report(file.path, line_at(file.text, at),
               "finish it, or say in a sentence what is so and why; " + std::string(mark) +
                   " helps nobody");
      });
    }
  }
}

void check_machine_paths(const Tree& tree, const Report& report) {
  for (const File& file : tree.files) {
    int number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      for (std::size_t at = line.find('/'); at != std::string_view::npos;
           at = line.find('/', at + 1)) {
        if (!names_a_machine(line, at)) continue;
        report(file.path, number, "names a folder of one machine; make it relative to the project");
        break;
      }
    }
  }
}

}  // namespace galena::tidy
