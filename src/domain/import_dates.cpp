#include "domain/import_dates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"
#include "domain/latin_form.hpp"

namespace galena::domain {
namespace {

constexpr std::array<std::string_view, 3> kOrders{"unknown", "day_first", "month_first"};
constexpr std::size_t kTextBytesMax = 80;

// A number, a word, or a sign.
struct Token {
  enum class Kind : std::uint8_t { number, word, sign };

  Kind kind{};
  std::string_view text;
  int number = 0;

  bool is_sign(char sign) const { return kind == Kind::sign && text.front() == sign; }
};
using Tokens = std::vector<Token>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

// Blanks separate and are left out. Numbers of more than nine digits are no parts of dates.
Tokens tokens_of(std::string_view latin) {
  Tokens tokens;
  for (std::size_t at = 0; at < latin.size();) {
    std::size_t end = at + 1;
    Token token{.kind = Token::Kind::sign};
    if (is_digit(latin[at])) {
      token.kind = Token::Kind::number;
      while (end < latin.size() && is_digit(latin[end])) ++end;
    } else if (is_letter(latin[at])) {
      token.kind = Token::Kind::word;
      while (end < latin.size() && is_letter(latin[end])) ++end;
    }
    token.text = latin.substr(at, end - at);
    if (token.kind == Token::Kind::number) {
      const auto [last, error] =
          std::from_chars(token.text.data(), token.text.data() + token.text.size(), token.number);
      if (error != std::errc{}) token.number = -1;
    }
    if (latin[at] != ' ') tokens.push_back(token);
    at = end;
  }
  return tokens;
}

struct MonthWord {
  std::string_view begins;  // in latin form
  int month;
};

// English, German, French, Spanish; longer beginnings first where one is part of another.
constexpr MonthWord kMonths[] = {
    {"jan", 1},  {"ene", 1},  {"feb", 2},  {"fev", 2},  {"mar", 3},  {"maerz", 3}, {"mrz", 3},
    {"apr", 4},  {"avr", 4},  {"abr", 4},  {"may", 5},  {"mai", 5},  {"juin", 6},  {"jun", 6},
    {"juil", 7}, {"jul", 7},  {"aug", 8},  {"aou", 8},  {"ago", 8},  {"sep", 9},   {"set", 9},
    {"oct", 10}, {"okt", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"dic", 12}};

int month_of(const Token& token) {
  if (token.kind != Token::Kind::word) return 0;
  for (const MonthWord& month : kMonths) {
    if (token.text.starts_with(month.begins)) return month.month;
  }
  return 0;
}

// Words that may stand in a date and say nothing, days of the week among them.
constexpr std::string_view kFillers[] = {
    "st",         "nd",      "rd",       "th",        "er",       "of",       "the",
    "at",         "t",       "um",       "uhr",       "den",      "am",       "de",
    "del",        "le",      "el",       "a",         "mon",      "tue",      "wed",
    "thu",        "fri",     "sat",      "sun",       "monday",   "tuesday",  "wednesday",
    "thursday",   "friday",  "saturday", "sunday",    "mo",       "di",       "mi",
    "do",         "fr",      "sa",       "so",        "montag",   "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag",  "sonnabend", "sonntag",  "lundi",    "mardi",
    "mercredi",   "jeudi",   "vendredi", "samedi",    "dimanche", "lunes",    "martes",
    "miercoles",  "jueves",  "viernes",  "sabado",    "domingo"};

bool says_nothing(const Token& token) {
  return token.kind == Token::Kind::word &&
         std::ranges::find(kFillers, token.text) != std::end(kFillers);
}

struct ZoneWord {
  std::string_view word;
  int minutes;
};
constexpr ZoneWord kZones[] = {{"z", 0},      {"utc", 0},    {"gmt", 0},    {"cet", 60},
                               {"cest", 120}, {"mez", 60},   {"mesz", 120}, {"bst", 60},
                               {"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300},
                               {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}};

// Reads a text token by token: a date, and then perhaps a time of day and a zone.
class DateReader {
 public:
  DateReader(const Tokens& tokens, DateOrder order) : tokens_(tokens), order_(order) {}

  Result<std::string> read() {
    if (!read_day()) return wrong();
    const std::chrono::year_month_day date{std::chrono::year{year_},
                                           std::chrono::month{static_cast<unsigned>(month_)},
                                           std::chrono::day{static_cast<unsigned>(day_)}};
    if (!date.ok() || year_ < 1970 || year_ > 2199) return wrong();
    skip_words();
    if (at_end()) return fmt::format("{:04}-{:02}-{:02}", year_, month_, day_);
    if (!skip(',')) skip('-');
    if (!read_time() || !at_end()) return wrong();
    const Time time = Time{std::chrono::sys_days{date}} + time_of_day_ - zone_;
    if (to_ms(time) < 0) return wrong();
    return format_time(time);
  }

  // What the numbers of a date with slashes or hyphens say of their order.
  DateOrder told_order() {
    read_day();
    return told_;
  }

 private:
  tl::unexpected<Error> wrong() const {
    return fail(ErrorCode::invalid,
                ambiguous_ ? "may be a day of two months: say whether days or months come first"
                           : "is no date that can be read; write it like 2025-03-04 09:30");
  }

  bool at_end() const { return at_ == tokens_.size(); }
  bool has(char sign) const { return at_ < tokens_.size() && tokens_[at_].is_sign(sign); }
  bool skip(char sign) {
    const bool is_there = has(sign);
    at_ += is_there ? 1 : 0;
    return is_there;
  }
  void skip_words() {
    while (!at_end() && says_nothing(tokens_[at_])) {
      ++at_;
      skip('.');
    }
  }
  bool number(int& value, std::size_t digits_min, std::size_t digits_max) {
    if (at_end() || tokens_[at_].kind != Token::Kind::number) return false;
    const Token& token = tokens_[at_];
    if (token.text.size() < digits_min || token.text.size() > digits_max) return false;
    value = token.number;
    ++at_;
    return true;
  }

  bool read_day() {
    skip_words();  // of the week
    skip(',');
    if (at_end()) return false;
    if (month_of(tokens_[at_]) > 0) return read_month_word_first();
    if (tokens_[at_].kind == Token::Kind::number && tokens_[at_].text.size() == 4) {
      return read_year_first();
    }
    int first = 0;
    if (!number(first, 1, 2)) return false;
    skip_words();
    const bool word_follows = at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::word;
    const bool word_behind_sign =
        at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Token::Kind::word;
    if (word_follows || word_behind_sign) return read_day_and_month_word(first);
    return read_numbers(first);
  }

  // "Mar 4, 2025", "March 4th 2025"
  bool read_month_word_first() {
    month_ = month_of(tokens_[at_++]);
    skip('.');
    if (!number(day_, 1, 2)) return false;
    skip_words();
    skip(',');
    return read_year();
  }

  // "2025/03/04", "2025.03.04"
  bool read_year_first() {
    if (!number(year_, 4, 4)) return false;
    if (!skip('/') && !skip('-') && !skip('.')) return false;
    if (!number(month_, 1, 2)) return false;
    if (!skip('/') && !skip('-') && !skip('.')) return false;
    return number(day_, 1, 2);
  }

  // "4 Mar 2025", "4. März 2025", "04-Mar-25", "4 de marzo de 2025"
  bool read_day_and_month_word(int day) {
    day_ = day;
    if (!skip('.')) skip('-');
    skip_words();
    if (at_end()) return false;
    month_ = month_of(tokens_[at_++]);
    if (month_ == 0) return false;
    if (!skip('.') && !skip('-')) skip(',');
    skip_words();
    return read_year();
  }

  // "3/4/2025", "04.03.25"
  bool read_numbers(int first) {
    int second = 0;
    const bool points = has('.');
    if (!skip('.') && !skip('/') && !skip('-')) return false;
    if (!number(second, 1, 2)) return false;
    if (!skip('.') && !skip('/') && !skip('-')) return false;
    if (!read_year()) return false;
    DateOrder order = points ? DateOrder::day_first : order_;
    if (!points && first > 12) order = told_ = DateOrder::day_first;
    if (!points && second > 12) order = told_ = DateOrder::month_first;
    if (first == second) order = DateOrder::day_first;
    if (order == DateOrder::unknown) {
      ambiguous_ = true;
      return false;
    }
    day_ = order == DateOrder::day_first ? first : second;
    month_ = order == DateOrder::day_first ? second : first;
    return true;
  }

  bool read_year() {
    if (number(year_, 4, 4)) return true;
    if (!number(year_, 2, 2)) return false;
    year_ += year_ < 70 ? 2000 : 1900;
    return true;
  }

  // "9:30", "09:30:15.123 PM", "9 AM", "09:30 Uhr", then a zone.
  bool read_time() {
    skip_words();
    int hour = 0, minute = 0, second = 0;
    if (!number(hour, 1, 2)) return false;
    const bool has_minute = skip(':');
    if (has_minute && !number(minute, 2, 2)) return false;
    if (has_minute && skip(':') && !number(second, 2, 2)) return false;
    int fraction = 0;
    if (skip('.') && !number(fraction, 1, 9)) return false;
    const bool has_half = read_half_of_day(hour);
    if ((!has_minute && !has_half) || hour > 23 || minute > 59 || second > 60) return false;
    time_of_day_ =
        std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
    skip_words();
    return read_zone();
  }

  bool read_half_of_day(int& hour) {
    if (at_end() || tokens_[at_].kind != Token::Kind::word) return false;
    const bool morning = tokens_[at_].text == "am" || tokens_[at_].text == "a";
    const bool evening = tokens_[at_].text == "pm" || tokens_[at_].text == "p";
    if (!morning && !evening) return false;
    ++at_;
    skip('.');  // "a.m."
    if (!at_end() && tokens_[at_].text == "m") ++at_;
    skip('.');
    if (hour == 12) hour = 0;
    if (evening) hour += 12;
    return true;
  }

  bool read_zone() {
    if (at_end()) return true;
    for (const ZoneWord& zone : kZones) {
      if (tokens_[at_].text != zone.word) continue;
      zone_ = std::chrono::minutes{zone.minutes};
      ++at_;
      break;
    }
    if (!has('+') && !has('-')) return true;
    const int sign = has('-') ? -1 : 1;
    ++at_;
    int hours = 0, minutes = 0;
    if (number(hours, 4, 4)) {
      minutes = hours % 100;
      hours /= 100;
    } else {
      if (!number(hours, 1, 2)) return false;
      if (skip(':') && !number(minutes, 2, 2)) return false;
    }
    if (hours > 14 || minutes > 59) return false;
    zone_ = std::chrono::minutes{sign * (hours * 60 + minutes)};
    return true;
  }

  const Tokens& tokens_;
  DateOrder order_;
  std::size_t at_ = 0;
  int year_ = 0;
  int month_ = 0;
  int day_ = 0;
  DateOrder told_ = DateOrder::unknown;
  bool ambiguous_ = false;
  std::chrono::seconds time_of_day_{0};
  std::chrono::minutes zone_{0};
};

// A number alone: a day as 20250304, seconds or milliseconds since 1970, or days since the end of
// 1899 as spreadsheets count them. Empty if it is none of these.
std::string date_of_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return {};
  double value = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || last != text.data() + text.size()) return {};
  const bool whole = text.find('.') == std::string_view::npos;
  if (whole && text.size() == 8) {
    const auto day = fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6));
    return parse_time(day) ? day : std::string();
  }
  if (whole && text.size() == 10) {
    return format_time(from_ms(static_cast<std::int64_t>(value) * 1000));
  }
  if (whole && text.size() == 13) return format_time(from_ms(static_cast<std::int64_t>(value)));
  constexpr double kDaysTo1970 = 25'569;
  constexpr double kDaysMax = 80'000;  // in the year 2119
  if (value < kDaysTo1970 || value > kDaysMax) return {};
  const std::int64_t seconds = std::llround((value - kDaysTo1970) * 86'400);
  const std::string moment = format_time(from_ms(seconds * 1000));
  return whole ? moment.substr(0, 10) : moment;
}

}  // namespace

