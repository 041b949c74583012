// One request of a command and its answer, errors said in words.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

namespace galena::cli {

// Opens the data directory, asks, and parses the answer. A problem answer becomes its sentence.
Result<boost::json::value> ask(const Common& common, std::string_view method,
                               std::string_view target, std::string_view body = {},
                               std::string_view content_type = "application/json");
Result<boost::json::value> ask(Session& session, const Common& common, std::string_view method,
                               std::string_view target, std::string_view body = {},
                               std::string_view content_type = "application/json");

// The rows of a list answer.
const boost::json::array& data_of(const boost::json::value& answer);

// Prints an answer, a list with the given columns, or says what went wrong; gives the exit code.
int show_list(const Common& common, const Result<boost::json::value>& answer,
              const std::vector<Column>& columns);
int show_object(const Common& common, const Result<boost::json::value>& answer);

// As it stands, for answers that are no JSON.
Result<std::string> ask_text(Session& session, const Common& common, std::string_view target);

// A password from stdin's first line, or typed without echo on a terminal.
Result<std::string> read_password(bool from_stdin);

// For use in a query string.
std::string url_encoded(std::string_view text);

}  // namespace galena::cli
