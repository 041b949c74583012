#include "cli/ask.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace galena::cli {
namespace {

namespace json = boost::json;

// "detail" of a problem answer, with the fields it names.
std::string words_of(const server::Response& response) {
  boost::system::error_code error;
  const json::value value = json::parse(response.body, error);
  if (error || !value.is_object()) return fmt::format("Galena answered {}", response.status);
  std::string words = text_at(value, "detail");
  const json::value* errors = value.as_object().if_contains("errors");
  if (errors != nullptr && errors->is_array()) {
    for (const json::value& entry : errors->as_array()) {
      const std::string place = text_at(entry, "pointer");
      if (words.find(place) == std::string::npos) words = fmt::format("{}: {}", place, words);
    }
  }
  return words;
}

std::vector<server::Header> headers_of(const Common& common) {
  if (common.workspace.empty()) return {};
  const std::string_view id = common.workspace;
  return {{"Galena-Workspace", std::string(id.starts_with("ws_") ? id.substr(3) : id)}};
}

}  // namespace

Result<json::value> ask(Session& session, const Common& common, std::string_view method,
                        std::string_view target, std::string_view body,
                        std::string_view content_type) {
  try {
    const server::Response response =
        session.call(method, target, body, content_type, headers_of(common));
    if (response.status >= 400) return fail(ErrorCode::invalid, words_of(response));
    if (response.body.empty()) return json::value(nullptr);
    return json::parse(response.body);
  } catch (const std::exception& error) {
    return fail(ErrorCode::unavailable, error.what());
  }
}

Result<json::value> ask(const Common& common, std::string_view method, std::string_view target,
                        std::string_view body, std::string_view content_type) {
  auto session = Session::open(common.data, false);
  if (!session) return tl::unexpected(session.error());
  return ask(*session, common, method, target, body, content_type);
}

Result<std::string> ask_text(Session& session, const Common& common, std::string_view target) {
  try {
    server::Response response = session.call("GET", target, "", "text/plain", headers_of(common));
    if (response.status >= 400) return fail(ErrorCode::invalid, words_of(response));
    return std::move(response.body);
  } catch (const std::exception& error) {
    return fail(ErrorCode::unavailable, error.what());
  }
}

Result<std::string> read_password(bool from_stdin) {
  std::string password;
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  if (!from_stdin && !terminal) {
    return fail(ErrorCode::invalid, "give the password on stdin with --password-stdin");
  }
  termios before{};
  if (terminal && !from_stdin) {
    fmt::print(stderr, "Password: ");
    ::tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  std::getline(std::cin, password);
  if (terminal && !from_stdin) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    fmt::print(stderr, "\n");
  }
  if (!password.empty() && password.back() == '\r') password.pop_back();
  if (password.empty()) return fail(ErrorCode::invalid, "the password is empty");
  return password;
}

std::string url_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

const boost::json::array& data_of(const boost::json::value& answer) {
  return answer.as_object().at("data").as_array();
}

int show_list(const Common& common, const Result<boost::json::value>& answer,
              const std::vector<Column>& columns) {
  if (!answer) return failed(answer.error().message);
  print_rows(common.format, data_of(*answer), columns);
  return 0;
}

int show_object(const Common& common, const Result<boost::json::value>& answer) {
  if (!answer) return failed(answer.error().message);
  if (answer->is_object()) print_object(common.format, answer->as_object());
  return 0;
}

}  // namespace galena::cli
