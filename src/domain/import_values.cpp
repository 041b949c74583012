#include "domain/import_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "base/text.hpp"
#include "domain/import_layout.hpp"
#include "domain/latin_form.hpp"

namespace galena::domain {
namespace {

constexpr std::string_view kPlaceholders[] = {
    "",      "-",     "--",      "---",         "n/a",     "na",        "#n/a",      "n.a.",
    "null",  "none",  "nil",     "\\n",         "unknown", "unbekannt", "undefined", "k.a.",
    "k. a.", "keine", "inconnu", "desconocido", "?",       "."};

constexpr std::size_t kPlaceholderBytesMax = 16;  // no need to look at what is longer
constexpr std::size_t kTextBytesMax = 80;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

// --- currencies --------------------------------------------------------------------------------

struct CurrencyWord {
  std::string_view word;
  std::string_view code;  // empty: of several countries
};

constexpr CurrencyWord kCurrencies[] = {
    {"€", "EUR"},      {"euro", "EUR"},    {"euros", "EUR"},  {"$", "USD"},   {"us$", "USD"},
    {"dollar", "USD"}, {"dollars", "USD"}, {"a$", "AUD"},     {"au$", "AUD"}, {"c$", "CAD"},
    {"ca$", "CAD"},    {"nz$", "NZD"},     {"hk$", "HKD"},    {"s$", "SGD"},  {"r$", "BRL"},
    {"£", "GBP"},      {"pound", "GBP"},   {"pounds", "GBP"}, {"₹", "INR"},   {"zł", "PLN"},
    {"kč", "CZK"},     {"fr.", "CHF"},     {"sfr.", "CHF"},   {"₽", "RUB"}, {"₺", "TRY"},
    {"₪", "ILS"},      {"₩", "KRW"},       {"¥", ""},         {"kr", ""},     {"kr.", ""}};

constexpr std::string_view kCodes[] = {
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK",
    "EGP", "EUR", "GBP", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES",
    "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "RON",
    "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"};

// --- numbers -----------------------------------------------------------------------------------

struct Multiple {
  std::string_view word;
  double factor;
};

constexpr Multiple kMultiples[] = {
    {"k", 1e3},   {"tsd", 1e3},     {"m", 1e6},          {"mm", 1e6}, {"mn", 1e6},
    {"mio", 1e6}, {"million", 1e6}, {"millionen", 1e6},  {"b", 1e9},  {"bn", 1e9},
    {"mrd", 1e9}, {"billion", 1e9}, {"milliarden", 1e9}, {"md", 1e9}};

// A number's signs in the form that machines read: "15.000,50" is "15000.50". Empty if they
// contradict each other.
std::string plain_number(std::string_view signs) {
  const std::size_t comma = signs.rfind(',');
  const std::size_t point = signs.rfind('.');
  const auto count = [&](char sign) { return std::ranges::count(signs, sign); };
  char decimal = 0;
  if (comma != std::string_view::npos && point != std::string_view::npos) {
    decimal = comma > point ? ',' : '.';  // the last one
  } else if (comma != std::string_view::npos || point != std::string_view::npos) {
    const char sign = comma != std::string_view::npos ? ',' : '.';
    const std::size_t at = signs.rfind(sign);
    const bool thousands =
        count(sign) > 1 || (signs.size() - at == 4 && at > 0 && at <= 3 && signs.front() != '0');
    decimal = thousands ? '\0' : sign;
  }
  if (decimal != 0 && count(decimal) > 1) return {};
  std::string plain;
  std::size_t group = 0;  // digits since the last sign
  bool grouped = false;
  for (const char c : signs) {
    if (is_digit(c)) {
      plain.push_back(c);
      ++group;
    } else if (c == decimal) {
      if (grouped && group != 3) return {};
      plain.push_back('.');
      grouped = false;
      group = 0;
    } else {
      // Three digits between signs, three at most before the first; Indian lakhs have two.
      if (group == 0 || group > 3 || plain.contains('.')) return {};
      grouped = true;
      group = 0;
    }
  }
  if (grouped && group != 3) return {};
  if (plain.starts_with('.')) plain.insert(0, "0");
  return plain;
}

// What is written around and within a number, taken apart.
struct NumberText {
  std::string signs;  // digits, points and commas
  std::string words;  // everything else but blanks, in comparison form
  bool negative = false;
};

// Behind a blank or an apostrophe that separates thousands: three digits and no more.
bool thousands_follow(std::string_view text) {
  return text.size() >= 3 && std::all_of(text.begin(), text.begin() + 3, is_digit) &&
         (text.size() == 3 || !is_digit(text[3]));
}

NumberText take_apart(std::string_view text) {
  NumberText parts;
  bool ended = false;
  const std::string form = comparison_form(text);
  std::string_view rest = form;
  while (!rest.empty()) {
    const char c = rest.front();
    const bool in_number = !parts.signs.empty() && !ended;
    std::size_t bytes = 1;
    const bool is_sign =
        is_digit(c) || ((c == '.' || c == ',') && rest.size() > 1 && is_digit(rest[1]));
    if (!ended && is_sign) {
      parts.signs.push_back(c);
    } else if (in_number && (c == ' ' || c == '\'') && thousands_follow(rest.substr(1))) {
      // Only the digits count.
    } else if (in_number && rest.starts_with("’") && thousands_follow(rest.substr(3))) {
      bytes = 3;
    } else {
      ended = in_number || ended;
      if (c == '-' || c == '(') parts.negative = parts.negative || !ended;
      if (!std::string_view(" -()+").contains(c)) parts.words.push_back(c);
    }
    rest.remove_prefix(bytes);
  }
  return parts;
}

bool is_multiple(std::string& words, double& factor) {
  std::string bare = words;
  std::erase(bare, '.');
  for (const Multiple& multiple : kMultiples) {
    if (bare != multiple.word) continue;
    factor = multiple.factor;
    words.clear();
    return true;
  }
  return false;
}

using Currencies = std::unordered_map<std::string, std::string_view>;

const Currencies& currencies() {
  static const auto table = [] {
    Currencies words;
    for (const CurrencyWord& currency : kCurrencies) {
      words.emplace(comparison_form(currency.word), currency.code);
    }
    for (const std::string_view code : kCodes) words.emplace(comparison_form(code), code);
    return words;
  }();
  return table;
}

// The code, empty for the sign of several countries; nothing for what is no currency.
std::optional<std::string_view> known_currency(std::string_view text) {
  const auto found = currencies().find(comparison_form(text));
  return found == currencies().end() ? std::nullopt : std::optional(found->second);
}

// What stands beside the number: a multiple, a currency, or both, in any order.
bool read_words(std::string words, double& factor, std::string& currency) {
  while (words.ends_with(',')) words.pop_back();  // "500,-"
  if (words.empty() || is_multiple(words, factor)) return true;
  for (std::size_t cut = 0; cut <= words.size(); ++cut) {
    for (const bool currency_first : {true, false}) {
      const std::string front = words.substr(0, cut), back = words.substr(cut);
      const auto code = known_currency(currency_first ? front : back);
      std::string rest = currency_first ? back : front;
      if (!code || (!rest.empty() && !is_multiple(rest, factor))) continue;
      currency = *code;
      return true;
    }
  }
  return false;
}

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

bool is_placeholder(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > kPlaceholderBytesMax) return false;
  const std::string form = comparison_form(cell);
  return std::ranges::find(kPlaceholders, form) != std::end(kPlaceholders);
}

std::optional<std::string> currency_code(std::string_view text) {
  const auto code = known_currency(text);
  if (!code || code->empty()) return std::nullopt;
  return std::string(*code);
}

Result<Amount> read_amount(std::string_view text) {
  const auto wrong = [] {
    return fail(ErrorCode::invalid, "is no amount; write it like 15,000.50");
  };
  if (text.size() > kTextBytesMax) return wrong();
  const NumberText parts = take_apart(text);
  const std::string plain = plain_number(parts.signs);
  Amount amount;
  const auto [last, error] =
      std::from_chars(plain.data(), plain.data() + plain.size(), amount.value);
  if (plain.empty() || error != std::errc{} || last != plain.data() + plain.size()) {
    return wrong();
  }
  double factor = 1;
  if (!read_words(parts.words, factor, amount.currency)) return wrong();
  amount.value *= parts.negative ? -factor : factor;
  return amount;
}

std::optional<std::int64_t> read_head_count(std::string_view text) {
  if (text.size() > kTextBytesMax) return std::nullopt;
  const std::string form = comparison_form(text);
  const std::size_t begin = form.find_first_of("0123456789");
  if (begin == std::string::npos || (begin > 0 && form[begin - 1] == '-')) return std::nullopt;
  std::size_t end = begin;
  while (end < form.size()) {
    const bool thousands =
        form.size() - end > 3 && std::all_of(form.begin() + std::ptrdiff_t(end) + 1,
                                             form.begin() + std::ptrdiff_t(end) + 4, is_digit);
    const bool separates = std::string_view(",.' ").contains(form[end]) && thousands;
    if (!is_digit(form[end]) && !separates) break;
    ++end;
  }
  std::string digits = form.substr(begin, end - begin);
  std::erase_if(digits, [](char c) { return !is_digit(c); });
  std::int64_t count = 0;
  const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc{} || count > 100'000'000) return std::nullopt;
  const bool in_thousands = end < form.size() && form[end] == 'k' &&
                            (end + 1 == form.size() || !is_letter(form[end + 1]));
  return in_thousands ? count * 1000 : count;
}

