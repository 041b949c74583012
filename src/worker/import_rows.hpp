// The rows of an import's file as messages of the event API.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/input.hpp"
#include "worker/import_steps.hpp"

namespace galena::worker {

struct FileRow {
  std::uint64_t line = 0;             // where it begins in the file
  std::uint64_t bytes_read = 0;       // of the file so far
  std::vector<std::string> messages;  // items of a batch
  std::optional<Error> error;         // it cannot be used; `field` is the column's header
  std::string cells;                  // then: the row as it was, as CSV without the line's end
};

// Calls `visit` with the rows of the file after that line, in order, until it is false. An Error:
// the file cannot be read as it is to be, or it is not there.
Result<> each_import_row(ImportStep& step, std::uint64_t after_line,
                         const std::function<bool(FileRow&& row)>& visit);

// Some rows on their way into the log.
struct RowChunk {
  struct Row {
    std::uint64_t line = 0;
    std::size_t first = 0;  // among the messages
    std::size_t count = 0;
    std::optional<Error> error;
    std::string cells;
  };

  std::vector<Row> rows;
  std::string batch;  // the items
  std::size_t messages = 0;
  std::uint64_t bytes_read = 0;

  void add(FileRow&& row);
  bool is_full() const;
  // The messages as inputs, in order but for those that are refused: their rows get the error, and
  // `input_of` says for each message which input it is.
  std::vector<domain::Input> inputs(const ImportStep& step);
  static constexpr std::size_t kRefused = static_cast<std::size_t>(-1);
  std::vector<std::size_t> input_of;
};

// A line of the file of rejected rows: line, column, reason, and the row as it was.
std::string rejected_line(const RowChunk::Row& row);

}  // namespace galena::worker
