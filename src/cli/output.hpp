// What commands print: tables for people, JSON and CSV for programs. Data goes to stdout, talk to
// stderr.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace galena::cli {

enum class Format { table, json, csv };

struct Column {
  std::string title;
  std::string path;  // member of each row, "company.name" goes down
};

// Prints the rows as a table or CSV (quoted as RFC 4180 says, guarded against formulas), or as
// JSON.
void print_rows(Format format, const boost::json::array& rows, const std::vector<Column>& columns);

// Prints one object as "name  value" lines, or as JSON.
void print_object(Format format, const boost::json::object& object);

// For a terminal: what would steer it is shown instead.
std::string printable(std::string text);

// A member by path as text; "" for null or absent.
std::string text_at(const boost::json::value& value, std::string_view path);

}  // namespace galena::cli
