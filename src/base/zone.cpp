#include "base/zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

namespace galena {
namespace {

date::local_days first_day(Calendar calendar, date::local_days day, int steps) {
  const date::year_month_day date(day);
  const auto month_of = [&](date::year_month month) { return date::local_days(month / 1); };
  switch (calendar) {
    case Calendar::day:
      return day + date::days{steps};
    case Calendar::week: {
      const date::weekday weekday(day);
      return day - (weekday - date::Monday) + date::days{7 * steps};
    }
    case Calendar::month:
      return month_of(date.year() / date.month() + date::months{steps});
    case Calendar::quarter: {
      const auto passed = (static_cast<unsigned>(date.month()) - 1) % 3;
      const auto month = date.year() / date.month() - date::months{static_cast<int>(passed)};
      return month_of(month + date::months{3 * steps});
    }
    case Calendar::year:
      break;
  }
  return month_of((date.year() + date::years{steps}) / date::January);
}

Time moment_of(const date::time_zone* zone, date::local_days day) {
  return std::chrono::time_point_cast<Duration>(zone->to_sys(day, date::choose::earliest));
}

}  // namespace

Zone Zone::utc() {
  static const date::time_zone* const zone = date::locate_zone("Etc/UTC");
  return Zone(zone);
}

Result<Zone> Zone::named(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return fail(
        ErrorCode::invalid,
        fmt::format("\"{}\" is no time zone; write it like \"Europe/Berlin\"", name.substr(0, 64)));
  }
}

Time Zone::begin_of(Calendar calendar, Time at, int steps) const {
  const auto day = date::floor<date::days>(zone_->to_local(at));
  return moment_of(zone_, first_day(calendar, day, steps));
}

Result<Time> Zone::day(std::string_view text) const {
  const auto time = parse_time(std::string(text) + "T00:00:00Z");
  if (!time || text.size() != 10) {
    return fail(ErrorCode::invalid, fmt::format("\"{}\" is no day", text.substr(0, 64)));
  }
  const auto days = date::floor<date::days>(*time).time_since_epoch();
  return moment_of(zone_, date::local_days(days));
}

}  // namespace galena