std::optional<bool> read_truth(std::string_view text) {
  static constexpr std::array<std::string_view, 17> kYes{
      "yes", "y",    "true", "t",  "1",         "x",        "ja",  "j",           "wahr",
      "oui", "vrai", "o",    "si", "verdadero", "attended", "won", "teilgenommen"};
  static constexpr std::array<std::string_view, 16> kNo{
      "no",     "n",      "false",        "f",
      "0",      "nein",   "falsch",       "non",
      "faux",   "falso",  "didnotattend", "notattended",
      "absent", "noshow", "lost",         "nichtteilgenommen"};
  if (text.size() > kTextBytesMax) return std::nullopt;
  const std::string form = header_form(text);
  if (is_one_of(form, kYes)) return true;
  if (is_one_of(form, kNo)) return false;
  return std::nullopt;
}

std::optional<DealOutcome> deal_outcome(std::string_view stage) {
  static constexpr std::array<std::string_view, 8> kWon{"won",    "closedwon", "gewonnen", "gagne",
                                                        "gagnee", "ganado",    "ganada",   "signe"};
  static constexpr std::array<std::string_view, 8> kLost{
      "lost", "closedlost", "verloren", "perdu", "perdue", "perdido", "perdida", "abgelehnt"};
  if (stage.size() > kTextBytesMax) return std::nullopt;
  std::string word;
  for (const char c : latin_form(stage) + ' ') {
    if (is_letter(c)) {
      word.push_back(c);
      continue;
    }
    if (is_one_of(word, kWon)) return DealOutcome::won;
    if (is_one_of(word, kLost)) return DealOutcome::lost;
    word.clear();
  }
  return std::nullopt;
}

}  // namespace galena::domain
