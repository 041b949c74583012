#include "domain/import_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/import_values.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

tl::unexpected<Error> wrong(std::string pointer, std::string problem) {
  return fail(ErrorCode::invalid, std::move(problem), std::move(pointer));
}

std::string sign_text(char sign) {
  return sign == 0 ? std::string() : std::string(1, sign);
}

json::object file_json(const ImportSettings& settings) {
  const CsvHints& file = settings.file;
  json::object object;
  if (file.encoding) object["encoding"] = to_string(*file.encoding);
  if (file.separator) object["separator"] = *file.separator;
  if (file.quote) object["quote"] = sign_text(*file.quote);
  if (file.escape) object["escape"] = sign_text(*file.escape);
  if (file.comment) object["comment"] = *file.comment;
  if (file.newline == CsvNewline::other) object["newline"] = sign_text(file.newline_sign);
  if (file.skip_lines) object["skip_lines"] = *file.skip_lines;
  if (!settings.header) object["header"] = false;
  if (settings.strict) object["strict"] = true;
  return object;
}

// The members of "file", each read where it stands.
class FileReader {
 public:
  FileReader(const json::object& object, ImportSettings& settings)
      : object_(object), settings_(settings) {}

  Result<> read() {
    CsvHints& file = settings_.file;
    std::optional<char> newline;
    encoding();
    text("separator", file.separator, 10);
    sign("quote", file.quote);
    sign("escape", file.escape);
    text("comment", file.comment, 10);
    sign("newline", newline);
    if (newline.value_or(0) != 0) {
      file.newline = *newline == '\n'   ? CsvNewline::lf
                     : *newline == '\r' ? CsvNewline::cr
                                        : CsvNewline::other;
      file.newline_sign = *newline;
    }
    lines();
    truth("header", settings_.header);
    truth("strict", settings_.strict);
    for (const auto& [key, value] : object_) {
      const bool known = std::ranges::find(asked_, std::string_view(key)) != asked_.end();
      if (!known) refuse(key, "is not known here");
    }
    if (error_) return tl::unexpected(*error_);
    return {};
  }

 private:
  const json::value* member(std::string_view name) {
    asked_.push_back(name);
    const json::value* value = object_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void refuse(std::string_view name, std::string problem) {
    if (!error_) {
      error_ = Error{ErrorCode::invalid, std::move(problem), fmt::format("/file/{}", name)};
    }
  }
  void encoding() {
    const json::value* value = member("encoding");
    if (value == nullptr) return;
    settings_.file.encoding =
        value->is_string() ? text_encoding(std::string_view(value->get_string())) : std::nullopt;
    if (!settings_.file.encoding) refuse("encoding", "is no encoding that is known here");
  }
  void text(std::string_view name, std::optional<std::string>& to, std::size_t bytes_max) {
    const json::value* value = member(name);
    if (value == nullptr) return;
    if (!value->is_string() || value->get_string().size() > bytes_max) {
      return refuse(name, fmt::format("must be a text of {} bytes at most", bytes_max));
    }
    to = std::string(value->get_string());
  }
  void sign(std::string_view name, std::optional<char>& to) {
    std::optional<std::string> sign;
    text(name, sign, 1);
    if (sign) to = sign->empty() ? '\0' : sign->front();
  }
  void lines() {
    const json::value* value = member("skip_lines");
    if (value == nullptr) return;
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > 1'000'000) {
      return refuse("skip_lines", "must be a whole number from 0 to 1,000,000");
    }
    settings_.file.skip_lines = static_cast<std::uint64_t>(value->get_int64());
  }
  void truth(std::string_view name, bool& to) {
    const json::value* value = member(name);
    if (value == nullptr) return;
    if (!value->is_bool()) return refuse(name, "must be true or false");
    to = value->get_bool();
  }

  const json::object& object_;
  ImportSettings& settings_;
  std::vector<std::string_view> asked_;
  std::optional<Error> error_;
};

using Rows = std::vector<std::vector<std::string>>;

struct FirstRows {
  Rows rows;
  std::vector<std::uint64_t> lines;
};

