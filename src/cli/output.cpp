#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace galena::cli {
namespace {

namespace json = boost::json;

// Columns of a terminal that the text takes: characters, not bytes.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string csv_field(std::string text) {
  // A spreadsheet runs what begins like a formula.
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos &&
      text.find_first_not_of("+-0123456789.") != std::string::npos) {
    text.insert(text.begin(), '\'');
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void print_csv(const json::array& rows, const std::vector<Column>& columns) {
  std::vector<std::string> cells;
  for (const Column& column : columns) cells.push_back(csv_field(column.title));
  fmt::print("{}\r\n", fmt::join(cells, ","));
  for (const json::value& row : rows) {
    cells.clear();
    for (const Column& column : columns) cells.push_back(csv_field(text_at(row, column.path)));
    fmt::print("{}\r\n", fmt::join(cells, ","));
  }
}

void print_table(const json::array& rows, const std::vector<Column>& columns) {
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : columns) lines[0].push_back(column.title);
  for (const json::value& row : rows) {
    auto& line = lines.emplace_back();
    for (const Column& column : columns) line.push_back(printable(text_at(row, column.path)));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(line[i]));
    }
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      if (i + 1 < line.size()) text.append(widths[i] - width_of(line[i]) + 2, ' ');
    }
    fmt::print("{}\n", text);
  }
}

}  // namespace

// Control characters would let a lead's name move the cursor.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text;
}

std::string text_at(const json::value& value, std::string_view path) {
  const json::value* at = &value;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (!at->is_object()) return {};
    at = at->as_object().if_contains(name);
    if (at == nullptr) return {};
  }
  if (at->is_null()) return {};
  if (at->is_string()) return std::string(at->as_string());
  if (at->is_double()) return fmt::format("{}", at->as_double());
  return json::serialize(*at);
}

void print_rows(Format format, const json::array& rows, const std::vector<Column>& columns) {
  if (format == Format::json) return fmt::print("{}\n", json::serialize(rows));
  if (format == Format::csv) return print_csv(rows, columns);
  print_table(rows, columns);
}

void print_object(Format format, const json::object& object) {
  if (format == Format::json) return fmt::print("{}\n", json::serialize(object));
  if (format == Format::csv) {
    fmt::print("name,value\r\n");
    for (const auto& [name, value] : object) {
      fmt::print("{},{}\r\n", csv_field(name), csv_field(text_at(value, "")));
    }
    return;
  }
  std::size_t width = 0;
  for (const auto& [name, value] : object) width = std::max(width, name.size());
  for (const auto& [name, value] : object) {
    fmt::print("{:<{}}  {}\n", std::string_view(name), width, printable(text_at(value, "")));
  }
}

}  // namespace galena::cli
