// Lists of leads: whom they are of, in which order, page by page. Answers in the time of a look at
// a few columns, however many leads there are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "workspace/lead_table.hpp"

namespace galena::workspace {

// What a list is sorted by: an attribute of criteria ("company.name", "score"), or "name": the
// first name, then the last. Who has none comes last, whichever way; of equals the younger first.
struct LeadOrder {
  std::optional<domain::Attribute> attribute;  // none: the name
  bool descending = false;

  // From "company.name", or "-score" for the other way round. An Error (invalid) for what is no
  // attribute by which one could sort.
  static Result<LeadOrder> read(std::string_view text);
  bool operator==(const LeadOrder&) const = default;
};

inline const LeadOrder kBestFirst{domain::Attribute::score, true};

// The last lead of a page as it was then, so that the next goes on behind it although it may have
// moved since.
struct LeadPlace {
  std::uint64_t rank = 0;
  std::string text;   // by which it is sorted among those of its rank
  std::string text2;  // the same of the last name
  domain::LeadOrdinal lead = 0;

  // As text for a cursor, and back; nothing if it is none.
  std::string print() const;
  static std::optional<LeadPlace> read(std::string_view text);
};

struct LeadQuery {
  bool visitors = false;  // those who are known by no name, too
  std::optional<domain::Criterion> filter;
  std::optional<std::string> stage;
  std::optional<domain::SegmentCode> segment;
  std::optional<std::string> address;                           // the form of an e-mail address
  std::optional<std::vector<domain::AccountOrdinal>> accounts;  // one of these
  std::string search;  // words, each of which is part of a name, an address or a company's name
  LeadOrder order = kBestFirst;
  std::size_t limit = 50;
  std::optional<LeadPlace> after;
};

struct LeadPage {
  std::vector<domain::LeadOrdinal> leads;
  std::uint64_t total = 0;        // of all pages
  std::optional<LeadPlace> next;  // none: this is the last
};

LeadPage find_leads(const LeadTable::Look& look, const LeadQuery& query);

}  // namespace galena::workspace