std::string_view to_string(DateOrder order) {
  return kOrders[static_cast<std::size_t>(order)];
}

std::optional<DateOrder> date_order(std::string_view word) {
  for (std::size_t i = 0; i < kOrders.size(); ++i) {
    if (kOrders[i] == word) return static_cast<DateOrder>(i);
  }
  return std::nullopt;
}

Result<std::string> read_date(std::string_view text, DateOrder order) {
  text = trimmed(text);
  if (text.size() > kTextBytesMax) return fail(ErrorCode::invalid, "is too long for a date");
  constexpr std::size_t kDayBytes = 10;
  if (const auto time = parse_time(text)) {
    return text.size() == kDayBytes ? std::string(text) : format_time(*time);
  }
  if (std::string day = date_of_number(text); !day.empty()) return day;
  const std::string latin = latin_form(text);
  const Tokens tokens = tokens_of(latin);
  return DateReader(tokens, order).read();
}

void DateOrderGuess::look_at(std::string_view cell) {
  if (cell.size() > kTextBytesMax) return;
  const std::string latin = latin_form(cell);
  const Tokens tokens = tokens_of(latin);
  const DateOrder told = DateReader(tokens, DateOrder::unknown).told_order();
  day_first_ = day_first_ || told == DateOrder::day_first;
  month_first_ = month_first_ || told == DateOrder::month_first;
}

DateOrder DateOrderGuess::order() const {
  if (day_first_ == month_first_) return DateOrder::unknown;
  return day_first_ ? DateOrder::day_first : DateOrder::month_first;
}

}  // namespace galena::domain
