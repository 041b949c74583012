#include "domain/record.hpp"

#include <charconv>

#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "domain/mail_domain.hpp"
#include "domain/title.hpp"

namespace galena::domain {
namespace {

void derive_person(Record& record) {
  const TitleReading title = read_title(record[Field::title].value);
  record.seniority = title.seniority;
  record.department = title.department;
  if (record[Field::email].known()) {
    if (const auto address = parse_email(record[Field::email].value)) {
      // Shown and compared in one form, however it was typed.
      record.fields[static_cast<std::size_t>(Field::email)].value = address->key;
      record.email_domain = address->domain;
      record.free_mail = is_free_mail(address->domain);
      record.disposable_mail = is_disposable(address->domain);
      record.role_address = is_role_address(address->local);
    }
  }
}

}  // namespace

bool outranks(const Fact& fact, const FieldValue& value) {
  if (!value.known()) return true;
  if (fact.source != value.source) return fact.source > value.source;
  if (fact.implied != value.implied) return value.implied;
  // Of equal sources the later telling wins, by event time; a browser's first one stands.
  const auto order = fact.at != value.at ? fact.at <=> value.at : fact.position <=> value.position;
  return fact.source == Source::browser ? order < 0 : order >= 0;
}

void derive_company(Record& record) {
  record.country =
      record[Field::country].known() ? country_code(record[Field::country].value) : std::string();
  record.industry_form = comparison_form(record[Field::industry].value);
  const std::string& employees = record[Field::employees].value;
  std::int64_t count = 0;
  const auto [end, error] =
      std::from_chars(employees.data(), employees.data() + employees.size(), count);
  record.employees.reset();
  if (error == std::errc{} && !employees.empty()) record.employees = count;
}

std::shared_ptr<Record> fold_record(std::span<const Person* const> persons) {
  auto record = std::make_shared<Record>();
  for (const Person* person : persons) {
    for (const Fact& fact : person->facts) {
      if (!person->tells(fact)) continue;
      FieldValue& value = record->fields[static_cast<std::size_t>(fact.field)];
      if (!outranks(fact, value)) continue;
      value = {fact.value, fact.source, fact.at, fact.known_at, fact.position, fact.implied};
    }
  }
  derive_person(*record);
  derive_company(*record);
  return record;
}

bool tell(std::vector<Fact>& facts, Fact fact) {
  // What holds of this source is its latest telling by event time; a browser's is its first.
  const bool first_holds = fact.source == Source::browser;
  Fact* holding = nullptr;
  for (Fact& known : facts) {
    if (known.field != fact.field || known.source != fact.source) continue;
    if (known.implied != fact.implied) continue;
    const bool outranks =
        holding == nullptr || (first_holds ? known.at < holding->at : known.at >= holding->at);
    if (outranks) holding = &known;
  }
  if (holding == nullptr || holding->value != fact.value) {
    facts.push_back(std::move(fact));
    return true;
  }
  const bool moves = first_holds ? fact.at < holding->at : fact.at > holding->at;
  if (moves) holding->at = fact.at;
  return moves;
}

}  // namespace galena::domain
