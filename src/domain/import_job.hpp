// An import as it is kept between its steps: what its file is to be read as, and how far it is (ADR
// 0018). Its rows are events like any others; this is only the account of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/event.hpp"

namespace galena::domain {

// Who moves it on: the user from `fresh`, `checked`, `stopped`, `failed` and `done`, the work
// itself from the others.
enum class ImportState : std::uint8_t {
  fresh,     // the file is here, or a part of it
  checking,  // a dry run: every row is decided and nothing is kept
  checked,
  running,
  stopped,  // by its owner; goes on where it was
  done,
  failed,   // the file cannot be read; says why, goes on where it was
  undoing,  // every row is taken back
  undone,
};
std::string_view to_string(ImportState state);
std::optional<ImportState> import_state(std::string_view word);

// What came of the rows, each counted once (but for the last two, which count beside).
struct ImportFigures {
  std::uint64_t rows = 0;        // that were read, the header not counted
  std::uint64_t created = 0;     // somebody who was not known; a deal that was not
  std::uint64_t updated = 0;     // something of them was news
  std::uint64_t unchanged = 0;   // all of it was known
  std::uint64_t duplicate = 0;   // of somebody whom an earlier row of the file names
  std::uint64_t rejected = 0;    // cannot be used: the line and the reason are kept
  std::uint64_t suppressed = 0;  // of somebody who was erased
  std::uint64_t merged = 0;      // two that were known were found to be one
  std::uint64_t kept = 0;        // values that did not take the place of a more trusted one

  bool operator==(const ImportFigures&) const = default;
};

// The figures by name, in their order.
struct ImportFigure {
  std::string_view name;
  std::uint64_t ImportFigures::*value;
};
std::span<const ImportFigure> import_figures();

struct ImportProgress {
  ImportFigures checked;  // by the last dry run
  ImportFigures imported;
  std::uint64_t line = 0;            // rows up to the one that begins there are done
  std::uint64_t bytes_read = 0;      // of the file, by the step under way
  std::uint64_t rejected_bytes = 0;  // of the file of rejected rows
  Position began_after = 0;          // the log's last position before the first row
  std::uint64_t taken_back = 0;      // rows, by an undo
  std::uint64_t left_standing = 0;   // those that it could not, or that had been already
  std::string error;                 // why it failed
};

// As they are kept; reading what a newer Galena wrote may be an Error (internal).
std::string import_progress_text(const ImportProgress& progress);
Result<ImportProgress> read_import_progress(std::string_view text);

// The message id of a row: so a row that is sent again is the same. `part`: of the several
// messages of a row, from 0.
std::string import_row_id(std::int64_t import, std::uint64_t line, std::size_t part);

}  // namespace galena::domain
