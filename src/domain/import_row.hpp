// A row of an imported file as the messages that a client would have sent to the event API.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/import_mapping.hpp"
#include "domain/message.hpp"

namespace galena::domain {

struct ImportMessage {
  MessageType type = MessageType::identify;
  // One message as in a batch of the Segment HTTP API, with its "type", without "messageId".
  std::string text;
  // Of a deal that names no contact's address: the company whose people it concerns. Then `text`
  // has no "userId" either; with_user gives it one.
  std::string company = {};
};

struct ImportedRow {
  // One for an account or a deal; for a person an identify, and then what the file says they did.
  // None for a row of blanks, and for the header where it stands once more.
  std::vector<ImportMessage> messages;
  // What was left out, each with its column's header as the field and a reason.
  std::vector<Error> warnings;
};

// Where a target's column is.
using TargetPlaces = std::array<std::optional<std::size_t>, kImportTargetCount>;

class ImportRowReader {
 public:
  // The mapping passes check_mapping.
  explicit ImportRowReader(ImportMapping mapping);

  // Cells are UTF-8, in the order of the mapping's columns; what is missing at the end is blank.
  //
  // The Error's field is the header of the column that is wrong, empty if it is the row as a whole;
  // the message says what is wrong in words that the list's owner understands:
  //   - a person without an e-mail address and without an id;
  //   - an account without a web address and without an id;
  //   - a deal without a contact's address and without a company;
  //   - an address that is none, an amount that is no number, a row of more than 32 KB.
  // What can be left out (a date, a revenue, a web address that cannot be read) is a warning.
  Result<ImportedRow> read(std::span<const std::string_view> cells) const;

  const ImportMapping& mapping() const { return mapping_; }

 private:
  ImportMapping mapping_;
  TargetPlaces places_;
};

// A message's text with a "userId".
std::string with_user(std::string_view text, std::string_view user_id);

}  // namespace galena::domain
