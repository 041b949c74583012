#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace galena {
namespace {

// Reads exactly `width` digits at the front of `text` and takes them off.
bool take_digits(std::string_view& text, std::size_t width, int& value) {
  if (text.size() < width) return false;
  value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool take_char(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// ".123456" -> 123 ms; digits after the third are cut.
bool take_fraction(std::string_view& text, int& milliseconds) {
  milliseconds = 0;
  if (!take_char(text, '.')) return true;
  int scale = 100;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    milliseconds += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
    ++digits;
  }
  return digits > 0 && digits <= 12;
}

// "Z", "+01:00", "-0530", or nothing (UTC).
bool take_zone(std::string_view& text, std::chrono::minutes& offset) {
  offset = std::chrono::minutes{0};
  if (text.empty()) return true;
  if (text == "Z" || text == "z") {
    text = {};
    return true;
  }
  const bool negative = text.front() == '-';
  if (!negative && text.front() != '+') return false;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours)) return false;
  take_char(text, ':');
  if (!text.empty() && !take_digits(text, 2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  offset = std::chrono::minutes{(negative ? -1 : 1) * (hours * 60 + minutes)};
  return true;
}

tl::unexpected<Error> not_a_time(std::string_view text) {
  return fail(
      ErrorCode::invalid,
      fmt::format("\"{}\" is not a time; write it like 2026-01-15T10:00:00Z", text.substr(0, 64)));
}

}  // namespace

Result<Time> parse_time(std::string_view text) {
  const std::string_view whole = text;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milliseconds = 0;
  std::chrono::minutes offset{0};
  if (!take_digits(text, 4, year) || !take_char(text, '-') || !take_digits(text, 2, month) ||
      !take_char(text, '-') || !take_digits(text, 2, day)) {
    return not_a_time(whole);
  }
  if (!text.empty()) {
    if (!take_char(text, 'T') && !take_char(text, 't') && !take_char(text, ' ')) {
      return not_a_time(whole);
    }
    if (!take_digits(text, 2, hour) || !take_char(text, ':') || !take_digits(text, 2, minute)) {
      return not_a_time(whole);
    }
    if (take_char(text, ':') &&
        (!take_digits(text, 2, second) || !take_fraction(text, milliseconds))) {
      return not_a_time(whole);
    }
    if (!take_zone(text, offset) || !text.empty()) return not_a_time(whole);
  }
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{unsigned(month)},
                            std::chrono::day{unsigned(day)}};
  // A leap second (":60") is taken as the first moment of the next minute, as most clients mean it.
  if (!date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 60) {
    return not_a_time(whole);
  }
  const Time time = Time{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} +
                    Duration{milliseconds} - offset;
  if (to_ms(time) < 0) return not_a_time(whole);
  return time;
}

std::string format_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<Duration> clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()),
                     unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};

constexpr std::array<Unit, 21> kUnits{{
    {"ms", 1},          {"s", 1000},           {"sec", 1000},
    {"second", 1000},   {"seconds", 1000},     {"m", 60'000},
    {"min", 60'000},    {"minute", 60'000},    {"minutes", 60'000},
    {"h", 3'600'000},   {"hour", 3'600'000},   {"hours", 3'600'000},
    {"d", 86'400'000},  {"day", 86'400'000},   {"days", 86'400'000},
    {"w", 604'800'000}, {"week", 604'800'000}, {"weeks", 604'800'000},
    {"mins", 60'000},   {"secs", 1000},        {"hrs", 3'600'000},
}};

constexpr Duration kDurationMax = std::chrono::days{36'525};  // a hundred years

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  std::string_view unit = text.substr(std::size_t(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (error == std::errc{} && count > 0) {
    for (const Unit& known : kUnits) {
      if (unit != known.name) continue;
      if (count <= kDurationMax.count() / known.ms) return Duration{count * known.ms};
      return fail(ErrorCode::invalid,
                  fmt::format("\"{}\" is too long; it may be 100 years", text.substr(0, 64)));
    }
  }
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is not a length of time; write it like \"30 days\" or \"24h\"",
                          text.substr(0, 64)));
}

std::string format_duration(Duration duration) {
  const std::int64_t ms = duration.count();
  // A day and a half reads better as hours; two days and more as days.
  if (ms % 86'400'000 == 0 && ms > 86'400'000) return fmt::format("{} days", ms / 86'400'000);
  if (ms % 3'600'000 == 0 && ms != 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms % 60'000 == 0 && ms != 0) return fmt::format("{}m", ms / 60'000);
  if (ms % 1000 == 0) return fmt::format("{}s", ms / 1000);
  return fmt::format("{}ms", ms);
}

namespace {

class SystemClock final : public Clock {
 public:
  Time now() override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
  std::chrono::nanoseconds monotonic() override {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace galena
