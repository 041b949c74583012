// How the file of an import is read, and what its columns mean: as it looks, as it was the last
// time, as its owner says.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv_detect.hpp"
#include "domain/import_mapping.hpp"

namespace galena::domain {

// What the owner says; the rest is guessed.
struct ImportSettings {
  CsvHints file;
  bool header = true;
  bool strict = false;  // rows have as many cells as the header
  std::optional<ImportMapping> mapping;
};

// As JSON, and back: {"file": {"encoding", "separator", "quote", "escape", "comment", "skip_lines",
// "header", "strict"}, "mapping": {…}}, of which all may be left out. An empty text says nothing.
// The Error's field is a JSON Pointer.
std::string import_settings_text(const ImportSettings& settings);
Result<ImportSettings> read_import_settings(std::string_view text);

// A file as it is understood.
struct ImportView {
  CsvDialect dialect;
  ImportLayout layout;
  std::vector<std::string> header;
  std::vector<std::string> samples;  // of each column the first value that is none of "", "-" …
  ImportMapping mapping;
  bool is_remembered = false;  // the mapping is that of the last import with this header
};

// What tells a header from others, whatever its case and blanks.
std::string header_key(const std::vector<std::string>& header);

// By the file's beginning. `remembered` gives the mapping that was last used for a header_key, as
// text; empty: none. An Error: it is no table.
Result<ImportView> look_at_import(std::string_view beginning, CsvSample sample,
                                  const ImportSettings& settings,
                                  const std::function<std::string(std::string_view)>& remembered);

}  // namespace galena::domain
