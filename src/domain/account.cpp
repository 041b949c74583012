#include "domain/account.hpp"

#include <algorithm>
#include <tuple>

#include "domain/mail_domain.hpp"
#include "domain/record.hpp"

namespace galena::domain {

AccountKey account_of_group(std::string_view id) {
  std::string domain = comparison_form(id);
  if (is_company_domain(domain)) return {AccountKind::domain, std::move(domain)};
  return {AccountKind::group, std::string(id)};
}

std::optional<AccountKey> account_of_domain(std::string_view told) {
  if (told.empty()) return std::nullopt;
  std::string domain = company_domain_told(told);
  if (domain.empty()) return std::nullopt;
  return AccountKey{AccountKind::domain, std::move(domain)};
}

std::optional<IdentityKey> organisation_key(const Message& message) {
  if (message.type != MessageType::group) return std::nullopt;
  if (!message.user_id.empty() || !message.anonymous_id.empty()) return std::nullopt;
  if (!message.group_id.empty())
    return IdentityKey{KeyKind::organisation, "group:" + message.group_id};
  const std::string_view domain = message.trait(Field::company_domain);
  if (domain.empty()) return std::nullopt;
  return IdentityKey{KeyKind::organisation, "domain:" + std::string(domain)};
}

std::optional<AccountKey> organisation_told(const Message& message, Source source) {
  if (message.type != MessageType::group || source == Source::browser) return std::nullopt;
  if (!message.group_id.empty()) return account_of_group(message.group_id);
  if (!organisation_key(message)) return std::nullopt;
  return account_of_domain(message.trait(Field::company_domain));
}

std::optional<AccountKey> account_of(const Record& own) {
  const FieldValue& group = own[Field::company_id];
  const FieldValue& domain = own[Field::company_domain];
  const FieldValue& address = own[Field::email];
  // What a browser says moves nobody whom somebody else has placed.
  const auto trusted = [](const FieldValue& value) {
    return value.known() && value.source != Source::browser;
  };
  const bool is_placed = trusted(group) || trusted(domain) || trusted(address);
  const auto outranked = [&](const FieldValue& value) { return is_placed && !trusted(value); };
  if (group.known() && !outranked(group)) return account_of_group(group.value);
  if (domain.known() && !outranked(domain)) {
    if (auto told = account_of_domain(domain.value)) return told;
  }
  // Free mail says nothing of a company: then what was told by anybody holds.
  const bool is_company = !own.email_domain.empty() && !own.free_mail && !own.disposable_mail;
  std::string of_address = is_company ? company_domain(own.email_domain) : std::string();
  if (!of_address.empty()) return AccountKey{AccountKind::domain, std::move(of_address)};
  if (group.known()) return account_of_group(group.value);
  return account_of_domain(domain.value);
}

bool add_tellings(const Person& person, const AccountKey& account,
                  std::vector<const Fact*>& tellings) {
  if (person.told_of == nullptr) return false;
  const auto told = std::ranges::find(*person.told_of, account, &ToldOf::account);
  if (told == person.told_of->end()) return false;
  for (const Fact& fact : told->facts) {
    if (person.tells(fact)) tellings.push_back(&fact);
  }
  return true;
}

namespace {

FieldValue value_of(const Fact& fact) {
  return {fact.value, fact.source, fact.at, fact.known_at, fact.position, fact.implied};
}

bool same_word(const FieldValue& value, Source source, const std::string& text) {
  return value.source == source && value.value == text;
}

template <class Facts>
auto* find(Facts& facts, Field field) {
  const auto found = std::ranges::find(facts, field, &CompanyFacts::value_type::first);
  return found == facts.end() ? nullptr : &found->second;
}

void put(CompanyFacts& facts, Field field, FieldValue value) {
  const auto place = std::ranges::lower_bound(facts, field, {}, &CompanyFacts::value_type::first);
  facts.insert(place, {field, std::move(value)});
}

}  // namespace

bool add_telling(CompanyFacts& facts, const Fact& fact) {
  FieldValue* holds = find(facts, fact.field);
  if (holds == nullptr) {
    put(facts, fact.field, value_of(fact));
    return true;
  }
  const bool first_holds = fact.source == Source::browser;
  if (same_word(*holds, fact.source, fact.value)) {
    if (first_holds ? fact.at < holds->at : fact.at > holds->at) holds->at = fact.at;
    if (fact.position < holds->position) {
      holds->position = fact.position;
      holds->known_at = fact.known_at;
    }
    return true;
  }
  if (fact.source != holds->source) return fact.source < holds->source;
  return first_holds ? fact.at > holds->at : fact.at < holds->at;
}

CompanyFacts fold_tellings(std::vector<const Fact*> tellings) {
  std::ranges::sort(tellings, {},
                    [](const Fact* fact) { return std::tuple(fact->field, fact->position); });
  CompanyFacts facts;
  for (auto begin = tellings.begin(); begin != tellings.end();) {
    const auto end = std::find_if(begin, tellings.end(),
                                  [&](const Fact* fact) { return fact->field != (*begin)->field; });
    FieldValue holds;
    for (auto each = begin; each != end; ++each) {
      if (outranks(**each, holds)) holds = value_of(**each);
    }
    // In their order: the first that said so.
    const auto first = std::find_if(
        begin, end, [&](const Fact* fact) { return same_word(holds, fact->source, fact->value); });
    holds.position = (*first)->position;
    holds.known_at = (*first)->known_at;
    facts.emplace_back((*begin)->field, std::move(holds));
    begin = end;
  }
  return facts;
}

CompanyFacts fold_known(const std::vector<const CompanyFacts*>& parts) {
  const CompanyFacts& own = *parts.front();
  CompanyFacts known = own;
  for (const CompanyFacts* part : parts) {
    for (const auto& [field, value] : *part) {
      const FieldValue* holds = find(known, field);
      const FieldValue* own_word = find(own, field);
      const bool own_holds = own_word != nullptr && own_word->source == value.source;
      const bool outranks =
          holds == nullptr || value.source > holds->source ||
          (value.source == holds->source && !own_holds && value.position > holds->position);
      if (!outranks) continue;
      std::erase_if(known, [&](const auto& each) { return each.first == field; });
      put(known, field, value);
    }
  }
  return known;
}

bool says_the_same(const CompanyFacts& one, const CompanyFacts& other) {
  return std::ranges::equal(one, other, [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.position == b.second.position &&
           same_word(a.second, b.second.source, b.second.value);
  });
}

void add_known(Record& record, const CompanyFacts& known) {
  for (const auto& [field, value] : known) {
    FieldValue& own = record.fields[static_cast<std::size_t>(field)];
    if (own.known() && own.source > value.source) continue;
    own = value;
    own.of_account = true;
    own.at = value.known_at;  // how late it was said again is no business of the colleagues
  }
  if (!known.empty()) derive_company(record);
}

bool has_known(const Record& record, const CompanyFacts& known) {
  std::ptrdiff_t taken = 0;
  for (const auto& [field, value] : known) {
    const FieldValue& own = record[field];
    if (!own.of_account && own.known() && own.source > value.source) continue;
    const bool same = own.of_account && own.position == value.position &&
                      same_word(own, value.source, value.value);
    if (!same) return false;
    ++taken;
  }
  return std::ranges::count(record.fields, true, &FieldValue::of_account) == taken;
}

std::optional<AccountKey> part_of(const Account& account) {
  if (account.key.kind != AccountKind::group) return std::nullopt;
  const FieldValue* domain = find(account.told, Field::company_domain);
  if (domain == nullptr) return std::nullopt;
  return account_of_domain(domain->value);
}

bool may_be_in_account(const Lead& lead, const std::vector<const Person*>& persons) {
  return !lead.merged_into && !persons.front()->erased &&
         persons.front()->key.kind != KeyKind::organisation &&
         !std::ranges::all_of(persons, &Person::nobody);
}

}  // namespace galena::domain
