// The cells of one row by what they mean, and how they are told in a message. Of import_row.cpp and
// import_deal.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "domain/import_row.hpp"

namespace galena::domain {

class ImportCells {
 public:
  ImportCells(const ImportMapping& mapping, const TargetPlaces& places,
              std::span<const std::string_view> cells)
      : mapping_(mapping), places_(places), cells_(cells) {}

  const ImportMapping& mapping() const { return mapping_; }

  // Without blanks around it; empty if there is no such column, or nothing in it.
  std::string_view operator[](ImportTarget target) const;
  bool all_blank() const;
  // True if the row says in each column what the header says.
  bool repeats_header() const;

  // An Error of the target's column. Where `cell` is given it stands before the message, in quotes.
  tl::unexpected<Error> wrong(ImportTarget target, std::string message,
                              std::string_view cell = {}) const;
  void warn(ImportTarget target, std::string message, std::string_view cell = {});
  std::vector<Error> take_warnings() { return std::move(warnings_); }

  // In ISO form. Empty with a warning if it cannot be read; also if there is none.
  std::string date(ImportTarget target);

  // Writes the target's cell under `key`, read as the target's kind of value, if it can be.
  void tell(JsonWriter& json, std::string_view key, ImportTarget target);
  // Writes the columns that are kept as properties.
  void tell_properties(JsonWriter& json) const;

  // The id in its system, unique among all: "hubspot:17". Empty if there is none. An Error if
  // nobody could tell it from others' ids.
  Result<std::string> external_id() const;

  // A message's text, ended; an Error if it is larger than a message may be.
  Result<std::string> ended(JsonWriter& json) const;

 private:
  std::string_view cell(std::size_t place) const;

  const ImportMapping& mapping_;
  const TargetPlaces& places_;
  std::span<const std::string_view> cells_;
  std::vector<Error> warnings_;
};

// The row of a deals file.
Result<ImportMessage> deal_message(ImportCells& cells);

}  // namespace galena::domain
