// The record of a lead: what its persons told, folded into one value per field, and what follows.
#pragma once

#include <memory>
#include <span>

#include "domain/lead.hpp"

namespace galena::domain {

// By the persons' own word (what is known of their account is added by add_known, account.hpp).
// For each field the most trusted source wins, among equals a trait over what a user id implies,
// then the latest telling; a browser only fills what nobody else told, and its first telling
// stands.
std::shared_ptr<Record> fold_record(std::span<const Person* const> persons);

// True if the fact takes the place of the value.
bool outranks(const Fact& fact, const FieldValue& value);

// What follows from the fields of the company and the country.
void derive_company(Record& record);

// Adds the fact, unless it only says again what holds of that source: then the fact that is there
// counts as told at both times (`at` moves, so that nothing in between can outrank it). True if
// anything changed, so that the record must be folded again.
bool tell(std::vector<Fact>& facts, Fact fact);

}  // namespace galena::domain
