// For tests: all that stands in a reports database, as a stranger reads it.
#pragma once

#include <string>
#include <vector>

#include "store/sqlite.hpp"

namespace galena::store {

inline std::vector<std::string> dump_reports(const std::string& file) {
  constexpr int kColumnsMax = 40;  // what lies beyond a row's columns is empty
  std::vector<std::string> rows;
  Connection reader(file, "", Access::read);
  for (const char* sql :
       {"SELECT * FROM leads ORDER BY 1", "SELECT * FROM lead_stages ORDER BY 1, 2",
        "SELECT * FROM lead_segments ORDER BY 1, 2", "SELECT * FROM accounts ORDER BY 1, 2",
        "SELECT * FROM projection ORDER BY 1"}) {
    Statement statement = reader.statement(sql);
    while (statement.step()) {
      std::string row;
      for (int column = 0; column < kColumnsMax; ++column)
        row += statement.copied_text(column) + "|";
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace galena::store
