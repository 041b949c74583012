#include "domain/criteria_values.hpp"

#include "base/text.hpp"

namespace galena::domain {
namespace {

Value text_value(const std::string& text) {
  return text.empty() ? Value{} : Value{std::string_view(text)};
}

Value field_attribute(Attribute attribute, const Record& record) {
  const bool has_email = record[Field::email].known();
  switch (attribute) {
    case Attribute::email_domain:
      return text_value(record.email_domain);
    case Attribute::email_free_mail:
      return has_email ? Value{record.free_mail} : Value{};
    case Attribute::email_disposable:
      return has_email ? Value{record.disposable_mail} : Value{};
    case Attribute::email_role:
      return has_email ? Value{record.role_address} : Value{};
    case Attribute::title_seniority:
      return record.seniority == Seniority::unknown ? Value{} : Value{to_string(record.seniority)};
    case Attribute::title_department:
      return text_value(record.department);
    case Attribute::company_employees:
      return record.employees ? Value{static_cast<double>(*record.employees)} : Value{};
    case Attribute::company_industry:
      return text_value(record.industry_form);
    case Attribute::country:
      return text_value(record.country);
    default:
      return text_value(record[*field_behind(attribute)].value);
  }
}

Value activity_attribute(Attribute attribute, const Activity& activity) {
  switch (attribute) {
    case Attribute::own_action:
      return activity.last_own_action.has_value();
    case Attribute::shown_interest:
      return activity.shown_interest;
    case Attribute::unsubscribed:
      return activity.unsubscribed;
    case Attribute::first_seen:
      return activity.first_seen ? Value{*activity.first_seen} : Value{};
    case Attribute::last_seen:
      return activity.last_seen ? Value{*activity.last_seen} : Value{};
    default:
      return {};
  }
}

Value standing_attribute(Attribute attribute, const Subject& subject) {
  if (attribute == Attribute::stage) return Value{subject.stage};
  if (attribute == Attribute::created_at) {
    return subject.created_at ? Value{*subject.created_at} : Value{};
  }
  if (subject.standing == nullptr) return {};
  const Standing& standing = *subject.standing;
  switch (attribute) {
    case Attribute::score:
      return standing.score().value();
    case Attribute::fit:
      return standing.fit.value();
    case Attribute::interest:
      return standing.interest.value();
    default:
      return activity_attribute(attribute, standing.activity);
  }
}

}  // namespace

std::optional<Field> field_behind(Attribute attribute) {
  switch (attribute) {
    case Attribute::email:
    case Attribute::email_domain:
    case Attribute::email_free_mail:
    case Attribute::email_disposable:
    case Attribute::email_role:
      return Field::email;
    case Attribute::first_name:
      return Field::first_name;
    case Attribute::last_name:
      return Field::last_name;
    case Attribute::phone:
      return Field::phone;
    case Attribute::title:
    case Attribute::title_seniority:
    case Attribute::title_department:
      return Field::title;
    case Attribute::company_id:
      return Field::company_id;
    case Attribute::company_name:
      return Field::company_name;
    case Attribute::company_domain:
      return Field::company_domain;
    case Attribute::company_employees:
      return Field::employees;
    case Attribute::company_industry:
      return Field::industry;
    case Attribute::country:
      return Field::country;
    case Attribute::region:
      return Field::region;
    case Attribute::city:
      return Field::city;
    default:
      return std::nullopt;
  }
}

Value value_of(Attribute attribute, const Subject& subject) {
  if (is_of_standing(attribute)) return standing_attribute(attribute, subject);
  return field_behind(attribute) ? field_attribute(attribute, subject.record) : Value{};
}

std::string constant_form(Attribute attribute, std::string_view text) {
  if (attribute == Attribute::country) return country_code(text);
  return comparison_form(text);
}

std::string value_form(Attribute attribute, std::string_view text) {
  // Already in the form in which they are compared.
  if (attribute == Attribute::country || attribute == Attribute::company_industry) {
    return std::string(text);
  }
  return comparison_form(text);
}

}  // namespace galena::domain
