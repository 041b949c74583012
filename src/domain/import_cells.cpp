#include "domain/import_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "domain/import_dates.hpp"
#include "domain/import_values.hpp"
#include "domain/mail_domain.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::string_view kInvisible[] = {
    "\xC2\xA0",      // a blank that does not break lines
    "\xE2\x80\x8B",  // one of no width
    "\xEF\xBB\xBF",  // a byte order mark
};

// Without blanks around it, also those that nobody sees.
std::string_view bare(std::string_view cell) {
  for (bool changed = true; changed;) {
    changed = false;
    cell = trimmed(cell);
    for (const std::string_view blank : kInvisible) {
      if (cell.starts_with(blank)) {
        cell.remove_prefix(blank.size());
        changed = true;
      }
      if (cell.ends_with(blank)) {
        cell.remove_suffix(blank.size());
        changed = true;
      }
    }
  }
  return cell;
}

std::string said(std::string_view cell, std::string message) {
  constexpr std::size_t kShownBytes = 60;
  if (cell.empty()) return message;
  return fmt::format("\"{}\" {}", cut_utf8(cell, kShownBytes), message);
}

// The name of the list, as part of an id.
std::string slug(std::string_view source) {
  return property_name(source);
}

}  // namespace

std::string_view ImportCells::cell(std::size_t place) const {
  return place < cells_.size() ? bare(cells_[place]) : std::string_view();
}

std::string_view ImportCells::operator[](ImportTarget target) const {
  const auto& place = places_[static_cast<std::size_t>(target)];
  return place ? cell(*place) : std::string_view();
}

bool ImportCells::all_blank() const {
  return std::ranges::all_of(cells_, [](std::string_view cell) { return bare(cell).empty(); });
}

bool ImportCells::repeats_header() const {
  for (std::size_t i = 0; i < mapping_.columns.size(); ++i) {
    if (cell(i) != bare(mapping_.columns[i].header)) return false;
  }
  return !mapping_.columns.empty();
}

tl::unexpected<Error> ImportCells::wrong(ImportTarget target, std::string message,
                                         std::string_view cell) const {
  const auto& place = places_[static_cast<std::size_t>(target)];
  return fail(ErrorCode::invalid, said(cell, std::move(message)),
              place ? mapping_.columns[*place].header : std::string());
}

void ImportCells::warn(ImportTarget target, std::string message, std::string_view cell) {
  Error error = wrong(target, std::move(message), cell).value();
  const bool known = std::ranges::any_of(warnings_, [&](const Error& warning) {
    return warning.field == error.field && warning.message == error.message;
  });
  if (!known) warnings_.push_back(std::move(error));
}

std::string ImportCells::date(ImportTarget target) {
  const std::string_view text = (*this)[target];
  if (is_placeholder(text)) return {};
  auto date = read_date(text, mapping_.dates);
  if (date) return std::move(*date);
  warn(target, date.error().message + "; it was left out", text);
  return {};
}

void ImportCells::tell(JsonWriter& json, std::string_view key, ImportTarget target) {
  const std::string_view text = (*this)[target];
  // Somebody may be called None.
  const bool is_name = target == Target::first_name || target == Target::last_name;
  if (is_name ? text.empty() : is_placeholder(text)) return;
  switch (target) {
    case Target::created_at:
    case Target::converted_at:
    case Target::bounced_at:
    case Target::closed_at:
      if (const std::string moment = date(target); !moment.empty()) json.text(key, moment);
      return;
    case Target::converted:
      if (const auto truth = read_truth(text)) return json.truth(key, *truth);
      return json.text(key, text);
    case Target::company_size:
      if (const auto count = read_head_count(text)) return json.number(key, *count);
      return warn(target, "is no number of people; it was left out", text);
    case Target::company_revenue:
      if (const auto amount = read_amount(text)) return json.number(key, amount->value);
      return warn(target, "is no amount; it was left out", text);
    case Target::company_domain:
      if (const std::string domain = company_domain_told(text); !domain.empty()) {
        return json.text(key, domain);
      }
      return warn(target, "is no company's web address; it was left out", text);
    default:
      json.text(key, text);
  }
}

void ImportCells::tell_properties(JsonWriter& json) const {
  for (std::size_t i = 0; i < mapping_.columns.size(); ++i) {
    const std::string& property = mapping_.columns[i].property;
    if (!property.empty() && !cell(i).empty()) json.text(property, cell(i));
  }
}

Result<std::string> ImportCells::external_id() const {
  const std::string_view id = (*this)[Target::external_id];
  if (is_placeholder(id)) return std::string();
  const std::string system = mapping_.system.empty() ? slug(mapping_.source) : mapping_.system;
  if (system.empty()) {
    return wrong(Target::external_id,
                 "says nothing without the system that it comes from: name the source of the list, "
                 "as others' lists may use the same ids",
                 id);
  }
  std::string whole = fmt::format("{}:{}", system, id);
  if (whole.size() > MessageLimits::kIdBytes) {
    return wrong(Target::external_id,
                 fmt::format("is too long: an id may have {} bytes", MessageLimits::kIdBytes), id);
  }
  return whole;
}

Result<std::string> ImportCells::ended(JsonWriter& json) const {
  std::string text = json.take();
  if (text.size() <= MessageLimits::kCallBytes) return text;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < mapping_.columns.size(); ++i) {
    if (cell(i).size() > cell(longest).size()) longest = i;
  }
  const std::string& header = mapping_.columns[longest].header;
  return fail(ErrorCode::too_large,
              fmt::format("the row makes {} bytes, and {} may be kept; most are in \"{}\"",
                          text.size(), MessageLimits::kCallBytes, header),
              header);
}

}  // namespace galena::domain