// The first rows as they stand there, the header among them.
FirstRows first_rows(std::string_view beginning, CsvSample sample, CsvDialect dialect) {
  constexpr std::size_t kRows = 100;
  dialect.header = false;
  dialect.strict = false;
  FirstRows first;
  CsvReader reader(dialect, {.row = [&](std::uint64_t line, CsvCells cells) {
                     if (first.rows.size() == kRows) return;
                     first.rows.emplace_back(cells.begin(), cells.end());
                     first.lines.push_back(line);
                   }});
  reader.feed(beginning);
  if (sample == CsvSample::whole_file) reader.finish();
  return first;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

void find_samples(ImportView& view, const Rows& rows, std::size_t from) {
  view.samples.resize(view.header.size());
  for (std::size_t row = from; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < std::min(rows[row].size(), view.samples.size()); ++i) {
      if (view.samples[i].empty() && !is_placeholder(rows[row][i])) view.samples[i] = rows[row][i];
    }
  }
}

// True if the mapping is one of this header.
bool is_of(const ImportMapping& mapping, const std::vector<std::string>& header) {
  return std::ranges::equal(mapping.columns, header, {}, &ImportColumn::header);
}

}  // namespace

std::string import_settings_text(const ImportSettings& settings) {
  json::object object{{"file", file_json(settings)}};
  if (settings.mapping) object["mapping"] = json::parse(mapping_text(*settings.mapping));
  return json::serialize(object);
}

Result<ImportSettings> read_import_settings(std::string_view text) {
  ImportSettings settings;
  if (text.empty()) return settings;
  const auto parsed = parse_json(text);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->is_object()) return wrong("", "must be a JSON object");
  for (const auto& [key, value] : parsed->get_object()) {
    const std::string_view name = key;
    if (name != "file" && name != "mapping") {
      return wrong(fmt::format("/{}", name), "is not known here");
    }
    if (value.is_null()) continue;
    if (!value.is_object()) return wrong(fmt::format("/{}", name), "must be an object");
    if (name == "file") {
      auto read = FileReader(value.get_object(), settings).read();
      if (!read) return tl::unexpected(read.error());
    } else {
      auto mapping = read_mapping(json::serialize(value));
      if (!mapping) {
        mapping.error().field = "/mapping" + mapping.error().field;
        return tl::unexpected(mapping.error());
      }
      settings.mapping = std::move(*mapping);
    }
  }
  return settings;
}

std::string header_key(const std::vector<std::string>& header) {
  std::string forms;
  for (const std::string& each : header) forms.append(header_form(each)).append("\t");
  const Fingerprint print = fingerprint(forms);
  return fmt::format("{:016x}{:016x}", print[0], print[1]);
}

Result<ImportView> look_at_import(std::string_view beginning, CsvSample sample,
                                  const ImportSettings& settings,
                                  const std::function<std::string(std::string_view)>& remembered) {
  ImportView view;
  view.dialect = detect_dialect(beginning, settings.file, sample);
  view.dialect.header = settings.header;
  view.dialect.strict = settings.strict;
  view.dialect.formula_guard = true;
  if (auto checked = check_dialect(view.dialect); !checked) {
    return wrong("/file/" + checked.error().field, checked.error().message);
  }
  const FirstRows first = first_rows(beginning, sample, view.dialect);
  if (first.rows.empty()) {
    return wrong("", "there is no row in this file that can be read");
  }
  std::size_t data = 0;
  if (settings.header) {
    view.layout = recognise_layout(std::span(first.rows));
    view.header = first.rows[view.layout.header_row];
    view.dialect.skip_lines = first.lines[view.layout.header_row] - 1;
    data = view.layout.header_row + 1;
  } else {
    for (std::size_t i = 0; i < first.rows.front().size(); ++i) {
      view.header.push_back(fmt::format("column {}", i + 1));
    }
    view.layout = recognise_layout(std::span<const std::string_view>(views_of(view.header)));
  }
  find_samples(view, first.rows, data);
  view.mapping = suggested_mapping(view.layout, views_of(view.header));
  view.mapping.dates = guess_date_order(
      view.mapping, std::span(first.rows).subspan(std::min(data, first.rows.size())));
  const auto known = read_mapping(remembered(header_key(view.header)));
  if (known && is_of(*known, view.header)) {
    view.mapping = *known;
    view.is_remembered = true;
  }
  if (settings.mapping) {
    if (!is_of(*settings.mapping, view.header)) {
      return wrong("/mapping/columns", "must name the columns of the file, in their order");
    }
    view.mapping = *settings.mapping;
  }
  return view;
}

}  // namespace galena::domain
