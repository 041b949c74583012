// What is known of organisations: derived from what persons told of them, never logged (ADR 0011).
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "domain/lead.hpp"
#include "domain/message.hpp"
#include "domain/ordinal_set.hpp"

namespace galena::domain {

// By field, in their order: the value that holds. Its telling is the first of it (position,
// known_at) and ranks as the last (at).
using CompanyFacts = std::vector<std::pair<Field, FieldValue>>;

// A group or a company's domain. A group whose domain is known is part of that domain's account;
// whatever is part of nothing is an account as a whole.
struct Account {
  AccountKey key;
  AccountOrdinal whole = kNoAccount;  // itself, or what it is part of
  std::vector<AccountOrdinal> parts;  // ascending
  OrdinalSet tellers;                 // persons who told something of it
  OrdinalSet leads;                   // that are in it by this key
  CompanyFacts told;                  // under this key
  CompanyFacts known;                 // of a whole: told of it and its parts
};

using AccountPtr = std::shared_ptr<const Account>;

// Under which person it comes what is told of an organisation by nobody of it: its group's id, or
// its domain, as they were told. So whose a row is hangs on no list that may be another one day.
std::optional<IdentityKey> organisation_key(const Message& message);

// The organisation of which the message tells its traits; nothing: of the person. A browser's tell
// the person alone: its key is public, and they would count for all colleagues.
std::optional<AccountKey> organisation_told(const Message& message, Source source);

// Where a lead belongs by what its own persons told: its group, its company's domain, or the domain
// of its address, in this order; a browser's word after all others'.
std::optional<AccountKey> account_of(const Record& own);

// Adds what the person tells of it and what counts. False if the person told nothing of it.
bool add_tellings(const Person& person, const AccountKey& account,
                  std::vector<const Fact*>& tellings);

// One more telling of an organisation. False if it is news in a way that needs all tellings to be
// gone through again.
bool add_telling(CompanyFacts& facts, const Fact& fact);

// All tellings at once, in any order.
CompanyFacts fold_tellings(std::vector<const Fact*> tellings);

// What is known of an account as a whole, of which the first part is itself. Of several the most
// trusted source's holds, of its own word and its parts' its own, else what was first told last: so
// two groups that say different things again and again change nothing.
CompanyFacts fold_known(const std::vector<const CompanyFacts*>& parts);

// True if colleagues would see no difference.
bool says_the_same(const CompanyFacts& one, const CompanyFacts& other);

// Puts into a record what is known of its account. The organisation's word outranks a person's of
// the same source.
void add_known(Record& record, const CompanyFacts& known);

// True if that is what the record was folded with.
bool has_known(const Record& record, const CompanyFacts& known);

// Of which domain's account it is a part: of a group, the domain that was told of it. Nothing: of
// none.
std::optional<AccountKey> part_of(const Account& account);

// True if the lead belongs to its account and is shown there: it is not part of another, erased,
// taken back, or itself an organisation's.
bool may_be_in_account(const Lead& lead, const std::vector<const Person*>& persons);

struct AccountKeyHash {
  std::size_t operator()(const AccountKey& key) const {
    return stable_hash(key.text) + static_cast<std::size_t>(key.kind);
  }
};

}  // namespace galena::domain
