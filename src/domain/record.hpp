// The record of a lead: what its persons told, folded into one value per field, and what follows.
#pragma once

#include <memory>
#include <span>

#include "domain/lead.hpp"

namespace galena::domain {

// For each field the most trusted source wins, among equals the latest telling; a browser only
// fills what nobody else told, and its first telling stands.
std::shared_ptr<const Record> fold_record(std::span<const Person* const> persons);

// True if the fact says something new: it is not the last value that this source told.
bool is_news(const std::vector<Fact>& facts, const Fact& fact);

}  // namespace galena::domain
