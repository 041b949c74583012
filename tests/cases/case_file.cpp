#include "case_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "base/text.hpp"

namespace galena::cases {
namespace {

constexpr std::pair<std::string_view, Step::Kind> kWords[] = {
    {"given", Step::Kind::given}, {"when", Step::Kind::when}, {"then", Step::Kind::then}};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// The colon that ends the head: the first one that a blank or the end follows, so the one in
// "10:05" is none.
std::size_t colon_of(std::string_view text) {
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (at + 1 == text.size() || is_blank(text[at + 1])) return at;
  }
  return std::string_view::npos;
}

Step step_of(std::string_view text, int line, const std::string& place) {
  const std::size_t end = std::min(text.find(' '), text.size());
  for (const auto& [word, kind] : kWords) {
    if (text.substr(0, end) != word) continue;
    const std::string_view rest = trimmed(text.substr(end));
    const std::size_t colon = colon_of(rest);
    if (colon == std::string_view::npos) {
      // "then score = 80" needs no colon.
      if (kind != Step::Kind::then) throw std::runtime_error(place + ": a colon is missing");
      return {kind, line, "", std::string(rest)};
    }
    return {kind, line, std::string(trimmed(rest.substr(0, colon))),
            std::string(trimmed(rest.substr(colon + 1)))};
  }
  throw std::runtime_error(place + ": expected case, given, when or then");
}

}  // namespace

std::vector<Case> read_cases(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
  std::vector<Case> cases;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string_view text = trimmed(line);
    const std::string place = fmt::format("{}:{}", file.string(), number);
    if (text.empty() || text.front() == '#') continue;
    if (text.starts_with("case: ")) {
      cases.push_back({file.string(), number, std::string(trimmed(text.substr(6))), {}});
    } else if (cases.empty()) {
      throw std::runtime_error(place + ": the file begins with a case");
    } else {
      cases.back().steps.push_back(step_of(text, number, place));
    }
  }
  return cases;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == separator && !quoted) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  for (std::string& part : parts) part = std::string(trimmed(part));
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

Details read_details(std::string_view text) {
  Details details;
  for (const std::string& part : split(text, ',')) {
    const std::size_t equals = part.find('=');
    std::string_view value;
    if (equals != std::string::npos) value = trimmed(std::string_view(part).substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    details.emplace_back(std::string(trimmed(std::string_view(part).substr(0, equals))),
                         std::string(value));
  }
  return details;
}

}  // namespace galena::cases
